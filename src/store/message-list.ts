import { type Kysely, type SqlBool, sql } from "kysely";
import { type Instant, instant } from "../core/instant.ts";
import type { Move } from "../core/message.ts";
import {
  type Because,
  type Category,
  type MessageState,
  type Occurrence,
  type OccurrenceKind,
  occurrenceKinds,
} from "../core/timetable.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** A row of the ledger as operators see it. */
export interface LedgerRow {
  readonly id: string;
  readonly shopId: string;
  readonly orderId: string;
  readonly orderNumber: string | null;
  readonly buyerName: string | null;
  readonly step: string;
  readonly occurrence: Occurrence;
  readonly template: string;
  readonly category: Category;
  readonly state: MessageState;
  readonly dueAt: Instant;
  readonly sentAt: Instant | null;
  readonly reason: string | null;
  readonly because: readonly Because[];
  /** How often its sending was tried. */
  readonly attempts: number;
  readonly updatedAt: Instant;
}

export interface LedgerFilter extends Page {
  readonly shopId: string | null;
  readonly orderId: string | null;
  /** Only those in one of these; `null`: whatever their state. */
  readonly states: readonly MessageState[] | null;
  readonly category?: Category | null;
  readonly step?: string | null;
  /** Due from the first instant on and before the second. */
  readonly due?: readonly [Instant, Instant] | null;
  readonly order?: LedgerOrder;
}

/** By what the ledger is listed: by when a message was made (the default), was sent, or is due; the last two take an index only as said there. */
export type LedgerOrder =
  | { readonly by: "made" }
  /** Only what was sent. */
  | { readonly by: "sent" | "due"; readonly down: boolean };

/** The ledger, newest first unless `order` says otherwise. By `due` only planned messages have an index: give `states: ["planned"]`. */
export async function listMessages(
  db: Kysely<Schema>,
  { shopId, orderId, states, category = null, step = null, due = null, order = { by: "made" }, after, limit }: LedgerFilter,
): Promise<readonly LedgerRow[]> {
  const kinds = shopId !== null && orderId === null && order.by === "made" && (category !== null || step !== null);
  const query = ledger(db)
    .$if(shopId !== null, (all) => all.where("m.shop_id", "=", shopId ?? ""))
    .$if(orderId !== null, (all) => all.where("m.order_id", "=", orderId ?? ""))
    .$if(states !== null, (all) => all.where("m.state", "=", sql<string>`any(${states})`))
    .$if(category !== null, (all) => all.where("m.category", "=", category ?? ""))
    .$if(step !== null, (all) => all.where("m.step", "=", step ?? ""))
    .$if(due !== null, (all) =>
      all.where(sql<SqlBool>`m.due_at >= ${time(due?.[0] ?? instant(0))} and m.due_at < ${time(due?.[1] ?? instant(0))}`),
    )
    .$if(kinds, (all) => all.where(ofKind({ shopId: shopId ?? "", states, category, step, due, after, limit })));
  const rows = await paged(query, order, after).limit(limit).execute();
  return rows.map(ledgerRow);
}

/** The cursor is an id; where the list goes by a time, the row of that id says where it stands. */
function paged(query: ReturnType<typeof ledger>, order: LedgerOrder, after: string | null) {
  if (order.by === "made") return query.$if(after !== null, (all) => all.where("m.id", "<", after ?? "")).orderBy("m.id", "desc");
  const column = order.by === "sent" ? ("m.sent_at" as const) : ("m.due_at" as const);
  const beyond = sql<SqlBool>`(${sql.ref(column)}, m.id) ${order.down ? sql`<` : sql`>`} (select ${sql.ref(column)}, id from messages as m where id = ${after})`;
  const direction = order.down ? "desc" : "asc";
  return query
    .$if(order.by === "sent", (all) => all.where("m.sent_at", "is not", null))
    .$if(after !== null, (all) => all.where(beyond))
    .orderBy(column, direction)
    .orderBy("m.id", direction);
}

/**
 * Of a category or a step. There are few pairs of both, and an index leads from each to its newest messages: where the newest of the ledger hold
 * few of a kind, a million others would be read through otherwise.
 */
function ofKind({ shopId, states, category, step, due, after, limit }: Omit<LedgerFilter, "orderId" | "order">) {
  const wanted = [...(category === null ? [] : [sql`kinds.category = ${category}`]), ...(step === null ? [] : [sql`kinds.step = ${step}`])];
  const newest = [
    sql`n.shop_id = ${shopId} and n.category = kinds.category and n.step = kinds.step`,
    ...(states === null ? [] : [sql`n.state = any(${states})`]),
    ...(due === null || due === undefined ? [] : [sql`n.due_at >= ${time(due[0])} and n.due_at < ${time(due[1])}`]),
    ...(after === null ? [] : [sql`n.id < ${after}::uuid`]),
  ];
  return sql<SqlBool>`m.id in (
    with recursive kinds as (
      (select category, step from messages where shop_id = ${shopId} order by category, step limit 1)
      union all
      select next.category, next.step from kinds, lateral (
        select category, step from messages where shop_id = ${shopId} and (category, step) > (kinds.category, kinds.step) order by category, step limit 1
      ) as next
    )
    select one.id from kinds, lateral (select n.id from messages as n where ${sql.join(newest, sql` and `)} order by n.id desc limit ${limit}) as one
    where ${sql.join(wanted, sql` and `)} order by one.id desc limit ${limit})`;
}

