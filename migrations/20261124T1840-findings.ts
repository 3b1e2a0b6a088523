import { type Kysely, sql } from "kysely";

/** What needs a person's look, as last found. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table findings (
    shop_id uuid not null references shops (id),
    kind text not null,
    about text not null,
    n integer not null check (n > 0),
    since timestamptz,
    found_at timestamptz not null,
    primary key (shop_id, kind, about)
  )`,
  "comment on table findings is 'what the watch found amiss, as it stood at its last look; the API looks anew'",
  "comment on column findings.about is 'a source, a kind of task, a country; empty: the shop as a whole'",
  "comment on column findings.found_at is 'when it was first found, of all looks since that found it too'",
  "create index facts_parcels on facts (shop_id, at) where slot like 'shipment:%'",
  "comment on index facts_parcels is 'which parcels left lately (are their buyers told)?'",
  "create index messages_refused on messages (shop_id, updated_at) where state = 'failed' and reason = 'refused'",
  "comment on index messages_refused is 'how many mails were refused for good lately?'",
];
