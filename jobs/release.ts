import { randomUUID } from "node:crypto";
import { z } from "zod";
import { day24, minute, plus } from "../src/core/instant.ts";
import { type ClaimedMessage, claimDue, type GivenBack, giveBack, inFlight, lastAsked } from "../src/store/claims.ts";
import type { Deps } from "./deps.ts";
import { defineJob } from "./job.ts";

/** How long whoever claimed a message has to begin sending it (REL-05). Renewed while it is in hand. */
export const leaseMs = 2 * minute;

/** One commercial mail (review, offer) to a buyer in this time, over all orders of a shop (LAW-03, P10). */
const capMs = 7 * day24;

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
      if (batches.length > 0 && !(await deps.wakeMany("send", batches))) await takeBack(deps, batches);
      if (claimed < perTurn.limit) return;
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
  const now = deps.now();
  const room = inHand - (await inFlight(deps.db));
  if (room <= 0) return { claimed: 0, batches: [] };
  const token = randomUUID();
  const claimed = await claimDue(deps.db, {
    now,
    leaseUntil: plus(now, leaseMs),
    token,
    perShop: perTurn.perShop,
    limit: Math.min(perTurn.limit, room),
  });
  const stale = claimed.filter((message) => message.staleAt <= now);
  const inTime = claimed.filter((message) => message.staleAt > now);
  const deferred = await overCap(deps, inTime, token);
  await giveBack(deps.db, { token, now, replan: true, messages: [...stale.map(asStale), ...deferred] });
  if (stale.length + deferred.length > 0) deps.wake("plan");

  const held = new Set(deferred.map((message) => message.id));
  const ready = inTime.filter((message) => !held.has(message.id)).map((message) => message.id);
  const batches: SendBatch[] = [];
  for (let start = 0; start < ready.length; start += sendBatch) batches.push({ token, messageIds: ready.slice(start, start + sendBatch) });
  return { claimed: claimed.length, batches };
}

/** The queue would not take them: they go back at once instead of when the lease runs out. */
async function takeBack(deps: Deps, batches: readonly SendBatch[]): Promise<void> {
  const now = deps.now();
  for (const { token, messageIds } of batches) {
    const messages = messageIds.map((id): GivenBack => ({ id, state: "planned", dueAt: null, deferredUntil: null, reason: null }));
    await giveBack(deps.db, { token, now, replan: false, messages });
  }
}

/** Of the commercial mail claimed, what its buyer's cap has no room for: the first due wins, the others wait until it is free again. */
async function overCap(deps: Deps, claimed: readonly ClaimedMessage[], token: string): Promise<readonly GivenBack[]> {
  const now = deps.now();
  const capped = claimed.flatMap((message) =>
    (message.category === "review" || message.category === "offer") && message.emailHash !== null && !message.sendNow
      ? [{ message, emailHash: message.emailHash }]
      : [],
  );
  const asked = await lastAsked(
    deps.db,
    capped.map(({ message, emailHash }) => ({ shopId: message.shopId, emailHash })),
    { since: plus(now, -capMs), token },
  );
  const takenAt = new Map(asked.map((one) => [buyer(one.shopId, one.emailHash), one.at]));
  return capped.flatMap(({ message, emailHash }): GivenBack[] => {
    const key = buyer(message.shopId, emailHash);
    const taken = takenAt.get(key);
    if (taken === undefined) {
      takenAt.set(key, now);
      return [];
    }
    const until = plus(taken, capMs);
    return [{ id: message.id, state: "planned", dueAt: until, deferredUntil: until, reason: "cap-reached" }];
  });
}

function asStale(message: ClaimedMessage): GivenBack {
  return { id: message.id, state: "stale", dueAt: message.dueAt, deferredUntil: null, reason: "stale" };
}

function buyer(shopId: string, emailHash: Buffer): string {
  return `${shopId} ${emailHash.toString("hex")}`;
}
