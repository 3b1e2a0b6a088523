import { beforeEach, describe, expect, test } from "vitest";
import type { Fact } from "../../src/core/facts.ts";
import { newId } from "../../src/core/ids.ts";
import { iso, minute, plus } from "../../src/core/instant.ts";
import { addressHash, deriveKeys } from "../../src/core/keys.ts";
import { endAttempts } from "../../src/store/attempts.ts";
import { insertConsents } from "../../src/store/consents-taken.ts";
import { closeSource, eraseBuyer, eraseSourceOrders, handedOver } from "../../src/store/erasure.ts";
import { writeFacts } from "../../src/store/facts.ts";
import { loadForPlanning } from "../../src/store/planning.ts";
import { listSuppressions, suppress } from "../../src/store/suppressions.ts";
import { begin, type Desk, ending, openDesk } from "./desk.ts";
import { addMessage, addOrder, addPlace, addSource, messageRow, noon, somebodyWaits, statesOf } from "./rows.ts";

const keys = deriveKeys("a secret key for tests, 32 long..");
const maya = "maya@buyer.example";

let desk: Desk;
let shopId: string;

beforeEach(async () => {
  desk = await openDesk();
  ({ shopId } = desk.place);
  await filedUnder(desk.order, maya);
});

/** Files an order under its address as planning does; rows of tests have any hash. */
async function filedUnder(order: string, address: string): Promise<void> {
  await desk.one
    .updateTable("orders")
    .set({ email: address, email_hash: addressHash(keys, shopId, address) })
    .where("id", "=", order)
    .execute();
}

function erase(address: string | null = maya, orderIds: readonly string[] = [], db = desk.one) {
  return db.transaction().execute((tx) => eraseBuyer(tx, keys, { shopId, address, buyer: null, orderIds }, noon));
}

