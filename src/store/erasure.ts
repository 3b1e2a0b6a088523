import { setTimeout as pause } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { newId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { addressHash, type Keys } from "../core/keys.ts";
import { ordersOfAddress, ordersOfBuyerId } from "./buyers.ts";
import { erasedNote, personalDataGone } from "./personal-data.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** Whose data are to go: every order that any of these names. */
export interface BuyerToErase {
  readonly shopId: string;
  /** In any spelling; `null` when nobody knows it. */
  readonly address: string | null;
  /** The buyer's id at a sender, among orders of `ordersOf`; `null` when nobody knows it. */
  readonly buyer: { readonly ordersOf: string; readonly id: string } | null;
  /** Orders of this shop by our ids, whoever bought them. */
  readonly orderIds: readonly string[];
}

/** What an erasure did; all 0 when there was nothing (left). */
export interface Erased {
  readonly orderIds: readonly string[];
  /** Messages that would have gone out. */
  readonly cancelled: number;
  /** Mails whose recipient and contents were kept until now. */
  readonly mails: number;
  /** Consents that named their address. */
  readonly consents: number;
}

/**
 * Stops all mail to a buyer and takes the buyer's data out of every table but the raw webhooks, at once (IN-18, LAW-05).
 *
 * The buyer's orders are closed, so that they are never planned again and no more is kept of what is said about them. What stays is the ledger of what
 * happened, without names, and a suppression of every address of the buyer by its keyed hash alone: also a later order of the same buyer gets no mail
 * (OUT-24). A mail that is being handed over at this moment ends as it ends. Raw webhooks go with their retention; the built-in mailbox is not touched.
 *
 * Must run in a transaction; reads and writes sets. Harmless to repeat. The search by the sender's id reads every order of that source.
 */
export async function eraseBuyer(trx: Kysely<Schema>, keys: Keys, wanted: BuyerToErase, now: Instant): Promise<Erased> {
  const { shopId, address, buyer } = wanted;
  const named = [
    ...wanted.orderIds,
    ...(buyer === null ? [] : await ordersOfBuyerId(trx, buyer)),
    ...(address === null ? [] : await ordersOfAddress(trx, keys, shopId, address)),
  ];
  const orderIds = [...new Set(named)];
  const hashes = await lockOrders(trx, keys, shopId, orderIds);
  if (address !== null) hashes.push(addressHash(keys, shopId, address));
  const cancelled = await cancelOpen(trx, orderIds, "suppressed", now);
  const stopped = distinct(hashes);
  await stopAddresses(trx, shopId, stopped, now);
  const erased = await takeOut(trx, { shopId, orderIds, hashes: stopped }, now);
  // Whose address it was as well: their orders stay, and show why nothing goes there any more.
  for (const emailHash of stopped) await markDirty(trx, { shopId, emailHash });
  return { orderIds, cancelled, ...erased };
}

/** Orders of a source of which nothing was heard in deliveries stored after `until`: what came later belongs to a new connection, and stays. */
export interface SourceEnd {
  readonly shopId: string;
  readonly sourceId: string;
  /** A delivery's id; ids sort by time. */
  readonly until: string;
}

/**
 * Stops all mail about a source's orders at once, and closes them; their data stay until they are old (IN-18). Answers how many messages were cancelled.
 *
 * Must run in a transaction. Harmless to repeat.
 */
export async function closeSource(
  trx: Kysely<Schema>,
  end: SourceEnd,
  now: Instant,
): Promise<{ readonly orders: number; readonly cancelled: number }> {
  const { rows } = await sql<{ id: string }>`
    with ended as (
      select id from orders as o where o.source_id = ${end.sourceId} and o.closed_at is null and ${unheardSince(end)}
      order by o.source_id, o.external_id for update
    )
    update orders set closed_at = ${time(now)}, dirty = 0 from ended where orders.id = ended.id returning orders.id`.execute(trx);
  const ids = rows.map(({ id }) => id);
  return { orders: ids.length, cancelled: await cancelOpen(trx, ids, "order-closed", now) };
}

/**
 * Takes buyers' data out of a source's orders, `limit` at a time, after the one with the id `after` at the sender; suppresses nobody, for the shop may come
 * again. Answers the last id it did, or `null` when it has done all.
 *
 * Must run in a transaction, each batch in its own. Harmless to repeat.
 */
export async function eraseSourceOrders(
  trx: Kysely<Schema>,
  keys: Keys,
  end: SourceEnd,
  { after, limit }: { readonly after: string; readonly limit: number },
  now: Instant,
): Promise<string | null> {
  const { rows } = await sql<{ id: string; external_id: string }>`
    select id, external_id from orders as o where o.source_id = ${end.sourceId} and o.external_id > ${after} and ${unheardSince(end)}
    order by o.external_id limit ${limit}`.execute(trx);
  const orderIds = rows.map(({ id }) => id);
  const hashes = distinct(await lockOrders(trx, keys, end.shopId, orderIds));
  await takeOut(trx, { shopId: end.shopId, orderIds, hashes }, now);
  return rows.length < limit ? null : (rows.at(-1)?.external_id ?? null);
}

/** Waits until no mail about these orders is being handed over under a running lease, at most 20 s. */
export async function handedOver(db: Kysely<Schema>, orderIds: readonly string[], now: () => Instant): Promise<void> {
  const giveUp = performance.now() + 20_000;
  for (;;) {
    const { rows } = await sql`
      select 1 from messages where order_id = any(${orderIds}::uuid[]) and state = 'sending' and lease_until > ${time(now())} limit 1`.execute(
      db,
    );
    if (rows.length === 0 || performance.now() > giveUp) return;
    await pause(25);
  }
}

function unheardSince({ until }: SourceEnd) {
  return sql<boolean>`not exists (select 1 from facts as f where f.order_id = o.id and f.source_id = o.source_id and f.delivery_id > ${until})`;
}

/** Locks orders in the order in which everybody locks several, and answers the hashes of their addresses, planned or not. */
async function lockOrders(trx: Kysely<Schema>, keys: Keys, shopId: string, ids: readonly string[]): Promise<Buffer[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ email_hash: Buffer | null }>`
    select email_hash from orders where id = any(${ids}::uuid[]) order by source_id, external_id for update`.execute(trx);
  const said = await sql<{ email: string }>`
    select says->>'email' as email from facts where order_id = any(${ids}::uuid[]) and slot = 'buyer' and says->>'email' is not null`.execute(
    trx,
  );
  return [
    ...rows.flatMap(({ email_hash }) => (email_hash === null ? [] : [email_hash])),
    ...said.rows.map(({ email }) => addressHash(keys, shopId, email)),
  ];
}

