import { addDays, type CivilDay, civilDay, formatCivilDay, weekdayOf } from "./civil-day.ts";
import { weekends } from "./data/holiday-regions.ts";
import type { HolidayCalendar } from "./holidays.ts";

/** A day of a year that is not what its weekday says. */
export interface MarkedDay {
  readonly day: CivilDay;
  /** `workday`: a day of the weekend on which work is made up. */
  readonly kind: "holiday" | "workday";
  readonly name: string;
}

/** The holidays of a year, and the days of weekends that are worked, in order. */
export function markedDays(calendar: HolidayCalendar, year: number): readonly MarkedDay[] {
  const rest = weekends[calendar.country ?? ""] ?? [6, 7];
  const found: MarkedDay[] = [];
  for (let day = civilDay(year, 1, 1); day <= civilDay(year, 12, 31); day = addDays(day, 1)) {
    if (calendar.isHoliday(day)) found.push({ day, kind: "holiday", name: calendar.nameOf(day) ?? "" });
    else if (rest.includes(weekdayOf(day)) && calendar.isWorkday(day))
      found.push({ day, kind: "workday", name: "worked in place of a holiday" });
  }
  return found;
}

/** How far ahead the days of a country are known, and what an operator should know of it. */
export interface Horizon {
  readonly country: string;
  readonly knownUntil: CivilDay;
  readonly warning: string | null;
}

/** Plans reach so far ahead: a check-in by sea and the wait after it. */
const planningDays = 75;

/**
 * How far a country's calendar is known, with a warning when that ends within the days that are planned ahead from `today` (HOL-02). `ownDays` are the days
 * that the shop has entered itself: one beyond the horizon says that somebody has seen to it.
 */
export function horizonOf(calendar: HolidayCalendar, today: CivilDay, ownDays: readonly CivilDay[]): Horizon {
  const country = calendar.country ?? "";
  const { horizon } = calendar;
  const seenTo = ownDays.some((day) => day > horizon);
  if (seenTo || horizon >= addDays(today, planningDays)) return { country, knownUntil: horizon, warning: null };
  const warning =
    `the holidays of ${country} are announced until ${formatCivilDay(horizon)} only; later ones count by statute and custom, without made-up working days: ` +
    "take a newer version of Afterword, or enter them as the shop's own days";
  return { country, knownUntil: horizon, warning };
}
