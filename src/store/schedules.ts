import { type Kysely, sql } from "kysely";
import { type Instant, iso, minute, plus } from "../core/instant.ts";
import { retryingConflicts } from "./conflicts.ts";
import { inTransaction } from "./in-transaction.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** The version of a shop's schedule that new orders get; `schedule` is as the operator wrote it. */
export interface StoredSchedule {
  readonly version: number;
  readonly schedule: unknown;
  readonly publishedAt: Instant;
}

/** The current version, or `null` when there is no such shop. */
export async function currentSchedule(db: Kysely<Schema>, shopId: string): Promise<StoredSchedule | null> {
  const row = await db
    .selectFrom("shops as s")
    .innerJoin("schedules as v", (join) => join.onRef("v.shop_id", "=", "s.id").onRef("v.version", "=", "s.schedule_version"))
    .select(["v.version", "v.schedule", "v.published_at"])
    .where("s.id", "=", shopId)
    .executeTakeFirst();
  return row === undefined ? null : { version: row.version, schedule: row.schedule, publishedAt: row.published_at };
}

/** One version, or `null`. */
export async function findSchedule(db: Kysely<Schema>, shopId: string, version: number): Promise<StoredSchedule | null> {
  const row = await db
    .selectFrom("schedules")
    .select(["version", "schedule", "published_at"])
    .where("shop_id", "=", shopId)
    .where("version", "=", version)
    .executeTakeFirst();
  return row === undefined ? null : { version: row.version, schedule: row.schedule, publishedAt: row.published_at };
}

/** A shop's versions, newest first, at most `limit`, without what they say. */
export async function listSchedules(
  db: Kysely<Schema>,
  shopId: string,
  limit: number,
): Promise<readonly Omit<StoredSchedule, "schedule">[]> {
  const rows = await db
    .selectFrom("schedules")
    .select(["version", "published_at"])
    .where("shop_id", "=", shopId)
    .orderBy("version", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ version: row.version, publishedAt: row.published_at }));
}

export interface Publication {
  readonly shopId: string;
  /** As the operator wrote it, checked by `parseSchedule`. */
  readonly schedule: unknown;
  readonly stepKeys: readonly string[];
  /** `retime` moves open orders to the new version; `keep` leaves them with theirs. */
  readonly queued: "retime" | "keep";
  readonly now: Instant;
}

/**
 * Publishes the next version and answers its number; `null` when there is no such shop.
 *
 * The shop's row is locked meanwhile, so two publications at once become two versions, one after the other, and none is lost.
 * A step that the version before had keeps its `since`, a new one gets `now` (P4). Moved orders are marked dirty, and the plan job keeps off the
 * shop for the next minutes, so that the caller can plan them all itself and count what changes; `endReplanning` ends that earlier. `also` is written in the same transaction.
 */
export async function publishSchedule(
  db: Kysely<Schema>,
  publication: Publication,
  also: (trx: Kysely<Schema>, version: number) => Promise<void> = async () => undefined,
): Promise<number | null> {
  const publish = () =>
    inTransaction(db, async (trx) => {
      const version = await publishNext(trx, publication);
      if (version !== null) await also(trx, version);
      return version;
    });
  return retryingConflicts(publish, db);
}

/** The current version as `currentSchedule`, with the shop's row locked until the transaction ends: nobody publishes another meanwhile. */
export async function standingSchedule(trx: Kysely<Schema>, shopId: string): Promise<StoredSchedule | null> {
  await trx.selectFrom("shops").select("id").where("id", "=", shopId).forUpdate().execute();
  return currentSchedule(trx, shopId);
}

/** The shop's orders were all planned anew: the plan job may have them again. */
export async function endReplanning(db: Kysely<Schema>, shopId: string): Promise<void> {
  await db.updateTable("shops").set({ replanning_until: null }).where("id", "=", shopId).execute();
}

/** Should the caller die before it is done, the plan job takes over after this. */
const replanningMs = 5 * minute;

/** `publishSchedule` within a transaction. */
export async function publishNext(trx: Kysely<Schema>, { shopId, schedule, stepKeys, queued, now }: Publication): Promise<number | null> {
  const shop = await trx.selectFrom("shops").select("schedule_version").where("id", "=", shopId).forUpdate().executeTakeFirst();
  if (shop === undefined) return null;
  const before = await trx
    .selectFrom("schedules")
    .select("since")
    .where("shop_id", "=", shopId)
    .where("version", "=", shop.schedule_version)
    .executeTakeFirstOrThrow();
  const version = shop.schedule_version + 1;
  const since = Object.fromEntries(stepKeys.map((key) => [key, Object.hasOwn(before.since, key) ? before.since[key] : iso(now)]));
  await trx
    .insertInto("schedules")
    .values({
      shop_id: shopId,
      version,
      schedule: JSON.stringify(schedule),
      since: JSON.stringify(since),
      published_at: time(now),
    })
    .execute();
  await trx
    .updateTable("shops")
    .set({ schedule_version: version, updated_at: time(now), replanning_until: queued === "retime" ? time(plus(now, replanningMs)) : null })
    .where("id", "=", shopId)
    .execute();
  if (queued === "retime") {
    // Locked in the order in which everybody locks several orders, so that a webhook taken in meanwhile waits rather than deadlocks.
    await sql`
        with open as (
          select id from orders where shop_id = ${shopId} and closed_at is null order by source_id, external_id for update
        )
        update orders set schedule_version = ${version}, dirty = dirty + 1 from open where orders.id = open.id`.execute(trx);
  }
  return version;
}
