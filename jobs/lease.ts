import { type Instant, minute, plus } from "../src/core/instant.ts";
import type { Deps } from "./deps.ts";

/** How long whoever claimed a message has to begin sending it (REL-05). Renewed while it is in hand. */
export const leaseMs = 2 * minute;

/** The same for this process, in milliseconds: shorter in test runs that are in haste. */
export function leaseOf({ haste }: Pick<Deps, "haste">): number {
  return leaseMs / haste;
}

/** A lease as its holder can judge it without asking anybody. */
export interface Lease {
  /** Whether it surely still holds. A process that was stopped for long wakes up and finds that it does not. */
  readonly held: () => boolean;
  /** It was written down anew, by a statement that began at `askedAt` (`performance.now()`). */
  renewed(askedAt: number): void;
}

/**
 * Keeps time for a lease of `ms` that was just written down at `now()`.
 *
 * Counts on the monotonic clock, which goes on when the machine's is set back, and on the service's, which goes on while the machine sleeps.
 */
export function openLease(ms: number, now: () => Instant): Lease {
  let since = { monotonic: performance.now(), at: now() };
  return {
    held: () => performance.now() - since.monotonic < ms && now() - since.at < ms,
    renewed(askedAt) {
      const ago = performance.now() - askedAt;
      if (askedAt > since.monotonic) since = { monotonic: askedAt, at: plus(now(), -ago) };
    },
  };
}
