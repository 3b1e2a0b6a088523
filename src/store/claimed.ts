import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Category, Occurrence, OccurrenceKind } from "../core/timetable.ts";
import type { Schema } from "./schema.ts";

/** A claimed message as its sender needs it. */
export interface MessageToSend {
  readonly id: string;
  readonly orderId: string;
  readonly shopId: string;
  readonly step: string;
  readonly occurrence: Occurrence;
  readonly template: string;
  readonly category: Category;
  readonly dueAt: Instant;
  readonly staleAt: Instant;
  /** Attempts that count, so far. */
  readonly attempts: number;
  /** The Date of the mail, once it was tried. */
  readonly firstAttemptAt: Instant | null;
  /** It is the one repetition of an order mail in doubt. */
  readonly resend: boolean;
  /** Care mail that may invite feedback, as far as its buyer's caps are concerned; says so of what is claimed only. */
  readonly invited: boolean;
  /** Its order was closed: nothing is sent about it any more. */
  readonly closed: boolean;
}

/** Loads claimed messages that are still held under `token`. */
export async function loadClaimed(db: Kysely<Schema>, token: string, ids: readonly string[]): Promise<readonly MessageToSend[]> {
  if (ids.length === 0) return [];
  const rows = await columns(db)
    .where("id", "in", ids)
    .where("state", "=", "queued")
    .where("lease_token", "=", token)
    .orderBy("due_at")
    .execute();
  return rows.map(fromRow);
}

/** Loads one message whatever its state, for a preview; `null` when there is none. */
export async function loadMessage(db: Kysely<Schema>, id: string): Promise<MessageToSend | null> {
  const row = await columns(db).where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

function columns(db: Kysely<Schema>) {
  return db
    .selectFrom("messages")
    .select([
      "id",
      "order_id",
      "shop_id",
      "step",
      "occurrence_kind",
      "occurrence_id",
      "template",
      "category",
      "due_at",
      "stale_at",
      "attempts",
      "first_attempt_at",
      "resend",
      "invited",
      sql<boolean>`(select closed_at is not null from orders where orders.id = messages.order_id)`.as("closed"),
    ]);
}

function fromRow(row: Awaited<ReturnType<ReturnType<typeof columns>["executeTakeFirstOrThrow"]>>): MessageToSend {
  return {
    id: row.id,
    orderId: row.order_id,
    shopId: row.shop_id,
    step: row.step,
    occurrence: { kind: row.occurrence_kind as OccurrenceKind, id: row.occurrence_id },
    template: row.template,
    category: row.category as Category,
    dueAt: row.due_at,
    staleAt: row.stale_at,
    attempts: row.attempts,
    firstAttemptAt: row.first_attempt_at,
    resend: row.resend,
    invited: row.invited,
    closed: row.closed,
  };
}