/** One message, or `null`. `id` must have the form of an id. */
export async function findMessage(db: Kysely<Schema>, id: string): Promise<LedgerRow | null> {
  const row = await ledger(db).where("m.id", "=", id).executeTakeFirst();
  return row === undefined ? null : ledgerRow(row);
}

/** Those of these messages that exist, in no order. */
export async function findMessages(db: Kysely<Schema>, ids: readonly string[]): Promise<readonly LedgerRow[]> {
  if (ids.length === 0) return [];
  const rows = await ledger(db).where("m.id", "in", ids).execute();
  return rows.map(ledgerRow);
}

/** All messages of these orders, by time. */
export async function listMessagesOf(db: Kysely<Schema>, orderIds: readonly string[]): Promise<readonly LedgerRow[]> {
  if (orderIds.length === 0) return [];
  const rows = await ledger(db).where("m.order_id", "in", orderIds).orderBy("m.due_at").orderBy("m.id").execute();
  return rows.map(ledgerRow);
}

type Moveable = Pick<LedgerRow, "orderId" | "step" | "occurrence">;

/** The last move by time on each message of these orders; answers `null` where there was none. */
export async function lastMoves(
  db: Kysely<Schema>,
  orderIds: readonly string[],
): Promise<(message: Moveable) => Pick<Move, "move" | "at"> | null> {
  const last = new Map<string, Pick<Move, "move" | "at">>();
  const keyOf = ({ orderId, step, occurrence }: Moveable) => JSON.stringify([orderId, step, occurrence.kind, occurrence.id]);
  if (orderIds.length > 0) {
    const rows = await db.selectFrom("moves").selectAll().where("order_id", "in", orderIds).orderBy("at").orderBy("id").execute();
    for (const row of rows) {
      const occurrence = { kind: occurrenceKind(row.occurrence_kind), id: row.occurrence_id };
      // The table's check holds the words.
      last.set(keyOf({ orderId: row.order_id, step: row.step, occurrence }), { move: row.move as Move["move"], at: row.at });
    }
  }
  return (message) => last.get(keyOf(message)) ?? null;
}

/** Whom a message is for: what an unsubscribe needs to know. */
export interface MessageAddressee {
  readonly shopId: string;
  readonly category: Category;
  /** Of the address it was planned for; `null` when the buyer had none. */
  readonly emailHash: Buffer | null;
  /** The buyer's address today, which may be another by now. */
  readonly email: string | null;
}

export async function findAddressee(db: Kysely<Schema>, messageId: string): Promise<MessageAddressee | null> {
  const row = await db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select(["m.shop_id", "m.category", "m.email_hash", "o.email_hash as order_email_hash", "o.email"])
    .where("m.id", "=", messageId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { shopId: row.shop_id, category: row.category as Category, emailHash: row.email_hash ?? row.order_email_hash, email: row.email };
}

function ledger(db: Kysely<Schema>) {
  return db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select([
      "m.id",
      "m.shop_id",
      "m.order_id",
      "o.number",
      "o.buyer_name",
      "m.step",
      "m.occurrence_kind",
      "m.occurrence_id",
      "m.template",
      "m.category",
      "m.state",
      "m.due_at",
      "m.sent_at",
      "m.reason",
      "m.because",
      "m.attempts",
      "m.updated_at",
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof ledger>["execute"]>>[number];

/** Its closed words are held by the table's checks, and by the types of those who write them. */
function ledgerRow(row: Row): LedgerRow {
  return {
    id: row.id,
    shopId: row.shop_id,
    orderId: row.order_id,
    orderNumber: row.number,
    buyerName: row.buyer_name,
    step: row.step,
    occurrence: { kind: occurrenceKind(row.occurrence_kind), id: row.occurrence_id },
    template: row.template,
    category: row.category as Category,
    state: row.state as MessageState,
    dueAt: row.due_at,
    sentAt: row.sent_at,
    reason: row.reason,
    because: row.because,
    attempts: row.attempts,
    updatedAt: row.updated_at,
  };
}

function occurrenceKind(word: string): OccurrenceKind {
  const kind = occurrenceKinds.find((known) => known === word);
  if (kind === undefined) throw new Error(`the ledger has an occurrence of an unknown kind: ${word}`);
  return kind;
}
