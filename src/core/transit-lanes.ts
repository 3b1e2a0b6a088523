import { type Carriage, carrierOf } from "./carriers.ts";
import type { LaneKey, TransitRange } from "./data/transit-lanes.ts";
import { bareName, laneOf } from "./transit.ts";

/** How long parcels take by a shop's own experience, for a service or for a whole lane; exactly one of the two is named. */
export interface TransitLane extends TransitRange {
  /** A service, a carrier and its service together, or a carrier, as the shop's system writes it. */
  readonly service: string | null;
  readonly lane: LaneKey | null;
  /** Only parcels to this country (ISO 3166-1 alpha-2); `null`: to any. */
  readonly destination: string | null;
  /** Days after dispatch at which the check-in goes; `null`: as the schedule says. */
  readonly checkInDays: number | null;
}

/**
 * The entry of a shop's list that fits a parcel, `null` when none does. The closest wins: its service before its lane, its lane before the mere
 * carrier (which counts as the service where none is named), and each for its destination before any.
 */
export function ownLaneFor(lanes: readonly TransitLane[], parcel: Carriage, destination: string | null): TransitLane | null {
  if (lanes.length === 0) return null;
  const entries = indexOf(lanes);
  const { carrier, service } = parcel;
  const known = carrierOf(carrier);
  const carriers = [carrier, known?.name, known?.id];
  const services = service === null ? carriers : [service, carrier === null ? null : `${carrier} ${service}`];
  const keys = [
    ...services.flatMap((name) => (name == null ? [] : [serviceKey(name)])),
    laneKey(laneOf(parcel).lane),
    ...carriers.flatMap((name) => (name == null ? [] : [serviceKey(name)])),
  ];
  for (const key of keys) {
    const fitting = entries.get(key);
    const found = fitting?.find((entry) => entry.destination === destination) ?? fitting?.find((entry) => entry.destination === null);
    if (found !== undefined) return found;
  }
  return null;
}

/** What an operator knows an entry by: `ePacket to BR`. */
export function nameOfLane({ service, lane, destination }: TransitLane): string {
  const what = service ?? lane ?? "unknown";
  return destination === null ? what : `${what} to ${destination}`;
}

/** Entries by what they are for. Kept as long as `lanes`, which must not change. */
function indexOf(lanes: readonly TransitLane[]): ReadonlyMap<string, readonly TransitLane[]> {
  const known = indexes.get(lanes);
  if (known !== undefined) return known;
  const index = new Map<string, TransitLane[]>();
  for (const entry of lanes) {
    const key = entry.service === null ? laneKey(entry.lane ?? "unknown") : serviceKey(entry.service);
    index.set(key, [...(index.get(key) ?? []), entry]);
  }
  indexes.set(lanes, index);
  return index;
}

const indexes = new WeakMap<object, ReadonlyMap<string, readonly TransitLane[]>>();

function laneKey(lane: LaneKey): string {
  return `lane ${lane}`;
}

function serviceKey(name: string): string {
  return `service ${bareName(name)}`;
}
