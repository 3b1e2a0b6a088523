import { z } from "@hono/zod-openapi";
import { day24, plus } from "../../core/instant.ts";
import { parseSchedule } from "../../core/schedule.ts";
import { currentSchedule } from "../../store/schedules.ts";
import { unknownTemplates } from "../publishing.ts";
import { simulate } from "../simulation.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, badFields, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { because, occurrence } from "./orders.ts";
import { schedule } from "./schedule.ts";

const usualDays = 90;
const wish = z
  .strictObject({
    schedule,
    from: field.time.optional().openapi({ description: `orders placed from then on; ${usualDays} days before \`to\` when absent` }),
    to: field.time.optional().openapi({ description: "and before then; now when absent" }),
  })
  .openapi("SimulationWish");

const count = z.int();
const pair = z.object({ before: count, after: count });
const simulation = z
  .object({
    orders: count,
    messages: pair,
    added: count,
    removed: count,
    moved: count,
    earlier: count.openapi({ description: "of the moved ones" }),
    later: count,
    beforeDelivery: pair.openapi({ description: "care and review mail that goes before everything has arrived, where scans tell" }),
    steps: z.array(pair.extend({ step: z.string(), added: count, removed: count, moved: count })),
    byDay: z.array(pair.extend({ day: z.string().openapi({ format: "date", description: "in the shop's zone" }) })),
    samples: z
      .array(
        z.object({
          orderId: field.id,
          number: z.string(),
          step: z.string(),
          occurrence,
          change: z.enum(["added", "removed", "earlier", "later"]),
          before: field.timeOut.nullable(),
          after: field.timeOut.nullable(),
          because: z.array(because),
        }),
      )
      .openapi({ description: "at most ten" }),
  })
  .openapi("Simulation");

/** What a schedule would have changed, on the shop's own orders, without writing anything. */
export function serveSimulate(api: Api): void {
  const { app, deps } = api;

  serve(app, {
    method: "post",
    path: "/shops/{id}/schedule/simulate",
    tag: "Schedule",
    summary: "Says what a schedule would have changed for real orders; writes nothing",
    description:
      "Plays the facts of every order placed in that time through the schedule in force and through the one given. " +
      "Buyers' wishes count as they are now; operators' moves and the cap over several orders do not.",
    body: wish,
    answers: { status: 200, description: "The difference", schema: simulation },
    handle: async ({ ids, body }) => {
      const shop = await shopOfId(api, ids["id"]);
      const current = shop && (await currentSchedule(deps.db, shop.id));
      if (!shop || !current) return unknownId();
      const next = parseSchedule(body.schedule);
      const errors = next.ok ? unknownTemplates(next.written.steps, deps.templateKeys) : next.errors;
      const to = body.to ?? deps.now();
      const from = body.from ?? plus(to, -usualDays * day24);
      const wrong = errors.map(({ pointer, detail }) => ({ pointer: `/schedule${pointer}`, detail }));
      if (from >= to) wrong.push({ pointer: "/from", detail: "from: must be before to" });
      if (!next.ok || wrong.length > 0) return badFields(wrong);
      const before = parseSchedule(current.schedule);
      if (!before.ok) throw new Error(`the published schedule ${current.version} of shop ${shop.id} can't be read`);
      const wanted = { shopId: shop.id, from, to, before: before.schedule, after: next.schedule, zone: shop.timeZone };
      return answer(200, await simulate(deps, wanted));
    },
  });
}
