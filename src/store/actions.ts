import type { Kysely } from "kysely";
import type { ActionSaying } from "../core/action.ts";
import { hashOf, slotOf } from "../core/facts.ts";
import { type Instant, iso } from "../core/instant.ts";
import { retryingConflicts } from "./conflicts.ts";
import { heldSaying, type OrderRef, sayOfOrder } from "./order-sayings.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";

export type NewAction = OrderRef & Pick<ActionSaying, "id" | "type" | "caseId" | "fields">;

/**
 * Writes down what an operator decided to tell a buyer, as a fact, and marks its order to be planned again, in one transaction.
 *
 * `also` is written with it. Once an id: `known` when it was written word for word before, `taken` when the same id says something else, `closed` when the order takes no more.
 */
export function recordAction(
  db: Kysely<Schema>,
  { id, type, caseId, fields, ...order }: NewAction,
  now: Instant,
  also: (trx: Kysely<Schema>) => Promise<void> = async () => undefined,
): Promise<"recorded" | "known" | "taken" | "closed"> {
  const saying = (at: string): ActionSaying => ({ kind: "action", id, type, caseId, at, fields });
  const slot = slotOf(saying(iso(now)));
  return retryingConflicts(() =>
    db.transaction().execute(async (trx) => {
      if ((await markDirty(trx, { shopId: order.shopId, orderIds: [order.orderId] })) === 0) return "closed";
      const held = await heldSaying(trx, order.orderId, slot);
      if (held?.kind === "action") return hashOf(held) === hashOf(saying(held.at)) ? "known" : "taken";
      await sayOfOrder(trx, order, slot, now, saying);
      await also(trx);
      return "recorded";
    }),
  );
}
