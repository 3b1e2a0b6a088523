import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** A mail that stayed here because no SMTP server is set. */
export interface KeptMail {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly sender: string;
  readonly recipient: string;
  readonly subject: string;
}

/** With its RFC 5322 bytes. */
export interface RawMail extends KeptMail {
  readonly raw: Buffer;
}

const kept = 2_000;

/**
 * Keeps a mail; the newest 2,000 stay.
 *
 * All or nothing: a mail that was kept never counts as lost, for then it would be kept twice. What is older goes with every
 * insert, so the table is bounded whoever looks at it. `sender` and `recipient` are the envelope's.
 */
export function keepMail(db: Kysely<Schema>, mail: RawMail): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await tx
      .insertInto("mailbox")
      .values({
        id: mail.id,
        received_at: time(mail.receivedAt),
        sender: mail.sender,
        recipient: mail.recipient,
        // PostgreSQL's text takes no NUL; a subject has none, but a mail that cannot be kept would count as not sent.
        subject: mail.subject.replaceAll("\0", ""),
        raw: mail.raw,
      })
      .execute();
    await sql`delete from mailbox where id <= (select id from mailbox order by id desc offset ${sql.lit(kept)} limit 1)`.execute(tx);
  });
}

/** What the mailbox holds, newest first. */
export async function listMail(db: Kysely<Schema>, { after, limit }: Page): Promise<readonly KeptMail[]> {
  const rows = await db
    .selectFrom("mailbox")
    .select(["id", "received_at", "sender", "recipient", "subject"])
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    receivedAt: row.received_at,
    sender: row.sender,
    recipient: row.recipient,
    subject: row.subject,
  }));
}

/** One mail, or `null`. `id` must have the form of an id. */
export async function findMail(db: Kysely<Schema>, id: string): Promise<RawMail | null> {
  const row = await db.selectFrom("mailbox").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.id,
    receivedAt: row.received_at,
    sender: row.sender,
    recipient: row.recipient,
    subject: row.subject,
    raw: row.raw,
  };
}
