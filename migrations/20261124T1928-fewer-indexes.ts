import { type Kysely, sql } from "kysely";

/**
 * "Newest first" is answered by the unique index on (shop_id, id), read backwards: ids sort by the time they were made. Each index less is one
 * entry less to write for each change of a message's state.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index messages_newest`.execute(db);
  await sql`drop index orders_newest`.execute(db);
}
