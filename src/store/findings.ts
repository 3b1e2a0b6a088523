import { type Kysely, sql } from "kysely";
import { type Instant, iso } from "../core/instant.ts";
import type { FoundInShop } from "./attention.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** Every shop's id, in id order. */
export async function allShopIds(db: Kysely<Schema>): Promise<readonly string[]> {
  return (await db.selectFrom("shops").select("id").orderBy("id").execute()).map(({ id }) => id);
}

/** Writes down what was found in these shops at `now`, in place of what was found before. Harmless to repeat, and for two at once. */
export async function keepFindings(
  db: Kysely<Schema>,
  shopIds: readonly string[],
  found: readonly FoundInShop[],
  now: Instant,
): Promise<void> {
  const rows = found.map(({ shopId, kind, about, count, since }) => ({
    shop_id: shopId,
    kind,
    about,
    n: count,
    since: since === null ? null : iso(since),
  }));
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g (shop_id uuid, kind text, about text, n integer, since timestamptz)
    ), gone as (
      delete from findings as f where shop_id = any(${[...shopIds]}::uuid[])
        and not exists (select from given as g where g.shop_id = f.shop_id and g.kind = f.kind and g.about = f.about)
    )
    insert into findings as f (shop_id, kind, about, n, since, found_at)
    select shop_id, kind, about, n, since, ${time(now)} from given order by shop_id, kind, about
    on conflict (shop_id, kind, about) do update set n = excluded.n, since = excluded.since`.execute(db);
}

/** How many things of each kind were found amiss at the last look. */
export async function findingsByKind(db: Kysely<Schema>): Promise<readonly { readonly kind: string; readonly n: number }[]> {
  return db
    .selectFrom("findings")
    .select(({ fn }) => ["kind", fn.countAll<number>().as("n")])
    .groupBy("kind")
    .execute();
}
