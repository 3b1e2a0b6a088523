import { z } from "@hono/zod-openapi";
import type { Standing } from "../../core/instance.ts";
import { iso } from "../../core/instant.ts";
import { writeAudit } from "../../store/audit.ts";
import type { Api } from "./context.ts";
import { answer, serve } from "./endpoint.ts";
import * as field from "./fields.ts";

const instanceSchema = z
  .object({
    id: field.id,
    sending: z.enum(["on", "held"]),
    because: z.string().nullable().openapi({ description: "why sending is held" }),
    database: z.string().openapi({ description: "where the database was when it was claimed" }),
    publicUrl: z.string().nullable(),
    claimedAt: field.timeOut,
  })
  .openapi("Instance");

/** Whose database this is, and whether anything is sent from it. */
export function serveInstance({ app, deps }: Api): void {
  const tag = "Instance";

  serve(app, {
    method: "get",
    path: "/instance",
    tag,
    summary: "Says whether this installation sends, and why not",
    answers: { status: 200, description: "To whom the database belongs", schema: instanceSchema },
    handle: async () => answer(200, instanceView(await deps.instance.standing())),
  });

  serve(app, {
    method: "post",
    path: "/instance/take-over",
    tag,
    summary: "Makes the database this installation's own, and lets sending go on",
    description:
      "For a database that was moved or restored on purpose. Whatever is due goes out: after a restore look first at what went out since the dump was made.",
    body: z.strictObject({}),
    bodyOptional: true,
    answers: { status: 200, description: "To whom the database belongs from now on", schema: instanceSchema },
    handle: async ({ actor }) => {
      const standing = await deps.instance.takeOver();
      await writeAudit(deps.db, actor, { shopId: null, action: "instance.taken-over", subject: standing.record.id }, deps.now());
      return answer(200, instanceView(standing));
    },
  });
}

function instanceView(standing: Standing): z.output<typeof instanceSchema> {
  const { id, identity, claimedAt } = standing.record;
  return {
    id,
    sending: standing.kind === "ours" ? "on" : "held",
    because: standing.kind === "held" ? standing.because : null,
    database: identity.database,
    publicUrl: identity.publicUrl,
    claimedAt: iso(claimedAt),
  };
}
