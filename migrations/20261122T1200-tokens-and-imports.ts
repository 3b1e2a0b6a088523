import { type Kysely, sql } from "kysely";

/** Tokens of the API beside the one in the environment, and each shop's source for orders that are read from a file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table api_tokens (
    id uuid primary key,
    name text not null,
    role text not null check (role in ('owner', 'operator', 'viewer')),
    hash bytea not null unique check (octet_length(hash) = 32),
    created_at timestamptz not null,
    last_used_at timestamptz
  )`,
  "comment on column api_tokens.hash is 'SHA-256 of the token, which is 256 random bits and stored nowhere'",
  "comment on column api_tokens.last_used_at is 'to within a minute'",

  `create table import_sources (
    shop_id uuid primary key references shops (id),
    source_id uuid not null,
    foreign key (shop_id, source_id) references sources (shop_id, id)
  )`,
  "comment on table import_sources is 'the source that a shop''s imports belong to when they name none; made with the first one'",
];
