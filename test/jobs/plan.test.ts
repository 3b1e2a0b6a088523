import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { plan, planBatch, planNow, replanShop } from "../../jobs/plan.ts";
import { takeInBatch } from "../../jobs/take-in.ts";
import { instantOf, iso, plus } from "../../src/core/instant.ts";
import { addressHash } from "../../src/core/keys.ts";
import { plan as planOrder } from "../../src/core/plan.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { claimDue } from "../../src/store/claims.ts";
import { loadForPlanning, markDirty } from "../../src/store/planning.ts";
import { updateShop } from "../../src/store/shops.ts";
import { applyPlans } from "../../src/store/timetables.ts";
import { addPlace, noon, type Place, somebodyWaits } from "../store/rows.ts";
import { cancelled, deliver, dispatched, type Event, openWorld, orderRow, placed, type Worker, type World } from "./bundle.ts";

let world: World;
let worker: Worker;
let place: Place;

beforeEach(async () => {
  world = await openWorld();
  worker = world.worker();
  place = await addPlace(world.db);
});

async function takeIn(...events: readonly Event[]): Promise<void> {
  await deliver(world.db, place, events, noon);
  while ((await takeInBatch(worker)) > 0);
}

/** The ledger of an order: step, state and reason. */
async function ledger(externalId = "1001"): Promise<readonly string[]> {
  const rows = await world.db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select(["m.step", "m.state", "m.reason"])
    .where("o.external_id", "=", externalId)
    .orderBy("m.step")
    .execute();
  return rows.map(({ step, state, reason }) => `${step} ${state}${reason === null ? "" : ` ${reason}`}`);
}

async function rowVersions(): Promise<readonly string[]> {
  const { rows } = await sql<{ version: string }>`select id || ' ' || xmin as version from messages order by id`.execute(world.db);
  return rows.map(({ version }) => version);
}

describe("planning", () => {
  test("makes messages of facts, and remembers in the order's row what lists show", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    expect(await planBatch(worker, { dirty: 10 })).toEqual({ orders: 1, counts: { added: 2, retimed: 0, cancelled: 0 } });
    expect(await ledger()).toEqual(["check-in planned", "dispatch-notice planned"]);
    expect(await orderRow(world.db, "1001")).toMatchObject({
      dirty: 0,
      number: "1001",
      country: "US",
      buyer_name: "Maya O'Neill",
      email: "1001@buyer.example",
      placed_at: instantOf("2026-01-18T10:00:00Z"),
      test: false,
    });
  });

  test("again changes no row of the ledger", async () => {
    await takeIn(placed("1001"), dispatched("1001"), placed("1002"), dispatched("1002"), cancelled("1002"));
    await planBatch(worker, { dirty: 10 });
    const before = await rowVersions();
    const ids = (await world.db.selectFrom("orders").select("id").execute()).map(({ id }) => id);
    for (let round = 0; round < 3; round += 1) {
      expect(await planNow(worker, ids)).toEqual({ added: 0, retimed: 0, cancelled: 0 });
      world.clock.moveTo(plus(world.clock.now(), 60_000));
    }
    expect(await rowVersions()).toEqual(before);
  });

  test("leaves closed orders alone, dirty or not", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    await world.db
      .updateTable("orders")
      .set({ closed_at: new Date(noon) })
      .execute();
    expect((await planBatch(worker, { dirty: 10 })).orders).toBe(0);
    const { id } = await orderRow(world.db, "1001");
    expect(await planNow(worker, [id])).toEqual({ added: 0, retimed: 0, cancelled: 0 });
    expect(await ledger()).toEqual([]);
  });

  test("counts as cancelled what was not cancelled before, and as re-timed what moved", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    await planBatch(worker, { dirty: 10 });
    await takeIn(cancelled("1001"));
    expect((await planBatch(worker, { dirty: 10 })).counts).toEqual({ added: 0, retimed: 0, cancelled: 2 });
    // Cancelled once more, on another day: the explanation is another, the message was cancelled already.
    const before = await rowVersions();
    await takeIn(cancelled("1001", "2026-01-22T07:30:00Z"));
    expect((await planBatch(worker, { dirty: 10 })).counts).toEqual({ added: 0, retimed: 0, cancelled: 0 });
    expect(await rowVersions()).not.toEqual(before);
  });

  test("does all dirty orders in one run of the job, and wakes the release when something was planned", async () => {
    await takeIn(...Array.from({ length: 350 }, (_, n) => placed(`o-${n}`)), dispatched("o-0"));
    worker.woken.length = 0;
    await plan.run(undefined, worker, new AbortController().signal);
    expect(await world.db.selectFrom("orders").select("id").where("dirty", ">", 0).execute()).toEqual([]);
    expect(worker.woken).toEqual(["release"]);
  });

  test("of all open orders of a shop touches no other shop's", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    await planBatch(worker, { dirty: 10 });
    await updateShop(world.db, place.shopId, { sending: false }, world.clock.now());
    const other = await addPlace(world.db);
    expect(await replanShop(worker, other.shopId)).toEqual({ added: 0, retimed: 0, cancelled: 0 });
    expect(await ledger()).toEqual(["check-in planned", "dispatch-notice planned"]);
    await replanShop(worker, place.shopId);
    expect(await ledger()).toEqual(["check-in held shop-not-sending", "dispatch-notice held shop-not-sending"]);
  });
});

