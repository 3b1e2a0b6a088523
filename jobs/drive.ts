import type { ManualClock } from "../src/clock.ts";
import type { Instant } from "../src/core/instant.ts";
import { nextDue, nextLeaseEnd } from "../src/store/claims.ts";
import { storeClock } from "../src/store/clock.ts";
import type { Deps } from "./deps.ts";
import { errandsTurn } from "./errands.ts";
import { planBatch } from "./plan.ts";
import { releaseTurn } from "./release.ts";
import { rescueBatch } from "./rescue.ts";
import { sendBatch } from "./send.ts";
import { takeInBatch } from "./take-in.ts";
import { watchShops } from "./watch.ts";

/**
 * The hand that moves a manual clock: visits each instant at which something is due, up to `target`, and at each lets the very handlers
 * run that workers run. Answers how many mails were accepted.
 *
 * At every stop all stored webhooks are taken in and all dirty orders planned before anything is sent, so that what came in before a move
 * counts in it, also when `target` is where the clock stands. At the end the watch looks once at all shops. When it returns, nothing is due at or before `target`.
 * Throws `ClockMovedBack`, and `signal`'s reason at the next stop once it is aborted. One drive at a time: the caller sees to that.
 */
export async function drive(deps: Deps, clock: ManualClock, target: Instant, signal?: AbortSignal): Promise<number> {
  let sent = 0;
  for (;;) {
    sent += await settle(deps, signal);
    const now = clock.now();
    const due = await nextDue(deps.db, now);
    const lease = await nextLeaseEnd(deps.db, now);
    const next = [due, lease].reduce((a, b) => (a === null ? b : b === null || a <= b ? a : b));
    if (next === null || next > target) break;
    await moveTo(deps, clock, next);
  }
  await moveTo(deps, clock, target);
  sent += await settle(deps, signal);
  await watchShops(deps, signal);
  return sent;
}

/** Takes in and plans everything that is waiting, and sends nothing. */
export async function takeInAndPlan(deps: Deps): Promise<void> {
  while ((await takeInBatch(deps)) > 0);
  while ((await planBatch(deps, { dirty: 300, now: deps.now() })).orders > 0);
}

/** Does all long work that was asked for, to its end. */
export async function doErrands(deps: Deps): Promise<void> {
  while (await errandsTurn(deps));
}

async function moveTo(deps: Deps, clock: ManualClock, at: Instant): Promise<void> {
  clock.moveTo(at);
  await storeClock(deps.db, at);
}

/** Does all that is to be done at this instant. */
async function settle(deps: Deps, signal: AbortSignal | undefined): Promise<number> {
  let sent = 0;
  for (;;) {
    signal?.throwIfAborted();
    await takeInAndPlan(deps);
    await doErrands(deps);
    const rescued = await rescueBatch(deps);
    const { claimed, batches } = await releaseTurn(deps);
    for (const batch of batches) sent += await sendBatch(deps, batch);
    if (claimed === 0 && rescued === 0) return sent;
  }
}
