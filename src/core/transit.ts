import { type Carriage, carrierOf, isS10, plainWords } from "./carriers.ts";
import { type LaneKey, laneKeys, lanePatterns, s10Lanes } from "./data/transit-lanes.ts";

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
  return { lane: "unknown", detail: "neither the service, the carrier nor the tracking number says how it travels" };
}

/** Whether two names of a service mean the same: case, blanks, dashes, underscores, accents and punctuation do not matter. */
export function sameService(a: string, b: string): boolean {
  const plain = bareName(a);
  return plain !== "" && plain === bareName(b);
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
    const name = names.get(bareName(candidate));
    const value = name === undefined ? undefined : entries[name];
    if (name !== undefined && value !== undefined) return { name, value };
  }
  return null;
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
    const plain = bareName(name);
    if (plain !== "" && !names.has(plain)) names.set(plain, name);
  }
  namesOfEntries.set(entries, names);
  return names;
}

const namesOfEntries = new WeakMap<object, ReadonlyMap<string, string>>();
const bareForms = new Map<string, string>();

/** A name without case, blanks, dashes, accents and punctuation: what two spellings of one service have in common. */
export function bareName(text: string): string {
  const known = bareForms.get(text);
  if (known !== undefined) return known;
  const plain = plainWords(text).replaceAll(" ", "");
  if (bareForms.size >= namesKept) bareForms.clear();
  if (text.length <= 200) bareForms.set(text, plain);
  return plain;
}