/** Cancels what would go out about locked orders. What is in doubt already stays in doubt, and does not go again. */
async function cancelOpen(
  trx: Kysely<Schema>,
  orderIds: readonly string[],
  reason: "suppressed" | "order-closed",
  now: Instant,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with open as (
      select id from messages where order_id = any(${orderIds}::uuid[]) and state in ('planned', 'queued', 'held') order by id for update
    )
    update messages as m set state = case when m.resend then 'unsure' else 'cancelled' end, reason = case when m.resend then 'answer-unknown' else ${reason} end,
      lease_token = null, lease_until = null, updated_at = ${time(now)}
    from open where m.id = open.id and m.state in ('planned', 'queued', 'held')`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

async function stopAddresses(trx: Kysely<Schema>, shopId: string, hashes: readonly Buffer[], now: Instant): Promise<void> {
  if (hashes.length === 0) return;
  await trx
    .insertInto("suppressions")
    .values(
      hashes.map((hash) => ({
        id: newId(now),
        shop_id: shopId,
        address_hash: hash,
        address: null,
        scope: "all" as const,
        reason: "erased",
        created_at: time(now),
      })),
    )
    .onConflict((conflict) => conflict.columns(["shop_id", "address_hash", "scope"]).doNothing())
    .execute();
}

/** Takes people out of locked orders, and out of what is filed under these addresses. Servers' answers in a suppression's reason may name the address. */
async function takeOut(
  trx: Kysely<Schema>,
  { shopId, orderIds, hashes }: { readonly shopId: string; readonly orderIds: readonly string[]; readonly hashes: readonly Buffer[] },
  now: Instant,
): Promise<Pick<Erased, "mails" | "consents">> {
  await sql`update messages set email_hash = null where order_id = any(${orderIds}::uuid[]) and email_hash is not null`.execute(trx);
  const { rows } = await sql<{ mails: number; consents: number }>`
    with gone as (
      select id from orders where id = any(${orderIds}::uuid[])
    ), ${personalDataGone}, orders_gone as (
      update orders set email = null, buyer_name = null, email_hash = null, dirty = 0, closed_at = coalesce(closed_at, ${time(now)})
      where id in (select id from gone)
    ), consents_gone as (
      update consents set address = null
      where shop_id = ${shopId} and (address_hash = any(${hashes}::bytea[]) or order_id in (select id from gone)) and address is not null
      returning 1
    ), suppressions_gone as (
      update suppressions set address = null, reason = regexp_replace(reason, '\\S*@\\S*', '…', 'g')
      where shop_id = ${shopId} and address_hash = any(${hashes}::bytea[]) and (address is not null or reason like '%@%')
    )
    select (select count(*) from mails_gone) as mails, (select count(*) from consents_gone) as consents`.execute(trx);
  await dropTasks(trx, orderIds, now);
  return rows[0] ?? { mails: 0, consents: 0 };
}

/** Nobody is left who could be answered. Its own statement: the one before has changed the same rows. */
async function dropTasks(trx: Kysely<Schema>, orderIds: readonly string[], now: Instant): Promise<void> {
  await sql`
    update tasks set state = 'resolved', resolution = 'no-longer-needed', note = ${erasedNote}, resolved_at = ${time(now)}, updated_at = ${time(now)}
    where order_id = any(${orderIds}::uuid[]) and state = 'open'`.execute(trx);
}

function distinct(hashes: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(hashes.map((hash) => [hash.toString("hex"), hash])).values()];
}
