import { z } from "@hono/zod-openapi";
import { isId } from "../../core/ids.ts";

const most = 200;
const usual = 50;

/** The parameters of every list. */
export const pageQuery = z.object({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, `must be a number from 1 to ${most}`)
    .transform(Number)
    .refine((count) => count >= 1 && count <= most, `must be a number from 1 to ${most}`)
    .optional()
    .openapi({ type: "integer", minimum: 1, maximum: most, default: usual }),
  cursor: z
    .string()
    .refine(isId, "is not a cursor that a list has answered")
    .optional()
    .openapi({ type: "string", description: "`next` of the page before" }),
});

export const nextField = z.string().optional().openapi({ description: "cursor of the next page; absent on the last" });

/**
 * Fetches one page: `load` is asked for one more than is shown, which tells whether there is a next one.
 */
export async function pageOf<Row extends { readonly id: string }>(
  { limit = usual, cursor }: z.output<typeof pageQuery>,
  load: (page: { readonly after: string | null; readonly limit: number }) => Promise<readonly Row[]>,
): Promise<{ readonly rows: readonly Row[]; readonly next?: string }> {
  const found = await load({ after: cursor ?? null, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return found.length > limit && last !== undefined ? { rows, next: last.id } : { rows };
}
