import { type Kysely, sql } from "kysely";

/** What operators find orders and messages by: a buyer's name, a tracking number, a state that is rare. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  "create index orders_buyer_name on orders using gin (to_tsvector('simple', coalesce(buyer_name, '')))",
  "comment on index orders_buyer_name is 'whose name has words that begin like this?'",

  "create index orders_newest on orders (shop_id, id desc)",
  "comment on index orders_newest is 'which orders does this shop have, newest first?'",

  "create index facts_tracking on facts (shop_id, (says ->> 'trackingNumber')) where slot like 'shipment:%'",
  "comment on index facts_tracking is 'which order is the parcel of this tracking number of?'",

  "create index messages_state on messages (shop_id, state, id desc) where state not in ('planned', 'sent', 'cancelled')",
  "comment on index messages_state is 'which messages of this shop are in this state, where the newest rows would hold few of them?'",

  "create index messages_sent on messages (shop_id, sent_at desc) where sent_at is not null",
  "comment on index messages_sent is 'what went out of this shop, newest first; how much since midnight?'",
];
