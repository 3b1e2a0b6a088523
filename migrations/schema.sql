-- Made by `npm run schema` from the migrations; do not edit.

create table api_tokens (
  id uuid not null,
  name text not null,
  role text not null,
  hash bytea not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone
);
alter table api_tokens add CHECK ((octet_length(hash) = 32));
alter table api_tokens add CHECK ((role = ANY (ARRAY['owner'::text, 'operator'::text, 'viewer'::text])));
alter table api_tokens add PRIMARY KEY (id);
alter table api_tokens add UNIQUE (hash);

create table attempts (
  id uuid not null,
  shop_id uuid not null,
  message_id uuid not null,
  token uuid not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  outcome text,
  phase text,
  answer text,
  rfc_message_id text not null,
  rfc_date timestamp with time zone not null,
  recipient text,
  template_version text not null,
  input jsonb
);
alter table attempts add CHECK (((ended_at IS NULL) = (outcome IS NULL)));
alter table attempts add CHECK ((outcome = ANY (ARRAY['sent'::text, 'later'::text, 'refused'::text, 'unsure'::text, 'transport-down'::text, 'mailbox-full'::text, 'stale'::text])));
alter table attempts add FOREIGN KEY (shop_id, message_id) REFERENCES messages(shop_id, id);
alter table attempts add PRIMARY KEY (id);
CREATE INDEX attempts_message ON public.attempts USING btree (message_id, started_at);
  -- how often was this message tried, and what did the server say?

create table audit_log (
  id uuid not null,
  at timestamp with time zone not null,
  shop_id uuid,
  actor_kind text not null,
  actor_id uuid,
  actor text not null,
  action text not null,
  subject text,
  before jsonb,
  after jsonb
);
alter table audit_log add CHECK (((actor_kind = 'user'::text) = (actor_id IS NOT NULL)));
alter table audit_log add CHECK ((actor_kind = ANY (ARRAY['user'::text, 'token'::text, 'service'::text])));
alter table audit_log add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table audit_log add PRIMARY KEY (id);
CREATE INDEX audit_log_shop ON public.audit_log USING btree (shop_id, id DESC);
  -- what was changed in this shop lately?

create table calendar_days (
  shop_id uuid not null,
  calendar text not null,
  country text,
  day date not null,
  kind text not null,
  name text not null
);
alter table calendar_days add CHECK ((calendar = ANY (ARRAY['dispatch'::text, 'contact'::text])));
alter table calendar_days add CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table calendar_days add CHECK ((kind = ANY (ARRAY['holiday'::text, 'workday'::text])));
alter table calendar_days add FOREIGN KEY (shop_id) REFERENCES shops(id);
CREATE UNIQUE INDEX calendar_days_once ON public.calendar_days USING btree (shop_id, calendar, day, COALESCE(country, ''::text));
  -- which own days has this shop? And: one word about a day in a calendar

create table clock (
  id boolean not null default true,
  now timestamp with time zone not null
);
alter table clock add CHECK (id);
alter table clock add PRIMARY KEY (id);

create table closures (
  id uuid not null,
  shop_id uuid not null,
  name text not null,
  starts date not null,
  ends date not null,
  resumes date not null,
  carriers text[],
  created_at timestamp with time zone not null
);
alter table closures add CHECK ((ends >= starts));
alter table closures add CHECK ((resumes > ends));
alter table closures add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table closures add PRIMARY KEY (id);
alter table closures add UNIQUE (shop_id, id);
CREATE INDEX closures_shop ON public.closures USING btree (shop_id, starts);
  -- which closures does this shop have, in order?

create table consents (
  id uuid not null,
  shop_id uuid not null,
  address_hash bytea not null,
  address text,
  scope text not null,
  text text not null,
  source text not null,
  at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  order_id uuid
);
alter table consents add CHECK ((scope = ANY (ARRAY['review'::text, 'offer'::text])));
alter table consents add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table consents add PRIMARY KEY (id);
alter table consents add UNIQUE (shop_id, address_hash, scope, at);
alter table consents add UNIQUE (shop_id, id);

