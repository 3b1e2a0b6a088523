import { randomUUID } from "node:crypto";
import { z } from "zod";
import { plus } from "../src/core/instant.ts";
import { type ClaimedMessage, claimDue, type GivenBack, giveBack, inFlight } from "../src/store/claims.ts";
import { giveBackOverCap } from "./caps.ts";
import type { Deps } from "./deps.ts";
import { defineJob } from "./job.ts";
import { leaseOf } from "./lease.ts";

/** Messages in hand at once, over all processes: enough to keep every connection busy, few enough to be sent well within a lease. */
const inHand = 1_000;
const perTurn = { perShop: 200, limit: 500 };
/** Messages in one `send` job: that many share one load, one gate and one write-down. */
const sendBatch = 50;

/** Claims what is due and hands it to `send`, no more than workers can have in hand. */
export const release = defineJob({
  name: "release",
  payload: z.undefined(),
  everyMs: 1_000,
  concurrency: 1,
  timeoutMs: 30_000,
  async run(_payload, deps, signal) {
    while (!signal.aborted) {
      const { claimed, batches } = await releaseTurn(deps);
      if (batches.length > 0 && !(await deps.wakeMany("send", batches))) return takeBack(deps, batches);
      // Fewer than the limit says nothing: `perShop` holds back a single shop's many. It ends when nothing is due, or enough is in hand.
      if (claimed === 0) return;
    }
  },
});

/** What `send` is handed: claimed messages and the token they were claimed under. */
export interface SendBatch {
  readonly token: string;
  readonly messageIds: readonly string[];
}

/**
 * Claims one turn's worth of due messages: what is too late becomes `stale`, whose buyer was just asked for something else is
 * deferred (P10), the rest is cut into batches for `send`.
 */
export async function releaseTurn(deps: Deps): Promise<{ readonly claimed: number; readonly batches: readonly SendBatch[] }> {
  const nothing = { claimed: 0, batches: [] };
  if (!(await deps.instance.maySend())) return nothing;
  const now = deps.now();
  const room = inHand - (await inFlight(deps.db));
  // For fewer it is not worth asking: `send` wakes us with each batch it has done.
  if (room < sendBatch) return nothing;
  const token = randomUUID();
  const claimed = await claimDue(deps.db, {
    now,
    leaseUntil: plus(now, leaseOf(deps)),
    token,
    perShop: perTurn.perShop,
    limit: Math.min(perTurn.limit, room),
  });
  if (claimed.length > 0) await deps.instance.advance();
  const stale = claimed.filter((message) => message.staleAt <= now);
  const inTime = claimed.filter((message) => message.staleAt > now);
  const deferred = await giveBackOverCap(deps, inTime, token);
  await giveBack(deps.db, { token, now, replan: true, messages: stale.map(asStale) });
  if (stale.length + deferred.size > 0) deps.wake("plan");

  const ready = inTime.filter((message) => !deferred.has(message.id)).map((message) => message.id);
  const batches: SendBatch[] = [];
  for (let start = 0; start < ready.length; start += sendBatch) batches.push({ token, messageIds: ready.slice(start, start + sendBatch) });
  return { claimed: claimed.length, batches };
}

/** The queue would not take them: they go back at once instead of when the lease runs out. */
async function takeBack(deps: Deps, batches: readonly SendBatch[]): Promise<void> {
  for (const batch of batches) await giveBackAll(deps, batch);
}

/** Gives a whole batch back as it was claimed. */
export async function giveBackAll(deps: Pick<Deps, "db" | "now">, { token, messageIds }: SendBatch): Promise<void> {
  const messages = messageIds.map((id): GivenBack => ({ id, state: "planned", dueAt: null, deferredUntil: null, reason: null }));
  await giveBack(deps.db, { token, now: deps.now(), replan: false, messages });
}

function asStale(message: ClaimedMessage): GivenBack {
  return { id: message.id, state: "stale", dueAt: message.dueAt, deferredUntil: null, reason: "stale" };
}
