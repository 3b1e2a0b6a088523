import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { minute, plus } from "../../src/core/instant.ts";
import {
  type Claim,
  claimDue,
  dueLag,
  type GivenBack,
  giveBack,
  inFlight,
  nextDue,
  nextLeaseEnd,
  renewLease,
} from "../../src/store/claims.ts";
import type { Database } from "../../src/store/database.ts";
import { updateShop } from "../../src/store/shops.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, messageRow, noon, openPool, type Place, somebodyWaits, statesOf } from "./rows.ts";

let one: Database;
let two: Database;
let place: Place;
let order: string;

beforeEach(async () => {
  const { url } = await freshDatabase();
  one = openPool(url);
  two = openPool(url);
  place = await addPlace(one);
  order = await addOrder(one, place);
});

const lease = plus(noon, 2 * minute);

function claim(db: Database, change: Partial<Claim> = {}) {
  return claimDue(db, { now: noon, leaseUntil: lease, token: randomUUID(), perShop: 100, limit: 1_000, ...change });
}

async function addMessages(count: number, shop: Place = place, to: string = order): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await addMessage(one, shop.shopId, to, { dueAt: plus(noon, -n * 1_000) }));
  return ids;
}

const givenBack = (id: string, change: Partial<GivenBack> = {}): GivenBack => ({
  id,
  state: "planned",
  dueAt: plus(noon, 60_000),
  deferredUntil: null,
  reason: null,
  ...change,
});

