import type { Rate } from "./deps.ts";

/** Says whether a caller may: 0 is yes, else the whole seconds to wait before trying again. */
export interface RateLimit {
  take(key: string): number;
  /** Takes back what `take` granted: that try does not count. */
  giveBack(key: string): void;
}

const mostKeys = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Token buckets, one a key: `burst` at once, then `perSecond`.
 *
 * Memory is bounded: past 10,000 keys the one not used for longest is forgotten, which lets that caller begin anew. Time is monotonic (SCH-07):
 * milliseconds of `clock`.
 */
export function rateLimit({ burst, perSecond }: Rate, clock: () => number = () => performance.now()): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      const now = clock();
      const known = buckets.get(key);
      const tokens = known === undefined ? burst : Math.min(burst, known.tokens + ((now - known.at) / 1_000) * perSecond);
      const granted = tokens >= 1;
      buckets.delete(key);
      buckets.set(key, { tokens: granted ? tokens - 1 : tokens, at: now });
      if (buckets.size > mostKeys) dropOldest(buckets);
      return granted ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
    },
    giveBack(key) {
      const known = buckets.get(key);
      if (known !== undefined) known.tokens = Math.min(burst, known.tokens + 1);
    },
  };
}

function dropOldest(buckets: Map<string, Bucket>): void {
  for (const key of buckets.keys()) {
    buckets.delete(key);
    return;
  }
}
