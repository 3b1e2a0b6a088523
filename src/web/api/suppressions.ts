import { z } from "@hono/zod-openapi";
import { iso } from "../../core/instant.ts";
import { addressHash } from "../../core/keys.ts";
import { audited, writeAudit } from "../../store/audit.ts";
import { liftSuppression, listSuppressions, type Suppression, suppress } from "../../store/suppressions.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const scope = z.enum(["all", "care", "review", "offer"]);

const newSuppression = z.strictObject({ address: field.address, scope, reason: field.line(200) }).openapi("NewSuppression");

const suppressionSchema = z
  .object({
    id: field.id,
    address: z.string().nullable().openapi({ description: "null once the buyer was erased; the suppression stays" }),
    scope,
    reason: z.string(),
    createdAt: field.timeOut,
  })
  .openapi("Suppression");

/** Parameters of a list that may be of one address. */
export const addressQuery = pageQuery.extend({ address: field.address.optional() });

/** Who must not be mailed. */
export function serveSuppressions(api: Api): void {
  const { app, deps } = api;
  const tag = "Suppressions";
  const path = "/shops/{id}/suppressions";

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Lists addresses that must not be mailed, newest first",
    query: addressQuery,
    answers: { status: 200, description: "Suppressions", schema: z.object({ suppressions: z.array(suppressionSchema), next: nextField }) },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const hash = query.address === undefined ? null : addressHash(deps.keys, shop.id, query.address);
      const { rows, next } = await pageOf(query, (page) => listSuppressions(deps.db, shop.id, { ...page, addressHash: hash }));
      return answer(200, { suppressions: rows.map(view), next });
    },
  });

  serve(app, {
    method: "post",
    path,
    tag,
    summary: "Stops mail to an address; answered once nothing more can go out",
    description: "Cancels what is planned, and waits for what is just being sent. Repeating it answers the suppression that stands.",
    body: newSuppression,
    answers: { status: 201, description: "The suppression", schema: suppressionSchema },
    handle: async ({ ids, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const { address, reason } = body;
      const hash = addressHash(deps.keys, shop.id, address);
      const order = { shopId: shop.id, addressHash: hash, address, scopes: [body.scope], reason };
      // Of whom is not said: an erased address must not stay in the log.
      const [stored] = await suppress(deps.db, order, deps.now, async (trx, rows) => {
        const after = { scope: body.scope, reason };
        await writeAudit(trx, actor, { shopId: shop.id, action: "suppression.made", subject: rows[0]?.id ?? null, after }, deps.now());
      });
      deps.wake("plan");
      if (stored === undefined) throw new Error("a suppression was stored and not answered");
      return answer(201, view(stored));
    },
  });

  serve(app, {
    method: "delete",
    path: `${path}/{suppressionId}`,
    tag,
    summary: "Lifts a suppression; what it had stopped may be planned again",
    answers: { status: 204, description: "Done" },
    handle: async ({ ids, actor }) => {
      const { id = "", suppressionId = "" } = ids;
      const lifted = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const result = await liftSuppression(trx, id, suppressionId);
        return { entry: result ? { shopId: id, action: "suppression.lifted", subject: suppressionId } : null, result };
      });
      if (!lifted) return unknownId();
      deps.wake("plan");
      return answer(204);
    },
  });
}

function view({ id, address, scope, reason, createdAt }: Suppression): z.output<typeof suppressionSchema> {
  return { id, address, scope, reason, createdAt: iso(createdAt) };
}