create table deliveries (
  id uuid not null,
  shop_id uuid not null,
  source_id uuid not null,
  topic text not null,
  headers jsonb not null,
  body bytea,
  received_at timestamp with time zone not null,
  state text not null default 'stored'::text,
  reason text,
  pointer text,
  waits_for text,
  taken_at timestamp with time zone
);
alter table deliveries add CHECK (((state <> 'waiting'::text) OR (waits_for IS NOT NULL)));
alter table deliveries add CHECK (((state <> ALL (ARRAY['quarantined'::text, 'waiting'::text])) OR (reason IS NOT NULL)));
alter table deliveries add CHECK (((state = 'stored'::text) = (taken_at IS NULL)));
alter table deliveries add CHECK ((state = ANY (ARRAY['stored'::text, 'taken'::text, 'ignored'::text, 'waiting'::text, 'quarantined'::text])));
alter table deliveries add FOREIGN KEY (shop_id, source_id) REFERENCES sources(shop_id, id);
alter table deliveries add PRIMARY KEY (id);
CREATE INDEX deliveries_quarantine ON public.deliveries USING btree (source_id, id) WHERE (state = ANY (ARRAY['quarantined'::text, 'waiting'::text]));
  -- what of this source could not be used, newest first?
CREATE INDEX deliveries_received ON public.deliveries USING btree (received_at) WHERE (body IS NOT NULL);
  -- which bodies are old enough to be dropped?
CREATE INDEX deliveries_stored ON public.deliveries USING btree (received_at, id) WHERE (state = 'stored'::text);
  -- which deliveries are still to be taken in, oldest first?
CREATE INDEX deliveries_waiting ON public.deliveries USING btree (source_id, waits_for) WHERE (state = 'waiting'::text);
  -- which deliveries wait for this order to appear?

create table delivery_keys (
  source_id uuid not null,
  key text not null,
  delivery_id uuid not null,
  first_seen timestamp with time zone not null
);
alter table delivery_keys add FOREIGN KEY (source_id) REFERENCES sources(id);
alter table delivery_keys add PRIMARY KEY (source_id, key);
CREATE INDEX delivery_keys_first_seen ON public.delivery_keys USING btree (first_seen);
  -- which idempotency keys are past their 90 days (IN-05)?

create table dismissed_closures (
  shop_id uuid not null,
  suggestion text not null,
  dismissed_at timestamp with time zone not null
);
alter table dismissed_closures add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table dismissed_closures add PRIMARY KEY (shop_id, suggestion);

create table disruptions (
  id uuid not null,
  shop_id uuid not null,
  name text not null,
  text text not null,
  starts date not null,
  expected_end date,
  carriers text[],
  services text[],
  countries text[],
  dispatched_from date,
  dispatched_to date,
  telling integer not null default 1,
  told_from timestamp with time zone not null,
  ended_at timestamp with time zone,
  created_at timestamp with time zone not null
);
alter table disruptions add CHECK ((dispatched_to >= dispatched_from));
alter table disruptions add CHECK ((expected_end >= starts));
alter table disruptions add CHECK ((telling >= 1));
alter table disruptions add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table disruptions add PRIMARY KEY (id);
alter table disruptions add UNIQUE (shop_id, id);
CREATE INDEX disruptions_shop ON public.disruptions USING btree (shop_id, starts);
  -- which disruptions does this shop have, in order?

create table errand_messages (
  errand_id uuid not null,
  message_id uuid not null
);
alter table errand_messages add FOREIGN KEY (errand_id) REFERENCES errands(id) ON DELETE CASCADE;
alter table errand_messages add PRIMARY KEY (errand_id, message_id);

create table errands (
  id uuid not null,
  shop_id uuid not null,
  asked jsonb not null,
  actor_kind text not null,
  actor_id uuid,
  actor text not null,
  state text not null default 'waiting'::text,
  total integer,
  done integer not null default 0,
  counts jsonb not null default '{}'::jsonb,
  skipped jsonb not null default '{}'::jsonb,
  cursor uuid,
  tries integer not null default 0,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone
);
alter table errands add CHECK (((ended_at IS NOT NULL) = (state = ANY (ARRAY['done'::text, 'cancelled'::text, 'failed'::text]))));
alter table errands add CHECK (((state <> 'running'::text) OR ((started_at IS NOT NULL) AND (total IS NOT NULL))));
alter table errands add CHECK ((actor_kind = ANY (ARRAY['user'::text, 'token'::text, 'service'::text])));
alter table errands add CHECK ((done >= 0));
alter table errands add CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'cancelled'::text, 'failed'::text])));
alter table errands add CHECK ((total >= 0));
alter table errands add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table errands add PRIMARY KEY (id);
alter table errands add UNIQUE (shop_id, id);
CREATE INDEX errands_open ON public.errands USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
  -- which long work is still to be done, the longest asked for first?
