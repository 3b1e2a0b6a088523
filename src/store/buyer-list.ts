import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";

/** A buyer, as the newest order tells of them. */
export interface ListedBuyer {
  /** Of the newest order: the cursor of the list. */
  readonly id: string;
  readonly emailHash: Buffer;
  readonly name: string | null;
  readonly email: string | null;
  readonly country: string | null;
  readonly orderNumber: string | null;
  readonly placedAt: Instant | null;
  /** All orders of that address, counted up to 1,000. */
  readonly orders: number;
}

/** A shop's buyers, who ordered last first; of those with `words`, whose name has words that begin so. */
export async function listBuyers(
  db: Kysely<Schema>,
  shopId: string,
  { words, after, limit }: Page & { readonly words: string },
): Promise<readonly ListedBuyer[]> {
  const prefixes = (words.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((word) => `${word}:*`).join(" & ");
  if (words.trim() !== "" && prefixes === "") return [];
  const { rows } = await sql<ListedBuyer>`
    select o.id, o.email_hash as "emailHash", o.buyer_name as name, o.email, o.country, o.number as "orderNumber", o.placed_at as "placedAt",
      (select count(*) from (select from orders as n where n.shop_id = o.shop_id and n.email_hash = o.email_hash limit 1000) as counted) as orders
    from (
      select * from orders as o
      where o.shop_id = ${shopId} and o.email is not null and o.email_hash is not null
        ${prefixes === "" ? sql`` : sql`and to_tsvector('simple', coalesce(o.buyer_name, '')) @@ to_tsquery('simple', ${prefixes})`}
        ${after === null ? sql`` : sql`and o.id < ${after}::uuid`}
        and not exists (select 1 from orders as n where n.shop_id = o.shop_id and n.email_hash = o.email_hash and n.id > o.id)
      order by o.id desc limit ${limit}
    ) as o order by o.id desc`.execute(db);
  return rows;
}