describe("a fact that comes while its order is planned", () => {
  test("is not lost: it waits for the order, and marks it again", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    const other = world.worker();
    let coming: Promise<number> = Promise.resolve(0);
    await worker.db.transaction().execute(async (tx) => {
      const cases = await loadForPlanning(tx, worker.keys, { dirty: 10 });
      await deliver(world.db, place, [cancelled("1001")], noon);
      coming = takeInBatch(other);
      await somebodyWaits(world.db);
      const now = world.clock.now();
      await applyPlans(
        tx,
        cases.map((one) => ({ case: one, changes: reconcile(planOrder(one.input), one.input.messages, now) })),
        now,
      );
    });
    await coming;
    expect((await orderRow(world.db, "1001")).dirty).toBe(1);
    await planBatch(worker, { dirty: 10 });
    expect(await ledger()).toEqual(["check-in cancelled order-cancelled", "dispatch-notice cancelled order-cancelled"]);
  });

  test("or a mark without a fact, such as an unsubscribe's, is not cleared by who did not see it", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    await planBatch(worker, { dirty: 10 });
    await world.db.updateTable("orders").set({ dirty: 1 }).execute();
    const other = world.worker();
    let marking: Promise<number> = Promise.resolve(0);
    await worker.db.transaction().execute(async (tx) => {
      const cases = await loadForPlanning(tx, worker.keys, { dirty: 10 });
      marking = markDirty(other.db, { shopId: place.shopId });
      await somebodyWaits(world.db);
      await applyPlans(
        tx,
        cases.map((one) => ({ case: one, changes: [] })),
        world.clock.now(),
      );
    });
    expect(await marking).toBe(1);
    expect((await orderRow(world.db, "1001")).dirty).toBe(1);
  });
});

describe("two planners at once", () => {
  test("plan each order once between them, and make each message once (P3)", async () => {
    const events = Array.from({ length: 120 }, (_, n) => [placed(`o-${n}`), dispatched(`o-${n}`)]).flat();
    await takeIn(...events);
    const others = [worker, world.worker(), world.worker()];
    const sums = await Promise.all(
      others.map(async (one) => {
        let sum = 0;
        for (;;) {
          const { orders, counts } = await planBatch(one, { dirty: 7 });
          if (orders === 0) return sum;
          sum += counts.added;
        }
      }),
    );
    expect(sums.reduce((a, b) => a + b)).toBe(240);
    expect(await world.db.selectFrom("messages").select("id").execute()).toHaveLength(240);
    expect(await world.db.selectFrom("orders").select("id").where("dirty", ">", 0).execute()).toEqual([]);
  });

  test("of the same named orders wait for each other and agree", async () => {
    await takeIn(...Array.from({ length: 40 }, (_, n) => [placed(`o-${n}`), dispatched(`o-${n}`)]).flat());
    const ids = (await world.db.selectFrom("orders").select("id").execute()).map(({ id }) => id);
    const counts = await Promise.all([planNow(worker, ids), planNow(world.worker(), ids.toReversed()), planNow(world.worker(), ids)]);
    expect(counts.map(({ added }) => added).sort((a, b) => a - b)).toEqual([0, 0, 80]);
  });
});

describe("a message that changed hands while it was planned", () => {
  test("is left to whoever has it now", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    await planBatch(worker, { dirty: 10 });
    await takeIn(cancelled("1001"));
    const now = plus(world.clock.now(), 3_600_000);
    const token = "00000000-0000-4000-8000-000000000001";
    await worker.db.transaction().execute(async (tx) => {
      const cases = await loadForPlanning(tx, worker.keys, { dirty: 10 });
      expect(await claimDue(world.db, { now, leaseUntil: plus(now, 60_000), token, perShop: 10, limit: 10 })).toHaveLength(1);
      const planned = cases.map((one) => ({ case: one, changes: reconcile(planOrder(one.input), one.input.messages, now) }));
      expect((await applyPlans(tx, planned, now)).cancelled).toBe(1);
    });
    expect(await ledger()).toEqual(["check-in cancelled order-cancelled", "dispatch-notice queued"]);
  });
});

describe("a change of the buyer's address", () => {
  const changed = () => placed("1001", { buyer: { email: "new@buyer.example", name: "Maya" } }, iso(plus(noon, -3_600_000)));
  const hashes = async () =>
    (await world.db.selectFrom("messages").select(["step", "email_hash"]).orderBy("step").execute()).map(({ step, email_hash }) => [
      step,
      email_hash?.equals(addressHash(world.keys, place.shopId, "new@buyer.example")) ?? null,
    ]);

  test("files unsent messages under the new one, so that its unsubscribe finds them, and leaves what was sent", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    await planBatch(worker, { dirty: 10 });
    await world.db
      .updateTable("messages")
      .set({ state: "sent", sent_at: new Date(noon) })
      .where("step", "=", "dispatch-notice")
      .execute();
    await takeIn(changed());
    await planBatch(worker, { dirty: 10 });
    expect(await hashes()).toEqual([
      ["check-in", true],
      ["dispatch-notice", false],
    ]);
  });

  test("reaches also a message that was just being sent and comes back", async () => {
    await takeIn(placed("1001"), dispatched("1001"));
    await planBatch(worker, { dirty: 10 });
    const lease = { lease_token: "00000000-0000-4000-8000-000000000001", lease_until: new Date(noon) };
    await world.db
      .updateTable("messages")
      .set({ state: "sending", ...lease })
      .where("step", "=", "dispatch-notice")
      .execute();
    await takeIn(changed());
    await planBatch(worker, { dirty: 10 });
    await world.db
      .updateTable("messages")
      .set({ state: "planned", lease_token: null, lease_until: null })
      .where("step", "=", "dispatch-notice")
      .execute();
    await markDirty(world.db, { shopId: place.shopId });
    await planBatch(worker, { dirty: 10 });
    expect(await hashes()).toEqual([
      ["check-in", true],
      ["dispatch-notice", true],
    ]);
  });
});
