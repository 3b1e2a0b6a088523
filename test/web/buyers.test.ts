import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { newId } from "../../src/core/ids.ts";
import { minute, plus } from "../../src/core/instant.ts";
import { beginAttempts, endAttempts } from "../../src/store/attempts.ts";
import { claimDue } from "../../src/store/claims.ts";
import { type Json, openWeb, orderData, plannedOrder, shopWithSource } from "./set-up.ts";

const subject = "Your parcel is on its way";
const web = await openWeb({
  sent: async (id) => ({ subject: `${subject} ${id}`, html: "", text: "", headers: {} }),
  limits: { wrongTokens: { burst: 1e9, perSecond: 1e9 } },
});

/** A shop with a planned order of Maya, with a consent, whose dispatch notice has begun to go out. */
async function world(email = "maya@buyer.example") {
  const at = await shopWithSource(web);
  const order = await plannedOrder(web, at, "1001", email);
  await web.ok("POST", `/shops/${at.shopId}/consents`, {
    address: email,
    scope: "review",
    text: "Yes",
    source: "form",
    at: "2026-01-01T00:00:00Z",
  });
  return { ...at, ...order, begun: await beginDue(at.shopId, email) };
}

/** Begins what is due in a shop, as a worker does, and gives how to end it. */
async function beginDue(shopId: string, recipient: string) {
  const now = web.deps.now();
  const leaseUntil = plus(now, 2 * minute);
  const token = randomUUID();
  const [claimed] = (await claimDue(web.db, { now, leaseUntil, token, perShop: 10, limit: 10 })).filter((one) => one.shopId === shopId);
  if (claimed === undefined) throw new Error("nothing is due");
  const { rows } = await sql<{ revision: string }>`select xmin::text as revision from orders where id = ${claimed.orderId}`.execute(web.db);
  const attempt = { attemptId: newId(now), messageId: claimed.id, token };
  const input = { name: "Maya O'Neill" };
  await beginAttempts(
    web.db,
    [
      {
        ...attempt,
        revision: rows[0]?.revision ?? "",
        rfcMessageId: "<x@y>",
        rfcDate: now,
        recipient,
        templateVersion: "v",
        input,
        invited: false,
      },
    ],
    { now, leaseUntil },
  );
  const next = { state: "sent", reason: null, dueAt: null, sentAt: now, resend: false, counts: true } as const;
  return {
    id: claimed.id,
    end: () => endAttempts(web.db, [{ ...attempt, outcome: "sent", phase: "after-dot", answer: `250 <${recipient}> ok`, next }], now),
  };
}

