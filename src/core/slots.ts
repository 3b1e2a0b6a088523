import { addDays, type CivilDay, weekdayOf } from "./civil-day.ts";
import { type Instant, instant } from "./instant.ts";
import { localDay, startOfDay, toInstant, toLocal } from "./local-time.ts";
import { type Interval, spreadIn } from "./spread.ts";
import type { Slots, Window } from "./timetable.ts";

/** The hours at which a message may go: in all `zones` at once (SCH-04). The first zone is the one whose dates count. */
export type Hours = Pick<Slots, "zones" | "window" | "holidays">;

/** How far ahead a slot is looked for before a person has to look (SCH-05). */
export const searchDays = 30;

/** Whether a message may go at `at`, as far as hours, weekdays and holidays are concerned. */
export function isOpen(hours: Hours, at: Instant): boolean {
  const { window } = hours;
  if (window === null) return hours.holidays === null || dayAllowed(hours, localDay(primary(hours), at));
  return hours.zones.every((zone) => {
    const local = toLocal(zone, at);
    if (crossesMidnight(window)) {
      if (local.minute >= window.fromMinute) return dayAllowed(hours, local.day);
      return local.minute < window.toMinute && dayAllowed(hours, addDays(local.day, -1));
    }
    return local.minute >= window.fromMinute && local.minute < window.toMinute && dayAllowed(hours, local.day);
  });
}

/**
 * The first instant from `from` on at which a message may go: `from` itself if it may, else spread over the next opening.
 *
 * `null` when 30 days hold none, as when the hours of two zones never meet: then a person must look (SCH-05).
 */
export function nextOpen(hours: Hours, from: Instant, seed: number): Instant | null {
  if (isOpen(hours, from)) return from;
  const today = localDay(primary(hours), from);
  for (let ahead = -1; ahead <= searchDays; ahead++) {
    const interval = openOn(hours, addDays(today, ahead), from);
    if (interval !== null) return spreadIn(interval, seed);
  }
  return null;
}

/** When a message may go on a date of the first zone, not before `notBefore`; `null` when it may not that day. A day without a window is open throughout. */
export function openOn(hours: Hours, day: CivilDay, notBefore: Instant): Interval | null {
  if (!dayAllowed(hours, day)) return null;
  const first = opening(primary(hours), hours.window, day);
  const second = hours.zones[1];
  const met = second === undefined || hours.window === null ? first : meeting(hours, hours.window, first, second, day);
  if (met === null || met.to <= notBefore) return null;
  return met.from >= notBefore ? met : { from: notBefore, to: met.to };
}

/** Whether the window opens on that date at all: its weekdays, and no holiday where those are avoided. */
export function dayAllowed({ window, holidays }: Hours, day: CivilDay): boolean {
  if (window?.days != null && !window.days.includes(weekdayOf(day))) return false;
  return holidays === null || !holidays.isHoliday(day);
}

export function primary({ zones }: Hours): string {
  return zones[0] ?? "UTC";
}

function opening(zone: string, window: Window | null, day: CivilDay): Interval {
  if (window === null) return { from: startOfDay(zone, day), to: startOfDay(zone, addDays(day, 1)) };
  const to = crossesMidnight(window) ? window.toMinute + 24 * 60 : window.toMinute;
  return { from: toInstant(zone, day, window.fromMinute), to: toInstant(zone, day, to) };
}

/** The earliest stretch of `first` in which the second zone's window is open too. */
function meeting(hours: Hours, window: Window, first: Interval, second: string, day: CivilDay): Interval | null {
  for (const shift of [-1, 0, 1]) {
    const otherDay = addDays(day, shift);
    if (!dayAllowed(hours, otherDay)) continue;
    const other = opening(second, window, otherDay);
    const from = instant(Math.max(first.from, other.from));
    const to = instant(Math.min(first.to, other.to));
    if (from < to) return { from, to };
  }
  return null;
}

function crossesMidnight(window: Window): boolean {
  return window.toMinute <= window.fromMinute;
}
