import { type Kysely, sql } from "kysely";
import { isRelay, readAddress } from "../core/address.ts";
import { foldFacts, type HeldFact } from "../core/fold.ts";
import { type Instant, instant, iso } from "../core/instant.ts";
import { addressHash, type Keys } from "../core/keys.ts";
import type { LedgerMessage, Move } from "../core/message.ts";
import type { Order } from "../core/order.ts";
import type { Permission } from "../core/permit.ts";
import type { PlanInput } from "../core/plan.ts";
import { plainCalendar } from "../core/shop-calendar.ts";
import type { Category, MessageState, OccurrenceKind, Reason } from "../core/timetable.ts";
import { buyerKey, permissionsOf } from "./buyer-permissions.ts";
import { closuresOf, disruptionsOf } from "./declarations.ts";
import { scheduleKey, schedulesOf } from "./published-schedules.ts";
import type { Schema } from "./schema.ts";
import { shopCalendars } from "./shop-calendars.ts";
import { time } from "./values.ts";

/** Everything the planner, and the sender after it, must know of one order. */
export interface PlanningCase {
  readonly orderId: string;
  readonly shopId: string;
  readonly orderDay: string;
  /**
   * Changes with every change of the order's row, so whenever facts come and whenever it is planned: as long as it is the same, what was
   * read here holds. (`dirty` would not do: a fact that came and was planned meanwhile leaves it as it was.)
   */
  readonly revision: string;
  /** Of the buyer's address as the facts have it now; `null` without one. */
  readonly emailHash: Buffer | null;
  /** The order's row or one of its messages that may still go out is filed under another address: it was changed, and not planned since. */
  readonly readdressed: boolean;
  readonly input: PlanInput;
}

/**
 * Which orders to load: named ones, or the oldest dirty ones, which are then locked until the transaction ends. Dirty orders of a shop that
 * somebody is planning anew as a whole at `now` are left to them; without `now` none are.
 */
export type Choice = { readonly orderIds: readonly string[]; readonly lock: boolean } | { readonly dirty: number; readonly now?: Instant };

/**
 * Loads what planning needs for a set of orders: one query a table, whatever their number.
 *
 * With `lock` (or when choosing dirty ones) the orders are locked, those another process holds are skipped, and the call must run in a
 * transaction. Orders that are closed or unknown are left out when locking; without a lock they are loaded too.
 */
export async function loadForPlanning(db: Kysely<Schema>, keys: Keys, choice: Choice): Promise<readonly PlanningCase[]> {
  const orders = await chooseOrders(db, choice);
  if (orders.length === 0) return [];
  const ids = orders.map((order) => order.id);
  const shopIds = [...new Set(orders.map((order) => order.shop_id))];

  const facts = groupBy(
    await db.selectFrom("facts").select(["order_id", "at", "says"]).where("order_id", "in", ids).execute(),
    (row) => row.order_id,
  );
  const messages = groupBy(await db.selectFrom("messages").selectAll().where("order_id", "in", ids).execute(), (row) => row.order_id);
  const moves = groupBy(
    await db.selectFrom("moves").selectAll().where("order_id", "in", ids).orderBy("id").execute(),
    (row) => row.order_id,
  );
  const shops = new Map(
    (
      await db
        .selectFrom("shops")
        .select(["id", "time_zone", "country", "live_from", "sending", "customer_notice_since"])
        .where("id", "in", shopIds)
        .execute()
    ).map((row) => [row.id, row]),
  );
  const closures = await closuresOf(db, shopIds);
  const disruptions = await disruptionsOf(db, shopIds);
  const calendars = await shopCalendars(db, shopIds);
  const schedules = await schedulesOf(
    db,
    orders.map((order) => ({ shopId: order.shop_id, version: order.schedule_version })),
  );

  const folded = orders.map((row) => {
    const held: HeldFact[] = (facts.get(row.id) ?? []).map((fact) => ({ says: fact.says, at: iso(fact.at) }));
    const order = foldFacts({ id: row.id, externalId: row.external_id }, held);
    return { row, order, emailHash: order.buyer.email === null ? null : addressHash(keys, row.shop_id, order.buyer.email) };
  });
  const permissions = await permissionsOf(
    db,
    folded.flatMap(({ row, emailHash }) => (emailHash === null ? [] : [{ shopId: row.shop_id, hash: emailHash }])),
  );

  return folded.flatMap(({ row, order, emailHash }) => {
    const shop = shops.get(row.shop_id);
    const schedule = schedules.get(scheduleKey(row.shop_id, row.schedule_version));
    if (shop === undefined || schedule === undefined) return [];
    const buyer = emailHash === null ? undefined : permissions.get(buyerKey(row.shop_id, emailHash));
    return [
      {
        orderId: row.id,
        shopId: row.shop_id,
        orderDay: row.order_day,
        revision: row.revision,
        emailHash,
        readdressed: isReaddressed(emailHash, row.email_hash, messages.get(row.id) ?? []),
        input: {
          order,
          shop: {
            timeZone: shop.time_zone,
            country: shop.country,
            liveFrom: shop.live_from,
            sending: shop.sending,
            customerNoticeSince: shop.customer_notice_since,
          },
          schedule,
          closures: closures.get(row.shop_id) ?? [],
          disruptions: disruptions.get(row.shop_id) ?? [],
          calendar: calendars.get(row.shop_id) ?? plainCalendar,
          permission: { suppressed: buyer?.suppressed ?? new Set(), consents: buyer?.consents ?? [], address: addressState(order) },
          messages: (messages.get(row.id) ?? []).map(ledgerMessage),
          moves: (moves.get(row.id) ?? []).map(moveOf),
        },
      },
    ];
  });
}

