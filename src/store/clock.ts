import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** Where the manual clock stood last; `null` when it never ran on this database. */
export async function storedClock(db: Kysely<Schema>): Promise<Instant | null> {
  const row = await db.selectFrom("clock").select("now").executeTakeFirst();
  return row?.now ?? null;
}

/** Remembers where the manual clock stands. */
export async function storeClock(db: Kysely<Schema>, now: Instant): Promise<void> {
  await db
    .insertInto("clock")
    .values({ id: true, now: time(now) })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ now: time(now) }))
    .execute();
}