CREATE INDEX errands_shop ON public.errands USING btree (shop_id, id DESC);
  -- which long work was asked for in this shop, newest first?

create table facts (
  shop_id uuid not null,
  order_id uuid not null,
  slot text not null,
  at timestamp with time zone not null,
  weight smallint not null,
  hash text collate "C" not null,
  says jsonb not null,
  source_id uuid,
  delivery_id uuid
);
alter table facts add CHECK (((source_id IS NULL) = (delivery_id IS NULL)));
alter table facts add FOREIGN KEY (shop_id, order_id) REFERENCES orders(shop_id, id);
alter table facts add PRIMARY KEY (order_id, slot);
CREATE INDEX facts_parcels ON public.facts USING btree (shop_id, at) WHERE (slot ~~ 'shipment:%'::text);
  -- which parcels left lately (are their buyers told)?
CREATE INDEX facts_tracking ON public.facts USING btree (shop_id, ((says ->> 'trackingNumber'::text))) WHERE (slot ~~ 'shipment:%'::text);
  -- which order is the parcel of this tracking number of?

create table findings (
  shop_id uuid not null,
  kind text not null,
  about text not null,
  n integer not null,
  since timestamp with time zone,
  found_at timestamp with time zone not null
);
alter table findings add CHECK ((n > 0));
alter table findings add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table findings add PRIMARY KEY (shop_id, kind, about);

create table import_sources (
  shop_id uuid not null,
  source_id uuid not null
);
alter table import_sources add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table import_sources add FOREIGN KEY (shop_id, source_id) REFERENCES sources(shop_id, id);
alter table import_sources add PRIMARY KEY (shop_id);

create table instance (
  only_one boolean not null default true,
  id uuid not null,
  key_hash text not null,
  database text not null,
  public_url text,
  counter bigint not null default 0,
  held_because text,
  held_since timestamp with time zone,
  claimed_at timestamp with time zone not null
);
alter table instance add CHECK (((held_because IS NULL) = (held_since IS NULL)));
alter table instance add CHECK ((counter >= 0));
alter table instance add CHECK (only_one);
alter table instance add PRIMARY KEY (only_one);

create table mailbox (
  id uuid not null,
  received_at timestamp with time zone not null,
  sender text not null,
  recipient text not null,
  subject text not null,
  raw bytea not null
);
alter table mailbox add PRIMARY KEY (id);

create table message_count_changes (
  state text not null,
  n bigint not null
);

create table message_counts (
  state text not null,
  n bigint not null
);
alter table message_counts add PRIMARY KEY (state);

