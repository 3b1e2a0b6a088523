import { formatCivilDay } from "./civil-day.ts";
import type { Instant } from "./instant.ts";
import { localDay, toLocal } from "./local-time.ts";
import type { Window } from "./timetable.ts";

/** `2026-01-30`: the date an instant has in `zone`, as explanations write it. */
export function dayText(zone: string, at: Instant): string {
  return formatCivilDay(localDay(zone, at));
}

/** `2026-01-30 09:12`: what calendar and clock of `zone` show. */
export function timeText(zone: string, at: Instant): string {
  const { day, minute } = toLocal(zone, at);
  return `${formatCivilDay(day)} ${clockText(minute)}`;
}

/** `09:12`. */
export function clockText(minuteOfDay: number): string {
  const hours = Math.floor(minuteOfDay / 60);
  const minutes = minuteOfDay % 60;
  return `${hours < 10 ? "0" : ""}${hours}:${minutes < 10 ? "0" : ""}${minutes}`;
}

/** `09:00–18:00`. */
export function windowText(window: Window): string {
  return `${clockText(window.fromMinute)}–${clockText(window.toMinute)}`;
}
