import { type Kysely, sql } from "kysely";

/** What the console's lists are looked through by: buyers, orders by the day they were placed, messages of a category or a step. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  "create index orders_buyer on orders (shop_id, email_hash, id desc)",
  "comment on index orders_buyer is 'which orders are this buyer''s, and is there a newer one than this?'",
  "drop index orders_email",

  "create index orders_placed on orders (shop_id, placed_at desc, id desc) where placed_at is not null",
  "comment on index orders_placed is 'which orders of this shop were placed last, or first?'",

  "create index messages_kind on messages (shop_id, category, step, id desc)",
  "comment on index messages_kind is 'which messages of this shop are of this category or step, newest first; which are there?'",
];