async function kept(shopId: string): Promise<string> {
  const tables = ["orders", "facts", "messages", "attempts", "consents", "suppressions"];
  const dumps = tables.map((table) =>
    sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(table)} as t where shop_id = ${shopId}`.execute(web.db),
  );
  return (await Promise.all(dumps)).flatMap(({ rows }) => rows.map(({ row }) => row)).join("\n");
}

const traces = /maya|o'neill|portland|EE123456785CN/i;

test("everything that is kept about a buyer is given out, by any spelling of the address, and nothing of others (LAW-02)", async () => {
  const { shopId, orderId, begun, source } = await world();
  await begun.end();
  await web.deliver(source, "order.placed", {
    order: orderData("1002", "bob@buyer.example", { buyer: { email: "bob@buyer.example", name: "Bob" } }),
  });
  await web.ok("POST", `/shops/${shopId}/suppressions`, { address: "maya@buyer.example", scope: "offer", reason: "asked by phone" });
  await web.work();
  const data = await web.ok("POST", "/buyers/export", { shopId, address: "Maya@Buyer.example" });
  expect(data).toMatchObject({ shopId, address: "Maya@Buyer.example", exportedAt: "2026-01-20T08:00:00.000Z" });
  expect(data.orders).toHaveLength(1);
  const [order] = data.orders;
  expect(order).toMatchObject({ id: orderId, number: "1001", externalId: "id-1001", sourceId: source.id, closedAt: null });
  const said = Object.fromEntries(order.facts.map(({ slot, says }: Json) => [slot, says]));
  expect(said).toMatchObject({ buyer: { name: "Maya O'Neill", email: "maya@buyer.example" }, address: { city: "Portland" } });
  expect(Object.keys(said)).toEqual(expect.arrayContaining(["items", "order", "payment", "shipment:s1"]));
  const messages = Object.fromEntries(order.messages.map((message: Json) => [message.step, message]));
  expect(messages["dispatch-notice"]).toMatchObject({
    state: "sent",
    recipient: "maya@buyer.example",
    subject: `${subject} ${begun.id}`,
    sentAt: "2026-01-20T08:00:00.000Z",
  });
  expect(messages["check-in"]).toMatchObject({ state: "planned", subject: null, recipient: null, sentAt: null });
  expect(data.consents).toEqual([{ scope: "review", text: "Yes", source: "form", at: "2026-01-01T00:00:00.000Z", withdrawnAt: null }]);
  expect(data.suppressions).toEqual([{ scope: "offer", reason: "asked by phone", createdAt: "2026-01-20T08:00:00.000Z" }]);
  expect(JSON.stringify(data)).not.toMatch(/bob/i);
});

test("an erased buyer leaves the ledger and a hash, and gets no mail any more; erasing again finds nothing (IN-18)", async () => {
  const { shopId, orderId, messages, begun } = await world();
  await begun.end();
  expect(await kept(shopId)).toMatch(traces);
  const erased = await web.ok("POST", "/buyers/erase", { shopId, address: "MAYA@buyer.example" });
  expect(erased).toEqual({ orders: 1, cancelled: 1, mails: 1, consents: 1 });
  expect(await kept(shopId)).not.toMatch(traces);
  expect(await web.ok("GET", `/messages/${messages["check-in"]}`)).toMatchObject({ state: "cancelled", reason: "suppressed" });
  expect(await web.ok("GET", `/messages/${begun.id}`)).toMatchObject({ state: "sent" });
  const { suppressions } = await web.ok("GET", `/shops/${shopId}/suppressions?address=maya@buyer.example`);
  expect(suppressions).toMatchObject([{ address: null, scope: "all", reason: "erased" }]);

  const { order, entries } = await web.ok("GET", `/orders/${orderId}/timetable`);
  expect(order).toMatchObject({ closedAt: "2026-01-20T08:00:00.000Z", buyer: { name: null, email: null } });
  const mailed: Json = { "dispatch-notice": ["sent", null], "check-in": ["cancelled", "suppressed"] };
  expect(entries.map(({ step, state, reason }: Json) => [step, state, reason ?? null])).toEqual(
    defaultSchedule.steps.map(({ key }) => [key, ...(mailed[key] ?? ["excluded", "order-closed"])]),
  );
  expect(entries.filter((entry: Json) => entry.state !== "sent" && entry.dueAt !== undefined)).toEqual([]);

  expect(await web.ok("POST", "/buyers/erase", { shopId, address: "maya@buyer.example" })).toEqual({
    orders: 0,
    cancelled: 0,
    mails: 0,
    consents: 0,
  });
  const { orders, consents } = await web.ok("POST", "/buyers/export", { shopId, address: "maya@buyer.example" });
  expect([orders, consents]).toEqual([[], [expect.objectContaining({ text: "Yes" })]]);
});

test("a later order of an erased buyer gets no mail, and its timetable says why (OUT-24)", async () => {
  const { shopId, source, begun } = await world();
  await begun.end();
  await web.ok("POST", "/buyers/erase", { shopId, address: "maya@buyer.example" });
  const later = await plannedOrder(web, { shopId, source }, "1002");
  expect(later.messages).toEqual({});
  const { entries } = await web.ok("GET", `/orders/${later.orderId}/timetable`);
  const off = new Set(defaultSchedule.steps.flatMap(({ key, enabled = true }) => (enabled ? [] : [key])));
  for (const entry of entries.filter(({ step }: Json) => !off.has(step))) {
    expect(entry).toMatchObject({
      state: "excluded",
      reason: "suppressed",
      because: [{ rule: "suppression", detail: expect.stringContaining("not be mailed") }],
    });
  }
});

test("an erasure is answered once the mail in flight has ended, and takes what it left behind", async () => {
  const { shopId, begun } = await world();
  let answered = false;
  const erasing = web.ok("POST", "/buyers/erase", { shopId, address: "maya@buyer.example" }).then((erased) => {
    answered = true;
    return erased;
  });
  const closed = () => web.db.selectFrom("orders").select("id").where("shop_id", "=", shopId).where("closed_at", "is not", null).execute();
  while ((await closed()).length === 0);
  expect(answered).toBe(false);
  await begun.end();
  await erasing;
  expect(await web.ok("GET", `/messages/${begun.id}`)).toMatchObject({ state: "sent" });
  expect(await kept(shopId)).not.toMatch(traces);
});

test("another shop's buyer of the same address keeps everything, and an unknown shop is 404 (SEC-07)", async () => {
  const mine = await world("sam@buyer.example");
  const theirs = await world("sam@buyer.example");
  await Promise.all([mine.begun.end(), theirs.begun.end()]);
  const before = await kept(theirs.shopId);
  await web.ok("POST", "/buyers/erase", { shopId: mine.shopId, address: "sam@buyer.example" });
  expect(await kept(theirs.shopId)).toBe(before);
  expect((await web.ok("POST", "/buyers/export", { shopId: mine.shopId, address: "sam@buyer.example" })).orders).toEqual([]);
  for (const what of ["export", "erase"]) {
    for (const shopId of [randomUUID(), "nothing", mine.source.id]) {
      const answer = await web.call("POST", `/buyers/${what}`, { shopId, address: "sam@buyer.example" });
      expect([answer.status, answer.type]).toEqual([404, "application/problem+json"]);
    }
  }
});

test("an address that can't be written to has the same rights", async () => {
  const { shopId, source } = await shopWithSource(web);
  await web.deliver(source, "order.placed", { order: orderData("1003", "not an address") });
  await web.work();
  expect((await web.ok("POST", "/buyers/export", { shopId, address: "Not an address" })).orders).toHaveLength(1);
  expect(await web.ok("POST", "/buyers/erase", { shopId, address: "not an address" })).toMatchObject({ orders: 1 });
});

test("only owners may: an operator's and a viewer's token are 403", async () => {
  const { shopId } = await shopWithSource(web);
  for (const role of ["operator", "viewer"]) {
    const { token } = await web.ok("POST", "/tokens", { name: role, role });
    for (const what of ["export", "erase"]) {
      const answer = await web.call("POST", `/buyers/${what}`, { shopId, address: "a@b.example" }, { authorization: `Bearer ${token}` });
      expect([role, what, answer.status]).toEqual([role, what, 403]);
    }
  }
});
