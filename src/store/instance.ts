import { type Kysely, sql } from "kysely";
import type { Identity, InstanceRecord } from "../core/instance.ts";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** To whom the database belongs; `null` when it never sent. */
export async function readInstance(db: Kysely<Schema>): Promise<InstanceRecord | null> {
  const row = await db.selectFrom("instance").selectAll().executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.id,
    identity: { keyHash: row.key_hash, database: row.database, publicUrl: row.public_url },
    counter: row.counter,
    heldBecause: row.held_because,
    claimedAt: row.claimed_at,
  };
}

/** Makes the database ours when it is nobody's. Of several at once one is the first. */
export async function claimInstance(db: Kysely<Schema>, id: string, own: Identity, now: Instant): Promise<void> {
  await db
    .insertInto("instance")
    .values({ id, ...columnsOf(own), claimed_at: time(now) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Makes the database ours whosever it was, under a new id, and lets go what was held. */
export async function takeOverInstance(db: Kysely<Schema>, id: string, own: Identity, now: Instant): Promise<void> {
  const taken = { id, ...columnsOf(own), claimed_at: time(now), held_because: null, held_since: null };
  await db
    .insertInto("instance")
    .values(taken)
    .onConflict((conflict) => conflict.column("only_one").doUpdateSet(taken))
    .execute();
}

/** Counts on, and answers where the counter stands; `null` when the database is no longer this instance's, or is held. */
export async function advanceInstance(db: Kysely<Schema>, id: string): Promise<number | null> {
  const row = await db
    .updateTable("instance")
    .set({ counter: sql`counter + 1` })
    .where("id", "=", id)
    .where("held_because", "is", null)
    .returning("counter")
    .executeTakeFirst();
  return row?.counter ?? null;
}

/** Holds sending for every process on this database. The first reason stays. */
export async function holdInstance(db: Kysely<Schema>, id: string, because: string, now: Instant): Promise<void> {
  await db
    .updateTable("instance")
    .set({ held_because: because, held_since: time(now) })
    .where("id", "=", id)
    .where("held_because", "is", null)
    .execute();
}

function columnsOf({ keyHash, database, publicUrl }: Identity) {
  return { key_hash: keyHash, database, public_url: publicUrl };
}
