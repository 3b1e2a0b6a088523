import { type Kysely, sql } from "kysely";
import type { BuyersMail, CappedCategory, Caps } from "../core/caps.ts";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** A buyer of a shop, by the keyed hash of the address. */
export interface BuyerKey {
  readonly shopId: string;
  readonly emailHash: Buffer;
}

/**
 * Puts all who decide about mail to these buyers at the same moment in a row, until the transaction ends: locks the buyers' orders, in the
 * order in which everybody locks several.
 */
export async function lockBuyers(db: Kysely<Schema>, buyers: readonly BuyerKey[]): Promise<void> {
  await sql`
    select 1 from orders
    where (shop_id, email_hash) in (select * from unnest(${shopsOf(buyers)}::uuid[], ${hashesOf(buyers)}::bytea[]))
    order by source_id, external_id for update`.execute(db);
}

/** A mail that a buyer got, or is about to get. */
export interface BuyersOtherMail extends BuyerKey, BuyersMail {
  /** It has gone, or is in somebody's hands; else it is planned. */
  readonly gone: boolean;
}

/**
 * The care, review and offer mail that these buyers got after `since`, that is in hand under another token than `token`, or that is planned
 * for a time up to `until`. What is in hand counts as going at `now`.
 */
export async function otherMailOf(
  db: Kysely<Schema>,
  buyers: readonly BuyerKey[],
  { since, now, until, token }: { readonly since: Instant; readonly now: Instant; readonly until: Instant; readonly token: string },
): Promise<readonly BuyersOtherMail[]> {
  if (buyers.length === 0) return [];
  const { rows } = await sql<Row>`
    select m.shop_id, m.email_hash, m.category, o.number, m.sent_at, m.invited, m.state = 'planned' as planned,
      case when m.sent_at is not null then m.sent_at when m.state = 'planned' then m.due_at else ${time(now)} end as at
    from (select distinct * from unnest(${shopsOf(buyers)}::uuid[], ${hashesOf(buyers)}::bytea[]) as b (shop_id, email_hash)) as b
    cross join lateral (
      select shop_id, email_hash, order_id, category, state, sent_at, due_at, invited from messages
      where shop_id = b.shop_id and email_hash = b.email_hash and category <> 'order' and sent_at > ${time(since)}
      union all
      select shop_id, email_hash, order_id, category, state, sent_at, due_at, invited from messages
      where shop_id = b.shop_id and email_hash = b.email_hash and category <> 'order' and sent_at is null
        and (state in ('queued', 'sending') and lease_token is distinct from ${token} or state = 'planned' and due_at <= ${time(until)})
    ) as m
    join orders as o on o.id = m.order_id`.execute(db);
  return rows.map((row) => ({
    shopId: row.shop_id,
    emailHash: row.email_hash,
    category: row.category,
    order: row.number,
    at: row.at,
    asks: asks(row),
    gone: !row.planned,
  }));
}

interface Row {
  readonly shop_id: string;
  readonly email_hash: Buffer;
  readonly category: CappedCategory;
  readonly number: string | null;
  readonly sent_at: Instant | null;
  readonly invited: boolean;
  readonly planned: boolean;
  readonly at: Instant;
}

/** Whether care mail invites feedback is known once it has gone; while it is in hand, whether it may. */
function asks({ category, sent_at, planned, invited }: Row): BuyersMail["asks"] {
  if (category !== "care") return "yes";
  if (planned) return "maybe";
  if (!invited) return "no";
  return sent_at === null ? "maybe" : "yes";
}

/** The caps of these shops, by id. */
export async function capsOf(db: Kysely<Schema>, shopIds: readonly string[]): Promise<ReadonlyMap<string, Caps>> {
  if (shopIds.length === 0) return new Map();
  const rows = await db.selectFrom("shops").select(["id", "days_between_asks", "mails_per_day"]).where("id", "in", shopIds).execute();
  return new Map(rows.map((row) => [row.id, { daysBetweenAsks: row.days_between_asks, mailsPerDay: row.mails_per_day }]));
}

/** Writes down which claimed care mails may invite feedback. */
export async function setInvited(
  db: Kysely<Schema>,
  { token, may, mayNot }: { readonly token: string; readonly may: readonly string[]; readonly mayNot: readonly string[] },
): Promise<void> {
  if (may.length + mayNot.length === 0) return;
  await sql`
    update messages set invited = id = any(${may}::uuid[])
    where id = any(${[...may, ...mayNot]}::uuid[]) and state = 'queued' and lease_token = ${token}
      and invited is distinct from (id = any(${may}::uuid[]))`.execute(db);
}

function shopsOf(buyers: readonly BuyerKey[]): string[] {
  return buyers.map(({ shopId }) => shopId);
}

function hashesOf(buyers: readonly BuyerKey[]): Buffer[] {
  return buyers.map(({ emailHash }) => emailHash);
}
