import { addDays, type CivilDay, civilDay, yearOf } from "./civil-day.ts";
import type { Closure } from "./closure.ts";
import type { HolidayCalendar } from "./holidays.ts";

/** A closure that the calendar of the shop's country suggests; the operator confirms or dismisses it. */
export interface ClosureSuggestion {
  /** Stable, also when its days are announced anew: `2027-spring-festival`. */
  readonly id: string;
  readonly name: string;
  readonly starts: CivilDay;
  readonly ends: CivilDay;
  /** The first working day after it. */
  readonly resumes: CivilDay;
  /** `false`: the days follow from statute and custom and may still change, for they are not announced yet (HOL-02). */
  readonly announced: boolean;
}

/** Shorter rests are weekends to a buyer. */
const leastDays = 3;
/** How far ahead an operator is asked. */
const daysAhead = 200;
/** How far beyond both ends is looked, so that no rest is cut off. */
const margin = 30;

/**
 * The rests of a country in the next 200 days that a buyer would notice: at least three days without work, weekends beside them included, that
 * hold a public holiday. Christmas to New Year is one where both are holidays: few parcels leave in between.
 *
 * None over which a closure of the whole shop lies already, none of `dismissed` (ids); the earliest first.
 */
export function suggestClosures(
  calendar: HolidayCalendar,
  today: CivilDay,
  closures: readonly Pick<Closure, "starts" | "ends" | "carriers">[],
  dismissed: ReadonlySet<string>,
): readonly ClosureSuggestion[] {
  const last = addDays(today, daysAhead);
  const rests = christmasJoined(calendar, restsOf(calendar, addDays(today, -margin), addDays(last, margin)));
  const known = new Set<string>();
  return rests
    .flatMap((rest): ClosureSuggestion[] => {
      const { starts, ends } = rest;
      const names = rest.name === undefined ? holidaysIn(calendar, rest) : [rest.name];
      const [first] = names;
      if (ends - starts + 1 < leastDays || first === undefined) return [];
      const id = free(`${yearOf(starts)}-${slug(first)}`, known);
      return [{ id, name: names.slice(0, 2).join(" and "), starts, ends, resumes: addDays(ends, 1), announced: calendar.known(ends) }];
    })
    .filter(
      ({ id, starts, ends }) =>
        ends >= today &&
        starts <= last &&
        !dismissed.has(id) &&
        !closures.some((closure) => closure.carriers === null && closure.starts <= ends && closure.ends >= starts),
    );
}

interface Rest {
  readonly starts: CivilDay;
  readonly ends: CivilDay;
  /** Its own name; absent: those of its holidays. */
  readonly name?: string;
}

/** All stretches without a working day, in order. */
function restsOf(calendar: HolidayCalendar, from: CivilDay, to: CivilDay): readonly Rest[] {
  const found: Rest[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    if (calendar.isWorkday(day)) continue;
    const starts = day;
    while (day <= to && !calendar.isWorkday(addDays(day, 1))) day = addDays(day, 1);
    found.push({ starts, ends: day });
  }
  return found;
}

function christmasJoined(calendar: HolidayCalendar, rests: readonly Rest[]): readonly Rest[] {
  const holding = (day: CivilDay) => (calendar.isHoliday(day) ? rests.find(({ starts, ends }) => starts <= day && day <= ends) : undefined);
  const years = [...new Set(rests.map(({ starts }) => yearOf(starts)))];
  const seasons = years.flatMap((year): Rest[] => {
    const christmas = holding(civilDay(year, 12, 25));
    const newYear = holding(civilDay(year + 1, 1, 1));
    return christmas === undefined || newYear === undefined
      ? []
      : [{ starts: christmas.starts, ends: newYear.ends, name: "Christmas and New Year" }];
  });
  const inSeason = (rest: Rest) => seasons.some(({ starts, ends }) => starts <= rest.starts && rest.ends <= ends);
  return [...rests.filter((rest) => !inSeason(rest)), ...seasons].sort((a, b) => a.starts - b.starts);
}

/** The holidays of a rest by name, those of most days first. */
function holidaysIn(calendar: HolidayCalendar, { starts, ends }: Rest): readonly string[] {
  const days = new Map<string, number>();
  for (let day = starts; day <= ends; day = addDays(day, 1)) {
    const name = calendar.nameOf(day);
    if (name !== null) days.set(name, (days.get(name) ?? 0) + 1);
  }
  return [...days].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

function slug(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/['’\p{M}]/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return plain === "" ? "rest" : plain;
}

/** `id`, or with a number behind it the second and later time in one list. */
function free(id: string, known: Set<string>): string {
  let found = id;
  for (let count = 2; known.has(found); count++) found = `${id}-${count}`;
  known.add(found);
  return found;
}
