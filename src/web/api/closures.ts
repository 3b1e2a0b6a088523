import { z } from "@hono/zod-openapi";
import { newId } from "../../core/ids.ts";
import { iso } from "../../core/instant.ts";
import { audited } from "../../store/audit.ts";
import { deleteClosure, insertClosure, listClosures, type StoredClosure } from "../../store/closures.ts";
import { wouldBeTold } from "../who-is-told.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const newClosure = z
  .strictObject({
    name: field.line(100),
    starts: field.day,
    ends: field.day.openapi({ description: "the last day of it" }),
    resumes: field.day.openapi({ description: "the first day on which parcels leave again" }),
    carriers: z.array(field.line(80)).min(1).max(50).nullish().openapi({ description: "only parcels of these; all when absent" }),
  })
  .refine(({ starts, ends }) => ends >= starts, { path: ["ends"], message: "is before starts" })
  .refine(({ ends, resumes }) => resumes > ends, { path: ["resumes"], message: "is not after ends" })
  .openapi("NewClosure");

const closureSchema = z
  .object({
    id: field.id,
    name: z.string(),
    starts: z.string(),
    ends: z.string(),
    resumes: z.string(),
    carriers: z.array(z.string()).nullable(),
    createdAt: field.timeOut,
  })
  .openapi("Closure");

const told = z.object({ orders: z.array(z.object({ id: field.id, number: z.string().nullable() })) });

/** Holidays and other days without dispatch. */
export function serveClosures(api: Api): void {
  const { app, deps } = api;
  const tag = "Closures";
  const path = "/shops/{id}/closures";

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Lists a shop's closures, newest first",
    query: pageQuery,
    answers: { status: 200, description: "Closures", schema: z.object({ closures: z.array(closureSchema), next: nextField }) },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const { rows, next } = await pageOf(query, (page) => listClosures(deps.db, shop.id, page));
      return answer(200, { closures: rows.map(closureView), next });
    },
  });

  serve(app, {
    method: "post",
    path,
    tag,
    summary: "Declares a closure; with dryRun, says who would be told",
    description: "With `?dryRun=true` nothing is changed.",
    query: z.object({ dryRun: z.enum(["true", "false"]).optional() }),
    body: newClosure,
    answers: { status: 201, description: "The closure", schema: closureSchema },
    orAnswers: { status: 200, description: "With dryRun: the orders that would be told", schema: told },
    handle: async ({ ids, query, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const now = deps.now();
      const closure: StoredClosure = { ...body, id: newId(now), shopId: shop.id, carriers: body.carriers ?? null, createdAt: now };
      if (query.dryRun === "true") return answer(200, { orders: await wouldBeTold(deps, closure) });
      await audited(deps.db, { actor, now }, async (trx) => {
        const { name, starts, ends, resumes, carriers } = closure;
        return {
          entry: { shopId: shop.id, action: "closure.declared", subject: closure.id, after: { name, starts, ends, resumes, carriers } },
          result: await insertClosure(trx, closure),
        };
      });
      await deps.replanShop(shop.id);
      return answer(201, closureView(closure));
    },
  });

  serve(app, {
    method: "delete",
    path: `${path}/{closureId}`,
    tag,
    summary: "Takes a closure back; what was planned for it is cancelled",
    answers: { status: 204, description: "Done" },
    handle: async ({ ids, actor }) => {
      const { id = "", closureId = "" } = ids;
      const removed = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const done = await deleteClosure(trx, id, closureId);
        return { entry: done ? { shopId: id, action: "closure.removed", subject: closureId } : null, result: done };
      });
      if (!removed) return unknownId();
      await deps.replanShop(id);
      return answer(204);
    },
  });
}

function closureView({ shopId: _, createdAt, carriers, ...rest }: StoredClosure): z.output<typeof closureSchema> {
  return { ...rest, carriers: carriers === null ? null : [...carriers], createdAt: iso(createdAt) };
}
