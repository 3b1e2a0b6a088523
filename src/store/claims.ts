import { type Kysely, sql } from "kysely";
import { type Instant, iso } from "../core/instant.ts";
import type { Because, Category } from "../core/timetable.ts";
import { retryingConflicts } from "./conflicts.ts";
import { storableJson } from "./json.ts";
import { maySend } from "./rests.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

export interface Claim {
  readonly now: Instant;
  readonly leaseUntil: Instant;
  /** A fresh UUID: every later write about the claimed messages must name it. */
  readonly token: string;
  /** At most so many of one shop, so that none waits behind another's million. */
  readonly perShop: number;
  readonly limit: number;
}

export interface ClaimedMessage {
  readonly id: string;
  readonly orderId: string;
  /** As the shop shows it. Looked up for what caps concern only; `null`: not known. */
  readonly orderNumber: string | null;
  readonly shopId: string;
  readonly category: Category;
  readonly emailHash: Buffer | null;
  readonly dueAt: Instant;
  readonly staleAt: Instant;
  /** An operator wants it now: the buyer's caps do not count. Looked up for what they concern only. */
  readonly sendNow: boolean;
}

/**
 * Claims up to `perShop` due messages of each shop that sends, `limit` in all, longest due first, under one lease.
 *
 * Safe in many processes at once: rows held elsewhere are skipped. Whoever loses the lease (`leaseUntil` passed) loses the right to
 * send: every later write names the token. `now` and `leaseUntil` are the service's clock, not the database's.
 */
export async function claimDue(db: Kysely<Schema>, { now, leaseUntil, token, perShop, limit }: Claim): Promise<readonly ClaimedMessage[]> {
  const { rows } = await sql<{
    id: string;
    order_id: string;
    order_number: string | null;
    shop_id: string;
    category: Category;
    email_hash: Buffer | null;
    due_at: Instant;
    stale_at: Instant;
    send_now: boolean;
  }>`
    with due as (
      select m.id, m.due_at from shops as s
      cross join lateral (
        select id, due_at from messages where shop_id = s.id and state = 'planned' and due_at <= ${time(now)} order by due_at limit ${perShop}
      ) as m
      where ${maySend("s", now)} order by m.due_at limit ${limit}
    ), picked as (
      select id from messages where id in (select id from due) and state = 'planned' and due_at <= ${time(now)} order by due_at limit ${limit} for update skip locked
    )
    update messages as m set state = 'queued', lease_token = ${token}, lease_until = ${time(leaseUntil)}, updated_at = ${time(now)}
    from picked where m.id = picked.id
    returning m.id, m.order_id, case when m.category <> 'order' then (select o.number from orders as o where o.id = m.order_id) end as order_number, m.shop_id, m.category, m.email_hash, m.due_at, m.stale_at, m.category <> 'order' and exists (
        select 1 from moves as v where v.order_id = m.order_id and v.step = m.step and v.occurrence_kind = m.occurrence_kind
          and v.occurrence_id = m.occurrence_id and v.move = 'send-now'
      ) as send_now`.execute(db);
  return rows
    .map((row) => ({
      id: row.id,
      orderId: row.order_id,
      orderNumber: row.order_number,
      shopId: row.shop_id,
      category: row.category,
      emailHash: row.email_hash,
      dueAt: row.due_at,
      staleAt: row.stale_at,
      sendNow: row.send_now,
    }))
    .sort((a, b) => a.dueAt - b.dueAt);
}

/** A claimed message that is not sent now: what becomes of it instead. */
export interface GivenBack {
  readonly id: string;
  readonly state: "planned" | "stale" | "failed" | "held" | "cancelled";
  /** When it is due from now on; `null` leaves what is there. */
  readonly dueAt: Instant | null;
  /** Not before then, because the buyer's cap is taken (P10); `null` leaves what is there. */
  readonly deferredUntil: Instant | null;
  readonly reason: string | null;
  /** What became of the attempt, a sentence for the message's explanation; `null` adds none. */
  readonly detail?: string | null;
  /** Why its buyer's cap is taken; takes the place of what was said of that before. */
  readonly cap?: Because;
}

/**
 * Gives claimed messages back, as far as the token still holds, and has their orders planned again when `replan`.
 *
 * One statement, which locks orders before messages, as planning does. A message whose lease was lost is left alone. One that is in doubt
 * already stays in doubt where it would become stale or cancelled.
 */
