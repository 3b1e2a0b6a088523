import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** One webhook request, verified and about to be stored. */
export interface NewDelivery {
  readonly id: string;
  readonly shopId: string;
  readonly sourceId: string;
  /** What tells a repeat from a new one within its source (IN-05). */
  readonly key: string;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Instant;
}

/**
 * Stores deliveries in one statement; whose key was seen before, also within the batch, is left out.
 *
 * Answers one word per delivery, in order. When it returns, what is `stored` is committed (IN-04).
 */
export async function insertDeliveries(db: Kysely<Schema>, deliveries: readonly NewDelivery[]): Promise<readonly ("stored" | "repeat")[]> {
  const column = <T>(pick: (delivery: NewDelivery) => T): T[] => deliveries.map(pick);
  const { rows } = await sql<{ delivery_id: string }>`
    with input as (
      select * from unnest(
        ${column((d) => d.id)}::uuid[], ${column((d) => d.shopId)}::uuid[], ${column((d) => d.sourceId)}::uuid[], ${column((d) => d.key)}::text[],
        ${column((d) => d.topic)}::text[], ${column((d) => JSON.stringify(d.headers))}::jsonb[], ${column((d) => d.body)}::bytea[],
        ${column((d) => time(d.receivedAt))}::timestamptz[]
      ) as t (id, shop_id, source_id, key, topic, headers, body, received_at)
    ), fresh as (
      insert into delivery_keys (source_id, key, delivery_id, first_seen)
      select source_id, key, id, received_at from input order by source_id, key
      on conflict do nothing
      returning delivery_id
    ), latest as (
      select s.id, l.at from (select source_id, max(received_at) as at from input group by source_id) as l join sources as s on s.id = l.source_id
      where s.last_delivery_at is null or s.last_delivery_at < l.at - interval '10 seconds'
      for no key update of s skip locked
    ), seen as (
      update sources set last_delivery_at = latest.at from latest where sources.id = latest.id
    )
    insert into deliveries (id, shop_id, source_id, topic, headers, body, received_at)
    select id, shop_id, source_id, topic, headers, body, received_at from input join fresh on fresh.delivery_id = input.id
    returning id as delivery_id`.execute(db);
  const stored = new Set(rows.map((row) => row.delivery_id));
  return deliveries.map((delivery) => (stored.has(delivery.id) ? "stored" : "repeat"));
}

/** A stored delivery with what its reader must know of its source. */
export interface StoredDelivery {
  readonly id: string;
  readonly shopId: string;
  readonly sourceId: string;
  readonly platform: string;
  readonly domain: string | null;
  /** The source whose orders its facts belong to: the one it augments, else itself. */
  readonly ordersOf: string;
  readonly augments: boolean;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Instant;
}

/**
 * Locks the oldest deliveries that are still to be taken in, at most `limit` and about `maxBytes` of body (one alone may be larger).
 *
 * Must run in a transaction, whose end gives the lock back. Those another process holds are skipped.
 */
export async function lockStored(
  db: Kysely<Schema>,
  { limit, maxBytes, only }: { readonly limit: number; readonly maxBytes: number; readonly only?: readonly string[] },
): Promise<readonly StoredDelivery[]> {
  const locked = await db
    .selectFrom("deliveries")
    .select(["id", sql<number>`coalesce(octet_length(body), 0)`.as("bytes")])
    .where("state", "=", "stored")
    .$if(only !== undefined, (query) => query.where("id", "in", only ?? []))
    .orderBy("received_at")
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  let bytes = 0;
  const fitting = locked.findIndex((row, index) => {
    bytes += row.bytes;
    return bytes > maxBytes && index > 0;
  });
  const ids = (fitting === -1 ? locked : locked.slice(0, fitting)).map((row) => row.id);
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("deliveries as d")
    .innerJoin("sources as s", "s.id", "d.source_id")
    .select(["d.id", "d.shop_id", "d.source_id", "s.platform", "s.domain", "s.augments", "d.topic", "d.headers", "d.body", "d.received_at"])
    .where("d.id", "in", ids)
    .orderBy("d.received_at")
    .orderBy("d.id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    shopId: row.shop_id,
    sourceId: row.source_id,
    platform: row.platform,
    domain: row.domain,
    ordersOf: row.augments ?? row.source_id,
    augments: row.augments !== null,
    topic: row.topic,
    headers: row.headers,
    body: row.body ?? Buffer.alloc(0),
    receivedAt: row.received_at,
  }));
}

