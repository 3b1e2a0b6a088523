import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";
import { insertSource, type NewSource } from "./sources.ts";

/**
 * The source that a shop's imports belong to when they name none: the one there is, else `source`, which is then stored.
 *
 * The shop's row is locked meanwhile, so two first imports at once share one. Answers its id; `null` when there is no such shop.
 */
export function importSource(db: Kysely<Schema>, source: NewSource): Promise<string | null> {
  return db.transaction().execute(async (trx) => {
    const shop = await trx.selectFrom("shops").select("id").where("id", "=", source.shopId).forUpdate().executeTakeFirst();
    if (shop === undefined) return null;
    const known = await trx.selectFrom("import_sources").select("source_id").where("shop_id", "=", shop.id).executeTakeFirst();
    if (known !== undefined) return known.source_id;
    await insertSource(trx, source);
    await trx.insertInto("import_sources").values({ shop_id: shop.id, source_id: source.id }).execute();
    return source.id;
  });
}

/** How many deliveries of a source are still to be taken in, counted up to `atMost`. */
export async function countStored(db: Kysely<Schema>, sourceId: string, atMost: number): Promise<number> {
  const rows = await db
    .selectFrom("deliveries")
    .select("id")
    .where("source_id", "=", sourceId)
    .where("state", "=", "stored")
    .limit(atMost)
    .execute();
  return rows.length;
}
