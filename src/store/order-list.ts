import type { Kysely, Selectable } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";

/** An order as lists show it. */
export interface ListedOrder {
  readonly id: string;
  readonly shopId: string;
  readonly sourceId: string;
  /** As the buyer knows it, without `#`; `null` while only later facts have come. */
  readonly number: string | null;
  /** The order's id at the sender. */
  readonly externalId: string;
  readonly placedAt: Instant | null;
  readonly country: string | null;
  readonly buyerName: string | null;
  readonly email: string | null;
  readonly test: boolean;
  readonly scheduleVersion: number;
  readonly firstSeen: Instant;
  readonly closedAt: Instant | null;
}

/** A shop's orders, newest first; those with a number when `number` is given. */
export async function listOrders(
  db: Kysely<Schema>,
  shopId: string,
  { after, limit, number }: Page & { readonly number: string | null },
): Promise<readonly ListedOrder[]> {
  const rows = await db
    .selectFrom("orders")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(number !== null, (query) => query.where("number", "=", number ?? ""))
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(orderOf);
}

/** One order, or `null`. `id` must have the form of an id. */
export async function findOrder(db: Kysely<Schema>, id: string): Promise<ListedOrder | null> {
  const row = await db.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : orderOf(row);
}

/** The row of an order as lists show it. */
export function orderOf(row: Selectable<Schema["orders"]>): ListedOrder {
  return {
    id: row.id,
    shopId: row.shop_id,
    sourceId: row.source_id,
    number: row.number,
    externalId: row.external_id,
    placedAt: row.placed_at,
    country: row.country,
    buyerName: row.buyer_name,
    email: row.email,
    test: row.test,
    scheduleVersion: row.schedule_version,
    firstSeen: row.first_seen,
    closedAt: row.closed_at,
  };
}

/** Ids of a shop's newest open orders, at most `limit`. */
export async function newestOpenOrders(db: Kysely<Schema>, shopId: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("orders")
    .select("id")
    .where("shop_id", "=", shopId)
    .where("closed_at", "is", null)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