create table messages (
  id uuid not null,
  shop_id uuid not null,
  order_id uuid not null,
  order_day date not null,
  step text not null,
  occurrence_kind text not null,
  occurrence_id text not null,
  template text not null,
  category text not null,
  state text not null,
  slot_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  stale_at timestamp with time zone not null,
  deferred_until timestamp with time zone,
  reason text,
  because jsonb not null,
  schedule_version integer not null,
  email_hash bytea,
  lease_token uuid,
  lease_until timestamp with time zone,
  attempts smallint not null default 0,
  resend boolean not null default false,
  first_attempt_at timestamp with time zone,
  sent_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  invited boolean not null default false
);
alter table messages add CHECK ((((state = ANY (ARRAY['sent'::text, 'delivered'::text, 'bounced'::text, 'complained'::text, 'unsure'::text])) = (sent_at IS NOT NULL)) OR resend));
alter table messages add CHECK (((state <> ALL (ARRAY['cancelled'::text, 'stale'::text, 'held'::text, 'failed'::text, 'unsure'::text])) OR (reason IS NOT NULL)));
alter table messages add CHECK (((state = ANY (ARRAY['queued'::text, 'sending'::text])) = ((lease_token IS NOT NULL) AND (lease_until IS NOT NULL))));
alter table messages add CHECK ((attempts >= 0));
alter table messages add CHECK ((category = ANY (ARRAY['order'::text, 'care'::text, 'review'::text, 'offer'::text])));
alter table messages add CHECK ((state = ANY (ARRAY['planned'::text, 'queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'bounced'::text, 'complained'::text, 'cancelled'::text, 'stale'::text, 'held'::text, 'failed'::text, 'unsure'::text])));
alter table messages add FOREIGN KEY (shop_id, order_id) REFERENCES orders(shop_id, id);
alter table messages add PRIMARY KEY (id);
alter table messages add UNIQUE (order_day, order_id, step, occurrence_kind, occurrence_id);
alter table messages add UNIQUE (shop_id, id);
CREATE INDEX messages_buyer_mailed ON public.messages USING btree (shop_id, email_hash, sent_at) WHERE ((category <> 'order'::text) AND (sent_at IS NOT NULL));
  -- what care, review and offer mail has this buyer had lately (P10)?
CREATE INDEX messages_buyer_open ON public.messages USING btree (shop_id, email_hash) WHERE (state = ANY (ARRAY['planned'::text, 'queued'::text, 'sending'::text, 'held'::text]));
  -- what is on its way to this address (an unsubscribe must stop it, OUT-06)?
CREATE INDEX messages_due ON public.messages USING btree (shop_id, due_at) WHERE (state = 'planned'::text);
  -- what is due in this shop, longest due first?
CREATE INDEX messages_due_overall ON public.messages USING btree (due_at) WHERE (state = 'planned'::text);
  -- what is the next instant at which anything is due; how late are we?
CREATE INDEX messages_kind ON public.messages USING btree (shop_id, category, step, id DESC);
  -- which messages of this shop are of this category or step, newest first; which are there?
CREATE INDEX messages_leased ON public.messages USING btree (lease_until) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));
  -- which leases have run out; how much is in flight?
CREATE INDEX messages_order ON public.messages USING btree (order_id);
  -- what has this order got?
CREATE INDEX messages_refused ON public.messages USING btree (shop_id, updated_at) WHERE ((state = 'failed'::text) AND (reason = 'refused'::text));
  -- how many mails were refused for good lately?
CREATE INDEX messages_sent ON public.messages USING btree (shop_id, sent_at DESC) WHERE (sent_at IS NOT NULL);
  -- what went out of this shop, newest first; how much since midnight?
CREATE INDEX messages_state ON public.messages USING btree (shop_id, state, id DESC) WHERE (state <> ALL (ARRAY['planned'::text, 'sent'::text, 'cancelled'::text]));
  -- which messages of this shop are in this state, where the newest rows would hold few of them?
CREATE TRIGGER count_deleted AFTER DELETE ON public.messages REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION count_messages();
CREATE TRIGGER count_inserted AFTER INSERT ON public.messages REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_messages();
CREATE TRIGGER count_updated AFTER UPDATE ON public.messages REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_messages();

create table moves (
  id uuid not null,
  shop_id uuid not null,
  order_id uuid not null,
  step text not null,
  occurrence_kind text not null,
  occurrence_id text not null,
  move text not null,
  at timestamp with time zone not null
);
alter table moves add CHECK ((move = ANY (ARRAY['release'::text, 'hold'::text, 'send-now'::text, 'cancel'::text])));
alter table moves add FOREIGN KEY (shop_id, order_id) REFERENCES orders(shop_id, id);
alter table moves add PRIMARY KEY (id);
CREATE INDEX moves_order ON public.moves USING btree (order_id);
  -- what did operators decide about this order's messages?

create table orders (
  id uuid not null,
  shop_id uuid not null,
  source_id uuid not null,
  external_id text not null,
  order_day date not null,
  known boolean not null default false,
  number text,
  placed_at timestamp with time zone,
  country text,
  buyer_name text,
  email text,
  email_hash bytea,
  test boolean not null default false,
  dirty integer not null default 0,
  schedule_version integer not null,
  first_seen timestamp with time zone not null,
  closed_at timestamp with time zone
);
alter table orders add CHECK ((dirty >= 0));
alter table orders add FOREIGN KEY (shop_id, schedule_version) REFERENCES schedules(shop_id, version);
alter table orders add FOREIGN KEY (shop_id, source_id) REFERENCES sources(shop_id, id);
alter table orders add PRIMARY KEY (id);
alter table orders add UNIQUE (shop_id, id);
alter table orders add UNIQUE (source_id, external_id);
CREATE INDEX orders_buyer ON public.orders USING btree (shop_id, email_hash, id DESC);
  -- which orders are this buyer's, and is there a newer one than this?
CREATE INDEX orders_buyer_name ON public.orders USING gin (to_tsvector('simple'::regconfig, COALESCE(buyer_name, ''::text)));
  -- whose name has words that begin like this?
CREATE INDEX orders_dirty ON public.orders USING btree (id) WHERE ((dirty > 0) AND (closed_at IS NULL));
  -- which orders must be planned again?
CREATE INDEX orders_number ON public.orders USING btree (shop_id, number);
  -- which order of this shop has this number?
CREATE INDEX orders_open ON public.orders USING btree (shop_id, id) WHERE (closed_at IS NULL);
  -- which orders does a closure or a new schedule version concern?
CREATE INDEX orders_placed ON public.orders USING btree (shop_id, placed_at DESC, id DESC) WHERE (placed_at IS NOT NULL);
  -- which orders of this shop were placed last, or first?

create table policy_refusals (
  shop_id uuid not null,
  at timestamp with time zone not null
);
alter table policy_refusals add FOREIGN KEY (shop_id) REFERENCES shops(id);
CREATE INDEX policy_refusals_shop ON public.policy_refusals USING btree (shop_id, at);
  -- how often lately, in this shop?

create table schedules (
  shop_id uuid not null,
  version integer not null,
  schedule jsonb not null,
  since jsonb not null,
  published_at timestamp with time zone not null
);
alter table schedules add CHECK ((version > 0));
alter table schedules add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table schedules add PRIMARY KEY (shop_id, version);

create table sessions (
  hash bytea not null,
  user_id uuid not null,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  toast jsonb
);
alter table sessions add CHECK ((expires_at > created_at));
alter table sessions add CHECK ((octet_length(hash) = 32));
alter table sessions add FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
alter table sessions add PRIMARY KEY (hash);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);
  -- which sessions ran out?
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);
  -- which sessions end when a user is disabled or gets another password?

