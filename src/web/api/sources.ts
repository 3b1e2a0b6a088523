import { z } from "@hono/zod-openapi";
import { isId, newId } from "../../core/ids.ts";
import { iso } from "../../core/instant.ts";
import { seal } from "../../core/keys.ts";
import { type Platform, platforms } from "../../sources/adapter.ts";
import { audited } from "../../store/audit.ts";
import { dropOldSecret, findSource, insertSource, listSources, rotateSecret, type Source } from "../../store/sources.ts";
import type { FieldError } from "../problem.ts";
import { chooseSecret, domainField, secretField } from "../source-secret.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, badFields, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";
import { applyPlatformSends, platformSends, switchedSchema, switchedView, unknownOnes } from "./platform-sends.ts";

const newSource = z
  .strictObject({
    platform: z.enum(platforms),
    secret: secretField.nullish(),
    domain: domainField.nullish().openapi({ description: "the shop's domain at the platform; when given, webhooks must name it" }),
    augments: z.string().nullish().openapi({ description: "id of the source to whose orders this one adds facts" }),
    platformSends: platformSends.nullish(),
  })
  .openapi("NewSource");

const sourceSchema = z.object({
  id: field.id,
  shopId: field.id,
  platform: z.enum(platforms),
  domain: z.string().nullable(),
  augments: z.string().nullable(),
  platformSends,
  hookUrl: z.string(),
  rotating: z.boolean().openapi({ description: "an old secret is still valid" }),
  createdAt: field.timeOut,
  lastDeliveryAt: field.timeOut.nullable(),
});
const shownSource = sourceSchema.openapi("Source");
const sourceWithSecret = sourceSchema
  .extend({ secret: z.string() })
  .openapi("SourceWithSecret", { description: "`secret` is answered this once" });
const madeSource = sourceSchema
  .extend({ secret: z.string(), switched: switchedSchema })
  .openapi("MadeSource", { description: "`secret` is answered this once" });
const changedSource = sourceSchema.extend({ switched: switchedSchema }).openapi("ChangedSource");

