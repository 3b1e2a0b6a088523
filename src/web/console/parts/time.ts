import { html } from "hono/html";
import { day24, hour, type Instant, iso, minute } from "../../../core/instant.ts";
import type { Html } from "../../html.ts";
import type { Visit } from "../route.ts";

type At = Pick<Visit, "language" | "now" | "shop">;

/**
 * A moment as operators read it: within 24 hours relative ("in 3 h"), else date and time in the shop's zone. On hover exact, with the buyer's
 * own time when `buyerZone` is given.
 */
export function when(
  visit: At,
  at: Instant,
  { buyerZone = null, exact = false }: { buyerZone?: string | null; exact?: boolean } = {},
): Html {
  const zone = zoneOf(visit);
  const own = exactTime(visit, at, zone);
  const title = buyerZone === null || buyerZone === zone ? own : `${own}\n${exactTime(visit, at, buyerZone)}`;
  const near = !exact && Math.abs(at - visit.now) < day24;
  return html`<time datetime="${iso(at)}" title="${title}">${near ? relative(visit, at) : shortTime(visit, at, zone)}</time>`;
}

/** `12 Feb 10:40`, with the year when it is another one than now's. */
export function shortTime(visit: At, at: Instant, zone: string = zoneOf(visit)): string {
  const sameYear = yearIn(at, zone) === yearIn(visit.now, zone);
  return format(visit, {
    timeZone: zone,
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

/** `Thursday, 12 February 2026, 10:40 (America/Los_Angeles)`. */
export function exactTime(visit: At, at: Instant, zone: string = zoneOf(visit)): string {
  return `${format(visit, { timeZone: zone, dateStyle: "full", timeStyle: "short", hourCycle: "h23" }).format(at)} (${zone})`;
}

/** `10:40` in the shop's zone. */
export function clockTime(visit: At, at: Instant, zone: string = zoneOf(visit)): string {
  return format(visit, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** A calendar day, `YYYY-MM-DD`, as `12 Feb` or with its year. */
export function shortDay(visit: At, day: string, options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" }): string {
  return format(visit, { ...options, timeZone: "UTC" }).format(Date.parse(`${day}T00:00:00Z`));
}

/** `in 3 h`, `5 min ago`, `now`. */
export function relative({ language, now }: At, at: Instant): string {
  const words = new Intl.RelativeTimeFormat(language, { style: "narrow", numeric: "auto" });
  const apart = at - now;
  if (Math.abs(apart) < minute) return words.format(0, "second");
  if (Math.abs(apart) < hour) return words.format(Math.trunc(apart / minute), "minute");
  if (Math.abs(apart) < day24) return words.format(Math.trunc(apart / hour), "hour");
  return words.format(Math.trunc(apart / day24), "day");
}

export function number({ language }: Pick<Visit, "language">, value: number): string {
  return new Intl.NumberFormat(language).format(value);
}

function zoneOf({ shop }: At): string {
  return shop?.timeZone ?? "UTC";
}

function yearIn(at: Instant, timeZone: string): string {
  return new Intl.DateTimeFormat("en", { timeZone, year: "numeric" }).format(at);
}

function format({ language }: At, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options);
}
