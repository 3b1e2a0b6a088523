import { addBusinessDays } from "./business-days.ts";
import { type Carriage, carrierOf, isS10, plainWords } from "./carriers.ts";
import { addDays, type CivilDay, formatCivilDay } from "./civil-day.ts";
import { type LaneKey, laneKeys, lanePatterns, s10Lanes, type TransitRange, transitRanges } from "./data/transit-lanes.ts";
import { holidaysOf } from "./holidays.ts";
import type { Instant } from "./instant.ts";
import { localDay } from "./local-time.ts";

export interface Lane {
  readonly lane: LaneKey;
  /** What told it, in words an operator can read. */
  readonly detail: string;
}

/**
 * Says how a parcel travels, from what the shop wrote: the service if it tells, else the carrier, else the kind of item that a valid
 * UPU S10 number states. `unknown` when nothing does.
 */
export function laneOf({ carrier, service, trackingNumber }: Carriage): Lane {
  const byService = laneNamed(service);
  if (byService !== null) return { lane: byService, detail: `the service is "${service}"` };
  const byCarrier = laneNamed(carrier);
  if (byCarrier !== null) return { lane: byCarrier, detail: `the carrier is "${carrier}"` };
  if (trackingNumber !== null && isS10(trackingNumber)) {
    const item = s10Lanes[trackingNumber.trim().charAt(0).toUpperCase()];
    if (item !== undefined) return { lane: item.lane, detail: `the tracking number is that of ${item.name}` };
  }
  return { lane: "unknown", detail: "neither service, carrier nor tracking number tell how it travels" };
}

/** Whether two names of a service mean the same: case, blanks, dashes, underscores, accents and punctuation do not matter. */
export function sameService(a: string, b: string): boolean {
  const plain = bare(a);
  return plain !== "" && plain === bare(b);
}

/**
 * Finds the entry an operator wrote for how this parcel travels, as in `wait: { byService: { ePacket: 14, "China Post EMS": 8 } }`.
 *
 * A name may be that of the service, of carrier and service together, of the lane, or of the carrier; in this order the closest wins, and
 * `name` says which it was. Returns `null` when none fits.
 */
export function forService<T>(entries: Readonly<Record<string, T>>, parcel: Carriage): { readonly name: string; readonly value: T } | null {
  const names = namesIn(entries);
  if (names.size === 0) return null;
  const { carrier, service } = parcel;
  const known = carrierOf(carrier);
  const together = carrier !== null && service !== null ? `${carrier} ${service}` : null;
  for (const candidate of [service, together, laneOf(parcel).lane, carrier, known?.name, known?.id]) {
    if (candidate == null) continue;
    const name = names.get(bare(candidate));
    const value = name === undefined ? undefined : entries[name];
    if (name !== undefined && value !== undefined) return { name, value };
  }
  return null;
}

export interface Transit {
  readonly lane: LaneKey;
  /** When it was handed over. */
  readonly dispatchedAt: Instant;
  /** Where it was handed over; `zone` is IANA. */
  readonly origin: { readonly country: string | null; readonly region: string | null; readonly zone: string };
  readonly destination: { readonly country: string | null; readonly region: string | null };
  /** The shop's own ranges. */
  readonly overrides?: Partial<Readonly<Record<LaneKey, TransitRange>>>;
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
 * Counted from the day of hand-over in the origin's zone, not from payment; business days are days worked at both ends (TRN-02). Where
 * the holidays of an end are not published that far ahead the detail says so (HOL-02).
 */
export function transitWindow({ lane, dispatchedAt, origin, destination, overrides }: Transit): TransitWindow {
  const range = overrides?.[lane] ?? transitRanges[lane];
  const handedOver = localDay(origin.zone, dispatchedAt);
  const usual = `${lane === "unknown" ? "an unknown service" : lane}: ${range.earliest}–${range.latest}`;
  const since = `after ${formatCivilDay(handedOver)}`;
  if (range.unit === "days") {
    const [earliest, latest] = [addDays(handedOver, range.earliest), addDays(handedOver, range.latest)];
    return { earliest, latest, detail: `${usual} days ${since}` };
  }
  const from = holidaysOf(origin.country, origin.region);
  const to = holidaysOf(destination.country, destination.region);
  const calendars = from === to ? [from] : [from, to];
  const earliest = addBusinessDays(handedOver, range.earliest, calendars);
  const latest = addBusinessDays(earliest, Math.max(0, range.latest - range.earliest), calendars);
  const places = calendars.flatMap(({ country }) => country ?? []).join(" and ");
  const unsure = calendars.filter((calendar) => !calendar.known(latest)).map(({ country }) => country ?? "");
  const warning = unsure.length === 0 ? "" : `; the holidays of ${unsure.join(" and ")} are not announced that far ahead`;
  return { earliest, latest, detail: `${usual} business days${places === "" ? "" : ` of ${places}`} ${since}${warning}` };
}

const lanesByName = new Map<string, LaneKey | null>();
const namesKept = 5_000;

function laneNamed(text: string | null): LaneKey | null {
  if (text === null || text === "") return null;
  const known = lanesByName.get(text);
  if (known !== undefined) return known;
  const words = plainWords(text);
  const lane =
    laneKeys.find((key) => key !== "unknown" && sameService(key, text)) ??
    lanePatterns.find(({ pattern }) => pattern.test(words))?.lane ??
    carrierOf(text)?.lane ??
    null;
  if (lanesByName.size >= namesKept) lanesByName.clear();
  if (text.length <= 200) lanesByName.set(text, lane);
  return lane;
}

/** The names of `entries` by their bare form; the first of two that mean the same. Kept as long as `entries`, which must not change. */
function namesIn(entries: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const known = namesOfEntries.get(entries);
  if (known !== undefined) return known;
  const names = new Map<string, string>();
  for (const name of Object.keys(entries)) {
    const plain = bare(name);
    if (plain !== "" && !names.has(plain)) names.set(plain, name);
  }
  namesOfEntries.set(entries, names);
  return names;
}

const namesOfEntries = new WeakMap<object, ReadonlyMap<string, string>>();
const bareForms = new Map<string, string>();

function bare(text: string): string {
  const known = bareForms.get(text);
  if (known !== undefined) return known;
  const plain = plainWords(text).replaceAll(" ", "");
  if (bareForms.size >= namesKept) bareForms.clear();
  if (text.length <= 200) bareForms.set(text, plain);
  return plain;
}
