import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Category, MessageState } from "../core/timetable.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** A shop's day in figures. */
export interface DayFigures {
  /** Went out since the day began. */
  readonly sent: number;
  /** Planned to go within 24 hours, overdue ones among them. */
  readonly due: number;
  /** When the one that waits longest was due; `null` when none is overdue. */
  readonly lateSince: Instant | null;
  readonly openTasks: readonly { readonly kind: string; readonly n: number }[];
  /** Held, because the shop does not send or somebody said so. */
  readonly held: number;
}

/** The figures of a shop; `dayBegan` and `now` bound its day. Overdue is what was due more than a minute ago. */
export async function dayFigures(
  db: Kysely<Schema>,
  { shopId, dayBegan, now, until }: { readonly shopId: string; readonly dayBegan: Instant; readonly now: Instant; readonly until: Instant },
): Promise<DayFigures> {
  const { rows } = await sql<{ sent: number; due: number; late_since: Instant | null; held: number }>`
    select
      (select count(*) from messages where shop_id = ${shopId} and sent_at >= ${time(dayBegan)} and sent_at <= ${time(now)}) as sent,
      (select count(*) from messages where shop_id = ${shopId} and state = 'planned' and due_at <= ${time(until)}) as due,
      (select min(due_at) from messages where shop_id = ${shopId} and state = 'planned' and due_at < ${time(now)}::timestamptz - interval '1 minute') as late_since,
      (select count(*) from messages where shop_id = ${shopId} and state = 'held' and email_hash is not null) as held`.execute(db);
  const openTasks = await db
    .selectFrom("tasks")
    .select(({ fn }) => ["kind", fn.countAll<number>().as("n")])
    .where("shop_id", "=", shopId)
    .where("state", "=", "open")
    .groupBy("kind")
    .orderBy("kind")
    .execute();
  const { sent, due, late_since, held } = rows[0] ?? { sent: 0, due: 0, late_since: null, held: 0 };
  return { sent, due, lateSince: late_since, held, openTasks };
}

/** How many things wait for a person of the shop. */
export async function countOpenTasks(db: Kysely<Schema>, shopId: string): Promise<number> {
  const { n } = await db
    .selectFrom("tasks")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .where("shop_id", "=", shopId)
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();
  return n;
}

export interface PlannedDay {
  /** `YYYY-MM-DD` in the shop's zone. */
  readonly day: string;
  readonly category: Category;
  readonly n: number;
}

/** How many mails are planned for each day and category until then; days without any are left out. What is overdue counts as due now. */
export async function plannedByDay(
  db: Kysely<Schema>,
  { shopId, timeZone, now, until }: { readonly shopId: string; readonly timeZone: string; readonly now: Instant; readonly until: Instant },
): Promise<readonly PlannedDay[]> {
  const { rows } = await sql<{ day: string; category: Category; n: number }>`
    select (greatest(due_at, ${time(now)}::timestamptz) at time zone ${timeZone})::date as day, category, count(*) as n
    from messages where shop_id = ${shopId} and state = 'planned' and due_at < ${time(until)}
    group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

/** A message as the first page lists it. */
export interface GlancedMessage {
  readonly id: string;
  readonly orderId: string;
  readonly orderNumber: string | null;
  readonly buyerName: string | null;
  readonly country: string | null;
  readonly step: string;
  readonly category: Category;
  readonly state: MessageState;
  readonly dueAt: Instant;
  readonly sentAt: Instant | null;
  /** Why it goes then, the first sentence. */
  readonly because: string | null;
}

/** The mails that went out last, newest first. */
export function lastSent(db: Kysely<Schema>, shopId: string, limit: number): Promise<readonly GlancedMessage[]> {
  return glance(db, sql`m.shop_id = ${shopId} and m.sent_at is not null`, sql`m.sent_at desc`, limit);
}

/** The mails that go next. */
export function nextDue(db: Kysely<Schema>, shopId: string, limit: number): Promise<readonly GlancedMessage[]> {
  return glance(db, sql`m.shop_id = ${shopId} and m.state = 'planned'`, sql`m.due_at`, limit);
}

/** Something that is different as soon as the first page is: costs three looks into indexes. */
export async function dayMark(db: Kysely<Schema>, shopId: string): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws('|',
      (select max(sent_at) from messages where shop_id = ${shopId} and sent_at is not null),
      (select min(due_at) from messages where shop_id = ${shopId} and state = 'planned'),
      (select id from tasks where shop_id = ${shopId} and state = 'open' order by id desc limit 1),
      (select id from messages where shop_id = ${shopId} order by id desc limit 1),
      (select max(last_delivery_at) from sources where shop_id = ${shopId})) as mark`.execute(db);
  return rows[0]?.mark ?? "";
}

type Sql = ReturnType<typeof sql>;

async function glance(db: Kysely<Schema>, where: Sql, order: Sql, limit: number): Promise<readonly GlancedMessage[]> {
  const { rows } = await sql<{
    id: string;
    order_id: string;
    number: string | null;
    buyer_name: string | null;
    country: string | null;
    step: string;
    category: Category;
    state: MessageState;
    due_at: Instant;
    sent_at: Instant | null;
    because: string | null;
  }>`
    select m.id, m.order_id, o.number, o.buyer_name, o.country, m.step, m.category, m.state, m.due_at, m.sent_at, m.because -> 0 ->> 'detail' as because
    from messages m join orders o on o.id = m.order_id where ${where} order by ${order} limit ${limit}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    orderNumber: row.number,
    buyerName: row.buyer_name,
    country: row.country,
    step: row.step,
    category: row.category,
    state: row.state,
    dueAt: row.due_at,
    sentAt: row.sent_at,
    because: row.because,
  }));
}