create table shop_rests (
  shop_id uuid not null,
  until timestamp with time zone not null,
  because text not null
);
alter table shop_rests add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table shop_rests add PRIMARY KEY (shop_id);

create table shops (
  id uuid not null,
  name text not null,
  time_zone text not null,
  locale text not null,
  country text not null,
  from_name text not null,
  from_address text not null,
  reply_to text,
  postal_address text,
  website text,
  logo_url text,
  color text,
  review_url text,
  signed_by text,
  live_from timestamp with time zone not null,
  sending boolean not null,
  redirect_to text,
  schedule_version integer not null,
  replanning_until timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  days_between_asks integer not null default 7,
  mails_per_day integer not null default 1,
  customer_notice text,
  customer_notice_since timestamp with time zone,
  template_versions jsonb not null default '{}'::jsonb
);
alter table shops add CHECK (((customer_notice IS NULL) = (customer_notice_since IS NULL)));
alter table shops add CHECK (((days_between_asks >= 1) AND (days_between_asks <= 90)));
alter table shops add CHECK (((mails_per_day >= 1) AND (mails_per_day <= 10)));
alter table shops add CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table shops add CHECK ((jsonb_typeof(template_versions) = 'object'::text));
alter table shops add PRIMARY KEY (id);

create table sources (
  id uuid not null,
  shop_id uuid not null,
  platform text not null,
  domain text,
  augments uuid,
  secret bytea not null,
  old_secret bytea,
  created_at timestamp with time zone not null,
  last_delivery_at timestamp with time zone,
  platform_sends text[] not null default '{}'::text[],
  switched_off text[] not null default '{}'::text[]
);
alter table sources add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table sources add FOREIGN KEY (shop_id, augments) REFERENCES sources(shop_id, id);
alter table sources add PRIMARY KEY (id);
alter table sources add UNIQUE (shop_id, id);

create table suppressions (
  id uuid not null,
  shop_id uuid not null,
  address_hash bytea not null,
  address text,
  scope text not null,
  reason text not null,
  created_at timestamp with time zone not null
);
alter table suppressions add CHECK ((scope = ANY (ARRAY['all'::text, 'care'::text, 'review'::text, 'offer'::text])));
alter table suppressions add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table suppressions add PRIMARY KEY (id);
alter table suppressions add UNIQUE (shop_id, address_hash, scope);
alter table suppressions add UNIQUE (shop_id, id);

