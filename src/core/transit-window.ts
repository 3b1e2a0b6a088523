import { addBusinessDays } from "./business-days.ts";
import { type CivilDay, formatCivilDay } from "./civil-day.ts";
import { type LaneKey, transitRanges } from "./data/transit-lanes.ts";
import type { Instant } from "./instant.ts";
import { localDay } from "./local-time.ts";
import { dispatchCalendar, type OwnDay } from "./own-days.ts";
import { addOpenDays, inPause, type Pause, pausesBetween } from "./pauses.ts";
import { nameOfLane, type TransitLane } from "./transit-lanes.ts";

export interface Transit {
  readonly lane: LaneKey;
  /** When it was handed over. */
  readonly dispatchedAt: Instant;
  /** Where it was handed over; `zone` is IANA. */
  readonly origin: { readonly country: string | null; readonly region: string | null; readonly zone: string };
  readonly destination: { readonly country: string | null; readonly region: string | null };
  /** The shop's own entry for it; absent or `null`: ours. */
  readonly own?: TransitLane | null;
  /** The shop's own days. */
  readonly days?: readonly OwnDay[];
  /** Closures in which such a parcel does not move on. */
  readonly pauses?: readonly Pause[];
}

export interface TransitWindow {
  /** The first day on which it may be there. */
  readonly earliest: CivilDay;
  /** The last day on which it should be there. */
  readonly latest: CivilDay;
  readonly detail: string;
}

/**
 * The days between which a parcel should arrive.
 *
 * Counted from the day of hand-over in the origin's zone, not from payment; business days are days worked at both ends (TRN-02). Days of
 * `pauses` count for neither kind. Where the holidays of an end are not published that far ahead the detail says so (HOL-02).
 */
export function transitWindow(transit: Transit): TransitWindow {
  const { lane, dispatchedAt, origin, own = null, pauses = [] } = transit;
  const { unit, earliest: from, latest: to } = own ?? transitRanges[lane];
  const handedOver = localDay(origin.zone, dispatchedAt);
  const name = own === null ? (lane === "unknown" ? "an unknown service" : lane) : `${nameOfLane(own)}, as the shop has it`;
  const usual = `${name}: ${from}–${to}`;
  if (unit === "businessDays") return inBusinessDays(transit, { from, to, handedOver, usual });
  const earliest = addOpenDays(handedOver, from, pauses);
  const latest = addOpenDays(handedOver, to, pauses);
  return { earliest, latest, detail: `${usual} days after ${formatCivilDay(handedOver)}${paused(handedOver, latest, pauses)}` };
}

interface Counting {
  readonly from: number;
  readonly to: number;
  readonly handedOver: CivilDay;
  readonly usual: string;
}

function inBusinessDays(
  { origin, destination, days = [], pauses = [] }: Transit,
  { from, to, handedOver, usual }: Counting,
): TransitWindow {
  const home = origin.country ?? "";
  const start = dispatchCalendar(origin, home, days);
  const end = dispatchCalendar(destination, home, days);
  const calendars = start === end ? [start] : [start, end];
  const open = { isWorkday: (day: CivilDay) => !inPause(day, pauses) };
  const counted = pauses.length === 0 ? calendars : [...calendars, open];
  const earliest = addBusinessDays(handedOver, from, counted);
  const latest = addBusinessDays(earliest, Math.max(0, to - from), counted);
  const places = calendars.flatMap(({ country }) => country ?? []);
  const unsure = calendars.filter((calendar) => !calendar.known(latest)).map(({ country }) => country ?? "");
  const where = places.length === 0 ? "" : ` of ${[...new Set(places)].join(" and ")}`;
  const warning = unsure.length === 0 ? "" : `; the holidays of ${unsure.join(" and ")} are not announced that far ahead`;
  return {
    earliest,
    latest,
    detail: `${usual} business days${where} after ${formatCivilDay(handedOver)}${paused(handedOver, latest, pauses)}${warning}`,
  };
}

function paused(from: CivilDay, to: CivilDay, pauses: readonly Pause[]): string {
  const names = [...new Set(pausesBetween(from, to, pauses).map(({ name }) => name))];
  return names.length === 0 ? "" : `, without the days of ${names.join(" and ")}`;
}
