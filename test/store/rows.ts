import { createHash } from "node:crypto";
import { sql } from "kysely";
import { defaultCaps } from "../../src/core/caps.ts";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { newId } from "../../src/core/ids.ts";
import { day24, type Instant, instantOf, iso, plus } from "../../src/core/instant.ts";
import type { Category, MessageState } from "../../src/core/timetable.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { insertShop, type Shop } from "../../src/store/shops.ts";
import { insertSource } from "../../src/store/sources.ts";
import { time } from "../../src/store/values.ts";
import { atEndOfFile } from "../support/clean-up.ts";

/** Where tests of rows stand in time unless they say otherwise. */
export const noon = instantOf("2026-01-20T12:00:00Z");

/** Opens a pool that is closed with the test file: each is like another process. */
export function openPool(url: string, connections = 4): Database {
  const db = openDatabase({ url, connections });
  atEndOfFile(() => db.destroy());
  return db;
}

/** Stores a shop with the default schedule and gives it. */
export async function addShop(db: Database, change: Partial<Shop> = {}, schedule: { steps: readonly { key: string }[] } = defaultSchedule) {
  const shop: Shop = {
    id: newId(noon),
    name: "Lantern",
    timeZone: "Asia/Shanghai",
    locale: "en",
    country: "CN",
    fromName: "Lantern",
    fromAddress: "hello@lantern.example",
    replyTo: null,
    postalAddress: "8 Nanjing Road, Shanghai",
    website: null,
    logoUrl: null,
    color: null,
    reviewUrl: "https://lantern.example/review",
    signedBy: "Lin",
    liveFrom: instantOf("2025-01-01T00:00:00Z"),
    sending: true,
    redirectTo: null,
    caps: defaultCaps,
    customerNotice: null,
    scheduleVersion: 1,
    createdAt: noon,
    updatedAt: noon,
    ...change,
  };
  await insertShop(
    db,
    shop,
    schedule,
    schedule.steps.map(({ key }) => key),
  );
  return shop;
}

export async function addSource(db: Database, shopId: string, change: { platform?: string; augments?: string } = {}): Promise<string> {
  const id = newId(noon);
  await insertSource(db, {
    id,
    shopId,
    platform: change.platform ?? "standard",
    domain: null,
    augments: change.augments ?? null,
    secret: Buffer.from("sealed"),
    oldSecret: null,
    createdAt: noon,
    lastDeliveryAt: null,
  });
  return id;
}

export interface Place {
  readonly shopId: string;
  readonly sourceId: string;
}

/** A shop with one source. */
export async function addPlace(db: Database, change: Partial<Shop> = {}): Promise<Place> {
  const { id } = await addShop(db, change);
  return { shopId: id, sourceId: await addSource(db, id) };
}

/** Any 32 bytes that stand for an address. */
export function hashFor(address: string): Buffer {
  return createHash("sha256").update(address).digest();
}

/** Puts an order into the table as planning would have left it: no facts, not dirty. */
export async function addOrder(
  db: Database,
  { shopId, sourceId }: Place,
  { email = "maya@buyer.example", firstSeen = noon }: { email?: string; firstSeen?: Instant } = {},
): Promise<string> {
  const id = newId(firstSeen);
  await db
    .insertInto("orders")
    .values({
      id,
      shop_id: shopId,
      source_id: sourceId,
      external_id: id,
      order_day: iso(firstSeen).slice(0, 10),
      known: true,
      number: id.slice(-6),
      placed_at: time(firstSeen),
      country: "US",
      buyer_name: "Maya",
      email,
      email_hash: hashFor(email),
      schedule_version: 1,
      first_seen: time(firstSeen),
    })
    .execute();
  return id;
}

export interface MessageRow {
  readonly state?: MessageState;
  readonly category?: Category;
  readonly dueAt?: Instant;
  readonly staleAt?: Instant;
  readonly email?: string;
  readonly step?: string;
  readonly token?: string;
  readonly leaseUntil?: Instant;
  readonly sentAt?: Instant;
  readonly invited?: boolean;
  readonly reason?: string;
}

/** Puts a message into the ledger. */
export async function addMessage(db: Database, shopId: string, orderId: string, row: MessageRow = {}): Promise<string> {
  const id = newId(noon);
  const dueAt = row.dueAt ?? noon;
  const step = row.step ?? `step-${id.slice(-8)}`;
  await db
    .insertInto("messages")
    .values({
      id,
      shop_id: shopId,
      order_id: orderId,
      order_day: "2026-01-20",
      step,
      occurrence_kind: "order",
      occurrence_id: orderId,
      template: step,
      category: row.category ?? "order",
      state: row.state ?? "planned",
      slot_at: time(dueAt),
      due_at: time(dueAt),
      stale_at: time(row.staleAt ?? plus(dueAt, 30 * day24)),
      because: "[]",
      reason: row.reason ?? null,
      schedule_version: 1,
      email_hash: hashFor(row.email ?? "maya@buyer.example"),
      lease_token: row.token ?? null,
      lease_until: row.leaseUntil === undefined ? null : time(row.leaseUntil),
      sent_at: row.sentAt === undefined ? null : time(row.sentAt),
      updated_at: time(noon),
      invited: row.invited ?? false,
    })
    .execute();
  return id;
}

/** A message's row as it stands. */
export function messageRow(db: Database, id: string) {
  return db.selectFrom("messages").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

export async function statesOf(db: Database, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db.selectFrom("messages").select(["id", "state"]).where("id", "in", ids).execute();
  const states = new Map(rows.map((row) => [row.id, row.state]));
  return ids.map((id) => states.get(id) ?? "missing");
}

/** Resolves as soon as `count` sessions of this database wait for a lock that another holds. */
export async function somebodyWaits(db: Database, count = 1): Promise<void> {
  for (let look = 0; look < 2_000; look += 1) {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if ((rows[0]?.n ?? 0) >= count) return;
  }
  throw new Error(`nobody waits for a lock, though ${count} should`);
}
