import { type Kysely, sql } from "kysely";
import { isRelay, readAddress } from "../core/address.ts";
import { type AttentionKind, attentionKinds, attentionLimits, type Found } from "../core/attention.ts";
import { horizonOf } from "../core/calendar-year.ts";
import { type Instant, plus } from "../core/instant.ts";
import { localDay } from "../core/local-time.ts";
import { dispatchCalendar } from "../core/own-days.ts";
import type { Schema } from "./schema.ts";
import { shopCalendars } from "./shop-calendars.ts";
import { time } from "./values.ts";

/** What is amiss in a shop. */
export interface FoundInShop extends Found {
  readonly shopId: string;
}

const countedTo = 10_000;

/**
 * What needs a person's look in these shops, the most pressing first: expected against actual, from the tables as they are.
 *
 * A handful of statements, whatever the number of shops. What concerns the whole installation is not known here.
 */
export async function attentionIn(db: Kysely<Schema>, shopIds: readonly string[], now: Instant): Promise<readonly FoundInShop[]> {
  if (shopIds.length === 0) return [];
  const found = [
    ...(await aboutShops(db, shopIds, now)),
    ...(await aboutSources(db, shopIds, now)),
    ...(await aboutTasks(db, shopIds)),
    ...(await aboutNotices(db, shopIds, now)),
    ...(await aboutCalendars(db, shopIds, now)),
  ];
  const rank = (kind: AttentionKind) => attentionKinds.indexOf(kind);
  return found.sort((a, b) => rank(a.kind) - rank(b.kind) || (a.about < b.about ? -1 : 1));
}

async function aboutShops(db: Kysely<Schema>, shopIds: readonly string[], now: Instant): Promise<readonly FoundInShop[]> {
  const late = time(plus(now, -attentionLimits.lateMs));
  const refusedSince = time(plus(now, -attentionLimits.refusedMs));
  const { rows } = await sql<ShopRow>`
    select s.id, s.sending, s.redirect_to, r.until as resting_until, r.because as resting_because, late.n as late, late.since as late_since,
      held.n as held, refused.n as refused, refused.since as refused_since, stored.n as stored, stored.since as stored_since
    from shops as s
    left join shop_rests as r on r.shop_id = s.id and r.until > ${time(now)}
    cross join lateral (
      select count(*) as n, min(due_at) as since
      from (select due_at from messages where shop_id = s.id and state = 'planned' and due_at < ${late} order by due_at limit ${countedTo}) as m
    ) as late
    cross join lateral (
      select count(*) as n from (select from messages where shop_id = s.id and state = 'held' and email_hash is not null and not s.sending limit ${countedTo}) as m
    ) as held
    cross join lateral (
      select count(*) as n, min(updated_at) as since
      from messages where shop_id = s.id and state = 'failed' and reason = 'refused' and updated_at > ${refusedSince}
    ) as refused
    left join (
      select shop_id, count(*) as n, min(received_at) as since
      from (select shop_id, received_at from deliveries where state = 'stored' and received_at < ${late} order by received_at limit ${countedTo}) as d
      group by shop_id
    ) as stored on stored.shop_id = s.id
    where s.id = any(${[...shopIds]}::uuid[])`.execute(db);
  return rows.flatMap((row) => {
    const one = (kind: AttentionKind, count: number, since: Instant | null, note: string | null = null): FoundInShop[] =>
      count === 0 ? [] : [{ shopId: row.id, kind, about: "", count, since, note }];
    const resting = row.resting_until !== null;
    return [
      ...one("shop-resting", resting ? 1 : 0, row.resting_until, row.resting_because),
      ...one("mail-late", row.sending && !resting ? row.late : 0, row.late_since),
      ...one("webhooks-waiting", row.stored ?? 0, row.stored_since),
      ...one("mail-refused", row.refused < attentionLimits.refused ? 0 : row.refused, row.refused_since),
      ...one("not-sending", row.held, null),
      ...one("redirected", row.sending && row.redirect_to !== null ? 1 : 0, null, row.redirect_to),
    ];
  });
}

interface ShopRow {
  readonly id: string;
  readonly sending: boolean;
  readonly redirect_to: string | null;
  readonly resting_until: Instant | null;
  readonly resting_because: string | null;
  readonly late: number;
  readonly late_since: Instant | null;
  readonly held: number;
  readonly refused: number;
  readonly refused_since: Instant | null;
  readonly stored: number | null;
  readonly stored_since: Instant | null;
}