/** What became of a delivery when it was taken in. */
export interface Fate {
  readonly id: string;
  readonly state: "taken" | "ignored" | "waiting" | "quarantined";
  readonly reason: string | null;
  /** JSON pointer to the field that could not be read. */
  readonly pointer: string | null;
  /** The order (id or number) it waits for. */
  readonly waitsFor: string | null;
}

/** Notes what became of deliveries, in one statement. */
export async function settleDeliveries(db: Kysely<Schema>, fates: readonly Fate[], now: Instant): Promise<void> {
  if (fates.length === 0) return;
  await sql`
    update deliveries as d set state = f.state, reason = f.reason, pointer = f.pointer, waits_for = f.waits_for, taken_at = ${time(now)}
    from jsonb_to_recordset(${JSON.stringify(
      fates.map((fate) => ({ id: fate.id, state: fate.state, reason: fate.reason, pointer: fate.pointer, waits_for: fate.waitsFor })),
    )}::jsonb) as f (id uuid, state text, reason text, pointer text, waits_for text)
    -- named once more as an array, whose length PostgreSQL knows: of a set made from JSON it expects 100 rows
    where d.id = any(${fates.map(({ id }) => id)}::uuid[]) and d.id = f.id`.execute(db);
}

/** Puts deliveries that wait for one of these orders (by id, or by number with or without `#`) back to be taken in. Answers how many. */
export async function reviveWaiting(
  db: Kysely<Schema>,
  orders: readonly { readonly sourceId: string; readonly externalId: string; readonly number: string | null }[],
): Promise<number> {
  if (orders.length === 0) return 0;
  const names = orders.flatMap((order) => [
    { source_id: order.sourceId, name: order.externalId },
    ...(order.number === null ? [] : [order.number, `#${order.number}`].map((name) => ({ source_id: order.sourceId, name }))),
  ]);
  const { numAffectedRows } = await sql`
    update deliveries as d set state = 'stored', reason = null, pointer = null, waits_for = null, taken_at = null
    from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as n (source_id uuid, name text)
    join sources as s on s.augments = n.source_id
    where d.state = 'waiting' and d.source_id = s.id and d.waits_for = n.name`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/**
 * Puts those who bring orders of a source and those who are about to wait for one in order, until the transaction ends.
 *
 * Otherwise a delivery could look for its order before that is committed, and be set waiting after it was looked for those who wait:
 * it would wait for ever. Whoever brings orders holds the source together with others who do; whoever may have to wait holds it alone,
 * and looks again. To be called once in a transaction, before orders are locked.
 */
export async function lockArrivals(
  db: Kysely<Schema>,
  { brought, awaited }: { readonly brought: readonly string[]; readonly awaited: readonly string[] },
): Promise<void> {
  const alone = new Set(awaited);
  const sources = [...new Set([...brought, ...awaited])].map((id) => ({ key: `afterword arrivals ${id}`, alone: alone.has(id) }));
  if (sources.length === 0) return;
  await sql`
    select case when alone then pg_advisory_xact_lock(key) else pg_advisory_xact_lock_shared(key) end
    from (
      select hashtextextended(key, 0) as key, alone from jsonb_to_recordset(${JSON.stringify(sources)}::jsonb) as s (key text, alone boolean) order by 1
    ) as held`.execute(db);
}
