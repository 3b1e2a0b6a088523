import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { day24, type Instant, iso, plus } from "../../src/core/instant.ts";
import type { Database } from "../../src/store/database.ts";
import { insertDeliveries, settleDeliveries } from "../../src/store/deliveries.ts";
import { writeFacts } from "../../src/store/facts.ts";
import { closeOldOrders, dropOldBodies, dropOldKeys, pseudonymise } from "../../src/store/retention.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, type MessageRow, noon, openPool, type Place } from "./rows.ts";

let db: Database;
let place: Place;

beforeEach(async () => {
  db = openPool((await freshDatabase()).url);
  place = await addPlace(db);
});

const ago = (days: number): Instant => plus(noon, -days * day24);

async function delivery(state: "stored" | "taken" | "ignored" | "quarantined" | "waiting", receivedAt: Instant): Promise<string> {
  const id = newId(receivedAt);
  await insertDeliveries(db, [{ id, ...place, key: id, topic: "", headers: {}, body: Buffer.from("{}"), receivedAt }]);
  if (state !== "stored") await settleDeliveries(db, [{ id, state, reason: "why", pointer: null, waitsFor: "o-1" }], noon);
  return id;
}

/** Everything in a table, by what it holds. */
async function everything(table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} as t order by 1`.execute(db);
  return rows.map(({ row }) => row);
}

describe("bodies of deliveries", () => {
  test("go after 30 days once taken in, after a year in quarantine or waiting, and never before they were taken in", async () => {
    const states = ["stored", "taken", "ignored", "quarantined", "waiting"] as const;
    const ids = new Map<string, string>();
    for (const state of states) for (const days of [29, 31, 366]) ids.set(`${state} ${days}`, await delivery(state, ago(days)));
    const drop = (limit: number) => dropOldBodies(db, { taken: ago(30), quarantined: ago(365), limit });
    expect(await drop(4)).toBe(4);
    expect(await drop(100)).toBe(2);
    expect(await drop(100)).toBe(0);
    const left = await db.selectFrom("deliveries").select("id").where("body", "is", null).execute();
    const gone = new Set(left.map(({ id }) => id));
    expect([...ids].filter(([, id]) => gone.has(id)).map(([name]) => name)).toEqual([
      "taken 31",
      "taken 366",
      "ignored 31",
      "ignored 366",
      "quarantined 366",
      "waiting 366",
    ]);
    expect(await db.selectFrom("deliveries").select("id").execute()).toHaveLength(15);
    expect(await db.selectFrom("delivery_keys").select("key").execute()).toHaveLength(15);
  });
});

describe("idempotency keys", () => {
  test("go after 90 days, and with them nothing else (IN-05)", async () => {
    const [old, young] = [await delivery("taken", ago(91)), await delivery("taken", ago(89))];
    expect(await dropOldKeys(db, { seenBefore: ago(90), limit: 10 })).toBe(1);
    expect((await db.selectFrom("delivery_keys").select("delivery_id").execute()).map((row) => row.delivery_id)).toEqual([young]);
    expect((await db.selectFrom("deliveries").select("id").execute()).map(({ id }) => id).toSorted()).toEqual([old, young].toSorted());
  });
});

describe("old orders", () => {
  const close = (limit = 100) => closeOldOrders(db, { now: noon, quietSince: ago(180), limit });

  async function closed(): Promise<readonly string[]> {
    return (await db.selectFrom("orders").select("id").where("closed_at", "is not", null).execute()).map(({ id }) => id);
  }

  async function withMessage(row: MessageRow, updatedAt: Instant): Promise<string> {
    const order = await addOrder(db, place, { firstSeen: ago(200) });
    const id = await addMessage(db, place.shopId, order, row);
    await db
      .updateTable("messages")
      .set({ updated_at: new Date(updatedAt) })
      .where("id", "=", id)
      .execute();
    return order;
  }

  test("are closed when nothing was said and nothing was sent for long, and nothing may still go out", async () => {
    const lease = { token: newId(noon), leaseUntil: noon };
    const quiet = await addOrder(db, place, { firstSeen: ago(181) });
    const done = await withMessage({ state: "sent", sentAt: ago(190) }, ago(190));
    await addOrder(db, place, { firstSeen: ago(179) });
    await withMessage({ state: "sent", sentAt: ago(170) }, ago(170));
    await withMessage({ state: "planned" }, ago(190));
    await withMessage({ state: "held", reason: "operator-held" }, ago(190));
    await withMessage({ state: "queued", ...lease }, ago(190));
    await withMessage({ state: "sending", ...lease }, ago(190));
    const dirty = await addOrder(db, place, { firstSeen: ago(181) });
    await db.updateTable("orders").set({ dirty: 1 }).where("id", "=", dirty).execute();
    const spoken = await addOrder(db, place, { firstSeen: ago(181) });
    await fact(spoken, { kind: "payment", paidAt: null }, ago(20));
    expect(await close()).toBe(2);
    expect((await closed()).toSorted()).toEqual([quiet, done].toSorted());
    expect(await close()).toBe(0);
  });

  test("are closed no more than `limit` at a time", async () => {
    for (let n = 0; n < 30; n += 1) await addOrder(db, place, { firstSeen: ago(181) });
    await sql`analyze`.execute(db);
    expect(await close(7)).toBe(7);
    expect(await closed()).toHaveLength(7);
  });
});

async function fact(orderId: string, says: Parameters<typeof writeFacts>[1][number]["fact"]["says"], at: Instant): Promise<void> {
  await writeFacts(db, [{ orderId, ...place, deliveryId: newId(noon), fact: { at: iso(at), says } }]);
}

describe("buyers' data of closed orders (LAW-05)", () => {
  const at = "2025-01-01T00:00:00.000Z";
  const clean = (limit = 100) => pseudonymise(db, { closedBefore: ago(90), limit });

  /** An order with everything a buyer may leave behind, under the name `mark`. */
  async function lived(mark: string, closedAt: Instant | null, named = true): Promise<string> {
    const order = await addOrder(db, place, { email: `${mark}@buyer.example`, firstSeen: ago(400) });
    const names = named ? { buyer_name: mark } : { buyer_name: null, email: null };
    await db
      .updateTable("orders")
      .set({ closed_at: closedAt === null ? null : new Date(closedAt), ...names })
      .where("id", "=", order)
      .execute();
    const instantAt = ago(390);
    if (named) await fact(order, { kind: "buyer", id: mark, email: `${mark}@buyer.example`, name: mark, locale: "en" }, instantAt);
    await fact(order, { kind: "address", country: "US", region: mark, postalCode: mark, city: mark, latitude: 1, longitude: 1 }, instantAt);
    await fact(order, { kind: "payment", paidAt: at }, instantAt);
    await fact(order, { kind: "review", id: "r", postedAt: at, rating: 5, removed: false, text: mark, itemId: null, url: mark }, instantAt);
    await fact(order, { kind: "consent", scope: "review", text: mark, at }, instantAt);
    await fact(order, { kind: "case", id: "c", type: "return", state: "closed", changedAt: at, reason: mark, outcome: mark }, instantAt);
    await fact(order, { kind: "scan", shipment: "s", status: "delivered", occurredAt: at, description: mark, location: mark }, instantAt);
    const message = await addMessage(db, place.shopId, order, { state: "sent", sentAt: ago(380) });
    await db
      .insertInto("attempts")
      .values({
        id: newId(noon),
        shop_id: place.shopId,
        message_id: message,
        token: newId(noon),
        started_at: new Date(noon),
        ended_at: new Date(noon),
        outcome: "sent",
        answer: `250 <${mark}@buyer.example> ok`,
        rfc_message_id: `<${message}@lantern.example>`,
        rfc_date: new Date(noon),
        recipient: `${mark}@buyer.example`,
        template_version: "v",
        input: JSON.stringify({ name: mark }),
      })
      .execute();
    return order;
  }

  const tables = ["orders", "facts", "messages", "attempts"] as const;

  async function dump(): Promise<string> {
    return (await Promise.all(tables.map((table) => everything(table)))).flat().join("\n");
  }

  test("go 90 days after: name, addresses, texts, what the mails held, what the server said", async () => {
    await lived("Zacharias", ago(91));
    expect(await clean()).toBe(1);
    const left = await dump();
    expect(left).not.toMatch(/Zacharias/);
    expect(await clean()).toBe(0);
  });

  test("go also when only the address was known", async () => {
    await lived("Zacharias", ago(91), false);
    await clean();
    expect(await dump()).not.toMatch(/Zacharias/);
  });

  test("stay in open orders and in those closed lately, in every table, byte for byte", async () => {
    await lived("Maya", null);
    await lived("Bob", ago(89));
    const before = await dump();
    await lived("Zacharias", ago(91));
    expect(await clean()).toBe(1);
    const after = await dump();
    for (const line of before.split("\n")) expect(after).toContain(line);
  });

  test("leave the ledger as it was: what went out, when, and why", async () => {
    await lived("Zacharias", ago(91));
    const before = await everything("messages");
    await clean();
    expect(await everything("messages")).toEqual(before);
    expect(await db.selectFrom("facts").select("slot").execute()).toEqual(expect.arrayContaining([{ slot: "payment" }]));
    const [attempt] = await db.selectFrom("attempts").selectAll().execute();
    expect(attempt).toMatchObject({ outcome: "sent", input: null, recipient: null });
  });

  test("go no more than `limit` at a time", async () => {
    for (let n = 0; n < 5; n += 1) await lived(`Z${n}`, ago(91));
    expect(await clean(2)).toBe(2);
    expect(await clean(2)).toBe(2);
    expect(await clean(2)).toBe(1);
  });
});