/** Ids of a shop's open orders in id order, a page at a time: those after `after`, at most `limit`. */
export async function openOrderIds(db: Kysely<Schema>, shopId: string, after: string | null, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("orders")
    .select("id")
    .where("shop_id", "=", shopId)
    .where("closed_at", "is", null)
    .$if(after !== null, (query) => query.where("id", ">", after))
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** How many orders of a shop are open. */
export async function countOpenOrders(db: Kysely<Schema>, shopId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from orders where shop_id = ${shopId} and closed_at is null`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Whose orders to mark dirty: named ones, all open ones of a shop, or those of one buyer. */
export type DirtyScope = { readonly shopId: string; readonly orderIds?: readonly string[]; readonly emailHash?: Buffer };

/** Marks open orders to be planned again. Answers how many. */
export async function markDirty(db: Kysely<Schema>, { shopId, orderIds, emailHash }: DirtyScope): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with locked as (
      select id from orders where shop_id = ${shopId} and closed_at is null
        ${orderIds === undefined ? sql`` : sql`and id = any(${orderIds}::uuid[])`}
        ${emailHash === undefined ? sql`` : sql`and email_hash = ${emailHash}`}
      order by source_id, external_id for update
    ), marked as (
      update orders set dirty = dirty + 1 from locked where orders.id = locked.id returning 1
    ) select count(*) as n from marked`.execute(db);
  return rows[0]?.n ?? 0;
}

/** How many orders wait to be planned, counted up to `atMost`. */
export async function countDirty(db: Kysely<Schema>, atMost: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (select 1 from orders where dirty > 0 and closed_at is null limit ${atMost}) as dirty_ones`.execute(db);
  return rows[0]?.n ?? 0;
}

function chooseOrders(db: Kysely<Schema>, choice: Choice) {
  const query = db
    .selectFrom("orders")
    .select(["id", "shop_id", "external_id", "order_day", "email_hash", "schedule_version", sql<string>`xmin::text`.as("revision")]);
  if ("dirty" in choice) {
    const { now } = choice;
    return query
      .where("dirty", ">", 0)
      .where("closed_at", "is", null)
      .$if(now !== undefined, (open) =>
        open.where(sql<boolean>`shop_id not in (select id from shops where replanning_until > ${time(now ?? instant(0))})`),
      )
      .orderBy("id")
      .limit(choice.dirty)
      .forUpdate()
      .skipLocked()
      .execute();
  }
  if (choice.orderIds.length === 0) return Promise.resolve([]);
  // In the order in which everybody locks several orders: see `touchOrders`.
  const named = query.where("id", "in", choice.orderIds).orderBy("source_id").orderBy("external_id");
  return (choice.lock ? named.where("closed_at", "is", null).forUpdate() : named).execute();
}

/** States in which a message may still go out, or come back: its address is kept up to date. */
export const readdressedStates = ["planned", "queued", "held", "cancelled", "stale"] as const;

function isReaddressed(
  now: Buffer | null,
  remembered: Buffer | null,
  messages: readonly { readonly state: string; readonly email_hash: Buffer | null }[],
): boolean {
  const differs = (hash: Buffer | null) => hash?.toString("hex") !== now?.toString("hex");
  return (
    differs(remembered) || messages.some(({ state, email_hash }) => differs(email_hash) && readdressedStates.some((one) => one === state))
  );
}

function addressState(order: Order): Permission["address"] {
  if (order.buyer.email === null) return "no-address";
  const read = readAddress(order.buyer.email);
  if (read.kind === "bad") return "bad-address";
  return isRelay(read.address) ? "relay-address" : "ok";
}

function moveOf(row: { step: string; occurrence_kind: string; occurrence_id: string; move: string; at: Instant }): Move {
  return {
    step: row.step,
    occurrence: { kind: row.occurrence_kind as OccurrenceKind, id: row.occurrence_id },
    move: row.move as Move["move"],
    at: row.at,
  };
}

/** A row of the ledger as the planner sees it. Its words were checked when they were written. */
export function ledgerMessage(row: MessageRow): LedgerMessage {
  return {
    id: row.id,
    step: row.step,
    occurrence: { kind: row.occurrence_kind as OccurrenceKind, id: row.occurrence_id },
    template: row.template,
    category: row.category as Category,
    state: row.state as MessageState,
    slotAt: row.slot_at,
    dueAt: row.due_at,
    staleAt: row.stale_at,
    sentAt: row.sent_at,
    invited: row.invited,
    deferredUntil: row.deferred_until,
    reason: row.reason as Reason | null,
    scheduleVersion: row.schedule_version,
    because: row.because,
  };
}

type MessageRow = Pick<
  import("kysely").Selectable<Schema["messages"]>,
  | "id"
  | "step"
  | "occurrence_kind"
  | "occurrence_id"
  | "template"
  | "category"
  | "state"
  | "slot_at"
  | "due_at"
  | "stale_at"
  | "sent_at"
  | "invited"
  | "deferred_until"
  | "reason"
  | "schedule_version"
  | "because"
>;

function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}
