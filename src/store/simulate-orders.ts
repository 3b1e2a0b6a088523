import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

export interface PlacedWithin {
  readonly shopId: string;
  /** From `from` on, before `to`. */
  readonly from: Instant;
  readonly to: Instant;
}

/** Ids of a shop's orders placed in a stretch of time, in id order, a page at a time: those after `after`, at most `limit`. Closed ones too. */
export async function ordersPlaced(
  db: Kysely<Schema>,
  { shopId, from, to }: PlacedWithin,
  after: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("orders")
    .select("id")
    .where("shop_id", "=", shopId)
    .where("known", "=", true)
    .where(sql<boolean>`placed_at >= ${time(from)} and placed_at < ${time(to)}`)
    .$if(after !== null, (query) => query.where("id", ">", after ?? ""))
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
