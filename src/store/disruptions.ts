import type { Kysely } from "kysely";
import { retryingConflicts } from "./conflicts.ts";
import { type StoredDisruption, storedDisruption } from "./declarations.ts";
import { inTransaction } from "./in-transaction.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** Stores a disruption and marks the shop's open orders to be planned again. */
export async function insertDisruption(db: Kysely<Schema>, disruption: StoredDisruption): Promise<void> {
  const { shopId } = disruption;
  const row = {
    id: disruption.id,
    shop_id: shopId,
    name: disruption.name,
    text: disruption.text,
    starts: disruption.starts,
    expected_end: disruption.expectedEnd,
    carriers: listOf(disruption.carriers),
    services: listOf(disruption.services),
    countries: listOf(disruption.countries),
    dispatched_from: disruption.dispatchedFrom,
    dispatched_to: disruption.dispatchedTo,
    telling: disruption.telling,
    told_from: time(disruption.toldFrom),
    ended_at: disruption.endedAt === null ? null : time(disruption.endedAt),
    created_at: time(disruption.createdAt),
  };
  await retryingConflicts(
    () =>
      inTransaction(db, async (trx) => {
        await trx.insertInto("disruptions").values(row).execute();
        await markDirty(trx, { shopId });
      }),
    db,
  );
}

/** The disruptions of a shop, newest first. */
export async function listDisruptions(db: Kysely<Schema>, shopId: string, { after, limit }: Page): Promise<readonly StoredDisruption[]> {
  const rows = await db
    .selectFrom("disruptions")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(storedDisruption);
}

/** What may be changed of a disruption; `null` when the change is not allowed as it stands. */
export type DisruptionChange = (standing: StoredDisruption) => StoredDisruption | null;

/**
 * Changes a disruption and marks the shop's open orders; `undefined` when this shop has none of that id, `null` when `change` refuses. Its row is
 * locked meanwhile, so that of two changes at once none is lost.
 */
export async function changeDisruption(
  db: Kysely<Schema>,
  { shopId, id }: { readonly shopId: string; readonly id: string },
  change: DisruptionChange,
): Promise<StoredDisruption | null | undefined> {
  return retryingConflicts(
    () =>
      inTransaction(db, async (trx) => {
        // Orders before everything else, as everywhere.
        await markDirty(trx, { shopId });
        const row = await trx
          .selectFrom("disruptions")
          .selectAll()
          .where("shop_id", "=", shopId)
          .where("id", "=", id)
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const next = change(storedDisruption(row));
        if (next === null) return null;
        await trx
          .updateTable("disruptions")
          .set({
            name: next.name,
            text: next.text,
            expected_end: next.expectedEnd,
            telling: next.telling,
            told_from: time(next.toldFrom),
            ended_at: next.endedAt === null ? null : time(next.endedAt),
          })
          .where("id", "=", id)
          .execute();
        return next;
      }),
    db,
  );
}

/** Takes a disruption away; `false` when this shop has none of that id. The shop's open orders are marked: what was planned for it goes. */
export async function deleteDisruption(db: Kysely<Schema>, shopId: string, id: string): Promise<boolean> {
  return retryingConflicts(
    () =>
      inTransaction(db, async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom("disruptions")
          .where("shop_id", "=", shopId)
          .where("id", "=", id)
          .executeTakeFirst();
        if (numDeletedRows > 0n) await markDirty(trx, { shopId });
        return numDeletedRows > 0n;
      }),
    db,
  );
}

function listOf(names: readonly string[] | null): string[] | null {
  return names === null ? null : [...names];
}
