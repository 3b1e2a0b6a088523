import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";

/** One try to send a message, as operators see it. */
export interface ListedAttempt {
  readonly id: string;
  readonly messageId: string;
  readonly startedAt: Instant;
  /** `null` while it goes on, and for good when its process died. */
  readonly endedAt: Instant | null;
  readonly outcome: string | null;
  /** How far SMTP had come. */
  readonly phase: string | null;
  /** The server's words, or what became of the connection. */
  readonly answer: string | null;
  readonly rfcMessageId: string;
}

/** All attempts at these messages of a shop, oldest first. */
export async function attemptsAt(db: Kysely<Schema>, shopId: string, messageIds: readonly string[]): Promise<readonly ListedAttempt[]> {
  if (messageIds.length === 0) return [];
  const rows = await db
    .selectFrom("attempts")
    .select(["id", "message_id", "started_at", "ended_at", "outcome", "phase", "answer", "rfc_message_id"])
    .where("shop_id", "=", shopId)
    .where("message_id", "in", messageIds)
    .orderBy("started_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    messageId: row.message_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    phase: row.phase,
    answer: row.answer,
    rfcMessageId: row.rfc_message_id,
  }));
}
