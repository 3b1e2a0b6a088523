import { z } from "@hono/zod-openapi";
import { newId } from "../../core/ids.ts";
import { iso } from "../../core/instant.ts";
import { audited } from "../../store/audit.ts";
import type { StoredDisruption } from "../../store/declarations.ts";
import { changeDisruption, deleteDisruption, insertDisruption, listDisruptions } from "../../store/disruptions.ts";
import { problem } from "../problem.ts";
import { wouldBeToldOf } from "../who-is-told.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const names = z.array(field.line(80)).min(1).max(50).nullish();
const country = z.string().regex(/^[A-Z]{2}$/, "is not a country: wanted ISO 3166-1 alpha-2, as US");

const match = z
  .strictObject({
    carriers: names.openapi({ description: "only parcels of these; all when absent" }),
    services: names.openapi({ description: "only parcels of these services or lanes, as EMS, ePacket, sea; all when absent" }),
    countries: z.array(country).min(1).max(250).nullish().openapi({ description: "only parcels to these; all when absent" }),
    dispatchedFrom: field.day.nullish().openapi({ description: "only parcels dispatched on or after this day" }),
    dispatchedTo: field.day.nullish().openapi({ description: "only parcels dispatched on or before this day" }),
  })
  .refine(({ dispatchedFrom, dispatchedTo }) => !dispatchedFrom || !dispatchedTo || dispatchedTo >= dispatchedFrom, {
    path: ["dispatchedTo"],
    message: "is before dispatchedFrom",
  });

const text = field.line(400).openapi({ description: "what happened, in one sentence for buyers" });

const newDisruption = z
  .strictObject({
    name: field.line(100).openapi({ description: "for operators" }),
    text,
    starts: field.day,
    expectedEnd: field.day
      .nullish()
      .openapi({ description: "the last day on which it is expected to hold parcels up; absent: nobody knows" }),
    match: match.default({}).openapi({ description: "which parcels it holds up; all when empty" }),
  })
  .refine(({ starts, expectedEnd }) => !expectedEnd || expectedEnd >= starts, { path: ["expectedEnd"], message: "is before starts" })
  .openapi("NewDisruption");

const changes = z
  .strictObject({
    name: field.line(100).optional(),
    text: text.optional(),
    expectedEnd: field.day.nullish(),
    ended: z.boolean().optional().openapi({ description: "true: it is over, nobody else is told; false: it is not over after all" }),
    tellAgain: z.literal(true).optional().openapi({
      description: "tell everybody whose parcel it holds up once more, in a message of its own; without it a change tells nobody anew",
    }),
  })
  .openapi("DisruptionChanges");

const disruptionSchema = z
  .object({
    id: field.id,
    name: z.string(),
    text: z.string(),
    starts: z.string(),
    expectedEnd: z.string().nullable(),
    match: z.object({
      carriers: z.array(z.string()).nullable(),
      services: z.array(z.string()).nullable(),
      countries: z.array(z.string()).nullable(),
      dispatchedFrom: z.string().nullable(),
      dispatchedTo: z.string().nullable(),
    }),
    tellings: z.number().int().openapi({ description: "how often buyers are told of it: 1 until tellAgain" }),
    endedAt: field.timeOut.nullable(),
    createdAt: field.timeOut,
  })
  .openapi("Disruption");

const told = z.object({ orders: z.array(z.object({ id: field.id, number: z.string().nullable() })) });

