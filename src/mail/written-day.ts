import { type CivilDay, yearOf } from "../core/civil-day.ts";
import { day24 } from "../core/instant.ts";

const writers = new Map<string, Intl.DateTimeFormat>();

/** A calendar day as `locale` (BCP 47) writes it in full: January 20, 2026; 20 January 2026; 2026年1月20日. */
export function writtenDay(day: CivilDay, locale: string): string {
  return writer(locale, true).format(day * day24);
}

/** As `writtenDay`, without the year when it is that of `today`: January 20; 1月20日. */
export function nearDay(day: CivilDay, locale: string, today: CivilDay): string {
  return writer(locale, yearOf(day) !== yearOf(today)).format(day * day24);
}

function writer(locale: string, withYear: boolean): Intl.DateTimeFormat {
  const key = `${locale} ${withYear}`;
  const known = writers.get(key);
  if (known !== undefined) return known;
  if (writers.size >= 500) writers.clear();
  const made = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "long",
    ...(withYear ? { year: "numeric" } : {}),
    timeZone: "UTC",
  });
  writers.set(key, made);
  return made;
}
