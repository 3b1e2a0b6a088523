import { type Kysely, sql } from "kysely";

/** What people must do, and facts that no delivery brought: what buyers say on their page, and what operators do. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  "alter table facts alter column source_id drop not null",
  "alter table facts alter column delivery_id drop not null",
  "alter table facts add constraint facts_origin check ((source_id is null) = (delivery_id is null))",
  "comment on column facts.source_id is 'null: said on the buyer''s page, or by an operator'",

  `create table tasks (
    id uuid primary key,
    shop_id uuid not null,
    order_id uuid not null,
    message_id uuid,
    kind text not null check (kind in ('delivery-late', 'dispatch-late', 'review-recovery', 'dispute-proposal', 'not-arrived', 'problem',
      'message-unsure', 'message-failed', 'needs-attention')),
    about text not null,
    step text,
    occurrence_kind text,
    occurrence_id text,
    choice text,
    words text,
    answer_by date,
    state text not null check (state in ('open', 'resolved')),
    resolution text check (resolution in ('done', 'resent', 'refunded', 'answered', 'declined', 'no-longer-needed')),
    note text,
    opened_at timestamptz not null,
    updated_at timestamptz not null,
    resolved_at timestamptz,
    foreign key (shop_id, order_id) references orders (shop_id, id),
    foreign key (shop_id, message_id) references messages (shop_id, id),
    check ((state = 'resolved') = (resolved_at is not null)),
    check ((state = 'resolved') = (resolution is not null)),
    check ((occurrence_kind is null) = (occurrence_id is null)),
    check ((choice is not null) = (kind in ('delivery-late', 'dispatch-late', 'review-recovery', 'dispute-proposal')))
  )`,
  "comment on table tasks is 'what a person must do about an order'",
  "comment on column tasks.about is 'what tells two tasks of a kind apart: an occurrence''s id, a report''s, a message''s, a step with its occurrence'",
  "comment on column tasks.words is 'what the buyer wrote; null: nothing, or erased'",
  "comment on column tasks.answer_by is 'the day by which the buyer was promised an answer'",
  "create unique index tasks_open on tasks (order_id, kind, about) where state = 'open'",
  "comment on index tasks_open is 'is there an open task about this already? at most one'",
  "create index tasks_order on tasks (order_id)",
  "comment on index tasks_order is 'which tasks did an order ever have?'",
  "create index tasks_shop on tasks (shop_id, state, id desc)",
  "comment on index tasks_shop is 'what must people of this shop do, newest first?'",
  "create index tasks_message on tasks (message_id) where message_id is not null",
  "comment on index tasks_message is 'may this message be deleted?'",
];