/** Events that delay parcels already on their way. */
export function serveDisruptions(api: Api): void {
  const { app, deps } = api;
  const tag = "Disruptions";
  const path = "/shops/{id}/disruptions";

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Lists a shop's disruptions, newest first",
    query: pageQuery,
    answers: { status: 200, description: "Disruptions", schema: z.object({ disruptions: z.array(disruptionSchema), next: nextField }) },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const { rows, next } = await pageOf(query, (page) => listDisruptions(deps.db, shop.id, page));
      return answer(200, { disruptions: rows.map(view), next });
    },
  });

  serve(app, {
    method: "post",
    path,
    tag,
    summary: "Declares a disruption; with dryRun, says who would be told",
    description: "Each order is told once, as soon as one of its parcels is held up. With `?dryRun=true` nothing is changed.",
    query: z.object({ dryRun: z.enum(["true", "false"]).optional() }),
    body: newDisruption,
    answers: { status: 201, description: "The disruption", schema: disruptionSchema },
    orAnswers: { status: 200, description: "With dryRun: the orders that would be told", schema: told },
    handle: async ({ ids, query, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const disruption = madeOf(body, shop.id, deps.now());
      if (query.dryRun === "true") {
        const orders = await wouldBeToldOf(deps, disruption);
        return answer(200, { orders });
      }
      await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const { id, name, starts, expectedEnd } = disruption;
        const entry = { shopId: shop.id, action: "disruption.declared", subject: id, after: { name, starts, expectedEnd } };
        return { entry, result: await insertDisruption(trx, disruption) };
      });
      await deps.replanShop(shop.id);
      return answer(201, view(disruption));
    },
  });

  serve(app, {
    method: "patch",
    path: `${path}/{disruptionId}`,
    tag,
    summary: "Changes, ends or tells again of a disruption",
    description: "Notices still to go say what it says now. Who was told is not told again, unless `tellAgain` asks for it.",
    body: changes,
    answers: { status: 200, description: "The disruption as it is then", schema: disruptionSchema },
    problems: [409],
    handle: async ({ ids, body, actor }) => {
      const { id = "", disruptionId = "" } = ids;
      let refusal = "";
      const changed = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const result = await changeDisruption(trx, { shopId: id, id: disruptionId }, (standing) => {
          const next = changedBy(body, standing, deps.now());
          refusal = "";
          if (next.expectedEnd !== null && next.expectedEnd < next.starts) refusal = "expectedEnd is before the disruption starts";
          else if (body.tellAgain === true && next.endedAt !== null) refusal = "it is over: nobody is told of it again";
          return refusal === "" ? next : null;
        });
        return { entry: result == null ? null : { shopId: id, action: "disruption.changed", subject: disruptionId, after: body }, result };
      });
      if (changed === undefined) return unknownId();
      if (changed === null) return problem(409, refusal);
      await deps.replanShop(id);
      return answer(200, view(changed));
    },
  });

  serve(app, {
    method: "delete",
    path: `${path}/{disruptionId}`,
    tag,
    summary: "Takes a disruption back; what was planned for it is cancelled",
    answers: { status: 204, description: "Done" },
    handle: async ({ ids, actor }) => {
      const { id = "", disruptionId = "" } = ids;
      const removed = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const result = await deleteDisruption(trx, id, disruptionId);
        return { entry: result ? { shopId: id, action: "disruption.removed", subject: disruptionId } : null, result };
      });
      if (!removed) return unknownId();
      await deps.replanShop(id);
      return answer(204);
    },
  });
}

type Now = ReturnType<Api["deps"]["now"]>;

function madeOf({ match, ...body }: z.output<typeof newDisruption>, shopId: string, now: Now): StoredDisruption {
  return {
    ...body,
    id: newId(now),
    shopId,
    expectedEnd: body.expectedEnd ?? null,
    carriers: match.carriers ?? null,
    services: match.services ?? null,
    countries: match.countries ?? null,
    dispatchedFrom: match.dispatchedFrom ?? null,
    dispatchedTo: match.dispatchedTo ?? null,
    telling: 1,
    toldFrom: now,
    endedAt: null,
    createdAt: now,
  };
}

function changedBy(body: z.output<typeof changes>, standing: StoredDisruption, now: Now): StoredDisruption {
  const ended = body.ended === undefined ? standing.endedAt : body.ended ? (standing.endedAt ?? now) : null;
  const again = body.tellAgain === true;
  return {
    ...standing,
    name: body.name ?? standing.name,
    text: body.text ?? standing.text,
    expectedEnd: body.expectedEnd === undefined ? standing.expectedEnd : body.expectedEnd,
    endedAt: ended,
    telling: again ? standing.telling + 1 : standing.telling,
    toldFrom: again ? now : standing.toldFrom,
  };
}

function view(stored: StoredDisruption): z.output<typeof disruptionSchema> {
  const list = (all: readonly string[] | null) => (all === null ? null : [...all]);
  return {
    id: stored.id,
    name: stored.name,
    text: stored.text,
    starts: stored.starts,
    expectedEnd: stored.expectedEnd,
    match: {
      carriers: list(stored.carriers),
      services: list(stored.services),
      countries: list(stored.countries),
      dispatchedFrom: stored.dispatchedFrom,
      dispatchedTo: stored.dispatchedTo,
    },
    tellings: stored.telling,
    endedAt: stored.endedAt === null ? null : iso(stored.endedAt),
    createdAt: iso(stored.createdAt),
  };
}
