import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { day24, type Instant, minute, plus } from "../../src/core/instant.ts";
import { type Beginning, endAttempts } from "../../src/store/attempts.ts";
import { coalesce } from "../../src/store/coalesce.ts";
import { updateShop } from "../../src/store/shops.ts";
import { suppress } from "../../src/store/suppressions.ts";
import { begin, type Desk, ending, lease, openDesk } from "./desk.ts";
import { addMessage, addPlace, hashFor, messageRow, noon, statesOf } from "./rows.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});

describe("the gate", () => {
  test("lets a claimed message begin, and has it on record before it answers (REL-01)", async () => {
    const id = await desk.queued();
    const asked = await desk.beginning(id);
    expect(await begin(desk.one, [asked], plus(noon, 1_000))).toEqual([true]);
    expect(await messageRow(desk.two, id)).toMatchObject({
      state: "sending",
      attempts: 1,
      first_attempt_at: noon,
      lease_token: desk.token,
      lease_until: plus(noon, 1_000 + 2 * minute),
    });
    expect(await desk.attempt(asked.attemptId)).toMatchObject({
      message_id: id,
      shop_id: desk.place.shopId,
      token: desk.token,
      started_at: plus(noon, 1_000),
      ended_at: null,
      outcome: null,
      rfc_message_id: `<${id}@lantern.example>`,
      rfc_date: noon,
      recipient: "maya@buyer.example",
      template_version: "v1",
      input: { data: { name: "Maya" } },
    });
  });

  test("keeps the Date of the first attempt (OUT-03)", async () => {
    const id = await desk.queued();
    await desk.one
      .updateTable("messages")
      .set({ first_attempt_at: new Date(plus(noon, -day24)) })
      .execute();
    expect(await begin(desk.one, [await desk.beginning(id)])).toEqual([true]);
    expect(await messageRow(desk.one, id)).toMatchObject({ first_attempt_at: plus(noon, -day24) });
  });

  async function refuses(id: string, change: Partial<Beginning> = {}, now?: Instant): Promise<void> {
    const asked = await desk.beginning(id, change);
    const before = await messageRow(desk.one, id);
    expect(await begin(desk.one, [asked], now)).toEqual([false]);
    expect(await messageRow(desk.one, id)).toEqual(before);
    expect(await desk.attempt(asked.attemptId)).toBeUndefined();
  }

  test("refuses who holds another token", async () => {
    await refuses(await desk.queued(), { token: randomUUID() });
  });

  test("refuses from the instant at which the lease ends (REL-05)", async () => {
    const id = await desk.queued();
    await refuses(id, {}, lease);
    expect(await begin(desk.one, [await desk.beginning(id)], plus(lease, -1))).toEqual([true]);
  });

  test.each(["planned", "cancelled", "held", "sent", "unsure", "sending"] as const)("refuses a message that is %s", async (state) => {
    const inHand = state === "sending" ? { token: desk.token, leaseUntil: lease } : {};
    const gone = state === "sent" || state === "unsure" ? { sentAt: noon } : {};
    await refuses(await addMessage(desk.one, desk.place.shopId, desk.order, { state, reason: "stale", ...inHand, ...gone }));
  });

  test("lets a message begin once: of two that ask, also in one batch, one may", async () => {
    const [first, second] = [await desk.queued(), await desk.queued()];
    const asked = [await desk.beginning(first), await desk.beginning(first), await desk.beginning(second)];
    const answers = await begin(desk.one, asked);
    expect(answers.slice(0, 2).filter((may) => may)).toHaveLength(1);
    expect(answers[2]).toBe(true);
    expect(await begin(desk.two, [await desk.beginning(first)])).toEqual([false]);
    const third = await desk.queued();
    const rivals = await Promise.all([desk.one, desk.two, desk.one, desk.two].map(async (db) => begin(db, [await desk.beginning(third)])));
    expect(rivals.flat().filter((may) => may)).toHaveLength(1);
    expect(await desk.one.selectFrom("attempts").select("id").execute()).toHaveLength(3);
  });

  test("refuses when facts came after those the mail was rendered from", async () => {
    const asked = await desk.beginning(await desk.queued());
    await desk.one.updateTable("orders").set({ dirty: 1 }).execute();
    expect(await begin(desk.one, [asked])).toEqual([false]);
  });

  test("refuses when such facts were planned already, and the order is clean again", async () => {
    const asked = await desk.beginning(await desk.queued());
    await desk.one.updateTable("orders").set({ dirty: 1 }).execute();
    await desk.one.updateTable("orders").set({ dirty: 0 }).execute();
    expect(await begin(desk.one, [asked])).toEqual([false]);
  });

  test("is not disturbed by somebody who only holds the order", async () => {
    const asked = await desk.beginning(await desk.queued());
    await desk.two.transaction().execute((tx) => tx.selectFrom("orders").select("id").forUpdate().execute());
    expect(await begin(desk.one, [asked])).toEqual([true]);
  });

  test("refuses when the shop does not send", async () => {
    await updateShop(desk.one, desk.place.shopId, { sending: false }, noon);
    await refuses(await desk.queued());
  });

  test.each([
    ["all", { order: false, care: false, review: false, offer: false }],
    ["care", { order: true, care: false, review: true, offer: true }],
    ["review", { order: true, care: true, review: false, offer: true }],
    ["offer", { order: true, care: true, review: true, offer: false }],
  ] as const)("refuses what a suppression of %s covers, and nothing else", async (scope, may) => {
    const categories = ["order", "care", "review", "offer"] as const;
    const ids = await Promise.all(categories.map((category) => desk.queued({ category })));
    await desk.one
      .insertInto("suppressions")
      .values({
        id: newId(noon),
        shop_id: desk.place.shopId,
        address_hash: hashFor("maya@buyer.example"),
        address: null,
        scope,
        reason: "unsubscribed",
        created_at: new Date(noon),
      })
      .execute();
    const answers = await begin(desk.one, await Promise.all(ids.map((id) => desk.beginning(id))));
    expect(Object.fromEntries(categories.map((category, index) => [category, answers[index]]))).toEqual(may);
  });

  test("is not moved by another shop's suppression, nor by that of another address", async () => {
    const other = await addPlace(desk.one);
    const row = { id: newId(noon), address: null, scope: "all", reason: "x", created_at: new Date(noon) } as const;
    await desk.one
      .insertInto("suppressions")
      .values([
        { ...row, shop_id: other.shopId, address_hash: hashFor("maya@buyer.example") },
        { ...row, id: newId(noon), shop_id: desk.place.shopId, address_hash: hashFor("somebody@buyer.example") },
      ])
      .execute();
    expect(await begin(desk.one, [await desk.beginning(await desk.queued())])).toEqual([true]);
  });

  test("answers each of many in its place", async () => {
    const good = [await desk.queued(), await desk.queued(), await desk.queued()];
    const bad = await addMessage(desk.one, desk.place.shopId, desk.order, { state: "held", reason: "operator-held" });
    const asked = await Promise.all([good[0], bad, good[1], bad, good[2]].map((id) => desk.beginning(id ?? "")));
    expect(await begin(desk.one, asked)).toEqual([true, false, true, false, true]);
  });

  test("lets one mail's odd characters hold up nobody", async () => {
    const ids = [await desk.queued(), await desk.queued()];
    const odd = await desk.beginning(ids[0] ?? "", {
      input: { data: { name: "a\u0000b\ud83d", "\ude00": "\\u0000" } },
      recipient: "maya\u0000@buyer.example",
    });
    expect(await begin(desk.one, [odd, await desk.beginning(ids[1] ?? "")])).toEqual([true, true]);
    expect((await desk.attempt(odd.attemptId))?.input).toEqual({ data: { name: "ab\ufffd", "\ufffd": "\\u0000" } });
  });
});

