import type { Kysely } from "kysely";
import { type Saying, slotOf } from "../core/facts.ts";
import { type Instant, iso, plus } from "../core/instant.ts";
import { writeFacts } from "./facts.ts";
import type { Schema } from "./schema.ts";

export interface OrderRef {
  readonly shopId: string;
  readonly orderId: string;
}

/**
 * Writes a fact that no delivery brought, later than what fills its slot now: the last word of a person holds, also when the clock stands still.
 *
 * Its order must be locked. `saying` is given the fact's time, ISO 8601 UTC, and must fill `slot`.
 */
export async function sayOfOrder(
  trx: Kysely<Schema>,
  { shopId, orderId }: OrderRef,
  slot: string,
  now: Instant,
  saying: (at: string) => Saying,
): Promise<void> {
  const held = await trx.selectFrom("facts").select("at").where("order_id", "=", orderId).where("slot", "=", slot).executeTakeFirst();
  const at = iso(held === undefined || held.at < now ? now : plus(held.at, 1));
  const says = saying(at);
  if (slotOf(says) !== slot) throw new Error(`a fact for ${slot} would fill ${slotOf(says)}`);
  await writeFacts(trx, [{ orderId, shopId, sourceId: null, deliveryId: null, fact: { at, says } }]);
}

/** What fills a slot of an order now; `null`: nothing does. */
export async function heldSaying(trx: Kysely<Schema>, orderId: string, slot: string): Promise<Saying | null> {
  const row = await trx.selectFrom("facts").select("says").where("order_id", "=", orderId).where("slot", "=", slot).executeTakeFirst();
  return row?.says ?? null;
}
