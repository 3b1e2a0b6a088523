import type { Kysely } from "kysely";
import type { Saying } from "../core/facts.ts";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";

/** A fact that holds, with where it came from. */
export interface SourcedFact {
  readonly slot: string;
  readonly at: Instant;
  readonly says: Saying;
  /** The platform of the source that said so; `null`: no source did, it was the buyer on the shop's own page, or an operator. */
  readonly platform: string | null;
  readonly deliveryId: string | null;
  readonly receivedAt: Instant | null;
}

/** The facts of an order, by the time that their senders give, oldest first. */
export async function factsOf(db: Kysely<Schema>, shopId: string, orderId: string): Promise<readonly SourcedFact[]> {
  const rows = await db
    .selectFrom("facts as f")
    .leftJoin("sources as s", "s.id", "f.source_id")
    .leftJoin("deliveries as d", "d.id", "f.delivery_id")
    .select(["f.slot", "f.at", "f.says", "s.platform", "f.delivery_id", "d.received_at"])
    .where("f.shop_id", "=", shopId)
    .where("f.order_id", "=", orderId)
    .orderBy("f.at")
    .orderBy("f.slot")
    .execute();
  return rows.map((row) => ({
    slot: row.slot,
    at: row.at,
    says: row.says,
    platform: row.platform,
    deliveryId: row.delivery_id,
    receivedAt: row.received_at,
  }));
}
