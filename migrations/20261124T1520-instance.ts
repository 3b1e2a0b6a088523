import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table instance (
    only_one boolean primary key default true check (only_one),
    id uuid not null,
    key_hash text not null,
    database text not null,
    public_url text,
    counter bigint not null default 0 check (counter >= 0),
    held_because text,
    held_since timestamptz,
    claimed_at timestamptz not null,
    check ((held_because is null) = (held_since is null))
  )`,
  "comment on table instance is 'whose database this is: a copy of it, or an older state of it, must not send (clone safety)'",
  "comment on column instance.counter is 'grows whenever mail is claimed; mirrored outside the database, so that a restored dump is noticed'",
  "comment on column instance.held_because is 'set when the counter went back: nothing is sent until an operator takes over'",
];
