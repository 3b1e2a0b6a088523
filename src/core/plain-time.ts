import { type CivilDay, formatCivilDay } from "./civil-day.ts";
import type { Instant } from "./instant.ts";
import { localDay, toLocal } from "./local-time.ts";
import type { Window } from "./timetable.ts";

/** `2026-01-30`. Explanations name the same few hundred dates over and over, so their spelling is kept. */
export function dateText(day: CivilDay): string {
  const known = spelt.get(day);
  if (known !== undefined) return known;
  const text = formatCivilDay(day);
  if (spelt.size >= datesKept) spelt.clear();
  spelt.set(day, text);
  return text;
}

const spelt = new Map<CivilDay, string>();
const datesKept = 4_000;

/** `2026-01-30`: the date an instant has in `zone`, as explanations write it. */
export function dayText(zone: string, at: Instant): string {
  return dateText(localDay(zone, at));
}

/** `2026-01-30 09:12`: what calendar and clock of `zone` show. */
export function timeText(zone: string, at: Instant): string {
  const { day, minute } = toLocal(zone, at);
  return `${dateText(day)} ${clockText(minute)}`;
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
