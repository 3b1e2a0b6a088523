import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { DeliveryState, Schema } from "./schema.ts";

/** What has become of one delivery. */
export interface DeliveryFate {
  readonly state: DeliveryState;
  /** Why it was ignored, waits or could not be read. */
  readonly reason: string | null;
  readonly receivedAt: Instant;
}

/** What has become of the delivery with this idempotency key (IN-05); `null` when none has come, or it is long gone. */
export async function deliveryOfKey(db: Kysely<Schema>, sourceId: string, key: string): Promise<DeliveryFate | null> {
  const row = await db
    .selectFrom("delivery_keys as k")
    .innerJoin("deliveries as d", "d.id", "k.delivery_id")
    .select(["d.state", "d.reason", "d.received_at"])
    .where("k.source_id", "=", sourceId)
    .where("k.key", "=", key)
    .executeTakeFirst();
  return row === undefined ? null : { state: row.state, reason: row.reason, receivedAt: row.received_at };
}
