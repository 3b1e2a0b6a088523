import { type Kysely, sql } from "kysely";
import { addressHash, type Keys } from "../core/keys.ts";
import type { Schema } from "./schema.ts";

/**
 * Ids of a shop's orders that an address bought, in any spelling of it: those planned for it, and those taken in and not planned yet, whose facts alone
 * know the address. Orders whose data were erased are nobody's.
 */
export async function ordersOfAddress(db: Kysely<Schema>, keys: Keys, shopId: string, address: string): Promise<readonly string[]> {
  const hash = addressHash(keys, shopId, address);
  const planned = await db.selectFrom("orders").select("id").where("shop_id", "=", shopId).where("email_hash", "=", hash).execute();
  const { rows: unplanned } = await sql<{ id: string; email: string }>`
    select o.id, f.says->>'email' as email from orders as o join facts as f on f.order_id = o.id and f.slot = 'buyer'
    where o.shop_id = ${shopId} and o.dirty > 0 and o.closed_at is null and f.says->>'email' is not null`.execute(db);
  const theirs = unplanned.filter(({ email }) => addressHash(keys, shopId, email).equals(hash));
  return [...new Set([...planned, ...theirs].map(({ id }) => id))];
}

/** Ids of a source's orders whose buyer has this id at the sender. Reads the buyer of every order of the source: some seconds in a million. */
export async function ordersOfBuyerId(
  db: Kysely<Schema>,
  { ordersOf, id }: { readonly ordersOf: string; readonly id: string },
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select o.id from orders as o join facts as f on f.order_id = o.id and f.slot = 'buyer'
    where o.source_id = ${ordersOf} and f.says->>'id' = ${id}`.execute(db);
  return rows.map((row) => row.id);
}
