import chineseDays from "chinese-days";
import { addDays, type CivilDay, civilDay, formatCivilDay, parseCivilDay } from "./civil-day.ts";
import type { SpecialDay } from "./holidays.ts";

// The package is CommonJS: Node sees no named exports in it.
const { getDayDetail, getSolarDateFromLunar, getSolarTermDate } = chineseDays;

/*
 * The State Council announces each year's holidays and make-up days in the November before; date-holidays knows neither (standards 4.2).
 */

/** The first day that chinese-days has an announcement for. */
export function chinaSince(): CivilDay {
  return civilDay(firstYear, 1, 1);
}

/** The last day that chinese-days has an announcement for: a new version of it moves this on by a year. */
export function chinaHorizon(): CivilDay {
  return civilDay(lastYear(), 12, 31);
}

/** Holidays and make-up days of a year as announced; of a year without an announcement the days that the law or custom fixes (HOL-02). */
export function chinaDays(year: number): readonly SpecialDay[] {
  return year >= firstYear && year <= lastYear() ? announced(year) : statutory(year);
}

const firstYear = 2004;
let foundLastYear = 0;

function lastYear(): number {
  if (foundLastYear === 0) {
    foundLastYear = firstYear;
    // In a year it does not know the library takes National Day for a working day, without a word, unless it is on a weekend.
    while (isAnnounced(foundLastYear + 1)) foundLastYear++;
  }
  return foundLastYear;
}

function isAnnounced(year: number): boolean {
  return isHolidayName(getDayDetail(`${year}-10-01`).name);
}

function announced(year: number): SpecialDay[] {
  const days: SpecialDay[] = [];
  const end = civilDay(year + 1, 1, 1);
  for (let day = civilDay(year, 1, 1); day < end; day = addDays(day, 1)) {
    const { work, name } = getDayDetail(formatCivilDay(day));
    if (isHolidayName(name)) days.push({ day, name: name.slice(0, name.indexOf(",")), worked: work });
  }
  return days;
}

/** Days of an announcement are called `Spring Festival,春节,4`, others by their weekday. */
function isHolidayName(name: string): boolean {
  return name.includes(",");
}

function statutory(year: number): SpecialDay[] {
  const newYear = lunar(year, "01-01");
  return [
    ...run("New Year's Day", civilDay(year, 1, 1), 1),
    // From the eve to the seventh day: what every announcement so far has given.
    ...(newYear === null ? [] : run("Spring Festival", addDays(newYear, -1), 8)),
    ...run("Tomb-sweeping Day", parseCivilDay(getSolarTermDate(year, 4, "pure_brightness")), 1),
    ...run("Labour Day", civilDay(year, 5, 1), 2),
    ...run("Dragon Boat Festival", lunar(year, "05-05"), 1),
    ...run("Mid-Autumn Festival", lunar(year, "08-15"), 1),
    ...run("National Day", civilDay(year, 10, 1), 7),
  ];
}

function lunar(year: number, monthAndDay: string): CivilDay | null {
  return parseCivilDay(getSolarDateFromLunar(`${year}-${monthAndDay}`).date);
}

function run(name: string, first: CivilDay | null, count: number): SpecialDay[] {
  if (first === null) return [];
  return Array.from({ length: count }, (_, offset) => ({ day: addDays(first, offset), name, worked: false }));
}
