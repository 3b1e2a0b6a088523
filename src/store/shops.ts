import type { Kysely, Selectable, Updateable } from "kysely";
import type { Caps } from "../core/caps.ts";
import type { Instant } from "../core/instant.ts";
import { retryingConflicts } from "./conflicts.ts";
import { inTransaction } from "./in-transaction.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";
import { maybeTime, time } from "./values.ts";

/** A tenant as the table has it; `null` is "not given". */
export interface Shop {
  readonly id: string;
  readonly name: string;
  /** IANA. */
  readonly timeZone: string;
  /** BCP 47. */
  readonly locale: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string | null;
  readonly postalAddress: string | null;
  readonly website: string | null;
  readonly logoUrl: string | null;
  /** `#rrggbb`. */
  readonly color: string | null;
  readonly reviewUrl: string | null;
  readonly signedBy: string | null;
  /** Orders placed earlier plan nothing. */
  readonly liveFrom: Instant;
  /** `false` holds everything. */
  readonly sending: boolean;
  /** All mail of the shop goes there instead. */
  readonly redirectTo: string | null;
  readonly caps: Caps;
  /** What the shop tells buyers where it takes their address, and since when (LAW-01); `null`: nothing. */
  readonly customerNotice: CustomerNotice | null;
  /** The version that new orders are pinned to. */
  readonly scheduleVersion: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface CustomerNotice {
  /** That it may ask for a review, and how to object. */
  readonly text: string;
  /** Who placed an order from then on was told. */
  readonly since: Instant;
}

/** What an operator may change; a field that is absent stays. */
export type ShopChange = Partial<Omit<Shop, "id" | "scheduleVersion" | "createdAt" | "updatedAt">>;

/** Stores a shop with version 1 of its schedule: a shop without one cannot take orders. */
export async function insertShop(db: Kysely<Schema>, shop: Shop, schedule: unknown, stepKeys: readonly string[]): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto("shops")
      .values({
        id: shop.id,
        name: shop.name,
        time_zone: shop.timeZone,
        locale: shop.locale,
        country: shop.country,
        from_name: shop.fromName,
        from_address: shop.fromAddress,
        reply_to: shop.replyTo,
        postal_address: shop.postalAddress,
        website: shop.website,
        logo_url: shop.logoUrl,
        color: shop.color,
        review_url: shop.reviewUrl,
        signed_by: shop.signedBy,
        live_from: time(shop.liveFrom),
        sending: shop.sending,
        redirect_to: shop.redirectTo,
        days_between_asks: shop.caps.daysBetweenAsks,
        mails_per_day: shop.caps.mailsPerDay,
        customer_notice: shop.customerNotice?.text ?? null,
        customer_notice_since: maybeTime(shop.customerNotice?.since ?? null),
        schedule_version: shop.scheduleVersion,
        created_at: time(shop.createdAt),
        updated_at: time(shop.updatedAt),
      })
      .execute();
    await trx
      .insertInto("schedules")
      .values({
        shop_id: shop.id,
        version: shop.scheduleVersion,
        schedule: JSON.stringify(schedule),
        since: JSON.stringify(Object.fromEntries(stepKeys.map((key) => [key, null]))),
        published_at: time(shop.createdAt),
      })
      .execute();
  });
}

/** The shop, or `null`. `id` must have the form of an id. */
export async function findShop(db: Kysely<Schema>, id: string): Promise<Shop | null> {
  const row = await db.selectFrom("shops").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : shopOf(row);
}

/** Shops, newest first, from the one after `after`. */
export async function listShops(db: Kysely<Schema>, { after, limit }: Page): Promise<readonly Shop[]> {
  const rows = await db
    .selectFrom("shops")
    .selectAll()
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(shopOf);
}

/** Fields on which timetables depend. */
const plannedBy = ["timeZone", "country", "liveFrom", "sending", "customerNotice"] as const;

/** Whether timetables must be planned again after a change. */
export function changesPlans(change: ShopChange): boolean {
  return plannedBy.some((field) => change[field] !== undefined);
}

/** Changes a shop and answers it as it is then; `null` when there is none. Open orders are marked when their timetables depend on it. */
export async function updateShop(db: Kysely<Schema>, id: string, change: ShopChange, now: Instant): Promise<Shop | null> {
  return retryingConflicts(
    () =>
      inTransaction(db, async (trx) => {
        const row = await trx
          .updateTable("shops")
          .set({ ...columnsOf(change), updated_at: time(now) })
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) return null;
        if (changesPlans(change)) await markDirty(trx, { shopId: id });
        return shopOf(row);
      }),
    db,
  );
}

/** One page of a list that is ordered by id, newest first. */
export interface Page {
  /** The last id of the page before; `null`: from the newest. */
  readonly after: string | null;
  readonly limit: number;
}

function shopOf(row: Selectable<Schema["shops"]>): Shop {
  return {
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    locale: row.locale,
    country: row.country,
    fromName: row.from_name,
    fromAddress: row.from_address,
    replyTo: row.reply_to,
    postalAddress: row.postal_address,
    website: row.website,
    logoUrl: row.logo_url,
    color: row.color,
    reviewUrl: row.review_url,
    signedBy: row.signed_by,
    liveFrom: row.live_from,
    sending: row.sending,
    redirectTo: row.redirect_to,
    caps: { daysBetweenAsks: row.days_between_asks, mailsPerDay: row.mails_per_day },
    customerNotice:
      row.customer_notice === null || row.customer_notice_since === null
        ? null
        : { text: row.customer_notice, since: row.customer_notice_since },
    scheduleVersion: row.schedule_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function columnsOf(change: ShopChange): Updateable<Schema["shops"]> {
  return {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.timeZone !== undefined && { time_zone: change.timeZone }),
    ...(change.locale !== undefined && { locale: change.locale }),
    ...(change.country !== undefined && { country: change.country }),
    ...(change.fromName !== undefined && { from_name: change.fromName }),
    ...(change.fromAddress !== undefined && { from_address: change.fromAddress }),
    ...(change.replyTo !== undefined && { reply_to: change.replyTo }),
    ...(change.postalAddress !== undefined && { postal_address: change.postalAddress }),
    ...(change.website !== undefined && { website: change.website }),
    ...(change.logoUrl !== undefined && { logo_url: change.logoUrl }),
    ...(change.color !== undefined && { color: change.color }),
    ...(change.reviewUrl !== undefined && { review_url: change.reviewUrl }),
    ...(change.signedBy !== undefined && { signed_by: change.signedBy }),
    ...(change.liveFrom !== undefined && { live_from: time(change.liveFrom) }),
    ...(change.sending !== undefined && { sending: change.sending }),
    ...(change.redirectTo !== undefined && { redirect_to: change.redirectTo }),
    ...(change.caps !== undefined && { days_between_asks: change.caps.daysBetweenAsks, mails_per_day: change.caps.mailsPerDay }),
    ...(change.customerNotice !== undefined && {
      customer_notice: change.customerNotice?.text ?? null,
      customer_notice_since: maybeTime(change.customerNotice?.since ?? null),
    }),
  };
}
