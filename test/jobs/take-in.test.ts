import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { planBatch } from "../../jobs/plan.ts";
import { takeIn, takeInBatch } from "../../jobs/take-in.ts";
import { iso, plus } from "../../src/core/instant.ts";
import { addressHash } from "../../src/core/keys.ts";
import { listQuarantine, retryDelivery } from "../../src/store/quarantine.ts";
import { addPlace, addSource, noon, type Place, somebodyWaits } from "../store/rows.ts";
import {
  cancelled,
  deliver,
  dispatched,
  type Event,
  fates,
  heldFacts,
  openWorld,
  orderData,
  orderRow,
  placed,
  trusting,
  type Worker,
  type World,
} from "./bundle.ts";

let world: World;
let worker: Worker;
let place: Place;

beforeEach(async () => {
  world = await openWorld();
  worker = world.worker();
  place = await addPlace(world.db);
});

async function settle(by: Worker = worker): Promise<void> {
  while ((await takeInBatch(by)) > 0);
}

async function augmenting(): Promise<Place> {
  return { shopId: place.shopId, sourceId: await addSource(world.db, place.shopId, { augments: place.sourceId }) };
}

describe("taking in", () => {
  test("writes what deliveries say, marks their orders to be planned, and says what became of each", async () => {
    const ids = await deliver(
      world.db,
      place,
      [placed("1001"), dispatched("1001"), { type: "cart.filled", occurredAt: iso(noon), data: {} }],
      noon,
    );
    await settle();
    expect((await fates(world.db, ids)).map((fate) => fate?.state)).toEqual(["taken", "taken", "ignored"]);
    expect((await fates(world.db, ids))[2]?.reason).toContain("cart.filled");
    const order = await orderRow(world.db, "1001");
    expect(order).toMatchObject({ known: true, number: "1001", source_id: place.sourceId, shop_id: place.shopId, closed_at: null });
    expect(order.dirty).toBeGreaterThan(0);
    expect((await heldFacts(world.db)).map((line) => line.split(" ")[1])).toEqual([
      "address",
      "buyer",
      "items",
      "order",
      "payment",
      "shipment:s-1001",
    ]);
  });

  test("takes each delivery once: an order taken in again is not marked again", async () => {
    await deliver(world.db, place, [placed("1001")], noon);
    await settle();
    const { dirty } = await orderRow(world.db, "1001");
    await settle();
    expect((await orderRow(world.db, "1001")).dirty).toBe(dirty);
  });

  test("keeps an order's shipment that comes before it, and joins the two when it comes (IN-08)", async () => {
    await deliver(world.db, place, [dispatched("1001")], noon);
    await settle();
    expect(await orderRow(world.db, "1001")).toMatchObject({ known: false, number: null });
    await planBatch(worker, { dirty: 10 });
    expect(await world.db.selectFrom("messages").select("id").execute()).toEqual([]);
    await deliver(world.db, place, [placed("1001")], plus(noon, 60_000));
    await settle();
    expect(await orderRow(world.db, "1001")).toMatchObject({ known: true, number: "1001" });
    await planBatch(worker, { dirty: 10 });
    expect(
      (await world.db.selectFrom("messages").select("step").where("state", "=", "planned").execute()).map(({ step }) => step),
    ).toContain("dispatch-notice");
  });

  test("lets the newer fact hold in each slot, and leaves the others alone (P1)", async () => {
    const late = "2026-01-19T10:00:00Z";
    await deliver(world.db, place, [placed("1001", { buyer: { email: "new@buyer.example", name: "New" } }, late), placed("1001")], noon);
    await settle();
    const buyer = (await heldFacts(world.db)).find((line) => line.startsWith("1001 buyer "));
    expect(buyer).toContain("new@buyer.example");
    await deliver(world.db, place, [cancelled("1001"), placed("1001", {}, "2026-01-18T09:00:00Z")], plus(noon, 60_000));
    await settle();
    const lines = await heldFacts(world.db);
    expect(lines.find((line) => line.startsWith("1001 buyer "))).toBe(buyer);
    expect(lines.some((line) => line.startsWith("1001 cancellation "))).toBe(true);
  });

  test("of two sources with orders of the same id keeps two orders", async () => {
    const other = { shopId: place.shopId, sourceId: await addSource(world.db, place.shopId) };
    await deliver(world.db, place, [placed("1001")], noon);
    await deliver(world.db, other, [placed("1001", { buyer: { email: "other@buyer.example", name: "Other" } })], noon);
    await settle();
    expect((await world.db.selectFrom("orders").select("source_id").execute()).map((row) => row.source_id).sort()).toEqual(
      [place.sourceId, other.sourceId].sort(),
    );
  });

  test("keeps a buyer's consent as evidence, once, with the address it was given for (LAW-02)", async () => {
    const consents = [{ scope: "review", text: "Yes, ask me", at: "2026-01-18T10:00:00Z" }];
    const event = placed("1001", { buyer: { email: "Maya@buyer.example", name: "Maya", consents } });
    await deliver(world.db, place, [event, event], noon);
    await settle();
    const rows = await world.db.selectFrom("consents").selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      scope: "review",
      text: "Yes, ask me",
      source: "order 1001",
      address: "Maya@buyer.example",
      withdrawn_at: null,
    });
    expect(rows[0]?.address_hash.equals(addressHash(world.keys, place.shopId, "maya@buyer.example"))).toBe(true);
  });

  test("plans a buyer's other orders again when a consent comes with one: their order of arrival must not matter (P1)", async () => {
    const german = { buyer: { email: "maya@buyer.example", name: "Maya" }, shippingAddress: { country: "DE" } };
    await deliver(world.db, place, [placed("1001", german), dispatched("1001")], noon);
    await settle();
    await planBatch(worker, { dirty: 10 });
    const steps = async () =>
      (
        await world.db
          .selectFrom("messages as m")
          .innerJoin("orders as o", "o.id", "m.order_id")
          .select("m.step")
          .where("o.external_id", "=", "1001")
          .execute()
      ).map(({ step }) => step);
    expect(await steps()).not.toContain("feedback-reminder");
    const consents = [{ scope: "review", text: "Yes, ask me", at: "2026-01-19T10:00:00Z" }];
    await deliver(world.db, place, [placed("1002", { ...german, buyer: { ...german.buyer, consents } })], noon);
    await settle();
    expect((await orderRow(world.db, "1001")).dirty).toBeGreaterThan(0);
  });

  test("says nothing about an order that was closed: it is never planned again, and its buyer's data do not come back (LAW-05)", async () => {
    await deliver(world.db, place, [placed("1001")], noon);
    await settle();
    await planBatch(worker, { dirty: 10 });
    await world.db
      .updateTable("orders")
      .set({ closed_at: new Date(noon) })
      .execute();
    const before = await heldFacts(world.db);
    const [id = ""] = await deliver(
      world.db,
      place,
      [placed("1001", { buyer: { email: "later@buyer.example", name: "L" } }, "2026-06-01T00:00:00Z")],
      noon,
    );
    await settle();
    expect(await heldFacts(world.db)).toEqual(before);
    expect((await fates(world.db, [id]))[0]).toMatchObject({ state: "ignored", reason: expect.stringContaining("closed") });
  });

  test("goes on until nothing is left, however large bodies are", async () => {
    const fat = (id: string) =>
      placed(id, { items: [{ id: "i", title: "x", quantity: 1, price: "1" }], tags: Array.from({ length: 400 }, () => "t".repeat(4_900)) });
    const ids = await deliver(
      world.db,
      place,
      Array.from({ length: 20 }, (_, n) => fat(`f-${n}`)),
      noon,
    );
    await takeIn.run(undefined, worker, new AbortController().signal);
    expect(new Set((await fates(world.db, ids)).map((fate) => fate?.state))).toEqual(new Set(["taken"]));
  });
});

