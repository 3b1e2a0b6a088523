import { type Kysely, type SqlBool, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import { addressHash, type Keys } from "../core/keys.ts";
import { type ListedOrder, orderOf } from "./order-list.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";

/** What of a shop's orders is shown. */
export interface OrderFilter {
  /** A number, an id at the sender, an e-mail address, a tracking number, or words a buyer's name begins with; empty: all. */
  readonly search: string;
  readonly show: OrderShow;
  /** ISO 3166-1 alpha-2; `null`: any. */
  readonly country: string | null;
  /** By when they were placed, the last (`down`) or the first before the others; else the newest first. Those without such a time are left out. */
  readonly placed?: { readonly down: boolean } | null;
  /** Only this buyer's. */
  readonly emailHash?: Buffer | null;
}

export const orderShows = ["all", "coming", "trouble", "closed"] as const;
/** `coming`: something is still to go out. `trouble`: a message failed, is unsure or is held. `closed`: nothing more is planned. */
export type OrderShow = (typeof orderShows)[number];

/** An order with what became of its mails. */
export interface FoundOrder extends ListedOrder {
  readonly sent: number;
  readonly planned: number;
  /** Messages that failed, are unsure or are held. */
  readonly trouble: number;
  readonly nextDue: Instant | null;
}

/** Finds a shop's orders, newest first, with their mails counted: two queries, whatever the number. */
export async function searchOrders(
  db: Kysely<Schema>,
  keys: Keys,
  shopId: string,
  { search, show, country, emailHash = null, placed = null, after, limit }: OrderFilter & Page,
): Promise<readonly FoundOrder[]> {
  const words = search.replaceAll("\0", "").trim();
  const down = placed?.down ?? true;
  const rows = await db
    .selectFrom("orders as o")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(words !== "", (query) => query.where(found(keys, shopId, words)))
    .$if(emailHash !== null, (query) => query.where("email_hash", "=", emailHash ?? Buffer.alloc(0)))
    .$if(country !== null, (query) => query.where("country", "=", country))
    .$if(show === "closed", (query) => query.where("closed_at", "is not", null))
    .$if(show === "coming", (query) => query.where(withMailToCome))
    .$if(show === "trouble", (query) => query.where(inTrouble(shopId)))
    .$if(placed === null, (query) => query.$if(after !== null, (all) => all.where("id", "<", after ?? "")).orderBy("id", "desc"))
    .$if(placed !== null, (query) =>
      query
        .where("placed_at", "is not", null)
        .$if(after !== null, (all) => all.where(placedBeyond(after ?? "", down)))
        .orderBy("placed_at", down ? "desc" : "asc")
        .orderBy("id", down ? "desc" : "asc"),
    )
    .limit(limit)
    .execute();
  const counts = await countMessages(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...orderOf(row), ...(counts.get(row.id) ?? noMessages) }));
}

/** The cursor is an order's id: its row says when it was placed. */
function placedBeyond(after: string, down: boolean) {
  return sql<SqlBool>`(placed_at, id) ${down ? sql`<` : sql`>`} (select placed_at, id from orders where id = ${after})`;
}

const troubleStates = ["failed", "unsure", "held", "bounced", "complained"];
const noMessages = { sent: 0, planned: 0, trouble: 0, nextDue: null };

/** Each way of finding has an index of its own; ids are collected first, so that the newest-first list is never read through. */
function found(keys: Keys, shopId: string, words: string) {
  const number = words.replace(/^#/, "");
  const ways = [
    sql`select id from orders where shop_id = ${shopId} and number = ${number}`,
    sql`select order_id from facts where shop_id = ${shopId} and slot like 'shipment:%' and says ->> 'trackingNumber' = ${words.replace(/\s/g, "")}`,
    sql`select id from orders where external_id = ${number} and source_id in (select id from sources where shop_id = ${shopId})`,
  ];
  if (words.includes("@")) {
    ways.push(sql`select id from orders where shop_id = ${shopId} and email_hash = ${addressHash(keys, shopId, words)}`);
  }
  const prefixes = (words.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((word) => `${word}:*`).join(" & ");
  if (prefixes !== "") {
    ways.push(
      sql`select id from orders where shop_id = ${shopId} and to_tsvector('simple', coalesce(buyer_name, '')) @@ to_tsquery('simple', ${prefixes})`,
    );
  }
  return sql<SqlBool>`o.id in (${sql.join(ways, sql` union `)})`;
}

const withMailToCome = sql<SqlBool>`exists (select 1 from messages as m where m.order_id = o.id and m.state in ('planned', 'queued', 'sending'))`;

/** Few have trouble: they are looked up by state, not order by order. */
function inTrouble(shopId: string) {
  return sql<SqlBool>`o.id in (select order_id from messages where shop_id = ${shopId} and state = any(${troubleStates}::text[]))`;
}

async function countMessages(db: Kysely<Schema>, orderIds: readonly string[]) {
  if (orderIds.length === 0) return new Map<string, typeof noMessages>();
  const { rows } = await sql<{ order_id: string; sent: number; planned: number; trouble: number; next_due: Instant | null }>`
    select order_id, count(*) filter (where sent_at is not null) as sent, count(*) filter (where state in ('planned', 'queued', 'sending')) as planned,
      count(*) filter (where state = any(${troubleStates}::text[])) as trouble, min(due_at) filter (where state = 'planned') as next_due
    from messages where order_id = any(${orderIds}::uuid[]) group by order_id`.execute(db);
  return new Map(rows.map((row) => [row.order_id, { sent: row.sent, planned: row.planned, trouble: row.trouble, nextDue: row.next_due }]));
}
