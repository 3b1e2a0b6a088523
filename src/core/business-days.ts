import { addDays, type CivilDay, weekdayOf } from "./civil-day.ts";
import type { HolidayCalendar } from "./holidays.ts";

type Workdays = Pick<HolidayCalendar, "isWorkday">;

/**
 * The `count`-th working day after `start`; before it when `count` is negative; `start` itself when `count` is 0, working day or not.
 *
 * A day counts only if it is a working day in all of `calendars` (TRN-02: a parcel stands still when either end rests); without any, Monday to
 * Friday count. Throws if ten years hold too few such days, which no real calendars do.
 */
export function addBusinessDays(start: CivilDay, count: number, calendars: readonly Workdays[]): CivilDay {
  const step = count < 0 ? -1 : 1;
  let left = Math.abs(count);
  let day = start;
  for (let tried = 0; left > 0; tried++) {
    if (tried > 3_660 + 7 * Math.abs(count)) throw new RangeError(`no ${count} working days around day ${start}`);
    day = addDays(day, step);
    if (isBusinessDay(day, calendars)) left--;
  }
  return day;
}

/** Whether `day` is a working day in all of `calendars`; without any, whether it is a Monday to Friday. */
export function isBusinessDay(day: CivilDay, calendars: readonly Workdays[]): boolean {
  if (calendars.length === 0) return weekdayOf(day) <= 5;
  for (const calendar of calendars) if (!calendar.isWorkday(day)) return false;
  return true;
}