describe("a source that augments another", () => {
  const review = (order: string, id = "r-1"): Event => ({
    type: "review.posted",
    occurredAt: "2026-01-25T10:00:00Z",
    data: { order: { id: order }, review: { id, rating: 5 } },
  });

  test.each([
    ["its id", "o-1"],
    ["its number", "1001"],
    ["its number with #", "#1001"],
  ])("adds to the order it names by %s", async (_how, name) => {
    await deliver(world.db, place, [placed("o-1", { number: "#1001" })], noon);
    const ids = await deliver(world.db, await augmenting(), [review(name)], plus(noon, 60_000));
    await settle();
    expect((await fates(world.db, ids))[0]?.state).toBe("taken");
    expect((await heldFacts(world.db)).some((line) => line.startsWith("o-1 review:r-1 "))).toBe(true);
  });

  test.each([
    ["its id", "o-1"],
    ["its number", "1001"],
    ["its number with #", "#1001"],
  ])("waits, visible with the reason, for an order that has not come, named by %s, and joins it when it comes", async (_how, name) => {
    const other = await augmenting();
    const ids = await deliver(world.db, other, [review(name)], noon);
    await settle();
    const [waiting] = await listQuarantine(world.db, other.sourceId, { after: null, limit: 10 });
    expect(waiting).toMatchObject({ id: ids[0], state: "waiting", waitsFor: name, reason: expect.stringContaining(name.replace("#", "")) });
    expect(await world.db.selectFrom("orders").select("id").execute()).toEqual([]);
    await deliver(world.db, place, [placed("o-1", { number: "#1001" })], plus(noon, 60_000));
    await settle();
    expect((await fates(world.db, ids))[0]?.state).toBe("taken");
    expect(await listQuarantine(world.db, other.sourceId, { after: null, limit: 10 })).toEqual([]);
    expect((await heldFacts(world.db)).some((line) => line.startsWith("o-1 review:r-1 "))).toBe(true);
  });

  test("waits while only later facts of the order have come, also in one batch with them", async () => {
    const ids = await deliver(world.db, await augmenting(), [review("o-1")], plus(noon, 1_000));
    await deliver(world.db, place, [dispatched("o-1")], noon);
    await settle();
    expect((await fates(world.db, ids))[0]?.state).toBe("waiting");
    await deliver(world.db, place, [placed("o-1")], plus(noon, 60_000));
    await settle();
    expect((await fates(world.db, ids))[0]?.state).toBe("taken");
  });

  test("waits when two orders have the number, and does not pick one", async () => {
    await deliver(world.db, place, [placed("o-1", { number: "1001" }), placed("o-2", { number: "1001" })], noon);
    const ids = await deliver(world.db, await augmenting(), [review("1001"), review("o-2", "r-2")], plus(noon, 60_000));
    await settle();
    expect((await fates(world.db, ids)).map((fate) => fate?.state)).toEqual(["waiting", "taken"]);
    expect((await heldFacts(world.db)).filter((line) => line.includes("review:r-1"))).toEqual([]);
  });

  test("never reaches the orders of a third source, nor of another shop", async () => {
    const third = { shopId: place.shopId, sourceId: await addSource(world.db, place.shopId) };
    const foreign = await addPlace(world.db);
    await deliver(world.db, third, [placed("o-1")], noon);
    await deliver(world.db, foreign, [placed("o-1")], noon);
    const ids = await deliver(world.db, await augmenting(), [review("o-1")], plus(noon, 60_000));
    await settle();
    expect((await fates(world.db, ids))[0]?.state).toBe("waiting");
  });

  describe("finds its order when another process brings that at the same moment", () => {
    /** Holds the row of an order, so that whoever takes in a delivery about it stops there. */
    async function holding(externalId: string, meanwhile: () => Promise<void>): Promise<void> {
      await world.db.transaction().execute(async (tx) => {
        await tx.selectFrom("orders").select("id").where("external_id", "=", externalId).forUpdate().execute();
        await meanwhile();
      });
    }

    test("and looks for those who wait just before this one is set waiting", async () => {
      await deliver(world.db, place, [placed("gate")], noon);
      await settle();
      const ids = await deliver(world.db, await augmenting(), [review("o-1")], plus(noon, 1_000));
      await deliver(world.db, place, [dispatched("gate")], plus(noon, 2_000));
      const runs: Promise<number>[] = [];
      await holding("gate", async () => {
        runs.push(takeInBatch(worker)); // has looked for o-1 in vain, and stands before the held order
        await somebodyWaits(world.db);
        await deliver(world.db, place, [placed("o-1")], plus(noon, 3_000));
        const other = takeInBatch(world.worker());
        runs.push(other);
        await Promise.race([other, somebodyWaits(world.db, 2)]);
      });
      await Promise.all(runs);
      await settle();
      expect((await fates(world.db, ids))[0]?.state).toBe("taken");
    });

    test("and has not committed it yet", async () => {
      await deliver(world.db, place, [placed("gate")], noon);
      await settle();
      const runs: Promise<number>[] = [];
      const other = await augmenting();
      await holding("gate", async () => {
        await deliver(world.db, place, [placed("o-1"), dispatched("gate")], noon);
        runs.push(takeInBatch(worker));
        await somebodyWaits(world.db);
        await deliver(world.db, other, [review("o-1")], plus(noon, 1_000));
        const second = takeInBatch(world.worker());
        runs.push(second);
        await Promise.race([second, somebodyWaits(world.db, 2)]);
      });
      await Promise.all(runs);
      await settle();
      const rows = await world.db.selectFrom("deliveries").select("state").where("source_id", "=", other.sourceId).execute();
      expect(rows).toEqual([{ state: "taken" }]);
    });
  });
});

