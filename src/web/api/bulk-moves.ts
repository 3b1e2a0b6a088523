import { z } from "@hono/zod-openapi";
import { type AskedMoves, chosenOf, errandStates, moves } from "../../core/errand.ts";
import { isId } from "../../core/ids.ts";
import { iso } from "../../core/instant.ts";
import { moveNames } from "../../core/operator-moves.ts";
import { categories, messageStates } from "../../core/timetable.ts";
import type { Errand } from "../../store/errands.ts";
import { askErrand, cancelErrand, findMoves } from "../errands.ts";
import { problem } from "../problem.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";

const due = z
  .strictObject({ from: field.time, before: field.time })
  .refine(({ from, before }) => before > from, { path: ["before"], message: "is not after from" });

const filter = z
  .strictObject({
    states: z.array(z.enum(messageStates)).min(1).nullish(),
    category: z.enum(categories).nullish(),
    step: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/, "is not the key of a step")
      .nullish()
      .openapi({ description: "key of a step" }),
    due: due.nullish(),
    movedBy: z
      .string()
      .refine(isId, "is not an id")
      .nullish()
      .openapi({ description: "only what these moves moved: with the opposite move it takes them back" }),
  })
  .openapi("MessageFilter");

const movesIn = z
  .strictObject({
    move: z.enum(moveNames),
    filter: filter.openapi({ description: "messages that are in all that is said; {} means all of the shop" }),
  })
  .openapi("MessageMovesRequest");

const movesOut = z
  .object({
    id: field.id,
    shopId: field.id,
    move: z.enum(moveNames),
    filter: z.object({
      states: z.array(z.enum(messageStates)).nullable(),
      category: z.enum(categories).nullable(),
      step: z.string().nullable(),
      due: z.object({ from: field.timeOut, before: field.timeOut }).nullable(),
      movedBy: field.id.nullable(),
    }),
    state: z.enum(errandStates),
    total: z.int().nullable().openapi({ description: "how many messages fit the filter when they were counted; null until then" }),
    done: z.int().openapi({ description: "how many of them were looked at" }),
    moved: z.int(),
    skipped: z
      .array(z.object({ reason: z.string(), count: z.int() }))
      .openapi({ description: "what was left alone: the state it was in, or held:reason" }),
    by: z.string(),
    createdAt: field.timeOut,
    endedAt: field.timeOut.nullable(),
  })
  .openapi("MessageMoves");

/** One move on all messages that fit a filter: long work, which goes on by itself and can be asked after. */
export function serveBulkMoves(api: Api): void {
  const { app, deps } = api;
  const tag = "Messages";
  const path = "/shops/{id}/messages/moves";
  const one = `${path}/{moves}`;
  const found = ({ id, moves }: Readonly<Record<string, string>>) => findMoves(deps, id ?? "", moves ?? "");

  serve(app, {
    method: "post",
    path,
    tag,
    summary: "Moves all messages that fit a filter",
    description:
      "Answered once it is written down; then done in batches, also over a restart. Messages whose state does not allow the move are left alone and counted. What is planned later is not meant.",
    body: movesIn,
    answers: { status: 202, description: "What is being done", schema: movesOut },
    handle: async ({ ids, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const { states = null, category = null, step = null, due = null, movedBy = null } = body.filter;
      const asked = moves(body.move, { states, category, step, due: due === null ? null : [due.from, due.before], movedBy });
      const errand = await findMoves(deps, shop.id, await askErrand(deps, { shopId: shop.id, asked, actor }));
      return errand === null ? unknownId() : answer(202, movesView(errand));
    },
  });

  serve(app, {
    method: "get",
    path: one,
    tag,
    summary: "Shows how far such moves are, and what came of them",
    answers: { status: 200, description: "The moves", schema: movesOut },
    handle: async ({ ids }) => {
      const errand = await found(ids);
      return errand === null ? unknownId() : answer(200, movesView(errand));
    },
  });

  serve(app, {
    method: "post",
    path: `${one}/cancel`,
    tag,
    summary: "Stops such moves where they are",
    body: z.strictObject({}),
    bodyOptional: true,
    answers: { status: 200, description: "The moves as they ended", schema: movesOut },
    problems: [409],
    handle: async ({ ids, actor }) => {
      const errand = await found(ids);
      if (errand === null) return unknownId();
      const ended = await cancelErrand(deps, errand, actor);
      return ended === null
        ? problem(409, `these moves have ended: ${errand.state}`, { state: errand.state })
        : answer(200, movesView(ended));
    },
  });
}

function movesView(errand: Errand): z.output<typeof movesOut> {
  // `findMoves` gives no other.
  const asked = errand.asked as AskedMoves;
  const { due, states, ...rest } = chosenOf(asked);
  return {
    id: errand.id,
    shopId: errand.shopId,
    move: asked.move,
    filter: {
      ...rest,
      states: states === null ? null : [...states],
      due: due === null ? null : { from: iso(due[0]), before: iso(due[1]) },
    },
    state: errand.state,
    total: errand.total,
    done: errand.done,
    moved: errand.counts["moved"] ?? 0,
    skipped: Object.entries(errand.skipped).map(([reason, count]) => ({ reason, count })),
    by: errand.actor.name,
    createdAt: iso(errand.createdAt),
    endedAt: errand.endedAt === null ? null : iso(errand.endedAt),
  };
}
