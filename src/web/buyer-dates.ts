import { type CivilDay, formatCivilDay } from "../core/civil-day.ts";
import type { Instant } from "../core/instant.ts";
import { localDay } from "../core/local-time.ts";

/** How a page writes days: where the buyer lives, in the buyer's way. */
export interface DateWriter {
  readonly date: (day: CivilDay) => string;
  readonly dateAt: (at: Instant) => string;
  readonly range: (from: CivilDay, to: CivilDay) => string;
}

/**
 * Days as `locale` (BCP 47) writes them in full, without a zone: they are the buyer's already, and `zone` makes them of instants.
 *
 * As CLDR has it, but for three things: French writes the first of a month with an ordinal; the Russian abbreviation for "year" is left away, since it
 * would put two full stops at the end of a sentence; and a range that CLDR writes in figures only (Chinese, Japanese) names its months as single days do.
 */
export function dateWriter(locale: string, zone: string): DateWriter {
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const at = (day: CivilDay) => Date.parse(formatCivilDay(day));
  const mended = (text: string) => {
    if (locale.startsWith("fr")) return text.replaceAll(/(^|[–-]\s?)1 /g, "$11er ");
    return locale.startsWith("ru") ? text.replace(/\sг\.$/, "") : text;
  };
  const date = (day: CivilDay) => mended(format.format(at(day)));
  return {
    date,
    dateAt: (when) => date(localDay(zone, when)),
    range: (from, to) => {
      const text = mended(format.formatRange(at(from), at(to)));
      return /\p{L}/u.test(text) ? text : `${date(from)} – ${date(to)}`;
    },
  };
}
