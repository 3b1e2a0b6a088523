import DateHolidays, { type HolidaysTypes } from "date-holidays";
import { addDays, type CivilDay, civilDay, parseCivilDay, weekdayOf, yearOf } from "./civil-day.ts";
import { holidayRegions, shiftedRules, weekends } from "./data/holiday-regions.ts";
import { chinaDays, chinaHorizon, chinaSince } from "./holidays-china.ts";
import { regionKey } from "./region-key.ts";

/** Which days are holidays and working days at a place. Answers cost some 10 ns once a year has been asked for; see `holidaysOf`. */
export interface HolidayCalendar {
  /** ISO 3166-1 alpha-2; `null` when the place is unknown. */
  readonly country: string | null;
  /** The subdivision whose days are included, by the code of date-holidays; `null`: only the country's. */
  readonly region: string | null;
  /** The last day of which the holidays are published or can be computed. Beyond it only the statutory days are known (HOL-02). */
  readonly horizon: CivilDay;
  /** A public holiday or a day off beside one. Plain weekends are none. */
  isHoliday(day: CivilDay): boolean;
  /** The holiday's name in English, `null` on other days. */
  nameOf(day: CivilDay): string | null;
  /** Neither weekend nor holiday, or a weekend day on which work is made up for a holiday (China). */
  isWorkday(day: CivilDay): boolean;
  /** Whether what is said of `day` is the published calendar rather than a fall-back the operator should be warned of. */
  known(day: CivilDay): boolean;
}

/** What is special about one day of a year. */
export interface SpecialDay {
  readonly day: CivilDay;
  readonly name: string;
  /** `true`: a weekend day that is worked. */
  readonly worked: boolean;
}

/**
 * The calendar of a country, with the holidays of its subdivision where they differ (HOL-04).
 *
 * Public holidays from date-holidays; China from chinese-days, make-up days included (HOL-01). An unknown country has weekends and no
 * holidays. The same arguments give the same object. The first question about a year computes that year (2–5 ms), later ones look it up.
 *
 * @param country ISO 3166-1 alpha-2, any case.
 * @param region code or name of the subdivision in any spelling; one that is not known counts as none.
 */
export function holidaysOf(country: string | null, region: string | null = null): HolidayCalendar {
  const key = `${country ?? ""}|${region ?? ""}`;
  const known = byQuestion.get(key);
  if (known !== undefined) return known;
  const place = country?.toUpperCase() ?? "";
  const state = stateOf(place, region);
  const calendar = kept(byPlace, `${place}|${state ?? ""}`, () => makeCalendar(place, state));
  return key.length > 200 ? calendar : kept(byQuestion, key, () => calendar);
}

const byQuestion = new Map<string, HolidayCalendar>();
const byPlace = new Map<string, HolidayCalendar>();
const calendarsKept = 2_000;
const yearsKept = 40;

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  if (map.size >= calendarsKept) map.clear();
  const made = make();
  map.set(key, made);
  return made;
}

const workday = 1;
const holiday = 2;

interface Year {
  readonly first: CivilDay;
  /** The first day of the next year. */
  readonly end: CivilDay;
  /** `workday | holiday`, one byte a day. */
  readonly flags: Uint8Array;
  readonly names: ReadonlyMap<CivilDay, string>;
}

function makeCalendar(country: string, state: string | null): HolidayCalendar {
  const china = country === "CN";
  const specialDays = china ? chinaDays : specialDaysOf(country, state);
  const since = china ? chinaSince() : civilDay(1970, 1, 1);
  const horizon = china ? chinaHorizon() : computable;
  const rest = weekends[country] ?? [6, 7];
  const years = new Map<number, Year>();
  let last: Year = { first: since, end: since, flags: new Uint8Array(0), names: new Map() };

  const yearWith = (day: CivilDay): Year => {
    if (day >= last.first && day < last.end) return last;
    const number = yearOf(day);
    let year = years.get(number);
    if (year === undefined) {
      if (years.size >= yearsKept) years.clear();
      year = makeYear(number, rest, specialDays(number));
      years.set(number, year);
    }
    last = year;
    return year;
  };
  const has = (day: CivilDay, flag: number): boolean => {
    const year = yearWith(day);
    return ((year.flags[day - year.first] ?? 0) & flag) !== 0;
  };
  return {
    country: country === "" ? null : country,
    region: state,
    horizon,
    isHoliday: (day) => has(day, holiday),
    nameOf: (day) => yearWith(day).names.get(day) ?? null,
    isWorkday: (day) => has(day, workday),
    known: (day) => day >= since && day <= horizon,
  };
}

