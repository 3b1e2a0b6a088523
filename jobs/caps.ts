import { countsSince, type DueMail, defaultCaps, lookAheadMs, type Weighed, weigh } from "../src/core/caps.ts";
import { instant, plus } from "../src/core/instant.ts";
import { type BuyerKey, capsOf, lockBuyers, otherMailOf, setInvited } from "../src/store/buyers-mail.ts";
import { type ClaimedMessage, type GivenBack, giveBack } from "../src/store/claims.ts";
import { retryingConflicts } from "../src/store/conflicts.ts";
import type { Deps } from "./deps.ts";

/**
 * Of the care, review and offer mail claimed under `token` gives back what its buyer's caps have no room for (LAW-03, P10; `core/caps.ts`
 * weighs it), and writes down which care mail may invite feedback. Answers the ids of those given back.
 *
 * Two processes that claimed mail to the same buyer at the same moment decide one after the other, so that one goes and one waits.
 */
export async function giveBackOverCap(
  deps: Pick<Deps, "db" | "now">,
  claimed: readonly ClaimedMessage[],
  token: string,
): Promise<ReadonlySet<string>> {
  const due = claimed.flatMap((message): Due[] => {
    const { shopId, emailHash, category } = message;
    return category === "order" || emailHash === null
      ? []
      : [{ shopId, emailHash, mail: { ...message, category, order: message.orderNumber } }];
  });
  if (due.length === 0) return new Set();
  const now = deps.now();
  const deferred = await retryingConflicts(() =>
    deps.db.transaction().execute(async (tx) => {
      await lockBuyers(tx, due);
      const caps = await capsOf(tx, [...new Set(due.map(({ shopId }) => shopId))]);
      const since = instant(Math.min(...[...caps.values()].map((one) => countsSince(one, now))));
      const others = byBuyer(await otherMailOf(tx, due, { since, now, until: plus(now, lookAheadMs), token }));
      const weighed = [...byBuyer(due)].flatMap(([buyer, mails]) => {
        const other = others.get(buyer) ?? [];
        return weigh(caps.get(mails[0]?.shopId ?? "") ?? defaultCaps, now, {
          gone: other.filter(({ gone }) => gone),
          ahead: other.filter(({ gone }) => !gone),
          due: mails.map(({ mail }) => mail),
        });
      });
      const care = new Set(due.flatMap(({ mail }) => (mail.category === "care" ? [mail.id] : [])));
      const going = weighed.flatMap((one) => (one.kind === "goes" && care.has(one.id) ? [one] : []));
      const ids = (asks: boolean) => going.filter((one) => one.asks === asks).map(({ id }) => id);
      await setInvited(tx, { token, may: ids(true), mayNot: ids(false) });
      const messages = weighed.flatMap(givenBack);
      await giveBack(tx, { token, now, replan: true, messages });
      return messages;
    }),
  );
  return new Set(deferred.map(({ id }) => id));
}

interface Due extends BuyerKey {
  readonly mail: DueMail;
}

function givenBack(one: Weighed): GivenBack[] {
  if (one.kind === "goes") return [];
  const { id, until, because } = one;
  return [{ id, state: "planned", dueAt: until, deferredUntil: until, reason: "cap-reached", cap: because }];
}

function byBuyer<Mail extends BuyerKey>(mails: readonly Mail[]): ReadonlyMap<string, readonly Mail[]> {
  return Map.groupBy(mails, ({ shopId, emailHash }) => `${shopId} ${emailHash.toString("hex")}`);
}
