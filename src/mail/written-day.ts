import { type CivilDay, yearOf } from "../core/civil-day.ts";
import { day24 } from "../core/instant.ts";

const writers = new Map<string, Intl.DateTimeFormat>();

/** A calendar day as `locale` (BCP 47) writes it in full: January 20, 2026; 20 January 2026; 2026年1月20日. */
export function writtenDay(day: CivilDay, locale: string): string {
  return written(day, locale, true);
}

/** As `writtenDay`, without the year when it is that of `today`: January 20; 1月20日. */
export function nearDay(day: CivilDay, locale: string, today: CivilDay): string {
  return written(day, locale, yearOf(day) !== yearOf(today));
}

/**
 * As CLDR has it, but for two things: French writes the first of a month with an ordinal, and the Russian abbreviation for "year" (г.), which is
 * left away, would put two full stops at the end of a sentence.
 */
function written(day: CivilDay, locale: string, withYear: boolean): string {
  const text = writer(locale, withYear).format(day * day24);
  if (locale.startsWith("fr")) return text.replace(/^1 /, "1er ");
  return locale.startsWith("ru") ? text.replace(/\sг\.$/, "") : text;
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