function makeYear(number: number, rest: readonly number[], special: readonly SpecialDay[]): Year {
  const first = civilDay(number, 1, 1);
  const end = civilDay(number + 1, 1, 1);
  const flags = new Uint8Array(end - first);
  for (let offset = 0; offset < flags.length; offset++) flags[offset] = rest.includes(weekdayOf(addDays(first, offset))) ? 0 : workday;
  const names = new Map<CivilDay, string>();
  for (const { day, name, worked } of special) {
    if (day < first || day >= end) continue;
    flags[day - first] = worked ? workday : holiday;
    if (!worked && !names.has(day)) names.set(day, name);
  }
  return { first, end, flags, names };
}

/** date-holidays has the tables of lunar calendars up to 2076; other holidays go on. */
const computable = civilDay(2076, 12, 31);

const library = new DateHolidays();
const countries: ReadonlySet<string> = new Set(Object.keys(library.getCountries("en")));

function specialDaysOf(country: string, state: string | null): (year: number) => readonly SpecialDay[] {
  if (!countries.has(country)) return () => [];
  const options = { types: ["public" as const], languages: ["en"] };
  const source = state === null ? new DateHolidays(country, options) : new DateHolidays(country, state, options);
  return (year) => source.getHolidays(year, "en").flatMap(daysOf);
}

/**
 * The days of which a holiday takes the middle: half days that begin in the afternoon are left out, and days that begin at sunset
 * (marked `-0600`: six hours before midnight) are those on which the sun then rises.
 */
function daysOf({ date, start, end, name, rule }: HolidaysTypes.Holiday): SpecialDay[] {
  const written = parseCivilDay(date.slice(0, 10));
  if (written === null) return [];
  const first = addDays(written, shiftedRules[rule] ?? 0);
  const hours = (end.getTime() - start.getTime()) / 3_600_000;
  // In local time and relative to `first`, since the library's own instants are of one zone of several.
  const begins = date.endsWith("-0600") ? -6 : Number(date.slice(11, 13));
  const days: SpecialDay[] = [];
  for (let offset = 0; offset * 24 + 12 < begins + hours; offset++) {
    if (begins <= offset * 24 + 12) days.push({ day: addDays(first, offset), name, worked: false });
  }
  return days;
}

function stateOf(country: string, region: string | null): string | null {
  if (region === null || !countries.has(country)) return null;
  return kept(states, country, () => statesOf(country)).get(regionKey(country, region)) ?? null;
}

const states = new Map<string, ReadonlyMap<string, string>>();

/** The codes of date-holidays by all spellings: its own code and names, and the ones shops use. */
function statesOf(country: string): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  const add = (spelling: string, code: string): void => {
    const key = regionKey(country, spelling);
    if (key !== "" && !spellings.has(key)) spellings.set(key, code);
  };
  const byLanguage = [library.getStates(country), library.getStates(country, "en")];
  for (const names of byLanguage) for (const code of Object.keys(names ?? {})) add(code, code);
  for (const names of byLanguage) {
    for (const [code, name] of Object.entries(names ?? {})) {
      add(name, code);
      add(regionKey(country, name).replace(/^(CANTON OF|KANTON|CANTON DE|HANSESTADT|DEPARTEMENT) | (PROVINCE|REGION)$/g, ""), code);
    }
  }
  for (const [code, list] of Object.entries(holidayRegions[country] ?? {})) {
    for (const entry of list.split("/")) {
      const words = entry.split(" ");
      add(entry, code);
      // `B Barcelona`: a code of one or two letters before the name.
      if (words.length > 1 && /^[A-Z]{1,2}$/.test(words[0] ?? "")) {
        add(words[0] ?? "", code);
        add(words.slice(1).join(" "), code);
      }
    }
  }
  return spellings;
}
