import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Runs in a transaction: in the one that `db` already is, else in one of its own. */
export function inTransaction<Result>(db: Kysely<Schema>, run: (trx: Kysely<Schema>) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? run(db) : db.transaction().execute(run);
}
