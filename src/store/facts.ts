import { type Kysely, sql } from "kysely";
import { beats, weightOf } from "../core/fact-rank.ts";
import { type Fact, hashOf, type Saying, slotOf } from "../core/facts.ts";
import { newId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** An order that deliveries speak of, by its id at its own source. */
export interface OrderMention {
  readonly shopId: string;
  readonly sourceId: string;
  readonly externalId: string;
  /** `null`: only later facts speak of it so far; it is kept as a place for them to wait (IN-08). */
  readonly number: string | null;
}

export interface KnownOrder {
  readonly id: string;
  readonly sourceId: string;
  readonly externalId: string;
  readonly number: string | null;
  /** A tombstone: it is never planned again, and no more facts of it are kept. */
  readonly closed: boolean;
}

/**
 * Finds or makes the orders mentioned, locks them until the transaction ends and marks the open ones dirty, in one statement.
 *
 * Locks are taken in one order everywhere, so that two transactions wait for each other rather than deadlock.
 */
export async function touchOrders(db: Kysely<Schema>, mentions: readonly OrderMention[], now: Instant): Promise<readonly KnownOrder[]> {
  const distinct = new Map<string, OrderMention>();
  for (const mention of mentions) {
    const key = `${mention.sourceId} ${mention.externalId}`;
    if (mention.number !== null || !distinct.has(key)) distinct.set(key, mention);
  }
  if (distinct.size === 0) return [];
  const input = [...distinct.values()].map((mention) => ({
    id: newId(now),
    shop_id: mention.shopId,
    source_id: mention.sourceId,
    external_id: mention.externalId,
    number: mention.number,
  }));
  const { rows } = await sql<{ id: string; source_id: string; external_id: string; number: string | null; closed: boolean }>`
    insert into orders (id, shop_id, source_id, external_id, order_day, known, number, dirty, schedule_version, first_seen)
    select i.id, i.shop_id, i.source_id, i.external_id, (${time(now)}::timestamptz at time zone 'UTC')::date, i.number is not null, i.number, 1,
      s.schedule_version, ${time(now)}
    from jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as i (id uuid, shop_id uuid, source_id uuid, external_id text, number text)
    join shops as s on s.id = i.shop_id
    order by i.source_id, i.external_id
    on conflict (source_id, external_id) do update
      set dirty = orders.dirty + case when orders.closed_at is null then 1 else 0 end, known = orders.known or excluded.known, number = coalesce(excluded.number, orders.number)
    returning id, source_id, external_id, number, closed_at is not null as closed`.execute(db);
  return rows.map((row) => ({ id: row.id, sourceId: row.source_id, externalId: row.external_id, number: row.number, closed: row.closed }));
}

/**
 * Finds the orders of `sourceId` that another system means by `name`: the order's id there, else its number without `#` if exactly one has it.
 *
 * Only orders that have come themselves are found. Answers a map from name to the id at the source; names without an answer are missing.
 */
export async function resolveNames(
  db: Kysely<Schema>,
  names: readonly { readonly sourceId: string; readonly name: string }[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const { rows } = await sql<{ source_id: string; name: string; external_id: string }>`
    select n.source_id, n.name, coalesce(
      (select o.external_id from orders as o where o.source_id = n.source_id and o.external_id = n.name and o.known),
      (select min(o.external_id) from orders as o
        where o.shop_id = s.shop_id and o.source_id = n.source_id and o.number = ltrim(n.name, '#') and o.known having count(*) = 1)
    ) as external_id
    from jsonb_to_recordset(${JSON.stringify(names.map((n) => ({ source_id: n.sourceId, name: n.name })))}::jsonb) as n (source_id uuid, name text)
    join sources as s on s.id = n.source_id`.execute(db);
  return new Map(rows.filter((row) => row.external_id !== null).map((row) => [`${row.source_id} ${row.name}`, row.external_id]));
}

/** A fact on its way into the table. */
export interface NewFact {
  readonly orderId: string;
  readonly shopId: string;
  /** `null`, both: no delivery brought it; the buyer said it on the buyer's page, or an operator did it. */
  readonly sourceId: string | null;
  readonly deliveryId: string | null;
  readonly fact: Pick<Fact, "at" | "says">;
}

/** Writes facts in one statement: each fills its slot unless a fact that beats it is there already (P1). Harmless to repeat. */
export async function writeFacts(db: Kysely<Schema>, facts: readonly NewFact[]): Promise<void> {
  const winners = new Map<string, FactRow>();
  for (const { orderId, shopId, sourceId, deliveryId, fact } of facts) {
    const row: FactRow = {
      shop_id: shopId,
      order_id: orderId,
      slot: slotOf(fact.says),
      at: fact.at,
      weight: weightOf(fact.says),
      hash: hashOf(fact.says),
      says: fact.says,
      source_id: sourceId,
      delivery_id: deliveryId,
    };
    const key = `${orderId} ${row.slot}`;
    const holder = winners.get(key);
    if (holder === undefined || beats(row, holder)) winners.set(key, row);
  }
  if (winners.size === 0) return;
  await sql`
    insert into facts (shop_id, order_id, slot, at, weight, hash, says, source_id, delivery_id)
    select shop_id, order_id, slot, at, weight, hash, says, source_id, delivery_id
    from jsonb_to_recordset(${JSON.stringify([...winners.values()])}::jsonb)
      as f (shop_id uuid, order_id uuid, slot text, at timestamptz, weight smallint, hash text, says jsonb, source_id uuid, delivery_id uuid)
    on conflict (order_id, slot) do update
      set at = excluded.at, weight = excluded.weight, hash = excluded.hash, says = excluded.says, source_id = excluded.source_id, delivery_id = excluded.delivery_id
      where (excluded.at, excluded.weight, excluded.hash) > (facts.at, facts.weight, facts.hash)`.execute(db);
}

interface FactRow {
  readonly shop_id: string;
  readonly order_id: string;
  readonly slot: string;
  readonly at: string;
  readonly weight: number;
  readonly hash: string;
  readonly says: Saying;
  readonly source_id: string | null;
  readonly delivery_id: string | null;
}
