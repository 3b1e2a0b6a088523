import { addDays, parseCivilDay } from "../../../core/civil-day.ts";
import type { Instant } from "../../../core/instant.ts";
import { startOfDay } from "../../../core/local-time.ts";

/** The first instant of a day in a zone, or of one some days later; `null` for what is no day. */
export function dayStart(zone: string, day: string, later: number): Instant | null {
  const parsed = parseCivilDay(day);
  return parsed === null ? null : startOfDay(zone, addDays(parsed, later));
}
