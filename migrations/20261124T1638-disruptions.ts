import { type Kysely, sql } from "kysely";

/** Events that delay parcels already on their way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table disruptions (
    id uuid primary key,
    shop_id uuid not null references shops (id),
    name text not null,
    text text not null,
    starts date not null,
    expected_end date,
    carriers text[],
    services text[],
    countries text[],
    dispatched_from date,
    dispatched_to date,
    telling int not null default 1 check (telling >= 1),
    told_from timestamptz not null,
    ended_at timestamptz,
    created_at timestamptz not null,
    unique (shop_id, id),
    check (expected_end >= starts),
    check (dispatched_to >= dispatched_from)
  )`,
  "comment on column disruptions.text is 'what happened, in one sentence for buyers'",
  "comment on column disruptions.telling is 'how often buyers are told of it: each telling is a message of its own'",
  "comment on column disruptions.told_from is 'when the last telling was asked for; nobody is told earlier'",
  "create index disruptions_shop on disruptions (shop_id, starts)",
  "comment on index disruptions_shop is 'which disruptions does this shop have, in order?'",
];
