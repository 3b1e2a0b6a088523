import type { Kysely } from "kysely";
import type { Permission } from "../core/permit.ts";
import type { Schema } from "./schema.ts";

/** What the ledgers of suppressions and consents hold of an address. */
export interface BuyerPermission {
  readonly suppressed: Set<"all" | "care" | "review" | "offer">;
  readonly consents: Permission["consents"][number][];
}

/**
 * What is held of many addresses, by `buyerKey`, in one query a table; addresses of which nothing is held are left out. Reads only.
 */
export async function permissionsOf(
  db: Kysely<Schema>,
  buyers: readonly { readonly shopId: string; readonly hash: Buffer }[],
): Promise<ReadonlyMap<string, BuyerPermission>> {
  const found = new Map<string, BuyerPermission>();
  if (buyers.length === 0) return found;
  const of = (shopId: string, hash: Buffer): BuyerPermission => {
    const key = buyerKey(shopId, hash);
    const known = found.get(key) ?? { suppressed: new Set(), consents: [] };
    found.set(key, known);
    return known;
  };
  const hashes = buyers.map((buyer) => buyer.hash);
  const shopIds = [...new Set(buyers.map((buyer) => buyer.shopId))];
  const suppressions = await db
    .selectFrom("suppressions")
    .select(["shop_id", "address_hash", "scope"])
    .where("shop_id", "in", shopIds)
    .where("address_hash", "in", hashes)
    .execute();
  for (const row of suppressions) of(row.shop_id, row.address_hash).suppressed.add(row.scope);
  const consents = await db
    .selectFrom("consents")
    .select(["shop_id", "address_hash", "scope", "at", "withdrawn_at"])
    .where("shop_id", "in", shopIds)
    .where("address_hash", "in", hashes)
    .execute();
  for (const row of consents) {
    of(row.shop_id, row.address_hash).consents.push({ scope: row.scope, at: row.at, withdrawn: row.withdrawn_at });
  }
  return found;
}

/** Names a shop's buyer by the keyed hash of the address. */
export function buyerKey(shopId: string, hash: Buffer): string {
  return `${shopId} ${hash.toString("hex")}`;
}
