import { type Kysely, sql } from "kysely";

/** Who may use the console, who is signed in, and what was changed by whom. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table users (
    id uuid primary key,
    email text not null unique check (email = lower(email)),
    name text not null,
    role text not null check (role in ('owner', 'operator', 'viewer')),
    password_hash text,
    locale text,
    theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
    disabled boolean not null default false,
    created_at timestamptz not null,
    last_seen_at timestamptz
  )`,
  "comment on table users is 'people of the console; of the whole installation, not of one shop'",
  "comment on column users.password_hash is 'scrypt with its parameters and salt; null until a password was chosen through a link'",
  "comment on column users.locale is 'BCP 47 of the console''s words; null: as the browser asks'",
  "comment on column users.last_seen_at is 'to within a minute'",

  `create table sessions (
    hash bytea primary key check (octet_length(hash) = 32),
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    toast jsonb
  )`,
  "comment on column sessions.hash is 'SHA-256 of what the cookie holds, which is 256 random bits and stored nowhere'",
  "comment on column sessions.toast is 'what the next page says once about the change just made'",
  "create index sessions_user on sessions (user_id)",
  "comment on index sessions_user is 'which sessions end when a user is disabled or gets another password?'",
  "create index sessions_expiry on sessions (expires_at)",
  "comment on index sessions_expiry is 'which sessions ran out?'",

  `create table audit_log (
    id uuid primary key,
    at timestamptz not null,
    shop_id uuid references shops (id),
    actor_kind text not null check (actor_kind in ('user', 'token', 'service')),
    actor_id uuid,
    actor text not null,
    action text not null,
    subject text,
    before jsonb,
    after jsonb,
    check ((actor_kind = 'user') = (actor_id is not null))
  )`,
  "comment on table audit_log is 'who changed what; written in the transaction of the change, never changed afterwards'",
  "comment on column audit_log.shop_id is 'null: of the whole installation'",
  "comment on column audit_log.actor is 'name at that time, of a user or of the token that was used'",
  "comment on column audit_log.subject is 'id of what was changed'",
  "comment on column audit_log.before is 'the fields that were changed, as they were; never a secret'",
  "create index audit_log_shop on audit_log (shop_id, id desc)",
  "comment on index audit_log_shop is 'what was changed in this shop lately?'",
];
