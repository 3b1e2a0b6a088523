declare const civilDayBrand: unique symbol;

/**
 * A calendar day that belongs to no zone: whole days since 1970-01-01 in the proleptic Gregorian calendar.
 *
 * Counting days instead of hours is what keeps "14 days later at 09:00" at 09:00 across a clock change (SCH-02).
 */
export type CivilDay = number & { readonly [civilDayBrand]: true };

export interface DayParts {
  readonly year: number;
  /** 1 … 12. */
  readonly month: number;
  /** 1 … 31. */
  readonly day: number;
}

/** Takes days since 1970-01-01. Throws on anything that is not a whole number. */
export function civilDayAt(daysSinceEpoch: number): CivilDay {
  if (!Number.isInteger(daysSinceEpoch)) throw new RangeError(`not a calendar day: ${daysSinceEpoch}`);
  return daysSinceEpoch as CivilDay;
}

/** The day of a year, month (1–12) and day (1–31). Throws when the calendar has no such day: 30 February is a bug of the caller. */
export function civilDay(year: number, month: number, day: number): CivilDay {
  if (!isRealDay(year, month, day)) throw new RangeError(`no such day: ${year}-${month}-${day}`);
  return civilDayAt(daysFrom(year, month, day));
}

/** Reads `2026-10-01`. Returns `null` for any other shape and for days that do not exist. */
export function parseCivilDay(text: string): CivilDay | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return isRealDay(year, month, day) ? civilDayAt(daysFrom(year, month, day)) : null;
}

/** Writes `2026-10-01`. */
export function formatCivilDay(day: CivilDay): string {
  const { year, month, day: dayOfMonth } = partsOf(day);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
}

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: CivilDay): number {
  // 1970-01-01 was a Thursday; the second remainder is for days before it.
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The day `count` days later; earlier when `count` is negative. */
export function addDays(day: CivilDay, count: number): CivilDay {
  return civilDayAt(day + count);
}

/** Year, month and day of month. */
export function partsOf(day: CivilDay): DayParts {
  const { year, month, dayOfMonth } = split(day);
  return { year, month, day: dayOfMonth };
}

/** The year a day lies in. */
export function yearOf(day: CivilDay): number {
  return split(day).year;
}

/*
 * Days ↔ dates by eras of 400 years (146,097 days), with years that begin in March so that the leap day comes last.
 * `Date.UTC` would do as well, but reads years below 100 as 19xx.
 */
function daysFrom(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function split(day: CivilDay): { year: number; month: number; dayOfMonth: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

function isRealDay(year: number, month: number, day: number): boolean {
  if (!Number.isInteger(year) || !Number.isInteger(month) || !Number.isInteger(day)) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
