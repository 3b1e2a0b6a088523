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
}

/** The ledger, newest first. */
export async function listMessages(
  db: Kysely<Schema>,
  { shopId, orderId, states, category = null, step = null, due = null, after, limit }: LedgerFilter,
): Promise<readonly LedgerRow[]> {
  const rows = await ledger(db)
    .$if(shopId !== null, (query) => query.where("m.shop_id", "=", shopId ?? ""))
    .$if(orderId !== null, (query) => query.where("m.order_id", "=", orderId ?? ""))
    .$if(states !== null, (query) => query.where("m.state", "=", sql<string>`any(${states})`))
    .$if(category !== null, (query) => query.where("m.category", "=", category ?? ""))
    .$if(step !== null, (query) => query.where("m.step", "=", step ?? ""))
    .$if(due !== null, (query) =>
      query.where(sql<SqlBool>`m.due_at >= ${time(due?.[0] ?? instant(0))} and m.due_at < ${time(due?.[1] ?? instant(0))}`),
    )
    .$if(after !== null, (query) => query.where("m.id", "<", after ?? ""))
    .orderBy("m.id", "desc")
    .limit(limit)
    .execute();
  return rows.map(ledgerRow);
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
