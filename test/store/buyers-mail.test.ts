import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { hour, plus } from "../../src/core/instant.ts";
import { otherMailOf } from "../../src/store/buyers-mail.ts";
import type { Database } from "../../src/store/database.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, hashFor, type MessageRow, noon, openPool, type Place } from "./rows.ts";

let db: Database;
let place: Place;
const token = randomUUID();
const times = { since: plus(noon, -7 * 24 * hour), now: noon, until: plus(noon, 12 * hour), token };

beforeAll(async () => {
  db = openPool((await freshDatabase()).url);
  place = await addPlace(db);
});

/** What counts of one mail to a buyer of its own. */
async function counted(row: MessageRow): Promise<string> {
  const email = `${randomUUID()}@buyer.example`;
  await addMessage(db, place.shopId, await addOrder(db, place, { email }), { ...row, email });
  const found = await otherMailOf(db, [{ shopId: place.shopId, emailHash: hashFor(email) }], times);
  return found.map(({ category, at, asks, gone }) => `${category} ${gone ? "gone" : "ahead"} at ${(at - noon) / hour} asks ${asks}`).join();
}

const hand = { state: "queued", token: randomUUID(), leaseUntil: plus(noon, hour) } as const;

test.each([
  ["review mail sent an hour ago", { category: "review", state: "sent", sentAt: plus(noon, -hour) }, "review gone at -1 asks yes"],
  [
    "an offer in doubt",
    { category: "offer", state: "unsure", reason: "answer-unknown", sentAt: plus(noon, -hour) },
    "offer gone at -1 asks yes",
  ],
  ["care mail that invited nobody", { category: "care", state: "sent", sentAt: plus(noon, -hour) }, "care gone at -1 asks no"],
  ["care mail that invited", { category: "care", state: "sent", sentAt: plus(noon, -hour), invited: true }, "care gone at -1 asks yes"],
  ["mail about the order", { category: "order", state: "sent", sentAt: plus(noon, -hour) }, ""],
  ["what was sent long ago", { category: "review", state: "sent", sentAt: times.since }, ""],
  ["what is in another's hand", { category: "review", ...hand }, "review gone at 0 asks yes"],
  ["care mail in another's hand that may invite", { category: "care", ...hand, invited: true }, "care gone at 0 asks maybe"],
  ["care mail in another's hand that may not", { category: "care", ...hand }, "care gone at 0 asks no"],
  ["what is in one's own hand", { category: "review", ...hand, token }, ""],
  ["what is due in some hours", { category: "care", dueAt: plus(noon, 12 * hour) }, "care ahead at 12 asks maybe"],
  ["what is due later", { category: "care", dueAt: plus(noon, 12 * hour + 1) }, ""],
  ["what was withdrawn", { category: "review", state: "cancelled", reason: "order-cancelled" }, ""],
] as const)("P10: %s counts as it should", async (_what, row, expected) => {
  expect(await counted(row)).toBe(expected);
});

test("P10: neither other buyers' mail counts nor another shop's", async () => {
  const sent = { category: "review", state: "sent", sentAt: plus(noon, -hour) } as const;
  const elsewhere = await addPlace(db);
  await addMessage(db, elsewhere.shopId, await addOrder(db, elsewhere), sent);
  await addMessage(db, place.shopId, await addOrder(db, place, { email: "bob@buyer.example" }), { ...sent, email: "bob@buyer.example" });
  expect(await otherMailOf(db, [{ shopId: place.shopId, emailHash: hashFor("maya@buyer.example") }], times)).toEqual([]);
});
