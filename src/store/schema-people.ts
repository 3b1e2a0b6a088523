import type { ColumnType } from "kysely";
import type { Default, Json, Maybe, MaybeTime, Time } from "./schema-columns.ts";

/** The tables about those who run the service: who may, what they did, what long work they asked for. */
export interface PeopleTables {
  api_tokens: { id: string; name: string; role: string; hash: Buffer; created_at: Time; last_used_at: MaybeTime };
  users: {
    id: string;
    email: string;
    name: string;
    role: string;
    password_hash: Maybe<string>;
    locale: Maybe<string>;
    theme: Default<string>;
    disabled: Default<boolean>;
    created_at: Time;
    last_seen_at: MaybeTime;
  };
  sessions: {
    hash: Buffer;
    user_id: string;
    created_at: Time;
    seen_at: Time;
    expires_at: Time;
    toast: ColumnType<unknown, string | null | undefined, string | null>;
  };
  audit_log: {
    id: string;
    at: Time;
    shop_id: Maybe<string>;
    actor_kind: string;
    actor_id: Maybe<string>;
    actor: string;
    action: string;
    subject: Maybe<string>;
    before: ColumnType<unknown, string | null, string | null>;
    after: ColumnType<unknown, string | null, string | null>;
  };
  errands: {
    id: string;
    shop_id: string;
    asked: Json<unknown>;
    actor_kind: string;
    actor_id: Maybe<string>;
    actor: string;
    state: Default<string>;
    total: Maybe<number>;
    done: Default<number>;
    counts: ColumnType<Record<string, number>, string | undefined, string>;
    skipped: ColumnType<Record<string, number>, string | undefined, string>;
    cursor: Maybe<string>;
    tries: Default<number>;
    created_at: Time;
    started_at: MaybeTime;
    ended_at: MaybeTime;
  };
  errand_messages: { errand_id: string; message_id: string };
}
