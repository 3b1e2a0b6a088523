import { type Kysely, sql } from "kysely";
import { type Instant, plus } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** What the server says of itself. */
export interface ServerFacts {
  /** As 180004. */
  readonly version: number;
  /** Its clock. */
  readonly now: Instant;
}

export async function serverFacts(db: Kysely<Schema>): Promise<ServerFacts> {
  const { rows } = await sql<{ version: number; now: Instant }>`
    select current_setting('server_version_num')::integer as version, clock_timestamp() as now`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error("the server answered nothing");
  return row;
}

export interface QuietSource {
  readonly id: string;
  readonly platform: string;
  readonly shop: string;
  /** `null`: never. */
  readonly lastDeliveryAt: Instant | null;
}

/** Sources of shops that send from which nothing has come for `quietMs`, nor were they made since; those of imports are left out. At most 20. */
export async function quietSources(db: Kysely<Schema>, now: Instant, quietMs: number): Promise<readonly QuietSource[]> {
  const since = time(plus(now, -quietMs));
  const rows = await db
    .selectFrom("sources as s")
    .innerJoin("shops as h", "h.id", "s.shop_id")
    .leftJoin("import_sources as i", "i.source_id", "s.id")
    .select(["s.id", "s.platform", "h.name", "s.last_delivery_at"])
    .where("i.source_id", "is", null)
    .where("h.sending", "=", true)
    .where(sql<boolean>`coalesce(s.last_delivery_at, s.created_at) < ${since}`)
    .orderBy("s.id")
    .limit(20)
    .execute();
  return rows.map((row) => ({ id: row.id, platform: row.platform, shop: row.name, lastDeliveryAt: row.last_delivery_at }));
}

export interface ShopFlaws {
  readonly name: string;
  readonly noPostalAddress: boolean;
  readonly notSending: boolean;
  readonly redirected: boolean;
}

/** Shops with something that an operator may have forgotten. At most 50. */
export async function flawedShops(db: Kysely<Schema>): Promise<readonly ShopFlaws[]> {
  const rows = await db
    .selectFrom("shops")
    .select(["name", "postal_address", "sending", "redirect_to"])
    .where(({ eb, or }) => or([eb("postal_address", "is", null), eb("sending", "=", false), eb("redirect_to", "is not", null)]))
    .orderBy("id")
    .limit(50)
    .execute();
  return rows.map((row) => ({
    name: row.name,
    noPostalAddress: row.postal_address === null,
    notSending: !row.sending,
    redirected: row.redirect_to !== null,
  }));
}

/** The countries of all shops that send, each with the latest of the days that one of its shops has entered for its parcels; `null`: none. */
export async function shopCountries(
  db: Kysely<Schema>,
): Promise<readonly { readonly country: string; readonly lastOwnDay: string | null }[]> {
  return db
    .selectFrom("shops as s")
    .leftJoin("calendar_days as d", (join) => join.onRef("d.shop_id", "=", "s.id").on("d.calendar", "=", "dispatch"))
    .select(["s.country", ({ fn }) => fn.max("d.day").as("lastOwnDay")])
    .where("s.sending", "=", true)
    .groupBy("s.country")
    .orderBy("s.country")
    .execute();
}