describe("claiming", () => {
  test("takes what is due, longest due first, and nothing that is not", async () => {
    const late = await addMessage(one, place.shopId, order, { dueAt: plus(noon, -1_000) });
    const now = await addMessage(one, place.shopId, order, { dueAt: noon });
    const soon = await addMessage(one, place.shopId, order, { dueAt: plus(noon, 1) });
    const held = await addMessage(one, place.shopId, order, { state: "held", reason: "operator-held" });
    const token = randomUUID();
    expect((await claim(one, { token })).map(({ id }) => id)).toEqual([late, now]);
    expect(await statesOf(one, [late, now, soon, held])).toEqual(["queued", "queued", "planned", "held"]);
    expect(await messageRow(one, late)).toMatchObject({ lease_token: token, lease_until: lease });
    expect(await claim(one)).toEqual([]);
  });

  test("by several processes at once gives each message to one of them, and leaves none", async () => {
    const ids = await addMessages(300);
    const hands = await Promise.all([one, two, one, two].map((db) => claimAll(db)));
    expect(hands.flat().toSorted()).toEqual([...ids].toSorted());
    expect(await inFlight(one)).toBe(300);
  });

  async function claimAll(db: Database): Promise<string[]> {
    const mine: string[] = [];
    for (let round = 0; round < 40; round += 1) mine.push(...(await claim(db, { perShop: 30, limit: 40 })).map(({ id }) => id));
    return mine;
  }

  test("takes no more than `perShop` of each shop, so that no shop waits behind another's many, and no more than `limit` in all (SCH-09)", async () => {
    const small = await addPlace(one);
    await addMessages(50);
    await addMessages(3, small, await addOrder(one, small));
    const turn = await claim(one, { perShop: 10, limit: 100 });
    expect(turn.filter(({ shopId }) => shopId === place.shopId)).toHaveLength(10);
    expect(turn.filter(({ shopId }) => shopId === small.shopId)).toHaveLength(3);
    expect(await claim(one, { perShop: 10, limit: 4 })).toHaveLength(4);
  });

  test("takes nothing of a shop that does not send", async () => {
    const ids = await addMessages(2);
    await updateShop(one, place.shopId, { sending: false }, noon);
    expect(await claim(one)).toEqual([]);
    expect(await nextDue(one, plus(noon, -10_000))).toBeNull();
    expect(await dueLag(one, plus(noon, 60_000))).toBe(0);
    await updateShop(one, place.shopId, { sending: true }, noon);
    expect((await claim(one)).map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
  });

  test("leaves what another process holds", async () => {
    const [first = "", second = ""] = await addMessages(2);
    await one.transaction().execute(async (tx) => {
      await tx.selectFrom("messages").select("id").where("id", "=", first).forUpdate().execute();
      expect((await claim(two)).map(({ id }) => id)).toEqual([second]);
    });
  });

  test("says of what caps concern whether an operator wants it now, whatever other moves there were on other messages", async () => {
    const ids = [
      await addMessage(one, place.shopId, order, { category: "review", step: "a" }),
      await addMessage(one, place.shopId, order, { category: "review", step: "b" }),
      await addMessage(one, place.shopId, order, { category: "care", step: "c" }),
      await addMessage(one, place.shopId, order, { category: "order", step: "d" }),
    ];
    const move = (step: string, word: string) => ({
      id: randomUUID(),
      shop_id: place.shopId,
      order_id: order,
      step,
      occurrence_kind: "order",
      occurrence_id: order,
      move: word,
      at: new Date(noon),
    });
    await one
      .insertInto("moves")
      .values([move("a", "send-now"), move("b", "release"), move("c", "send-now"), move("d", "send-now")])
      .execute();
    const claimed = await claim(one);
    expect(ids.map((id) => claimed.find((message) => message.id === id)?.sendNow)).toEqual([true, false, true, false]);
  });
});

describe("giving back", () => {
  test("puts a message where it is told, with the reason and a sentence, and has its order planned again", async () => {
    const [id = ""] = await addMessages(1);
    const token = randomUUID();
    await claim(one, { token });
    await giveBack(one, {
      token,
      now: noon,
      replan: true,
      messages: [givenBack(id, { deferredUntil: lease, reason: "cap-reached", detail: "because" })],
    });
    expect(await messageRow(one, id)).toMatchObject({
      state: "planned",
      due_at: plus(noon, 60_000),
      deferred_until: lease,
      reason: "cap-reached",
      because: [{ rule: "attempt", detail: "because" }],
      lease_token: null,
      lease_until: null,
    });
    const { dirty } = await one.selectFrom("orders").select("dirty").where("id", "=", order).executeTakeFirstOrThrow();
    expect(dirty).toBe(1);
  });

  test("without a time leaves it due as it was, and without `replan` its order alone", async () => {
    const [id = ""] = await addMessages(1);
    const token = randomUUID();
    await claim(one, { token });
    await giveBack(one, { token, now: noon, replan: false, messages: [givenBack(id, { dueAt: null })] });
    expect(await messageRow(one, id)).toMatchObject({ state: "planned", due_at: noon });
    const { dirty } = await one.selectFrom("orders").select("dirty").where("id", "=", order).executeTakeFirstOrThrow();
    expect(dirty).toBe(0);
  });

  test.each(["stale", "failed", "held"] as const)("may make it %s", async (state) => {
    const [id = ""] = await addMessages(1);
    const token = randomUUID();
    await claim(one, { token });
    await giveBack(one, { token, now: noon, replan: true, messages: [givenBack(id, { state, reason: "stale" })] });
    expect(await statesOf(one, [id])).toEqual([state]);
  });

  test("with an old token does nothing: who lost the lease lost the right", async () => {
    const [id = ""] = await addMessages(1);
    const lost = randomUUID();
    await claim(one, { token: lost });
    await one.updateTable("messages").set({ state: "planned", lease_token: null, lease_until: null }).execute();
    const token = randomUUID();
    await claim(two, { token });
    const before = await messageRow(one, id);
    await giveBack(one, { token: lost, now: noon, replan: true, messages: [givenBack(id, { state: "failed", reason: "render-failed" })] });
    await renewLease(one, lost, plus(lease, 60_000));
    expect(await messageRow(one, id)).toEqual(before);
    const { dirty } = await one.selectFrom("orders").select("dirty").where("id", "=", order).executeTakeFirstOrThrow();
    expect(dirty).toBe(0);
  });

  test("does not give back what is being sent already", async () => {
    const [id = ""] = await addMessages(1);
    const token = randomUUID();
    await claim(one, { token });
    await one.updateTable("messages").set({ state: "sending" }).execute();
    await giveBack(one, { token, now: noon, replan: true, messages: [givenBack(id)] });
    expect(await statesOf(one, [id])).toEqual(["sending"]);
  });

  test("never makes planning, which wants the same message, wait in a circle", async () => {
    const [id = ""] = await addMessages(1);
    const token = randomUUID();
    await claim(one, { token });
    let giving: Promise<void> = Promise.resolve();
    await one.transaction().execute(async (planner) => {
      await planner.selectFrom("orders").select("id").where("id", "=", order).forUpdate().execute();
      giving = giveBack(two, { token, now: noon, replan: true, messages: [givenBack(id)] });
      await somebodyWaits(one);
      await planner.selectFrom("messages").select("id").forUpdate().noWait().execute(); // whoever waits for the order holds no message
      await planner
        .updateTable("messages")
        .set({ state: "cancelled", reason: "order-cancelled", lease_token: null, lease_until: null })
        .execute();
    });
    await giving;
    expect(await statesOf(one, [id])).toEqual(["cancelled"]);
  });

  test("of what is in doubt already, and too late to go once more, keeps the doubt (P2)", async () => {
    const [id = ""] = await addMessages(1);
    await one
      .updateTable("messages")
      .set({ resend: true, sent_at: new Date(noon), reason: "answer-unknown" })
      .execute();
    const token = randomUUID();
    await claim(one, { token });
    await giveBack(one, { token, now: noon, replan: true, messages: [givenBack(id, { state: "stale", reason: "stale" })] });
    expect(await messageRow(one, id)).toMatchObject({ state: "unsure", reason: "answer-unknown" });
  });
});

describe("a lease", () => {
  test("is prolonged for everything still in hand under its token, and nothing else", async () => {
    const ids = await addMessages(3);
    const token = randomUUID();
    await claim(one, { token, limit: 2 });
    const [third = ""] = (await claim(one)).map(({ id }) => id);
    await one
      .updateTable("messages")
      .set({ state: "sending" })
      .where("id", "=", ids[2] ?? "")
      .execute();
    await renewLease(one, token, plus(lease, 60_000));
    const ends = await Promise.all(ids.map(async (id) => [id === third, (await messageRow(one, id)).lease_until]));
    expect(ends.filter(([other]) => other === true).map(([, end]) => end)).toEqual([lease]);
    expect(ends.filter(([other]) => other === false).map(([, end]) => end)).toEqual([plus(lease, 60_000), plus(lease, 60_000)]);
    expect(await nextLeaseEnd(one, noon)).toBe(lease);
    expect(await nextLeaseEnd(one, lease)).toBe(plus(lease, 60_000));
  });
});

describe("what is asked about the ledger", () => {
  test("is the next instant at which anything is due, and how late the latest is", async () => {
    expect(await nextDue(one, noon)).toBeNull();
    expect(await dueLag(one, noon)).toBe(0);
    await addMessage(one, place.shopId, order, { dueAt: plus(noon, 5_000) });
    await addMessage(one, place.shopId, order, { dueAt: plus(noon, -7_000) });
    expect(await nextDue(one, noon)).toBe(plus(noon, 5_000));
    expect(await nextDue(one, plus(noon, 5_000))).toBeNull();
    expect(await dueLag(one, noon)).toBe(7_000);
    await claim(one);
    expect(await dueLag(one, noon)).toBe(0);
  });
});
