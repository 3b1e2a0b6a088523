import { addBusinessDays } from "../core/business-days.ts";
import type { CivilDay } from "../core/civil-day.ts";
import { holidaysOf } from "../core/holidays.ts";
import type { Instant } from "../core/instant.ts";
import { localDay } from "../core/local-time.ts";
import { nearDay, writtenDay } from "./written-day.ts";

/** How a mail writes days: in the buyer's zone and way of writing. */
export interface DayWriter {
  /** A day near to now, with the year only where it is not this one: January 20. */
  near(day: CivilDay): string;
  /** As `near`, of the day an instant falls on where the buyer lives. */
  nearAt(at: Instant): string;
  /** In full, with the year. */
  fullAt(at: Instant): string;
}

export function dayWriter(locale: string, zone: string, today: CivilDay): DayWriter {
  return {
    near: (day) => nearDay(day, locale, today),
    nearAt: (at) => nearDay(localDay(zone, at), locale, today),
    fullAt: (at) => writtenDay(localDay(zone, at), locale),
  };
}

/** The `count`-th working day after `day` in a country; one that is not known has weekends and no holidays. */
export function workdaysAfter(day: CivilDay, count: number, country: string | null): CivilDay {
  return addBusinessDays(day, count, [holidaysOf(country)]);
}
