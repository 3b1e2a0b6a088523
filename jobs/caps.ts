import { day24, plus } from "../src/core/instant.ts";
import { type ClaimedMessage, type GivenBack, giveBack, lastAsked, lockBuyers } from "../src/store/claims.ts";
import { retryingConflicts } from "../src/store/conflicts.ts";
import type { Deps } from "./deps.ts";

/** One commercial mail (review, offer) to a buyer in this time, over all orders of a shop (LAW-03, P10). */
const capMs = 7 * day24;

/**
 * Of the commercial mail claimed under `token` gives back what its buyer's cap has no room for: the first due goes, the others wait until
 * it is free again. What an operator wants now passes the cap, and counts. Answers the ids of those given back.
 *
 * Two processes that claimed mail to the same buyer at the same moment decide one after the other, so that one goes and one waits.
 */
export async function giveBackOverCap(
  deps: Pick<Deps, "db" | "now">,
  claimed: readonly ClaimedMessage[],
  token: string,
): Promise<ReadonlySet<string>> {
  const asks = claimed.flatMap((message) =>
    (message.category === "review" || message.category === "offer") && message.emailHash !== null
      ? [{ message, shopId: message.shopId, emailHash: message.emailHash }]
      : [],
  );
  if (asks.length === 0) return new Set();
  const now = deps.now();
  const deferred = await retryingConflicts(() =>
    deps.db.transaction().execute(async (tx) => {
      await lockBuyers(tx, asks);
      const asked = await lastAsked(tx, asks, { since: plus(now, -capMs), token });
      const takenAt = new Map(asked.map((one) => [buyer(one), one.at]));
      for (const ask of asks) if (ask.message.sendNow) takenAt.set(buyer(ask), now);
      const messages = asks.flatMap((ask): GivenBack[] => {
        if (ask.message.sendNow) return [];
        const taken = takenAt.get(buyer(ask));
        if (taken === undefined) {
          takenAt.set(buyer(ask), now);
          return [];
        }
        const until = plus(taken, capMs);
        return [{ id: ask.message.id, state: "planned", dueAt: until, deferredUntil: until, reason: "cap-reached" }];
      });
      await giveBack(tx, { token, now, replan: true, messages });
      return messages;
    }),
  );
  return new Set(deferred.map(({ id }) => id));
}

function buyer({ shopId, emailHash }: { readonly shopId: string; readonly emailHash: Buffer }): string {
  return `${shopId} ${emailHash.toString("hex")}`;
}