/** Sources: what sends a shop's webhooks. Secrets are stored sealed and answered once, when they are set (SEC-08). */
export function serveSources(api: Api): void {
  const { app, deps, sources } = api;
  const tag = "Sources";
  const view = (source: Source): z.output<typeof shownSource> => ({
    id: source.id,
    shopId: source.shopId,
    // Only adapters' platforms are ever stored.
    platform: source.platform as Platform,
    domain: source.domain,
    augments: source.augments,
    platformSends: [...source.platformSends],
    hookUrl: `${deps.publicUrl}/hooks/${source.id}`,
    rotating: source.oldSecret !== null,
    createdAt: iso(source.createdAt),
    lastDeliveryAt: source.lastDeliveryAt === null ? null : iso(source.lastDeliveryAt),
  });

  serve(app, {
    method: "post",
    path: "/shops/{id}/sources",
    tag,
    summary: "Connects a source of webhooks",
    body: newSource,
    answers: { status: 201, description: "The source, with its secret", schema: madeSource },
    handle: async ({ ids, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const secret = chooseSecret(body.platform, body.secret ?? null);
      const wrongAugment = body.augments == null || (await isSourceOf(api, body.augments, shop.id)) ? [] : [notOfShop];
      const sends = [...new Set(body.platformSends ?? [])];
      const wrong = [...wrongAugment, ...unknownOnes(sends, deps)];
      if (!secret.ok || wrong.length > 0) return badFields([...(secret.ok ? [] : [secret.error]), ...wrong]);
      const now = deps.now();
      const source: Source = {
        id: newId(now),
        shopId: shop.id,
        platform: body.platform,
        domain: body.domain ?? null,
        augments: body.augments ?? null,
        secret: seal(deps.keys, secret.value),
        oldSecret: null,
        platformSends: sends,
        createdAt: now,
        lastDeliveryAt: null,
      };
      const switched = await audited(deps.db, { actor, now }, async (trx) => {
        await insertSource(trx, source);
        const result = sends.length === 0 ? null : await applyPlatformSends(trx, { sourceId: source.id, shopId: shop.id, now }, sends);
        const { platform, domain, augments } = source;
        const after = { platform, domain, augments, platformSends: sends };
        return { entry: { shopId: shop.id, action: "source.added", subject: source.id, after }, result };
      });
      return answer(201, { ...view(source), secret: secret.value, switched: await switchedView(deps, shop.id, switched) });
    },
  });

  serve(app, {
    method: "get",
    path: "/shops/{id}/sources",
    tag,
    summary: "Lists a shop's sources, newest first",
    query: pageQuery,
    answers: { status: 200, description: "Sources", schema: z.object({ sources: z.array(shownSource), next: nextField }) },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const { rows, next } = await pageOf(query, (page) => listSources(deps.db, shop.id, page));
      return answer(200, { sources: rows.map(view), next });
    },
  });

  serve(app, {
    method: "patch",
    path: "/sources/{id}",
    tag,
    summary: "Says which mails the platform sends itself",
    description:
      "Steps that send one of them are switched off; steps that were switched off for it before, and are not any more, are switched on again. Steps the operator switched off stay off.",
    body: z.strictObject({ platformSends }).openapi("SourceChange"),
    answers: { status: 200, description: "The source, and what was switched", schema: changedSource },
    handle: async ({ ids, body, actor }) => {
      const source = await findSource(deps.db, ids["id"] ?? "");
      if (source === null) return unknownId();
      const wrong = unknownOnes(body.platformSends, deps);
      if (wrong.length > 0) return badFields(wrong);
      const { id: sourceId, shopId } = source;
      const now = deps.now();
      const switched = await audited(deps.db, { actor, now }, async (trx) => {
        const result = await applyPlatformSends(trx, { sourceId, shopId, now }, body.platformSends);
        const [before, after] = [{ platformSends: source.platformSends }, { platformSends: body.platformSends, switched: result }];
        return { entry: { shopId, action: "source.changed", subject: sourceId, before, after }, result };
      });
      const changed = { ...source, platformSends: [...new Set(body.platformSends)] };
      return answer(200, { ...view(changed), switched: await switchedView(deps, shopId, switched) });
    },
  });

  serve(app, {
    method: "post",
    path: "/sources/{id}/rotate-secret",
    tag,
    summary: "Sets a new secret; the old one stays valid until it is deleted",
    body: z.strictObject({ secret: secretField.nullish() }).openapi("NewSecret"),
    bodyOptional: true,
    answers: { status: 200, description: "The source, with its new secret", schema: sourceWithSecret },
    handle: async ({ ids, body, actor }) => {
      const source = await findSource(deps.db, ids["id"] ?? "");
      if (source === null) return unknownId();
      const secret = chooseSecret(source.platform as Platform, body.secret ?? null);
      if (!secret.ok) return badFields([secret.error]);
      const rotated = await audited(deps.db, { actor, now: deps.now() }, async (trx) => ({
        entry: { shopId: source.shopId, action: "source.secret-rotated", subject: source.id },
        result: await rotateSecret(trx, source.id, seal(deps.keys, secret.value)),
      }));
      sources.forget(source.id);
      return rotated === null ? unknownId() : answer(200, { ...view(rotated), secret: secret.value });
    },
  });

  serve(app, {
    method: "delete",
    path: "/sources/{id}/old-secret",
    tag,
    summary: "Ends a rotation: only the new secret stays valid",
    answers: { status: 204, description: "Done; also when there was none" },
    handle: async ({ ids, actor }) => {
      const id = ids["id"] ?? "";
      const source = await findSource(deps.db, id);
      if (source === null) return unknownId();
      await audited(deps.db, { actor, now: deps.now() }, async (trx) => ({
        entry: { shopId: source.shopId, action: "source.old-secret-deleted", subject: id },
        result: await dropOldSecret(trx, id),
      }));
      sources.forget(id);
      return answer(204);
    },
  });
}

const notOfShop: FieldError = { pointer: "/augments", detail: "augments: is not a source of this shop" };

async function isSourceOf({ deps }: Api, id: string, shopId: string): Promise<boolean> {
  const source = isId(id) ? await findSource(deps.db, id) : null;
  return source?.shopId === shopId;
}
