import type { Kysely, Selectable } from "kysely";
import type { Instant } from "../core/instant.ts";
import { retryingConflicts } from "./conflicts.ts";
import { inTransaction } from "./in-transaction.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** Days on which a shop or some carriers do not dispatch. Dates are `YYYY-MM-DD` in the shop's zone. */
export interface StoredClosure {
  readonly id: string;
  readonly shopId: string;
  readonly name: string;
  readonly starts: string;
  /** The last day of it. */
  readonly ends: string;
  /** The first day on which parcels leave again. */
  readonly resumes: string;
  /** `null`: all of the shop. */
  readonly carriers: readonly string[] | null;
  readonly createdAt: Instant;
}

/** Stores a closure and marks the shop's open orders to be planned again. */
export async function insertClosure(db: Kysely<Schema>, closure: StoredClosure): Promise<void> {
  const row = {
    id: closure.id,
    shop_id: closure.shopId,
    name: closure.name,
    starts: closure.starts,
    ends: closure.ends,
    resumes: closure.resumes,
    carriers: closure.carriers === null ? null : [...closure.carriers],
    created_at: time(closure.createdAt),
  };
  await retryingConflicts(
    () =>
      inTransaction(db, async (trx) => {
        await trx.insertInto("closures").values(row).execute();
        await markDirty(trx, { shopId: closure.shopId });
      }),
    db,
  );
}

/** The closures of a shop, newest first. */
export async function listClosures(db: Kysely<Schema>, shopId: string, { after, limit }: Page): Promise<readonly StoredClosure[]> {
  const rows = await db
    .selectFrom("closures")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(closureOf);
}

/** The closures of a shop that have a day from `from` to `to` (dates, both included), the earliest first. */
export async function closuresBetween(db: Kysely<Schema>, shopId: string, from: string, to: string): Promise<readonly StoredClosure[]> {
  const rows = await db
    .selectFrom("closures")
    .selectAll()
    .where("shop_id", "=", shopId)
    .where("ends", ">=", from)
    .where("starts", "<=", to)
    .orderBy("starts")
    .execute();
  return rows.map(closureOf);
}

/** Takes a closure away; `false` when this shop has none of that id. The shop's open orders are marked: what was planned for it goes. */
export async function deleteClosure(db: Kysely<Schema>, shopId: string, id: string): Promise<boolean> {
  return retryingConflicts(
    () =>
      inTransaction(db, async (trx) => {
        const { numDeletedRows } = await trx.deleteFrom("closures").where("shop_id", "=", shopId).where("id", "=", id).executeTakeFirst();
        if (numDeletedRows > 0n) await markDirty(trx, { shopId });
        return numDeletedRows > 0n;
      }),
    db,
  );
}

/** The suggested closures that a shop does not want, by the suggestion's id. */
export async function dismissedClosures(db: Kysely<Schema>, shopId: string): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom("dismissed_closures").select("suggestion").where("shop_id", "=", shopId).execute();
  return new Set(rows.map((row) => row.suggestion));
}

/** Remembers that a suggestion is not wanted. Harmless to repeat. */
export async function dismissClosure(db: Kysely<Schema>, shopId: string, suggestion: string, now: Instant): Promise<void> {
  await db
    .insertInto("dismissed_closures")
    .values({ shop_id: shopId, suggestion, dismissed_at: time(now) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function closureOf(row: Selectable<Schema["closures"]>): StoredClosure {
  return {
    id: row.id,
    shopId: row.shop_id,
    name: row.name,
    starts: row.starts,
    ends: row.ends,
    resumes: row.resumes,
    carriers: row.carriers,
    createdAt: row.created_at,
  };
}
