import { type Kysely, type Selectable, sql } from "kysely";
import { type ErrandAsked, type ErrandState, readAsked } from "../core/errand.ts";
import type { Instant } from "../core/instant.ts";
import type { Actor } from "./audit.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** Long work that somebody asked for, and how far it is. */
export interface Errand {
  readonly id: string;
  readonly shopId: string;
  readonly asked: ErrandAsked;
  readonly actor: Actor;
  readonly state: ErrandState;
  /** How many things it is about; `null` until they were counted. */
  readonly total: number | null;
  /** How many of them were looked at. */
  readonly done: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly skipped: Readonly<Record<string, number>>;
  /** The last thing looked at. */
  readonly cursor: string | null;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
}

type NewErrand = Pick<Errand, "id" | "shopId" | "asked" | "actor" | "createdAt">;

export async function insertErrand(db: Kysely<Schema>, { id, shopId, asked, actor, createdAt }: NewErrand): Promise<void> {
  await db
    .insertInto("errands")
    .values({
      id,
      shop_id: shopId,
      asked: JSON.stringify(asked),
      actor_kind: actor.kind,
      actor_id: actor.kind === "user" ? actor.id : null,
      actor: actor.name,
      created_at: time(createdAt),
    })
    .execute();
}

/** One of this shop, or `null`. */
export async function findErrand(db: Kysely<Schema>, shopId: string, id: string): Promise<Errand | null> {
  const row = await db.selectFrom("errands").selectAll().where("shop_id", "=", shopId).where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : errandOf(row);
}

/** A shop's, newest first. */
export async function listErrands(db: Kysely<Schema>, shopId: string, { after, limit }: Page): Promise<readonly Errand[]> {
  const rows = await db
    .selectFrom("errands")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(errandOf);
}

const open = sql<boolean>`state in ('waiting', 'running')`;

/** Those that are not ended, of all shops, the longest asked for first. */
export async function openErrands(db: Kysely<Schema>, limit: number): Promise<readonly Errand[]> {
  const rows = await db.selectFrom("errands").selectAll().where(open).orderBy("created_at").orderBy("id").limit(limit).execute();
  return rows.map(errandOf);
}

/** How many of a shop are not ended. */
export async function countOpenErrands(db: Kysely<Schema>, shopId: string): Promise<number> {
  const row = await db
    .selectFrom("errands")
    .select(sql<number>`count(*)`.as("n"))
    .where("shop_id", "=", shopId)
    .where(open)
    .executeTakeFirst();
  return row?.n ?? 0;
}

/** Notes that a batch begins, and answers how often one was begun since the last that ended well; `null` when the errand has ended. */
export async function beginBatch(db: Kysely<Schema>, id: string): Promise<number | null> {
  const row = await db
    .updateTable("errands")
    .set((eb) => ({ tries: eb("tries", "+", 1) }))
    .where("id", "=", id)
    .where(open)
    .returning("tries")
    .executeTakeFirst();
  return row?.tries ?? null;
}

/** Notes how many things an errand is about, and which of them are left alone from the start. `false`: somebody did, or it was cancelled. */
export async function startErrand(
  db: Kysely<Schema>,
  id: string,
  { total, skipped }: { readonly total: number; readonly skipped: Readonly<Record<string, number>> },
  now: Instant,
): Promise<boolean> {
  const done = Object.values(skipped).reduce((sum, n) => sum + n, 0);
  const { numUpdatedRows } = await db
    .updateTable("errands")
    .set({ state: "running", total, done, skipped: JSON.stringify(skipped), started_at: time(now), tries: 0 })
    .where("id", "=", id)
    .where("state", "=", "waiting")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What a batch adds to the sums. */
export interface Progress {
  readonly cursor: string;
  readonly done: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly skipped?: Readonly<Record<string, number>>;
}

/**
 * Notes a batch, in the transaction of what it changed. `false`: somebody else has done it meanwhile, or the errand was cancelled; then the
 * transaction must be undone.
 */
export async function advanceErrand(
  trx: Kysely<Schema>,
  { id, cursor, counts, skipped }: Pick<Errand, "id" | "cursor" | "counts" | "skipped">,
  progress: Progress,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("errands")
    .set((eb) => ({
      cursor: progress.cursor,
      done: eb("done", "+", progress.done),
      counts: JSON.stringify(sums(counts, progress.counts)),
      skipped: JSON.stringify(sums(skipped, progress.skipped ?? {})),
      tries: 0,
    }))
    .where("id", "=", id)
    .where("state", "=", "running")
    .where(sql<boolean>`cursor is not distinct from ${cursor}::uuid`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Corrects the sums after a batch: of what was changed, some turned out not to be. */
export async function correctErrand(db: Kysely<Schema>, id: string, sumsNow: Pick<Errand, "counts" | "skipped">): Promise<void> {
  await db
    .updateTable("errands")
    .set({ counts: JSON.stringify(sumsNow.counts), skipped: JSON.stringify(sumsNow.skipped) })
    .where("id", "=", id)
    .execute();
}

/** Ends an errand; `false`: it had ended. What it was about and never came to is what changed meanwhile. */
export async function endErrand(
  trx: Kysely<Schema>,
  id: string,
  state: Extract<ErrandState, "done" | "cancelled" | "failed">,
  now: Instant,
): Promise<Errand | null> {
  const row = await trx
    .updateTable("errands")
    .set({ state, ended_at: time(now) })
    .where("id", "=", id)
    .where(open)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : errandOf(row);
}

/** Forgets long work that ended before `endedBefore`; answers how much. */
export async function dropOldErrands(
  db: Kysely<Schema>,
  { endedBefore, limit }: { readonly endedBefore: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from errands where id in (select id from errands where ended_at < ${time(endedBefore)} limit ${limit} for update skip locked)`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0);
}

export function sums(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const sum = { ...a };
  for (const [name, n] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + n;
  return sum;
}

function errandOf(row: Selectable<Schema["errands"]>): Errand {
  // The table's checks hold the words.
  const kind = row.actor_kind as Actor["kind"];
  return {
    id: row.id,
    shopId: row.shop_id,
    asked: readAsked(row.asked),
    actor: kind === "user" ? { kind, id: row.actor_id ?? "", name: row.actor } : { kind, name: row.actor },
    state: row.state as ErrandState,
    total: row.total,
    done: row.done,
    counts: row.counts,
    skipped: row.skipped,
    cursor: row.cursor,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
