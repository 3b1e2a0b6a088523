import { z } from "@hono/zod-openapi";
import { defaultCheckInDays, laneKeys, transitRanges } from "../../core/data/transit-lanes.ts";
import { bareName } from "../../core/transit.ts";
import type { TransitLane } from "../../core/transit-lanes.ts";
import { audited } from "../../store/audit.ts";
import { markDirty } from "../../store/planning.ts";
import { shopCalendars, writeTransitLanes } from "../../store/shop-calendars.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";

const unit = z.enum(["days", "businessDays"]);
const count = z.int("is not a whole number of days").min(0, "is below 0").max(365, "is more than 365");

const laneIn = z
  .strictObject({
    service: field
      .line(80)
      .nullish()
      .openapi({ description: "a service, carrier and service, or carrier, as the shop's system writes it" }),
    lane: z.enum(laneKeys).nullish().openapi({ description: "a whole lane; exactly one of service and lane" }),
    destination: field.country.nullish().openapi({ description: "only parcels to this country; any when absent" }),
    unit,
    earliest: count.openapi({ description: "from hand-over to delivery, at best" }),
    latest: count.openapi({ description: "and as a rule at worst" }),
    checkInDays: count
      .nullish()
      .openapi({ description: "days after dispatch at which the check-in goes; as the schedule says when absent" }),
  })
  .refine(({ service, lane }) => (service == null) !== (lane == null), { message: "wants exactly one of service and lane" })
  .refine(({ earliest, latest }) => latest >= earliest, { path: ["latest"], message: "is less than earliest" })
  .openapi("TransitLane");

const lanesIn = z
  .strictObject({
    lanes: z
      .array(laneIn)
      .max(200)
      .superRefine((lanes, context) => {
        const seen = new Set<string>();
        for (const [index, lane] of lanes.entries()) {
          const key = `${lane.service == null ? `lane ${lane.lane}` : bareName(lane.service)} ${lane.destination ?? ""}`;
          if (seen.has(key))
            context.addIssue({ code: "custom", path: [index], message: "says a second time how long the same parcels take" });
          seen.add(key);
        }
      }),
  })
  .openapi("TransitLanesChange");

const laneOut = z.object({
  service: z.string().nullable(),
  lane: z.enum(laneKeys).nullable(),
  destination: z.string().nullable(),
  unit,
  earliest: z.int(),
  latest: z.int(),
  checkInDays: z.int().nullable(),
});
const lanesOut = z
  .object({
    lanes: z.array(laneOut),
    defaults: z.array(laneOut).openapi({ description: "ours, which count where the shop's own say nothing" }),
  })
  .openapi("TransitLanes");
const published = lanesOut.extend({ retimed: z.int(), cancelled: z.int(), added: z.int() }).openapi("ChangedTransitLanes");

const defaults = laneKeys.map((lane): TransitLane => {
  const { unit, earliest, latest } = transitRanges[lane];
  return { service: null, lane, destination: null, unit, earliest, latest, checkInDays: defaultCheckInDays[lane] };
});

/** How long parcels take by a shop's own experience. */
export function serveTransitLanes(api: Api): void {
  const { app, deps } = api;
  const tag = "Calendar";
  const path = "/shops/{id}/transit-lanes";

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Shows how long parcels take: the shop's own list, and ours beside it",
    answers: { status: 200, description: "Transit lanes", schema: lanesOut },
    handle: async ({ ids }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const own = (await shopCalendars(deps.db, [shop.id])).get(shop.id)?.lanes ?? [];
      return answer(200, { lanes: own, defaults });
    },
  });

  serve(app, {
    method: "put",
    path,
    tag,
    summary: "Replaces the shop's own list, and plans its open orders again",
    description:
      "Of the entries that fit a parcel the closest counts: its service before its lane, each to its destination before any. A carrier named as service counts after the lane where the parcel has a service of its own.",
    body: lanesIn,
    answers: { status: 200, description: "The list, and what it changed", schema: published },
    handle: async ({ ids, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const lanes = body.lanes.map((lane) => ({
        ...lane,
        service: lane.service ?? null,
        lane: lane.lane ?? null,
        destination: lane.destination ?? null,
        checkInDays: lane.checkInDays ?? null,
      }));
      await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const before = (await shopCalendars(trx, [shop.id])).get(shop.id)?.lanes ?? [];
        await writeTransitLanes(trx, shop.id, lanes);
        await markDirty(trx, { shopId: shop.id });
        return {
          entry: { shopId: shop.id, action: "transit-lanes.changed", before: { lanes: before }, after: { lanes } },
          result: undefined,
        };
      });
      const { retimed, cancelled, added } = await deps.replanShop(shop.id);
      return answer(200, { lanes, defaults, retimed, cancelled, added });
    },
  });
}
