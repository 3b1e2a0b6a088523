import { horizonOf, markedDays } from "../core/calendar-year.ts";
import { addDays, type CivilDay, formatCivilDay, yearOf } from "../core/civil-day.ts";
import { type ClosureSuggestion, suggestClosures } from "../core/closure-suggestions.ts";
import { localDay } from "../core/local-time.ts";
import { contactCalendar, dispatchCalendar, type OwnDay } from "../core/own-days.ts";
import { closuresBetween, dismissedClosures } from "../store/closures.ts";
import { closureOf } from "../store/declarations.ts";
import { mainDestinations, shopCalendars } from "../store/shop-calendars.ts";
import type { Shop } from "../store/shops.ts";
import type { WebDeps } from "./deps.ts";

const destinationsShown = 5;

/** A year of a shop: holidays where parcels are handed over and where most buyers live, its own days, closures, and how far ahead all that is known. */
export async function calendarYear({ db, now }: Pick<WebDeps, "db" | "now">, shop: Shop, asked: number | null) {
  const today = localDay(shop.timeZone, now());
  const year = asked ?? yearOf(today);
  const days = (await shopCalendars(db, [shop.id])).get(shop.id)?.days ?? [];
  const destinations = await mainDestinations(db, shop.id, destinationsShown);
  const home = dispatchCalendar({ country: shop.country, region: null }, shop.country, days);
  const closures = await closuresBetween(db, shop.id, `${year}-01-01`, `${year}-12-31`);
  const contact = destinations.map(({ country, orders }) => ({
    orders,
    calendar: contactCalendar({ country, region: null }, days),
    country,
  }));
  const abroad = contact.filter(({ country }) => country !== shop.country).map(({ calendar }) => calendar);
  return {
    year,
    dispatch: { country: shop.country, days: markedDays(home, year).map(written) },
    contact: contact.map(({ country, orders, calendar }) => ({ country, orders, days: markedDays(calendar, year).map(written) })),
    days: days.map(written),
    closures: closures.map(({ id, name, starts, ends, resumes }) => ({ id, name, starts, ends, resumes })),
    horizon: [home, ...abroad].map((calendar) => {
      const { knownUntil, ...rest } = horizonOf(calendar, today, ownDaysOf(days, calendar.country, shop.country));
      return { ...rest, knownUntil: formatCivilDay(knownUntil) };
    }),
  };
}

/** The days that an operator has entered for a country. */
function ownDaysOf(days: readonly OwnDay[], country: string | null, home: string): readonly CivilDay[] {
  return days.filter((one) => (one.country ?? home) === country).map(({ day }) => day);
}

function written<Day extends { readonly day: CivilDay }>(one: Day): Omit<Day, "day"> & { day: string } {
  return { ...one, day: formatCivilDay(one.day) };
}

/** What the calendar of the shop's country suggests, the earliest first, without what was dismissed or lies under a closure already. */
export async function suggestionsOf({ db, now }: Pick<WebDeps, "db" | "now">, shop: Shop): Promise<readonly ClosureSuggestion[]> {
  const today = localDay(shop.timeZone, now());
  const days = (await shopCalendars(db, [shop.id])).get(shop.id)?.days ?? [];
  const closures = await closuresBetween(db, shop.id, formatCivilDay(today), formatCivilDay(addDays(today, 300)));
  const calendar = dispatchCalendar({ country: shop.country, region: null }, shop.country, days);
  return suggestClosures(calendar, today, closures.map(closureOf), await dismissedClosures(db, shop.id));
}
