import type { ColumnType } from "kysely";
import type { Saying } from "../core/facts.ts";
import type { Instant } from "../core/instant.ts";
import type { Because } from "../core/timetable.ts";

/** `timestamptz`: read as an `Instant`, written as a `Date` (`store/values.ts`). */
type Time = ColumnType<Instant, Date, Date>;
type MaybeTime = ColumnType<Instant | null, Date | null | undefined, Date | null>;
/** `date`: `YYYY-MM-DD` both ways. */
type Day = string;
type Json<T> = ColumnType<T, string, string>;
type Default<T> = ColumnType<T, T | undefined, T>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** The tables as `migrations/` make them; what columns mean is said there. */
export interface Schema {
  shops: {
    id: string;
    name: string;
    time_zone: string;
    locale: string;
    country: string;
    from_name: string;
    from_address: string;
    reply_to: Maybe<string>;
    postal_address: Maybe<string>;
    website: Maybe<string>;
    logo_url: Maybe<string>;
    color: Maybe<string>;
    review_url: Maybe<string>;
    signed_by: Maybe<string>;
    live_from: Time;
    sending: boolean;
    redirect_to: Maybe<string>;
    schedule_version: number;
    replanning_until: MaybeTime;
    created_at: Time;
    updated_at: Time;
  };
  schedules: {
    shop_id: string;
    version: number;
    schedule: Json<unknown>;
    since: Json<Record<string, string | null>>;
    published_at: Time;
  };
  sources: {
    id: string;
    shop_id: string;
    platform: string;
    domain: Maybe<string>;
    augments: Maybe<string>;
    secret: Buffer;
    old_secret: Maybe<Buffer>;
    platform_sends: Default<string[]>;
    switched_off: Default<string[]>;
    created_at: Time;
    last_delivery_at: MaybeTime;
  };
  deliveries: {
    id: string;
    shop_id: string;
    source_id: string;
    topic: string;
    headers: Json<Record<string, string>>;
    body: Maybe<Buffer>;
    received_at: Time;
    state: Default<DeliveryState>;
    reason: Maybe<string>;
    pointer: Maybe<string>;
    waits_for: Maybe<string>;
    taken_at: MaybeTime;
  };
  delivery_keys: { source_id: string; key: string; delivery_id: string; first_seen: Time };
  orders: {
    id: string;
    shop_id: string;
    source_id: string;
    external_id: string;
    order_day: Day;
    known: Default<boolean>;
    number: Maybe<string>;
    placed_at: MaybeTime;
    country: Maybe<string>;
    buyer_name: Maybe<string>;
    email: Maybe<string>;
    email_hash: Maybe<Buffer>;
    test: Default<boolean>;
    dirty: Default<number>;
    schedule_version: number;
    first_seen: Time;
    closed_at: MaybeTime;
  };
  facts: {
    shop_id: string;
    order_id: string;
    slot: string;
    at: Time;
    weight: number;
    hash: string;
    says: Json<Saying>;
    source_id: string;
    delivery_id: string;
  };
  moves: {
    id: string;
    shop_id: string;
    order_id: string;
    step: string;
    occurrence_kind: string;
    occurrence_id: string;
    move: string;
    at: Time;
  };
  closures: {
    id: string;
    shop_id: string;
    name: string;
    starts: Day;
    ends: Day;
    resumes: Day;
    carriers: Maybe<string[]>;
    created_at: Time;
  };
  messages: {
    id: string;
    shop_id: string;
    order_id: string;
    order_day: Day;
    step: string;
    occurrence_kind: string;
    occurrence_id: string;
    template: string;
    category: string;
    state: string;
    slot_at: Time;
    due_at: Time;
    stale_at: Time;
    deferred_until: MaybeTime;
    reason: Maybe<string>;
    because: Json<readonly Because[]>;
    schedule_version: number;
    email_hash: Maybe<Buffer>;
    lease_token: Maybe<string>;
    lease_until: MaybeTime;
    attempts: Default<number>;
    resend: Default<boolean>;
    first_attempt_at: MaybeTime;
    sent_at: MaybeTime;
    updated_at: Time;
  };
  attempts: {
    id: string;
    shop_id: string;
    message_id: string;
    token: string;
    started_at: Time;
    ended_at: MaybeTime;
    outcome: Maybe<string>;
    phase: Maybe<string>;
    answer: Maybe<string>;
    rfc_message_id: string;
    rfc_date: Time;
    recipient: Maybe<string>;
    template_version: string;
    input: ColumnType<unknown, string | null, string | null>;
  };
  templates: { version: string; key: string; locale: string; compiled: Json<unknown>; created_at: Time };
  suppressions: {
    id: string;
    shop_id: string;
    address_hash: Buffer;
    address: Maybe<string>;
    scope: SuppressionScope;
    reason: string;
    created_at: Time;
  };
  consents: {
    id: string;
    shop_id: string;
    address_hash: Buffer;
    address: Maybe<string>;
    scope: ConsentScope;
    text: string;
    source: string;
    at: Time;
    withdrawn_at: MaybeTime;
    order_id: Maybe<string>;
  };
  mailbox: { id: string; received_at: Time; sender: string; recipient: string; subject: string; raw: Buffer };
  clock: { id: Default<boolean>; now: Time };
  api_tokens: { id: string; name: string; role: string; hash: Buffer; created_at: Time; last_used_at: MaybeTime };
  import_sources: { shop_id: string; source_id: string };
  message_counts: { state: string; n: number };
  message_count_changes: { state: string; n: number };
}

export type DeliveryState = "stored" | "taken" | "ignored" | "waiting" | "quarantined";
export type SuppressionScope = "all" | "care" | "review" | "offer";
export type ConsentScope = "review" | "offer";
