import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table policy_refusals (
    shop_id uuid not null references shops (id),
    at timestamptz not null
  )`,
  "comment on table policy_refusals is 'when servers refused mail of a shop for what it is or whom it is from (5.7.x), not for its recipient'",
  "create index policy_refusals_shop on policy_refusals (shop_id, at)",
  "comment on index policy_refusals_shop is 'how often lately, in this shop?'",
  `create table shop_rests (
    shop_id uuid primary key references shops (id),
    until timestamptz not null,
    because text not null
  )`,
  "comment on table shop_rests is 'shops whose mail rests, because servers refused too much of it for policy (standards 2.4)'",
];
