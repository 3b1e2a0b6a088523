import { z } from "@hono/zod-openapi";
import { newId } from "../../core/ids.ts";
import { type Instant, iso } from "../../core/instant.ts";
import { addressHash } from "../../core/keys.ts";
import { audited } from "../../store/audit.ts";
import { forgetWithdrawals, listConsents, recordConsent, type StoredConsent, withdrawnReason } from "../../store/consents.ts";
import { markDirty } from "../../store/planning.ts";
import { suppress } from "../../store/suppressions.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf } from "./paging.ts";
import { addressQuery } from "./suppressions.ts";

const scope = z.enum(["review", "offer"]);

const newConsent = z
  .strictObject({
    address: field.address,
    scope,
    text: field.lines(2_000).openapi({ description: "the words the buyer agreed to" }),
    source: field.line(200).openapi({ description: "where: a form, a checkout, a letter" }),
    at: field.time,
    withdrawn: z.union([z.boolean(), field.time]).nullish().openapi({ description: "the buyer has taken it back: true, or when" }),
  })
  .openapi("NewConsent");

const consentSchema = z
  .object({
    id: field.id,
    address: z.string().nullable(),
    scope,
    text: z.string(),
    source: z.string(),
    at: field.timeOut,
    withdrawnAt: field.timeOut.nullable(),
  })
  .openapi("Consent");

/** What buyers agreed to, kept as evidence; a withdrawal also suppresses (LAW-02). */
export function serveConsents(api: Api): void {
  const { app, deps } = api;
  const tag = "Consents";
  const path = "/shops/{id}/consents";

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Lists consents, newest first",
    query: addressQuery,
    answers: { status: 200, description: "Consents", schema: z.object({ consents: z.array(consentSchema), next: nextField }) },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const hash = query.address === undefined ? null : addressHash(deps.keys, shop.id, query.address);
      const { rows, next } = await pageOf(query, (page) => listConsents(deps.db, shop.id, { ...page, addressHash: hash }));
      return answer(200, { consents: rows.map(view), next });
    },
  });

  serve(app, {
    method: "post",
    path,
    tag,
    summary: "Records a consent, or that it was withdrawn",
    description: "A withdrawal also ends earlier consents of that scope and stops such mail at once.",
    body: newConsent,
    answers: { status: 201, description: "The consent", schema: consentSchema },
    handle: async ({ ids, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const now = deps.now();
      const consent: StoredConsent = {
        id: newId(now),
        shopId: shop.id,
        addressHash: addressHash(deps.keys, shop.id, body.address),
        address: body.address,
        scope: body.scope,
        text: body.text,
        source: body.source,
        at: body.at,
        withdrawnAt: withdrawnAt(body.withdrawn ?? false, now),
      };
      const stored = await audited(deps.db, { actor, now }, async (trx) => {
        // Orders first, as everybody locks them.
        await markDirty(trx, { shopId: shop.id, emailHash: consent.addressHash });
        const result = await recordConsent(trx, consent);
        if (result.withdrawnAt === null) await forgetWithdrawals(trx, [{ ...result, at: iso(result.at) }]);
        const action = result.withdrawnAt === null ? "consent.recorded" : "consent.withdrawn";
        return { entry: { shopId: shop.id, action, subject: result.id, after: { scope: body.scope, source: body.source } }, result };
      });
      if (stored.withdrawnAt !== null) await suppress(deps.db, { ...consent, scopes: [body.scope], reason: withdrawnReason }, deps.now);
      deps.wake("plan");
      return answer(201, view(stored));
    },
  });
}

function withdrawnAt(withdrawn: boolean | Instant, now: Instant): Instant | null {
  if (typeof withdrawn === "number") return withdrawn;
  return withdrawn ? now : null;
}

function view(consent: StoredConsent): z.output<typeof consentSchema> {
  const { id, address, scope, text, source, at, withdrawnAt } = consent;
  return { id, address, scope, text, source, at: iso(at), withdrawnAt: withdrawnAt === null ? null : iso(withdrawnAt) };
}