describe("what cannot be taken in", () => {
  test("is quarantined alone, with the reason and the place, among a hundred that can be", async () => {
    const good = Array.from({ length: 100 }, (_, n) => placed(`o-${n}`));
    const bad = { type: "order.placed", occurredAt: "2026-01-18T10:00:00Z", data: orderData("bad", { placedAt: "yesterday" }) };
    const ids = await deliver(world.db, place, [...good.slice(0, 50), bad, "{ not json", ...good.slice(50)], noon);
    await settle();
    const found = await fates(world.db, ids);
    expect(found.filter((fate) => fate?.state === "taken")).toHaveLength(100);
    expect(found[50]).toMatchObject({ state: "quarantined", pointer: "/data/order/placedAt", reason: expect.stringContaining("ISO 8601") });
    expect(found[51]).toMatchObject({ state: "quarantined", pointer: "" });
  });

  test("is quarantined when nobody reads its platform, and when a reader fails on it", async () => {
    const odd = { shopId: place.shopId, sourceId: await addSource(world.db, place.shopId, { platform: "telegraph" }) };
    const broken = { shopId: place.shopId, sourceId: await addSource(world.db, place.shopId, { platform: "broken" }) };
    const ids = [...(await deliver(world.db, odd, ["{}"], noon)), ...(await deliver(world.db, broken, ["not JSON"], noon))];
    const good = await deliver(world.db, place, [placed("1001")], noon);
    await settle(world.worker({ readers: { ...worker.readers, broken: trusting } }));
    expect((await fates(world.db, ids)).map((fate) => fate?.state)).toEqual(["quarantined", "quarantined"]);
    expect((await fates(world.db, ids))[0]?.reason).toContain("telegraph");
    expect((await fates(world.db, good))[0]?.state).toBe("taken");
  });

  const refused = {
    "a NUL in a text": {
      order: "p",
      at: "2026-01-18T10:00:00.000Z",
      says: { kind: "cancellation", cancelledAt: null, reason: "a\u0000b" },
    },
    "half a surrogate pair": {
      order: "p",
      at: "2026-01-18T10:00:00.000Z",
      says: { kind: "cancellation", cancelledAt: null, reason: "\ud83d" },
    },
    "a year 0": { order: "p", at: "0000-01-18T10:00:00.000Z", says: { kind: "cancellation", cancelledAt: null, reason: null } },
    "an id too long for an index": {
      order: "p",
      at: "2026-01-18T10:00:00.000Z",
      says: {
        kind: "refund",
        id: Array.from({ length: 4_000 }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20_000))).join(""),
        refundedAt: "2026-01-18T10:00:00.000Z",
        amount: null,
        items: [],
      },
    },
  };

  test.each(Object.entries(refused))("is quarantined alone when PostgreSQL refuses it: %s", async (_what, fact) => {
    const poisoned = { shopId: place.shopId, sourceId: await addSource(world.db, place.shopId, { platform: "trusting" }) };
    const before = await deliver(world.db, place, [placed("1"), placed("2")], noon);
    const bad = await deliver(world.db, poisoned, [JSON.stringify([fact])], plus(noon, 1_000));
    const after = await deliver(world.db, place, [placed("3"), dispatched("1")], plus(noon, 2_000));
    await settle(world.worker({ readers: { ...worker.readers, trusting } }));
    expect((await fates(world.db, [...before, ...after])).map((fate) => fate?.state)).toEqual(["taken", "taken", "taken", "taken"]);
    expect((await fates(world.db, bad))[0]).toMatchObject({ state: "quarantined", reason: expect.stringContaining("can't be stored") });
    expect(await heldFacts(world.db)).toHaveLength(3 * 5 + 1);
  });

  test("is tried again when an operator asks for it", async () => {
    const broken = { shopId: place.shopId, sourceId: await addSource(world.db, place.shopId, { platform: "later" }) };
    const ids = await deliver(world.db, broken, [placed("1001")], noon);
    await settle();
    expect((await fates(world.db, ids))[0]?.state).toBe("quarantined");
    expect(await retryDelivery(world.db, ids[0] ?? "")).toEqual({ kind: "retried", shopId: place.shopId });
    await settle(world.worker({ readers: { later: worker.readers["standard"] ?? trusting } }));
    expect((await fates(world.db, ids))[0]?.state).toBe("taken");
  });
});

