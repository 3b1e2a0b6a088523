import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { type User, userOf } from "./users.ts";
import { time } from "./values.ts";

/** Who is signed in with one browser. What its cookie holds is stored nowhere, only its SHA-256. */
export interface Session {
  readonly hash: Buffer;
  readonly user: User;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  readonly expiresAt: Instant;
  /** What the next page says once. */
  readonly toast: unknown;
}

export async function insertSession(
  db: Kysely<Schema>,
  { hash, userId, now, expiresAt }: { readonly hash: Buffer; readonly userId: string; readonly now: Instant; readonly expiresAt: Instant },
): Promise<void> {
  await db
    .insertInto("sessions")
    .values({ hash, user_id: userId, created_at: time(now), seen_at: time(now), expires_at: time(expiresAt) })
    .execute();
}

/** The session, or `null` when there is none, it ran out, or its user is disabled. */
export async function findSession(db: Kysely<Schema>, hash: Buffer, now: Instant): Promise<Session | null> {
  const row = await db
    .selectFrom("sessions as s")
    .innerJoin("users as u", "u.id", "s.user_id")
    .selectAll("u")
    .select(["s.hash", "s.created_at as began_at", "s.seen_at", "s.expires_at", "s.toast"])
    .where("s.hash", "=", hash)
    .where(sql<boolean>`s.expires_at > ${time(now)}`)
    .where("u.disabled", "=", false)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { hash: row.hash, user: userOf(row), createdAt: row.began_at, seenAt: row.seen_at, expiresAt: row.expires_at, toast: row.toast };
}

/** Notes that a session is in use, and until when it holds from now on. */
export async function sessionSeen(db: Kysely<Schema>, hash: Buffer, now: Instant, expiresAt: Instant): Promise<void> {
  await db
    .updateTable("sessions")
    .set({ seen_at: time(now), expires_at: time(expiresAt) })
    .where("hash", "=", hash)
    .execute();
}

/** Keeps what the next page says; `null`: it has been said. */
export async function keepToast(db: Kysely<Schema>, hash: Buffer, toast: unknown): Promise<void> {
  await db
    .updateTable("sessions")
    .set({ toast: toast === null ? null : JSON.stringify(toast) })
    .where("hash", "=", hash)
    .execute();
}

/** Ends a session, and on the way those that ran out. Harmless to repeat. */
export async function endSession(db: Kysely<Schema>, hash: Buffer, now: Instant): Promise<void> {
  await sql`delete from sessions where hash = ${hash} or expires_at <= ${time(now)}`.execute(db);
}
