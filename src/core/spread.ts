import { type Instant, instant, minute } from "./instant.ts";
import type { Occurrence } from "./timetable.ts";

/** From `from` (inclusive) to `to` (exclusive). */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * A number (32 bits, unsigned) by which a message's choices are made: the same wherever and whenever it is planned, and unlike
 * those of its neighbours, so that a shop's mail does not go out in one burst.
 */
export function seedOf(order: string, step: string, occurrence: Occurrence): number {
  return mix(occurrence.id, mix(occurrence.kind, mix(step, mix(order, 0x811c9dc5))));
}

/**
 * The minute of an open interval at which a message goes: somewhere in its first three hours, and never in its last hour, so that
 * retries still fit; of intervals shorter than two hours, the first half.
 */
export function spreadIn({ from, to }: Interval, seed: number): Instant {
  const start = Math.ceil(from / minute) * minute;
  const minutes = Math.floor((to - start) / minute);
  if (minutes < 1) return from;
  const span = Math.max(1, Math.min(180, minutes - 60), Math.min(180, Math.floor(minutes / 2)));
  return instant(start + (seed % span) * minute);
}

/** FNV-1a over code units, then the finaliser of MurmurHash3, so that neighbouring order numbers land far apart. */
function mix(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