describe("two processes at once", () => {
  test("take each delivery once, and lose none", async () => {
    const events = Array.from({ length: 300 }, (_, n) =>
      n % 3 === 0 ? placed(`o-${n % 40}`, {}, iso(plus(noon, n))) : dispatched(`o-${n % 40}`, iso(plus(noon, n)), { id: `s-${n}` }),
    );
    const ids = await deliver(world.db, place, events, noon);
    const second = world.worker();
    const counts = await Promise.all([settled(worker), settled(second)]);
    expect(counts[0] + counts[1]).toBe(ids.length);
    expect(new Set((await fates(world.db, ids)).map((fate) => fate?.state))).toEqual(new Set(["taken"]));
    const dirty = await world.db.selectFrom("orders").select("dirty").execute();
    expect(dirty.every((order) => order.dirty > 0)).toBe(true);
  });

  test("one of which plans orders that the other adds to: neither waits in a circle, no fact is lost", async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `o-${n}`);
    await deliver(
      world.db,
      place,
      ids.map((id) => placed(id)),
      noon,
    );
    await settle();
    await planBatch(worker, { dirty: 100 });
    const orders = (await world.db.selectFrom("orders").select("id").execute()).map((row) => row.id);
    const second = world.worker();
    for (let round = 0; round < 8; round += 1) {
      await deliver(world.db, place, ids.map((id) => dispatched(id, iso(plus(noon, round)), { id: `s-${round}` })).toReversed(), noon);
      await Promise.all([
        settled(second),
        planBatch(worker, { orderIds: orders, lock: true }),
        planBatch(world.worker(), { orderIds: orders, lock: true }),
      ]);
    }
    expect((await heldFacts(world.db)).filter((line) => line.includes(" shipment:"))).toHaveLength(30 * 8);
  });
});

