import { isId } from "../../../core/ids.ts";
import type { Visit } from "../route.ts";

const perPage = 50;

/** The page of a list that the address asks for (`?cursor=`): one more is loaded than is shown, which tells whether there is a next one. */
export async function pageOf<Row extends { readonly id: string }>(
  visit: Pick<Visit, "url">,
  load: (wanted: { readonly after: string | null; readonly limit: number }) => Promise<readonly Row[]>,
): Promise<{ readonly rows: readonly Row[]; readonly next: string | null }> {
  const cursor = visit.url.searchParams.get("cursor") ?? "";
  const found = await load({ after: isId(cursor) ? cursor : null, limit: perPage + 1 });
  const rows = found.slice(0, perPage);
  return { rows, next: found.length > perPage ? (rows.at(-1)?.id ?? null) : null };
}
