import { type Kysely, sql } from "kysely";

/** Long work that somebody asked for: moves over a whole filter, a shop planned anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table errands (
    id uuid primary key,
    shop_id uuid not null references shops (id),
    asked jsonb not null,
    actor_kind text not null check (actor_kind in ('user', 'token', 'service')),
    actor_id uuid,
    actor text not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
    total int check (total >= 0),
    done int not null default 0 check (done >= 0),
    counts jsonb not null default '{}',
    skipped jsonb not null default '{}',
    cursor uuid,
    tries int not null default 0,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    unique (shop_id, id),
    check ((ended_at is not null) = (state in ('done', 'cancelled', 'failed'))),
    check (state <> 'running' or (started_at is not null and total is not null))
  )`,
  "comment on table errands is 'long work that somebody asked for, done in batches; what is still to do follows from the row, so that any process can go on'",
  "comment on column errands.asked is 'what is to be done, as core/errand.ts reads it'",
  "comment on column errands.total is 'how many things it is about; null until they were counted'",
  "comment on column errands.done is 'how many of them were looked at'",
  "comment on column errands.counts is 'what was changed, by kind'",
  "comment on column errands.skipped is 'what was left alone, by reason'",
  "comment on column errands.cursor is 'the last thing that was looked at; null before the first'",
  "comment on column errands.tries is 'how often a batch was begun since the last one that ended well'",
  "create index errands_open on errands (created_at) where state in ('waiting', 'running')",
  "comment on index errands_open is 'which long work is still to be done, the longest asked for first?'",
  "create index errands_shop on errands (shop_id, id desc)",
  "comment on index errands_shop is 'which long work was asked for in this shop, newest first?'",

  `create table errand_messages (
    errand_id uuid not null references errands (id) on delete cascade,
    message_id uuid not null,
    primary key (errand_id, message_id)
  )`,
  "comment on table errand_messages is 'which messages an errand moved, so that exactly these can be moved back'",
];