async function settled(by: Worker): Promise<number> {
  let sum = 0;
  for (;;) {
    const taken = await takeInBatch(by);
    if (taken === 0) return sum;
    sum += taken;
  }
}

describe("any order of arrival (IN-07, P1)", () => {
  const consent = { scope: "review", text: "Yes", at: "2026-01-18T10:00:00Z" };
  const story: readonly Event[] = [
    placed("1001", { buyer: { email: "maya@buyer.example", name: "Maya", consents: [consent] } }),
    placed("1001", { total: "59.90", buyer: { email: "maya2@buyer.example", name: "Maya" } }, "2026-01-19T10:00:00Z"),
    { type: "order.paid", occurredAt: "2026-01-19T10:00:00Z", data: orderData("1001", { total: "69.90" }) },
    dispatched("1001"),
    dispatched("1001", "2026-01-20T07:00:00Z", { carrier: "EMS" }),
    {
      type: "shipment.updated",
      occurredAt: "2026-01-25T07:00:00Z",
      data: { order: { id: "1001" }, shipment: { id: "s-1001", status: "delivered", occurredAt: "2026-01-25T07:00:00Z" } },
    },
    cancelled("1001"),
    { type: "order.refunded", occurredAt: "2026-01-26T07:00:00Z", data: { order: { id: "1001" }, refund: { id: "f", amount: "5.00" } } },
  ];

  test("over any batches gives the same facts, sources of ties included", async () => {
    await deliver(world.db, place, story, noon);
    await settle();
    const expected = await heldFacts(world.db);
    expect(expected.length).toBeGreaterThan(8);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          story.map((_, n) => n),
          { minLength: story.length },
        ),
        fc.infiniteStream(fc.boolean()),
        async (order, cuts) => {
          const fresh = await addPlace(world.db);
          await world.db.deleteFrom("facts").execute();
          for (const index of [...order, order[0] ?? 0]) {
            const event = story[index];
            if (event !== undefined) await deliver(world.db, fresh, [event], noon);
            if (cuts.next().value === true) await settle();
          }
          await settle();
          expect(await heldFacts(world.db)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