function orderRow(id: string) {
  return desk.one.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

async function say(order: string, says: Fact["says"], deliveryId = newId(noon)): Promise<void> {
  await writeFacts(desk.one, [{ orderId: order, ...desk.place, deliveryId, fact: { at: iso(noon), says } }]);
}

const buyerSays = (email: string) => ({ kind: "buyer", id: null, email, name: "Maya", locale: null }) as const;

describe("erasing a buyer", () => {
  test("cancels what would go out, closes the orders, and says how much it was", async () => {
    const open = await Promise.all(
      (["planned", "held"] as const).map((state) => addMessage(desk.one, shopId, desk.order, { state, reason: "x" })),
    );
    const queued = await desk.queued();
    const sent = await addMessage(desk.one, shopId, desk.order, { state: "sent", sentAt: noon });
    const failed = await addMessage(desk.one, shopId, desk.order, { state: "failed", reason: "refused" });
    expect(await erase()).toEqual({ orderIds: [desk.order], cancelled: 3, mails: 0, consents: 0 });
    expect(await statesOf(desk.one, [...open, queued, sent, failed])).toEqual(["cancelled", "cancelled", "cancelled", "sent", "failed"]);
    expect(await messageRow(desk.one, queued)).toMatchObject({ reason: "suppressed", lease_token: null, email_hash: null });
    expect(await orderRow(desk.order)).toMatchObject({ closed_at: noon, dirty: 0, email: null, buyer_name: null, email_hash: null });
    expect(await erase()).toEqual({ orderIds: [], cancelled: 0, mails: 0, consents: 0 });
  });

  test("keeps in doubt what is in doubt, and does not send it again", async () => {
    const doubtful = await addMessage(desk.one, shopId, desk.order, { reason: "answer-unknown", sentAt: noon, state: "unsure" });
    await desk.one.updateTable("messages").set({ state: "planned", resend: true }).where("id", "=", doubtful).execute();
    await erase();
    expect(await messageRow(desk.one, doubtful)).toMatchObject({ state: "unsure", reason: "answer-unknown" });
  });

  test("finds orders in any spelling of the address, also before they are planned", async () => {
    const fresh = await addOrder(desk.one, desk.place);
    await desk.one.updateTable("orders").set({ email: null, email_hash: null, dirty: 1 }).where("id", "=", fresh).execute();
    await say(fresh, buyerSays("MAYA@Buyer.example"));
    const others = await addOrder(desk.one, desk.place, { email: "bob@buyer.example" });
    await desk.one.updateTable("orders").set({ dirty: 1 }).where("id", "=", others).execute();
    await say(others, buyerSays("bob@buyer.example"));
    const { orderIds } = await erase(" Maya@BUYER.example ");
    expect([...orderIds].sort()).toEqual([desk.order, fresh].sort());
    expect(await orderRow(others)).toMatchObject({ closed_at: null, email: "bob@buyer.example" });
  });

  test("is of one shop: the same buyer at another keeps everything", async () => {
    const other = await addPlace(desk.one);
    const theirs = await addOrder(desk.one, other);
    await desk.one
      .updateTable("orders")
      .set({ email: maya, email_hash: addressHash(keys, other.shopId, maya), dirty: 1 })
      .where("id", "=", theirs)
      .execute();
    await writeFacts(desk.one, [{ orderId: theirs, ...other, deliveryId: newId(noon), fact: { at: iso(noon), says: buyerSays(maya) } }]);
    expect((await erase()).orderIds).toEqual([desk.order]);
    expect(await orderRow(theirs)).toMatchObject({ email: maya, closed_at: null });
    expect(await desk.one.selectFrom("facts").select("order_id").execute()).toEqual([{ order_id: theirs }]);
    expect(await listSuppressions(desk.one, other.shopId, { after: null, limit: 10, addressHash: null })).toEqual([]);
  });

  test("stops also the addresses of orders that are named by id, and has their other orders planned again", async () => {
    const named = await addOrder(desk.one, desk.place);
    await filedUnder(named, "second@buyer.example");
    const beside = await addOrder(desk.one, desk.place);
    await filedUnder(beside, "second@buyer.example");
    await erase(null, [named]);
    const stopped = await listSuppressions(desk.one, shopId, { after: null, limit: 10, addressHash: null });
    expect(stopped.map(({ addressHash: hash, scope }) => [hash, scope])).toEqual([
      [addressHash(keys, shopId, "second@buyer.example"), "all"],
    ]);
    expect(await orderRow(beside)).toMatchObject({ closed_at: null, dirty: 1 });
    expect(await orderRow(desk.order)).toMatchObject({ closed_at: null, dirty: 0 });
  });

  test("takes the address out of suppressions and consents, and out of what a server answered; they stand without it", async () => {
    const hash = addressHash(keys, shopId, maya);
    const reason = `undeliverable: 550 5.1.1 <${maya}> no such user`;
    await suppress(desk.one, { shopId, addressHash: hash, address: maya, scopes: ["care", "all"], reason }, () => noon);
    const consent = {
      shopId,
      addressHash: hash,
      address: maya,
      scope: "review",
      text: "Yes",
      source: "order 1",
      at: iso(noon),
      orderId: null,
    } as const;
    await insertConsents(desk.one, [{ id: newId(noon), ...consent }]);
    expect(await erase()).toMatchObject({ consents: 1 });
    const suppressions = await listSuppressions(desk.one, shopId, { after: null, limit: 10, addressHash: hash });
    expect(suppressions.map((one) => one.scope).sort()).toEqual(["all", "care"]);
    for (const one of suppressions) expect(one).toMatchObject({ address: null, reason: "undeliverable: 550 5.1.1 … no such user" });
    const [row] = await desk.one.selectFrom("consents").selectAll().execute();
    expect(row).toMatchObject({ address: null, text: "Yes", address_hash: hash });
  });

  test("takes the parcels' numbers out of the reasons of the ledger, whatever characters they have, and leaves the rest", async () => {
    const numbers = ["EE1.5(7)CN", "RR|9"];
    for (const trackingNumber of numbers) {
      const parcel = { id: trackingNumber, void: false, carrier: null, service: null, trackingUrl: null, items: null };
      await say(desk.order, { kind: "shipment", dispatchedAt: iso(noon), trackingNumber, ...parcel });
    }
    const sent = await addMessage(desk.one, shopId, desk.order, { state: "sent", sentAt: noon });
    const because = [
      { rule: "anchor", detail: "parcel EE1.5(7)CN left, then RR|9, then RR" },
      { rule: "window", detail: "9 to 18, EE1x5(7)CN" },
    ];
    await desk.one
      .updateTable("messages")
      .set({ because: JSON.stringify(because) })
      .where("id", "=", sent)
      .execute();
    await erase();
    expect((await messageRow(desk.one, sent)).because).toEqual([
      { rule: "anchor", detail: "parcel … left, then …, then RR" },
      { rule: "window", detail: "9 to 18, EE1x5(7)CN" },
    ]);
  });

  test("takes out what the buyer wrote beside a choice or in a report, and what an operator wrote to them", async () => {
    const at = iso(noon);
    await say(desk.order, { kind: "choice", of: "delivery-late", about: "7", choice: "refund", note: "To my new bank", chosenAt: at });
    await say(desk.order, { kind: "report", id: "p1", topic: "problem", text: "Broken, says Maya", reportedAt: at });
    await say(desk.order, { kind: "action", id: "a1", type: "return-instructions", caseId: null, at, fields: { note: "Dear Maya" } });
    await erase();
    const kept = await desk.one.selectFrom("facts").select("says").where("order_id", "=", desk.order).orderBy("slot").execute();
    expect(kept.map(({ says }) => says)).toMatchObject([
      { kind: "action", fields: {} },
      { kind: "choice", choice: "refund", note: null },
      { kind: "report", topic: "problem", text: null },
    ]);
    expect(JSON.stringify(kept)).not.toMatch(/Maya|bank/);
  });

  test("of somebody nobody knows only stops the address", async () => {
    expect(await erase("nobody@buyer.example")).toEqual({ orderIds: [], cancelled: 0, mails: 0, consents: 0 });
    const hash = addressHash(keys, shopId, "nobody@buyer.example");
    expect(await listSuppressions(desk.one, shopId, { after: null, limit: 10, addressHash: hash })).toHaveLength(1);
  });

  test("waits for whoever plans the order, and cancels what that planned", async () => {
    const planning = desk.two.transaction().execute(async (tx) => {
      await loadForPlanning(tx, keys, { orderIds: [desk.order], lock: true });
      const erasing = erase();
      await somebodyWaits(desk.one);
      return { erasing, message: await addMessage(tx, shopId, desk.order) };
    });
    const { erasing, message } = await planning;
    expect((await erasing).cancelled).toBe(1);
    expect(await statesOf(desk.one, [message])).toEqual(["cancelled"]);
  });

  test("lets a mail that has just begun end as it ends, and none begin after it", async () => {
    const asked = await desk.beginning(await desk.queued());
    const late = await desk.beginning(await desk.queued());
    const gate = desk.two.transaction().execute(async (tx) => {
      const begun = await begin(tx, [asked]);
      const erasing = erase();
      await somebodyWaits(desk.one);
      return { begun, erasing };
    });
    const { begun, erasing } = await gate;
    expect(begun).toEqual([true]);
    expect((await erasing).cancelled).toBe(1);
    expect(await statesOf(desk.one, [asked.messageId, late.messageId])).toEqual(["sending", "cancelled"]);
    expect(await begin(desk.two, [late])).toEqual([false]);
    await endAttempts(desk.two, [ending(asked)], plus(noon, 1_000));
    expect(await statesOf(desk.one, [asked.messageId])).toEqual(["sent"]);
  });

  test("can wait until what had begun has ended", async () => {
    const begun = await desk.begun();
    let waited = false;
    const waiting = handedOver(desk.one, [desk.order], () => noon).then(() => {
      waited = true;
    });
    for (let look = 0; look < 20; look += 1) await messageRow(desk.two, begun.messageId);
    expect(waited).toBe(false);
    await endAttempts(desk.two, [ending(begun)], noon);
    await waiting;
    await desk.begun();
    await handedOver(desk.one, [desk.order], () => plus(noon, 3 * minute));
  });
});

describe("the end of a source", () => {
  const until = newId(plus(noon, 1_000));
  const end = () => ({ ...desk.place, until });
  const close = () => desk.one.transaction().execute((tx) => closeSource(tx, end(), noon));

  async function orders(count: number): Promise<readonly string[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const id = await addOrder(desk.one, desk.place);
        await say(id, buyerSays(maya));
        return id;
      }),
    );
  }

  test("closes its open orders, cancels their messages, and keeps their data", async () => {
    const message = await addMessage(desk.one, shopId, desk.order);
    expect(await close()).toEqual({ orders: 1, cancelled: 1 });
    expect(await messageRow(desk.one, message)).toMatchObject({ state: "cancelled", reason: "order-closed" });
    expect(await orderRow(desk.order)).toMatchObject({ closed_at: noon, email: maya });
    expect(await close()).toEqual({ orders: 0, cancelled: 0 });
  });

  test("leaves other sources' orders, and those heard of since", async () => {
    const other = await addOrder(desk.one, { shopId, sourceId: await addSource(desk.one, shopId) });
    const since = await addOrder(desk.one, desk.place);
    await say(since, buyerSays(maya), newId(plus(noon, 2_000)));
    await close();
    expect((await orderRow(other)).closed_at).toBeNull();
    expect((await orderRow(since)).closed_at).toBeNull();
  });

  test("erases a few at a time, each once, and none heard of since", async () => {
    await orders(4);
    const since = await addOrder(desk.one, desk.place);
    await say(since, buyerSays(maya), newId(plus(noon, 2_000)));
    const left: number[] = [];
    let after: string | null = "";
    while (after !== null) {
      const from: string = after;
      after = await desk.one.transaction().execute((tx) => eraseSourceOrders(tx, keys, end(), { after: from, limit: 2 }, noon));
      left.push((await desk.one.selectFrom("orders").select("id").where("email", "is not", null).execute()).length);
    }
    expect(left).toEqual([4, 2, 1]);
    expect((await desk.one.selectFrom("facts").select("order_id").execute()).map((row) => row.order_id)).toEqual([since]);
    expect(await listSuppressions(desk.one, shopId, { after: null, limit: 10, addressHash: null })).toEqual([]);
  });
});