export async function giveBack(
  db: Kysely<Schema>,
  {
    token,
    now,
    replan,
    messages,
  }: { readonly token: string; readonly now: Instant; readonly replan: boolean; readonly messages: readonly GivenBack[] },
): Promise<void> {
  if (messages.length === 0) return;
  const input = messages.map((message) => ({
    id: message.id,
    state: message.state,
    due_at: message.dueAt === null ? null : iso(message.dueAt),
    deferred_until: message.deferredUntil === null ? null : iso(message.deferredUntil),
    reason: message.reason,
    because: [
      ...(message.detail == null ? [] : [{ rule: "attempt", detail: message.detail }]),
      ...(message.cap === undefined ? [] : [message.cap]),
    ],
    capped: message.cap !== undefined,
  }));
  const ids = messages.map(({ id }) => id);
  const statement = sql`
    with given as (
      select * from jsonb_to_recordset(${storableJson(input)}::jsonb)
        as b (id uuid, state text, due_at timestamptz, deferred_until timestamptz, reason text, because jsonb, capped boolean)
    ), concerned as (
      select id from orders where ${replan} and id in (select order_id from messages where id = any(${ids}::uuid[]) and lease_token = ${token})
      order by source_id, external_id for update
    ), back as (
      update messages as m set state = case when m.resend and b.state in ('stale', 'cancelled') then 'unsure' else b.state end,
        reason = case when m.resend and b.state in ('stale', 'cancelled') then 'answer-unknown' else b.reason end, due_at = coalesce(b.due_at, m.due_at),
        deferred_until = coalesce(b.deferred_until, m.deferred_until), lease_token = null, lease_until = null,
        because = case when b.capped then jsonb_path_query_array(m.because, '$[*] ? (@.rule != "cap")') else m.because end || b.because,
        updated_at = ${time(now)}
      from given as b
      where m.id = any(${ids}::uuid[]) and m.id = b.id and m.state = 'queued' and m.lease_token = ${token} and (not ${replan} or m.order_id in (select id from concerned))
      returning m.order_id
    )
    update orders set dirty = dirty + 1 where ${replan} and id in (select order_id from back)`;
  await retryingConflicts(() => statement.execute(db), db);
}

/**
 * Prolongs the lease of what is still being sent under this token. Answers whether anything was.
 *
 * Waits for nobody: a row that another holds is being begun, ended or prolonged by it. Batches of one token that waited for each other
 * here have kept every connection of a process busy.
 */
export async function renewLease(db: Kysely<Schema>, token: string, leaseUntil: Instant): Promise<boolean> {
  const { numUpdatedRows } = await db
    .with("free", (query) =>
      query
        .selectFrom("messages")
        .select("id")
        .where("lease_token", "=", token)
        .where("state", "in", ["queued", "sending"])
        .forUpdate()
        .skipLocked(),
    )
    .updateTable("messages")
    .set({ lease_until: time(leaseUntil) })
    .where(({ eb, selectFrom }) => eb("id", "in", selectFrom("free").select("id")))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** How many messages are claimed or being sent: what the release of more is measured against. */
export async function inFlight(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom("messages")
    .select((select) => select.fn.countAll<number>().as("n"))
    .where("state", "in", ["queued", "sending"])
    .executeTakeFirstOrThrow();
  return row.n;
}

/** The next instant after `after` at which anything is due in a shop that sends; `null` when nothing is planned. */
export async function nextDue(db: Kysely<Schema>, after: Instant): Promise<Instant | null> {
  const { rows } = await sql<{ due_at: Instant | null }>`
    select min(at) as due_at from (
      select next.due_at as at from shops as s cross join lateral (
        select due_at from messages where shop_id = s.id and state = 'planned' and due_at > ${time(after)} order by due_at limit 1
      ) as next
      where ${maySend("s", after)}
      union all select r.until from shop_rests as r join shops as s on s.id = r.shop_id where s.sending and r.until > ${time(after)}
    ) as moments`.execute(db);
  return rows[0]?.due_at ?? null;
}

/** How long ago the longest due message of a shop that sends should have gone, in milliseconds; 0 when none is late. */
export async function dueLag(db: Kysely<Schema>, now: Instant): Promise<number> {
  const { rows } = await sql<{ due_at: Instant | null }>`
    select min(first.due_at) as due_at from shops as s
    cross join lateral (select due_at from messages where shop_id = s.id and state = 'planned' order by due_at limit 1) as first
    where ${maySend("s", now)}`.execute(db);
  const due = rows[0]?.due_at ?? null;
  return due === null ? 0 : Math.max(0, now - due);
}

/** When the next lease ends after `after`; `null` when nothing is in hand. */
export async function nextLeaseEnd(db: Kysely<Schema>, after: Instant): Promise<Instant | null> {
  const { rows } = await sql<{ lease_until: Instant | null }>`
    select min(lease_until) as lease_until from messages where state in ('queued', 'sending') and lease_until > ${time(after)}`.execute(db);
  return rows[0]?.lease_until ?? null;
}
