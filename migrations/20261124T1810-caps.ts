import { type Kysely, sql } from "kysely";

/** How much mail one buyer gets, as a shop sets it, and which mails invited feedback. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table shops
    add column days_between_asks integer not null default 7 check (days_between_asks between 1 and 90),
    add column mails_per_day integer not null default 1 check (mails_per_day between 1 and 10),
    add column customer_notice text,
    add column customer_notice_since timestamptz,
    add check ((customer_notice is null) = (customer_notice_since is null))`,
  "comment on column shops.days_between_asks is 'one request for a review, invitation to feedback or offer to a buyer in so many days (LAW-03)'",
  "comment on column shops.mails_per_day is 'so many care, review and offer mails to a buyer in 24 hours (P10)'",
  "comment on column shops.customer_notice is 'what the shop tells buyers when it takes their address: that it may ask them for a review, and how to object (LAW-01); null: it tells them nothing'",
  "alter table messages add column invited boolean not null default false",
  "comment on column messages.invited is 'care mail: while in hand, that it may invite feedback; once tried, that it did (LAW-03)'",
  "create index messages_buyer_mailed on messages (shop_id, email_hash, sent_at) where category <> 'order' and sent_at is not null",
  "comment on index messages_buyer_mailed is 'what care, review and offer mail has this buyer had lately (P10)?'",
  "drop index messages_buyer_asked",
];