describe("an unsubscribe racing the gate (OUT-06, F15)", () => {
  test("200 times: when it is answered, the mail has ended or will never begin", async () => {
    const count = 200;
    const buyers = Array.from({ length: count }, (_, n) => `buyer-${n}@x.example`);
    const ids: string[] = [];
    for (const email of buyers) ids.push(await desk.queued({ category: "care", email }));
    const gate = coalesce((batch: readonly Beginning[]) => begin(desk.one, batch), { maxBatch: 7 });
    const stateAtAnswer = new Map<string, string>();
    const asked = await Promise.all(ids.map((id) => desk.beginning(id)));

    async function send(index: number): Promise<void> {
      const mail = asked[index];
      for (let wait = index % 8; wait > 0; wait -= 1) await sql`select 1`.execute(desk.one);
      if (mail === undefined || !(await gate(mail))) return;
      for (let line = 0; line < 12; line += 1) await sql`select 1`.execute(desk.one); // the conversation takes a moment
      await endAttempts(desk.one, [ending(mail)], noon);
    }
    async function unsubscribe(index: number): Promise<void> {
      const id = ids[index] ?? "";
      const addressHash = hashFor(buyers[index] ?? "");
      await suppress(
        desk.two,
        { shopId: desk.place.shopId, addressHash, address: null, scopes: ["care"], reason: "unsubscribed" },
        () => noon,
      );
      stateAtAnswer.set(id, (await messageRow(desk.two, id)).state);
    }
    for (let wave = 0; wave < count; wave += 8) {
      await Promise.all(Array.from({ length: 8 }, (_, n) => [send(wave + n), unsubscribe(wave + n)]).flat());
    }

    const states = await statesOf(desk.one, ids);
    const begun = new Set((await desk.one.selectFrom("attempts").select("message_id").execute()).map((row) => row.message_id));
    for (const [index, id] of ids.entries()) {
      expect(["sent", "cancelled"], id).toContain(states[index]);
      expect(stateAtAnswer.get(id)).toBe(states[index]);
      expect(begun.has(id)).toBe(states[index] === "sent");
    }
    expect(new Set(states)).toEqual(new Set(["sent", "cancelled"]));
  });

  test("of a message that is being sent waits until it has ended", async () => {
    const id = await desk.queued({ category: "care" });
    const asked = await desk.beginning(id);
    await begin(desk.one, [asked]);
    let answered = false;
    const stopping = suppress(
      desk.two,
      { shopId: desk.place.shopId, addressHash: hashFor("maya@buyer.example"), address: null, scopes: ["all"], reason: "unsubscribed" },
      () => noon,
    ).then(() => {
      answered = true;
    });
    while ((await desk.one.selectFrom("suppressions").select("id").execute()).length === 0);
    for (let line = 0; line < 60; line += 1) await sql`select 1`.execute(desk.one);
    expect(answered).toBe(false);
    await endAttempts(desk.one, [ending(asked)], noon);
    await stopping;
    expect(await statesOf(desk.one, [id])).toEqual(["sent"]);
  });
});
