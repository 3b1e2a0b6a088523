import { z } from "zod";
import { day24, plus } from "../src/core/instant.ts";
import { dropOldErrands } from "../src/store/errands.ts";
import { closeOldOrders, dropOldBodies, dropOldKeys, pseudonymise } from "../src/store/retention.ts";
import { defineJob } from "./job.ts";

/** How long things are kept, in days. */
export const retention = {
  /** Raw webhooks that were taken in; those in quarantine are kept until somebody looks, at most a year. */
  bodies: 30,
  quarantine: 365,
  /** Idempotency keys: senders retry for days, operators replay by hand for weeks (IN-05). */
  keys: 90,
  /** After its last fact and its last message an order is closed and never planned again. */
  openOrders: 180,
  /** Buyers' data of closed orders (LAW-05). */
  personal: 90,
  /** Long work that has ended. */
  errands: 90,
} as const;

const batch = 1_000;

/** Drops what has been kept long enough, a batch at a time. */
export const prune = defineJob({
  name: "prune",
  payload: z.undefined(),
  everyMs: day24,
  concurrency: 1,
  timeoutMs: 30 * 60_000,
  async run(_payload, deps, signal) {
    const before = (days: number) => plus(deps.now(), -days * day24);
    await all(signal, () =>
      dropOldBodies(deps.db, { taken: before(retention.bodies), quarantined: before(retention.quarantine), limit: batch }),
    );
    await all(signal, () => dropOldKeys(deps.db, { seenBefore: before(retention.keys), limit: batch }));
    await all(signal, () => closeOldOrders(deps.db, { now: deps.now(), quietSince: before(retention.openOrders), limit: batch }));
    await all(signal, () => dropOldErrands(deps.db, { endedBefore: before(retention.errands), limit: batch }));
    await all(signal, () => pseudonymise(deps.db, { closedBefore: before(retention.personal), limit: batch }));
  },
});

async function all(signal: AbortSignal, dropBatch: () => Promise<number>): Promise<void> {
  while (!signal.aborted) {
    if ((await dropBatch()) < batch) return;
  }
}
