import { z } from "zod";
import { ownCalendars } from "../../../core/own-days.ts";
import { type WrittenDay, writeOwnDays } from "../../../store/shop-calendars.ts";
import * as field from "../../api/fields.ts";
import { readForm } from "../parts/form.ts";
import { planAnew } from "../replan.ts";
import { type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { ownDayKey, ownDaysOf } from "./own-day-section.ts";
import { ownDayWords } from "./own-day-words.ts";
import { showCalendar } from "./page.ts";

/** Days on which the shop knows better than the public calendar; one more. */
export const addOwnDay = shopRoute({
  method: "post",
  path: "/calendar/days",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const w = visit.say(ownDayWords);
    const days = await ownDaysOf(visit);
    const schema = z
      .object({
        "day-name": field.line(100),
        day: field.day,
        kind: z.enum(["holiday", "workday"]),
        calendar: z.enum(ownCalendars),
        "day-country": z
          .string()
          .transform((text) => text.trim().toUpperCase())
          .pipe(field.country)
          .optional(),
      })
      .transform(({ "day-name": name, "day-country": country = null, ...rest }): WrittenDay => ({ name, country, ...rest }))
      .refine((day) => !days.some((one) => ownDayKey(one) === ownDayKey(day)), { path: ["day"], message: w.twice });
    const read = readForm(visit, schema);
    if (!read.ok) return showCalendar(visit, read);
    return write(visit, days, [...days, read.value], w.added(read.value.name));
  },
});

export const removeOwnDay = shopRoute({
  method: "post",
  path: "/calendar/days/remove",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const days = await ownDaysOf(visit);
    const gone = days.find((one) => ownDayKey(one) === visit.form.get("key"));
    const rest = days.filter((one) => one !== gone);
    return write(visit, days, rest, visit.say(ownDayWords).removed, gone);
  },
});

async function write(
  visit: ShopVisit,
  before: readonly WrittenDay[],
  days: readonly WrittenDay[],
  text: string,
  gone?: WrittenDay,
): Promise<Reply> {
  await visit.change(async (trx) => {
    await writeOwnDays(trx, visit.shop.id, days);
    return { entry: { shopId: visit.shop.id, action: "calendar.changed", before: { days: before }, after: { days } }, result: undefined };
  });
  const undo = gone === undefined ? {} : { undo: { action: visit.link("/calendar/days"), fields: fieldsOf(gone) } };
  return planAnew(visit, "calendar.changed", visit.link("/calendar"), { text, ...undo });
}

function fieldsOf({ name, day, kind, calendar, country }: WrittenDay): Readonly<Record<string, string>> {
  return { "day-name": name, day, kind, calendar, ...(country === null ? {} : { "day-country": country }) };
}
