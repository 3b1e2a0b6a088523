import { addDays, type CivilDay } from "./civil-day.ts";

/** Days on which a parcel does not move on: a closure of its shop or carrier. Both are included. */
export interface Pause {
  readonly name: string;
  readonly starts: CivilDay;
  readonly ends: CivilDay;
}

/** Longer closures count as so many days: whoever shuts for good delays nobody's parcel for years. */
const longestPause = 120;

export function inPause(day: CivilDay, pauses: readonly Pause[]): boolean {
  return pauses.some(({ starts, ends }) => day >= starts && day <= ends && day - starts < longestPause);
}

/** The `count`-th day after `start` (0: `start` itself) on which no pause lies. */
export function addOpenDays(start: CivilDay, count: number, pauses: readonly Pause[]): CivilDay {
  if (pauses.length === 0) return addDays(start, count);
  let day = start;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (!inPause(day, pauses)) left--;
  }
  return day;
}

/** The pauses that take a day of those after `start` up to `end`. */
export function pausesBetween(start: CivilDay, end: CivilDay, pauses: readonly Pause[]): readonly Pause[] {
  return pauses.filter((pause) => pause.starts <= end && pause.ends > start);
}