async function aboutSources(db: Kysely<Schema>, shopIds: readonly string[], now: Instant): Promise<readonly FoundInShop[]> {
  const { silentMs, unheardMs } = attentionLimits;
  const { rows } = await sql<{
    id: string;
    shop_id: string;
    name: string;
    last_delivery_at: Instant | null;
    created_at: Instant;
    quarantined: number;
    since: Instant | null;
  }>`
    select s.id, s.shop_id, coalesce(s.domain, s.platform) as name, s.last_delivery_at, s.created_at, d.n as quarantined, d.since
    from sources as s
    cross join lateral (
      select count(*) as n, min(received_at) as since
      from (select received_at from deliveries where source_id = s.id and state in ('quarantined', 'waiting') and state = 'quarantined' limit 1000) as q
    ) as d
    where s.shop_id = any(${[...shopIds]}::uuid[]) and not exists (select from import_sources as i where i.source_id = s.id)
    order by s.id`.execute(db);
  return rows.flatMap(({ id, shop_id: shopId, name, last_delivery_at: last, created_at, quarantined, since }) => {
    const quiet = last === null ? created_at < plus(now, -unheardMs) : last < plus(now, -silentMs);
    const silent: FoundInShop[] = quiet ? [{ shopId, kind: "source-silent", about: id, count: 1, since: last, note: name }] : [];
    return quarantined === 0 ? silent : [...silent, { shopId, kind: "quarantine", about: id, count: quarantined, since, note: name }];
  });
}

async function aboutTasks(db: Kysely<Schema>, shopIds: readonly string[]): Promise<readonly FoundInShop[]> {
  const rows = await db
    .selectFrom("tasks")
    .select(({ fn }) => ["shop_id", "kind", fn.countAll<number>().as("n"), fn.min("opened_at").as("since")])
    .where("shop_id", "in", shopIds)
    .where("state", "=", "open")
    .groupBy(["shop_id", "kind"])
    .execute();
  return rows.map(({ shop_id: shopId, kind, n, since }) => ({ shopId, kind: "tasks", about: kind, count: n, since, note: null }));
}

/** Parcels that left lately, and no message in the ledger about them, whatever became of it, though the schedule has one. */
async function aboutNotices(db: Kysely<Schema>, shopIds: readonly string[], now: Instant): Promise<readonly FoundInShop[]> {
  const { within, after } = attentionLimits.noticesMs;
  const { rows } = await sql<{ shop_id: string; at: Instant; email: string | null; told: boolean }>`
    select f.shop_id, f.at, o.email, exists (
        select from messages as m where m.order_id = o.id and m.occurrence_kind = 'shipment' and f.slot = 'shipment:' || m.occurrence_id
          and jsonb_path_exists(v.schedule, ${noticeOf("@.key == $key")}::jsonpath, jsonb_build_object('key', m.step))
      ) as told
    from facts as f
    join orders as o on o.id = f.order_id
    join shops as s on s.id = f.shop_id
    join schedules as v on v.shop_id = s.id and v.version = o.schedule_version
    where f.shop_id = any(${[...shopIds]}::uuid[]) and f.slot like 'shipment:%' and f.at > ${time(plus(now, -within))} and f.at < ${time(plus(now, -after))}
      and f.says ->> 'dispatchedAt' is not null and o.known and not o.test and o.closed_at is null and o.dirty = 0 and o.placed_at >= s.live_from
      and not exists (select from suppressions as x where x.shop_id = o.shop_id and x.address_hash = o.email_hash and x.scope = 'all')
      and jsonb_path_exists(v.schedule, ${noticeOf("true == true")}::jsonpath)
    order by f.at limit ${countedTo}`.execute(db);
  const due = rows.filter(({ email }) => email !== null && canBeTold(email));
  return [...Map.groupBy(due, ({ shop_id }) => shop_id)].flatMap(([shopId, parcels]): FoundInShop[] => {
    const missing = parcels.filter(({ told }) => !told);
    const [first] = missing;
    if (first === undefined || missing.length < attentionLimits.noticesMissing || missing.length * 2 < parcels.length) return [];
    return [{ shopId, kind: "notices-missing", about: "", count: missing.length, since: first.at, note: null }];
  });
}

/** The steps of a written schedule that tell of each parcel that left. */
function noticeOf(also: string): string {
  return `$.steps[*] ? (@.on == "shipment.dispatched" && @.per == "shipment" && @.category == "order" && (!exists(@.enabled) || @.enabled == true) && ${also})`;
}

function canBeTold(email: string): boolean {
  const read = readAddress(email);
  return read.kind !== "bad" && !isRelay(read.address);
}

/** Whether the holidays of the shops' countries are known as far as is planned ahead (HOL-02); of shops that send. */
async function aboutCalendars(db: Kysely<Schema>, shopIds: readonly string[], now: Instant): Promise<readonly FoundInShop[]> {
  const shops = await db
    .selectFrom("shops")
    .select(["id", "country", "time_zone"])
    .where("id", "in", shopIds)
    .where("sending", "=", true)
    .execute();
  const calendars = await shopCalendars(
    db,
    shops.map(({ id }) => id),
  );
  return shops.flatMap(({ id, country, time_zone }): FoundInShop[] => {
    const days = calendars.get(id)?.days ?? [];
    const own = days.filter((one) => one.calendar === "dispatch" && (one.country ?? country) === country).map(({ day }) => day);
    const { warning } = horizonOf(dispatchCalendar({ country, region: null }, country, days), localDay(time_zone, now), own);
    return warning === null ? [] : [{ shopId: id, kind: "calendar-horizon", about: country, count: 1, since: null, note: warning }];
  });
}
