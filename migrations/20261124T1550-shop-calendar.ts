import { type Kysely, sql } from "kysely";

/** What a shop knows better than our tables: how long parcels take, which days are worked, and which suggested closures it does not want. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table transit_lanes (
    shop_id uuid not null references shops (id),
    position integer not null check (position >= 0),
    service text,
    lane text,
    destination text check (destination ~ '^[A-Z]{2}$'),
    unit text not null check (unit in ('days', 'businessDays')),
    earliest integer not null check (earliest between 0 and 365),
    latest integer not null check (latest between earliest and 365),
    check_in_days integer check (check_in_days between 0 and 365),
    primary key (shop_id, position),
    check ((service is null) <> (lane is null))
  )`,
  "comment on table transit_lanes is 'a shop''s own transit times, in the order in which the operator wrote them; written as a whole'",

  `create table calendar_days (
    shop_id uuid not null references shops (id),
    calendar text not null check (calendar in ('dispatch', 'contact')),
    country text check (country ~ '^[A-Z]{2}$'),
    day date not null,
    kind text not null check (kind in ('holiday', 'workday')),
    name text not null
  )`,
  "create unique index calendar_days_once on calendar_days (shop_id, calendar, day, coalesce(country, ''))",
  "comment on index calendar_days_once is 'which own days has this shop? And: one word about a day in a calendar'",
  "comment on table calendar_days is 'days a shop adds to the public holidays or takes away (HOL-03); written as a whole'",

  `create table dismissed_closures (
    shop_id uuid not null references shops (id),
    suggestion text not null,
    dismissed_at timestamptz not null,
    primary key (shop_id, suggestion)
  )`,
  "comment on table dismissed_closures is 'suggested closures that the operator does not want to be asked about again, by the suggestion''s id'",
];
