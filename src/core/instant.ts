declare const instantBrand: unique symbol;

/**
 * A point in time: milliseconds since 1970-01-01T00:00:00Z, a whole number.
 *
 * The core counts in instants and turns them into wall-clock time only through `local-time.ts`; comparing and subtracting
 * them needs no library. Made by `instant` or `instantOf`, never by a cast elsewhere.
 */
export type Instant = number & { readonly [instantBrand]: true };

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
/** 24 hours. A calendar day may be shorter or longer: use `local-time.ts` for those. */
export const day24 = 24 * hour;

/** Takes milliseconds since the epoch. Throws on anything that is not a finite number. */
export function instant(ms: number): Instant {
  if (!Number.isFinite(ms)) throw new RangeError(`not a point in time: ${ms}`);
  return Math.trunc(ms) as Instant;
}

/** Reads an ISO 8601 time with an offset (or `Z`). Throws on anything else; `parseInstant` is the one that does not. */
export function instantOf(iso: string): Instant {
  return instant(Date.parse(iso));
}

/**
 * Reads a sender's time stamp: ISO 8601 with an offset or `Z`, seconds optional.
 *
 * A stamp without an offset is refused, because it would mean another instant on another machine. Returns `null` when it cannot be read.
 */
export function parseInstant(text: string): Instant | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i.test(text)) return null;
  const ms = Date.parse(text.replace(" ", "T"));
  return Number.isFinite(ms) ? instant(ms) : null;
}

/** Writes an instant as ISO 8601 UTC with milliseconds, the one form in which times are stored and answered. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** `at` moved by a number of milliseconds, which may be negative. */
export function plus(at: Instant, ms: number): Instant {
  return instant(at + ms);
}
