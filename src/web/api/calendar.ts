import { z } from "@hono/zod-openapi";
import { formatCivilDay } from "../../core/civil-day.ts";
import { ownCalendars } from "../../core/own-days.ts";
import { audited } from "../../store/audit.ts";
import { markDirty } from "../../store/planning.ts";
import { shopCalendars, writeOwnDays } from "../../store/shop-calendars.ts";
import { calendarYear } from "../shop-year.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";

const kind = z.enum(["holiday", "workday"]);
const dayIn = z
  .strictObject({
    calendar: z.enum(ownCalendars).openapi({ description: "dispatch: when parcels move; contact: when care and review mail goes" }),
    country: field.country.nullish().openapi({
      description: "dispatch: at which end, the shop's country when absent; contact: for buyers there, all when absent",
    }),
    day: field.day,
    kind: kind.openapi({ description: "workday takes a holiday, or a day of the weekend, away" }),
    name: field.line(100),
  })
  .openapi("CalendarDay");

const daysIn = z
  .strictObject({
    days: z
      .array(dayIn)
      .max(2_000)
      .superRefine((days, context) => {
        const seen = new Set<string>();
        for (const [index, { calendar, country, day }] of days.entries()) {
          const key = `${calendar} ${country ?? ""} ${day}`;
          if (seen.has(key)) context.addIssue({ code: "custom", path: [index, "day"], message: "is in the list twice" });
          seen.add(key);
        }
      }),
  })
  .openapi("CalendarChange");

const marked = z.object({ day: z.string(), kind, name: z.string() });
const ownOut = marked.extend({ calendar: z.enum(ownCalendars), country: z.string().nullable() });
const calendarOut = z
  .object({
    year: z.int(),
    dispatch: z.object({ country: z.string(), days: z.array(marked) }).openapi({ description: "where parcels are handed over" }),
    contact: z
      .array(z.object({ country: z.string(), orders: z.int(), days: z.array(marked) }))
      .openapi({ description: "where most of the latest buyers live" }),
    days: z.array(ownOut).openapi({ description: "the shop's own days, of all years" }),
    closures: z.array(z.object({ id: field.id, name: z.string(), starts: z.string(), ends: z.string(), resumes: z.string() })),
    horizon: z.array(z.object({ country: z.string(), knownUntil: z.string(), warning: z.string().nullable() })),
  })
  .openapi("Calendar");
const changedOut = calendarOut.extend({ retimed: z.int(), cancelled: z.int(), added: z.int() }).openapi("ChangedCalendar");

/** Public holidays as planning has them, and the days on which a shop knows better (HOL-03). */
export function serveCalendar(api: Api): void {
  const { app, deps } = api;
  const tag = "Calendar";
  const path = "/shops/{id}/calendar";

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Shows a year: holidays here and at the main destinations, own days, closures, and how far ahead they are known",
    query: z.object({ year: z.coerce.number().int().min(1990).max(2075).optional() }),
    answers: { status: 200, description: "The year; this one when none is named", schema: calendarOut },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      return shop === null ? unknownId() : answer(200, await calendarYear(deps, shop, query.year ?? null));
    },
  });

  serve(app, {
    method: "put",
    path,
    tag,
    summary: "Replaces the shop's own days, and plans its open orders again",
    body: daysIn,
    answers: { status: 200, description: "This year, and what the days changed", schema: changedOut },
    handle: async ({ ids, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const days = body.days.map((day) => ({ ...day, country: day.country ?? null }));
      await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const known = (await shopCalendars(trx, [shop.id])).get(shop.id)?.days ?? [];
        const before = known.map((one) => ({ ...one, day: formatCivilDay(one.day) }));
        await writeOwnDays(trx, shop.id, days);
        await markDirty(trx, { shopId: shop.id });
        return { entry: { shopId: shop.id, action: "calendar.changed", before: { days: before }, after: { days } }, result: undefined };
      });
      const { retimed, cancelled, added } = await deps.replanShop(shop.id);
      return answer(200, { ...(await calendarYear(deps, shop, null)), retimed, cancelled, added });
    },
  });
}