create table tasks (
  id uuid not null,
  shop_id uuid not null,
  order_id uuid not null,
  message_id uuid,
  kind text not null,
  about text not null,
  step text,
  occurrence_kind text,
  occurrence_id text,
  choice text,
  words text,
  answer_by date,
  state text not null,
  resolution text,
  note text,
  opened_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  resolved_at timestamp with time zone
);
alter table tasks add CHECK (((choice IS NOT NULL) = (kind = ANY (ARRAY['delivery-late'::text, 'dispatch-late'::text, 'review-recovery'::text, 'dispute-proposal'::text]))));
alter table tasks add CHECK (((occurrence_kind IS NULL) = (occurrence_id IS NULL)));
alter table tasks add CHECK (((state = 'resolved'::text) = (resolution IS NOT NULL)));
alter table tasks add CHECK (((state = 'resolved'::text) = (resolved_at IS NOT NULL)));
alter table tasks add CHECK ((kind = ANY (ARRAY['delivery-late'::text, 'dispatch-late'::text, 'review-recovery'::text, 'dispute-proposal'::text, 'not-arrived'::text, 'problem'::text, 'message-unsure'::text, 'message-failed'::text, 'needs-attention'::text])));
alter table tasks add CHECK ((resolution = ANY (ARRAY['done'::text, 'resent'::text, 'refunded'::text, 'answered'::text, 'declined'::text, 'no-longer-needed'::text])));
alter table tasks add CHECK ((state = ANY (ARRAY['open'::text, 'resolved'::text])));
alter table tasks add FOREIGN KEY (shop_id, message_id) REFERENCES messages(shop_id, id);
alter table tasks add FOREIGN KEY (shop_id, order_id) REFERENCES orders(shop_id, id);
alter table tasks add PRIMARY KEY (id);
CREATE INDEX tasks_message ON public.tasks USING btree (message_id) WHERE (message_id IS NOT NULL);
  -- may this message be deleted?
CREATE INDEX tasks_order ON public.tasks USING btree (order_id);
  -- which tasks did an order ever have?
CREATE INDEX tasks_shop ON public.tasks USING btree (shop_id, state, id DESC);
  -- what must people of this shop do, newest first?
CREATE UNIQUE INDEX tasks_open ON public.tasks USING btree (order_id, kind, about) WHERE (state = 'open'::text);
  -- is there an open task about this already? at most one

create table template_overrides (
  shop_id uuid not null,
  template text not null,
  version integer not null,
  files jsonb not null,
  note text,
  published_at timestamp with time zone not null,
  published_by text not null
);
alter table template_overrides add CHECK ((jsonb_typeof(files) = 'object'::text));
alter table template_overrides add CHECK ((version >= 1));
alter table template_overrides add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table template_overrides add PRIMARY KEY (shop_id, template, version);

create table templates (
  version text not null,
  key text not null,
  locale text not null,
  compiled jsonb not null,
  created_at timestamp with time zone not null
);
alter table templates add PRIMARY KEY (version);

create table transit_lanes (
  shop_id uuid not null,
  position integer not null,
  service text,
  lane text,
  destination text,
  unit text not null,
  earliest integer not null,
  latest integer not null,
  check_in_days integer
);
alter table transit_lanes add CHECK (("position" >= 0));
alter table transit_lanes add CHECK (((check_in_days >= 0) AND (check_in_days <= 365)));
alter table transit_lanes add CHECK (((earliest >= 0) AND (earliest <= 365)));
alter table transit_lanes add CHECK (((latest >= earliest) AND (latest <= 365)));
alter table transit_lanes add CHECK (((service IS NULL) <> (lane IS NULL)));
alter table transit_lanes add CHECK ((destination ~ '^[A-Z]{2}$'::text));
alter table transit_lanes add CHECK ((unit = ANY (ARRAY['days'::text, 'businessDays'::text])));
alter table transit_lanes add FOREIGN KEY (shop_id) REFERENCES shops(id);
alter table transit_lanes add PRIMARY KEY (shop_id, "position");

create table users (
  id uuid not null,
  email text not null,
  name text not null,
  role text not null,
  password_hash text,
  locale text,
  theme text not null default 'system'::text,
  disabled boolean not null default false,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone
);
alter table users add CHECK ((email = lower(email)));
alter table users add CHECK ((role = ANY (ARRAY['owner'::text, 'operator'::text, 'viewer'::text])));
alter table users add CHECK ((theme = ANY (ARRAY['system'::text, 'light'::text, 'dark'::text])));
alter table users add PRIMARY KEY (id);
alter table users add UNIQUE (email);

CREATE OR REPLACE FUNCTION public.count_messages()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
  end $function$
;
