import { type Kysely, sql } from "kysely";

/** The first schema: shops and their sources, deliveries, orders and facts, the ledger of messages, and who may not be mailed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table shops (
    id uuid primary key,
    name text not null,
    time_zone text not null,
    locale text not null,
    country text not null check (country ~ '^[A-Z]{2}$'),
    from_name text not null,
    from_address text not null,
    reply_to text,
    postal_address text,
    website text,
    logo_url text,
    color text,
    review_url text,
    signed_by text,
    live_from timestamptz not null,
    sending boolean not null,
    redirect_to text,
    schedule_version integer not null,
    replanning_until timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  "comment on column shops.replanning_until is 'until then somebody plans all orders of the shop again and counts what changes; the plan job keeps off'",

  `create table schedules (
    shop_id uuid not null references shops (id),
    version integer not null check (version > 0),
    schedule jsonb not null,
    since jsonb not null,
    published_at timestamptz not null,
    primary key (shop_id, version)
  )`,
  "comment on column schedules.since is 'step key -> when the version that brought the step was published; null: with the first version (P4)'",

  `create table sources (
    id uuid primary key,
    shop_id uuid not null references shops (id),
    platform text not null,
    domain text,
    augments uuid,
    secret bytea not null,
    old_secret bytea,
    created_at timestamptz not null,
    last_delivery_at timestamptz,
    unique (shop_id, id),
    foreign key (shop_id, augments) references sources (shop_id, id)
  )`,
  "comment on column sources.secret is 'sealed with SECRET_KEY; the old one stays valid until it is deleted (IN-03)'",

  `create table deliveries (
    id uuid primary key,
    shop_id uuid not null,
    source_id uuid not null,
    topic text not null,
    headers jsonb not null,
    body bytea,
    received_at timestamptz not null,
    state text not null default 'stored' check (state in ('stored', 'taken', 'ignored', 'waiting', 'quarantined')),
    reason text,
    pointer text,
    waits_for text,
    taken_at timestamptz,
    check ((state = 'stored') = (taken_at is null)),
    check (state not in ('quarantined', 'waiting') or reason is not null),
    check (state <> 'waiting' or waits_for is not null),
    foreign key (shop_id, source_id) references sources (shop_id, id)
  )`,
  "comment on column deliveries.body is 'the bytes as they came; null once pruned'",
  "create index deliveries_stored on deliveries (received_at, id) where state = 'stored'",
  "comment on index deliveries_stored is 'which deliveries are still to be taken in, oldest first?'",
  "create index deliveries_waiting on deliveries (source_id, waits_for) where state = 'waiting'",
  "comment on index deliveries_waiting is 'which deliveries wait for this order to appear?'",
  "create index deliveries_quarantine on deliveries (source_id, id) where state in ('quarantined', 'waiting')",
  "comment on index deliveries_quarantine is 'what of this source could not be used, newest first?'",
  "create index deliveries_received on deliveries (received_at) where body is not null",
  "comment on index deliveries_received is 'which bodies are old enough to be dropped?'",

  `create table delivery_keys (
    source_id uuid not null references sources (id),
    key text not null,
    delivery_id uuid not null,
    first_seen timestamptz not null,
    primary key (source_id, key)
  )`,
  "create index delivery_keys_first_seen on delivery_keys (first_seen)",
  "comment on index delivery_keys_first_seen is 'which idempotency keys are past their 90 days (IN-05)?'",

  `create table orders (
    id uuid primary key,
    shop_id uuid not null,
    source_id uuid not null,
    external_id text not null,
    order_day date not null,
    known boolean not null default false,
    number text,
    placed_at timestamptz,
    country text,
    buyer_name text,
    email text,
    email_hash bytea,
    test boolean not null default false,
    dirty integer not null default 0 check (dirty >= 0),
    schedule_version integer not null,
    first_seen timestamptz not null,
    closed_at timestamptz,
    unique (shop_id, id),
    unique (source_id, external_id),
    foreign key (shop_id, source_id) references sources (shop_id, id),
    foreign key (shop_id, schedule_version) references schedules (shop_id, version)
  )`,
  "create index orders_dirty on orders (id) where dirty > 0 and closed_at is null",
  "comment on index orders_dirty is 'which orders must be planned again?'",
  "create index orders_number on orders (shop_id, number)",
  "comment on index orders_number is 'which order of this shop has this number?'",
  "create index orders_email on orders (shop_id, email_hash)",
  "comment on index orders_email is 'which orders are this buyer''s?'",
  "create index orders_open on orders (shop_id, id) where closed_at is null",
  "comment on index orders_open is 'which orders does a closure or a new schedule version concern?'",

  `create table facts (
    shop_id uuid not null,
    order_id uuid not null,
    slot text not null,
    at timestamptz not null,
    weight smallint not null,
    hash text collate "C" not null,
    says jsonb not null,
    source_id uuid not null,
    delivery_id uuid not null,
    primary key (order_id, slot),
    foreign key (shop_id, order_id) references orders (shop_id, id)
  )`,
  "comment on table facts is 'of all facts that fill a slot of an order, the one that holds (P1)'",

  `create table moves (
    id uuid primary key,
    shop_id uuid not null,
    order_id uuid not null,
    step text not null,
    occurrence_kind text not null,
    occurrence_id text not null,
    move text not null check (move in ('release', 'hold', 'send-now', 'cancel')),
    at timestamptz not null,
    foreign key (shop_id, order_id) references orders (shop_id, id)
  )`,
  "create index moves_order on moves (order_id)",
  "comment on index moves_order is 'what did operators decide about this order''s messages?'",

  `create table closures (
    id uuid primary key,
    shop_id uuid not null references shops (id),
    name text not null,
    starts date not null,
    ends date not null check (ends >= starts),
    resumes date not null check (resumes > ends),
    carriers text[],
    created_at timestamptz not null,
    unique (shop_id, id)
  )`,
  "create index closures_shop on closures (shop_id, starts)",
  "comment on index closures_shop is 'which closures does this shop have, in order?'",

  `create table messages (
    id uuid primary key,
    shop_id uuid not null,
    order_id uuid not null,
    order_day date not null,
    step text not null,
    occurrence_kind text not null,
    occurrence_id text not null,
    template text not null,
    category text not null check (category in ('order', 'care', 'review', 'offer')),
    state text not null check (state in ('planned', 'queued', 'sending', 'sent', 'delivered', 'bounced', 'complained', 'cancelled', 'stale', 'held', 'failed', 'unsure')),
    slot_at timestamptz not null,
    due_at timestamptz not null,
    stale_at timestamptz not null,
    deferred_until timestamptz,
    reason text,
    because jsonb not null,
    schedule_version integer not null,
    email_hash bytea,
    lease_token uuid,
    lease_until timestamptz,
    attempts smallint not null default 0 check (attempts >= 0),
    resend boolean not null default false,
    first_attempt_at timestamptz,
    sent_at timestamptz,
    updated_at timestamptz not null,
    unique (shop_id, id),
    unique (order_day, order_id, step, occurrence_kind, occurrence_id),
    foreign key (shop_id, order_id) references orders (shop_id, id),
    check ((state in ('queued', 'sending')) = (lease_token is not null and lease_until is not null)),
    check ((state in ('sent', 'delivered', 'bounced', 'complained', 'unsure')) = (sent_at is not null) or resend),
    check (state not in ('cancelled', 'stale', 'held', 'failed', 'unsure') or reason is not null)
  ) with (fillfactor = 85)`,
  "comment on table messages is 'the ledger: a row of a timetable, kept for good; identity by order, step and occurrence (P3)'",
  "comment on column messages.resend is 'an order mail in doubt is sent once more with the same Message-ID and Date (REL-02)'",
  "create index messages_due on messages (shop_id, due_at) where state = 'planned'",
  "comment on index messages_due is 'what is due in this shop, longest due first?'",
  "create index messages_due_overall on messages (due_at) where state = 'planned'",
  "comment on index messages_due_overall is 'what is the next instant at which anything is due; how late are we?'",
  "create index messages_leased on messages (lease_until) where state in ('queued', 'sending')",
  "comment on index messages_leased is 'which leases have run out; how much is in flight?'",
  "create index messages_order on messages (order_id)",
  "comment on index messages_order is 'what has this order got?'",
  "create index messages_newest on messages (shop_id, id desc)",
  "comment on index messages_newest is 'what does the ledger of this shop hold, newest first?'",
  "create index messages_buyer_open on messages (shop_id, email_hash) where state in ('planned', 'queued', 'sending', 'held')",
  "comment on index messages_buyer_open is 'what is on its way to this address (an unsubscribe must stop it, OUT-06)?'",
  "create index messages_buyer_asked on messages (shop_id, email_hash, sent_at) where category in ('review', 'offer') and sent_at is not null",
  "comment on index messages_buyer_asked is 'when was this buyer last asked for something (P10)?'",

  `create table attempts (
    id uuid primary key,
    shop_id uuid not null,
    message_id uuid not null,
    token uuid not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    outcome text check (outcome in ('sent', 'later', 'refused', 'unsure', 'transport-down', 'mailbox-full', 'stale')),
    phase text,
    answer text,
    rfc_message_id text not null,
    rfc_date timestamptz not null,
    recipient text,
    template_version text not null,
    input jsonb,
    check ((ended_at is null) = (outcome is null)),
    foreign key (shop_id, message_id) references messages (shop_id, id)
  )`,
  "comment on column attempts.input is 'what the template was given, so that the mail can be shown as it went out; null once pseudonymised (LAW-05)'",
  "create index attempts_message on attempts (message_id, started_at)",
  "comment on index attempts_message is 'how often was this message tried, and what did the server say?'",

  `create table templates (
    version text primary key,
    key text not null,
    locale text not null,
    compiled jsonb not null,
    created_at timestamptz not null
  )`,
  "comment on table templates is 'every compiled template that ever sent a mail, by content hash'",

  `create table suppressions (
    id uuid primary key,
    shop_id uuid not null references shops (id),
    address_hash bytea not null,
    address text,
    scope text not null check (scope in ('all', 'care', 'review', 'offer')),
    reason text not null,
    created_at timestamptz not null,
    unique (shop_id, id),
    unique (shop_id, address_hash, scope)
  )`,
  "comment on column suppressions.address is 'for the operator''s list; null once the buyer is erased, while the hash goes on protecting'",

  `create table consents (
    id uuid primary key,
    shop_id uuid not null references shops (id),
    address_hash bytea not null,
    address text,
    scope text not null check (scope in ('review', 'offer')),
    text text not null,
    source text not null,
    at timestamptz not null,
    withdrawn_at timestamptz,
    order_id uuid,
    unique (shop_id, id),
    unique (shop_id, address_hash, scope, at)
  )`,

  `create table mailbox (
    id uuid primary key,
    received_at timestamptz not null,
    sender text not null,
    recipient text not null,
    subject text not null,
    raw bytea not null
  )`,
  "comment on table mailbox is 'mail that stays here because no SMTP_URL is set; the newest 2,000 are kept'",

  `create table clock (
    id boolean primary key default true check (id),
    now timestamptz not null
  )`,
  "comment on table clock is 'where the manual clock stands (CLOCK=manual)'",

  "create table message_counts (state text primary key, n bigint not null)",
  "create table message_count_changes (state text not null, n bigint not null)",
  "comment on table message_count_changes is 'appended by triggers and folded into message_counts, so that counting never makes writers wait for each other'",
  `create function count_messages() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      insert into message_count_changes select state, count(*) from after group by state;
    elsif tg_op = 'DELETE' then
      insert into message_count_changes select state, -count(*) from before group by state;
    else
      insert into message_count_changes
        select state, sum(n) from (select state, 1 as n from after union all select state, -1 from before) as changes group by state having sum(n) <> 0;
    end if;
    return null;
  end $$`,
  "create trigger count_inserted after insert on messages referencing new table as after for each statement execute function count_messages()",
  "create trigger count_updated after update on messages referencing old table as before new table as after for each statement execute function count_messages()",
  "create trigger count_deleted after delete on messages referencing old table as before for each statement execute function count_messages()",
];
