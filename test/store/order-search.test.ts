import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { day24, plus } from "../../src/core/instant.ts";
import { addressHash, deriveKeys } from "../../src/core/keys.ts";
import type { Database } from "../../src/store/database.ts";
import { writeFacts } from "../../src/store/facts.ts";
import { type OrderFilter, searchOrders } from "../../src/store/order-search.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, noon, openPool, type Place } from "./rows.ts";

const keys = deriveKeys("a secret key for tests");
const everything: OrderFilter = { search: "", show: "all", country: null };

let db: Database;
let place: Place;
let other: Place;
let maya: string;
let jose: string;

beforeAll(async () => {
  db = openPool((await freshDatabase()).url);
  place = await addPlace(db);
  other = await addPlace(db, { name: "Other" });
  maya = await order(place, {
    number: "1001",
    external_id: "5511",
    buyer_name: "Maya O'Neill",
    email: "Maya@Buyer.example",
    country: "US",
  });
  jose = await order(place, {
    number: "1002",
    external_id: "5512",
    buyer_name: "José da Silva",
    email: "jose@buyer.example",
    country: "BR",
  });
  await order(other, { number: "1001", external_id: "5511", buyer_name: "Maya Elsewhere", email: "maya@buyer.example", country: "US" });
  await addParcel(place, jose, "RR473124829CN");
});

type Row = {
  readonly number: string;
  readonly external_id: string;
  readonly buyer_name: string;
  readonly email: string;
  readonly country: string;
};

async function order(at: Place, row: Row): Promise<string> {
  const id = await addOrder(db, at, { email: row.email });
  await db
    .updateTable("orders")
    .set({ ...row, email_hash: addressHash(keys, at.shopId, row.email) })
    .where("id", "=", id)
    .execute();
  return id;
}

async function addParcel({ shopId, sourceId }: Place, orderId: string, trackingNumber: string): Promise<void> {
  const says = { kind: "shipment", id: "s1", dispatchedAt: null, void: false, carrier: null, service: null, trackingNumber } as const;
  const fact = { order: "5512", at: "2026-01-19T00:00:00.000Z", says: { ...says, trackingUrl: null, items: null } };
  await writeFacts(db, [{ orderId, shopId, sourceId, deliveryId: newId(noon), fact }]);
}

async function search(filter: Partial<OrderFilter>): Promise<readonly string[]> {
  const found = await searchOrders(db, keys, place.shopId, { ...everything, ...filter, after: null, limit: 50 });
  return found.map(({ id }) => id);
}

describe("searching a shop's orders", () => {
  test.each([
    ["a number, with or without #", ["1001", "#1001"]],
    ["the id at the sender", ["5511"]],
    ["an address, however it is written", ["maya@buyer.example", " MAYA@BUYER.EXAMPLE "]],
    ["the beginning of any word of a name", ["maya", "o'neill", "neil", "may nei"]],
  ])("finds by %s, and nothing of another shop", async (_what, searches) => {
    for (const words of searches) expect(await search({ search: words }), words).toEqual([maya]);
  });

  test("finds by a tracking number, blanks or not", async () => {
    expect(await search({ search: "RR473124829CN" })).toEqual([jose]);
    expect(await search({ search: "RR 4731 2482 9CN" })).toEqual([jose]);
  });

  test("finds names with accents as they are written", async () => {
    expect(await search({ search: "josé sil" })).toEqual([jose]);
  });

  test.each(["&", "'", "a:* | b", "\\", "%", "\0", "  ", "(((", "<->", "💥", "maya & !o"])("takes %j as mere words", async (words) => {
    expect((await search({ search: words })).length).toBeLessThanOrEqual(2);
  });

  test("shows who has mail to come, who has trouble, and from where", async () => {
    await addMessage(db, place.shopId, maya, { state: "planned", dueAt: plus(noon, day24) });
    await addMessage(db, place.shopId, maya, { state: "sent", sentAt: noon });
    await addMessage(db, place.shopId, jose, { state: "failed", reason: "refused" });
    expect(await search({ show: "coming" })).toEqual([maya]);
    expect(await search({ show: "trouble" })).toEqual([jose]);
    expect(await search({ show: "closed" })).toEqual([]);
    expect(await search({ country: "BR" })).toEqual([jose]);
    const [, first] = await searchOrders(db, keys, place.shopId, { ...everything, after: null, limit: 50 });
    expect(first).toMatchObject({ id: maya, sent: 1, planned: 1, trouble: 0, nextDue: plus(noon, day24) });
  });
});
