import { beforeAll, describe, expect, test } from "vitest";
import { errandsTurn } from "../../jobs/errands.ts";
import { planBatch } from "../../jobs/plan.ts";
import { takeInBatch } from "../../jobs/take-in.ts";
import { type ChosenMessages, type ErrandAsked, moves } from "../../src/core/errand.ts";
import { newId } from "../../src/core/ids.ts";
import { endErrand, findErrand, insertErrand } from "../../src/store/errands.ts";
import { addPlace, type Place } from "../store/rows.ts";
import { deliver, dispatched, openWorld, placed, type World } from "./bundle.ts";

const orders = 150;
const everything: ChosenMessages = { states: null, category: null, step: null, due: null, movedBy: null };
let world: World;
let shop: Place;
let other: Place;

beforeAll(async () => {
  world = await openWorld();
  shop = await addPlace(world.db);
  other = await addPlace(world.db, { name: "Another" });
  const worker = world.worker();
  const events = Array.from({ length: orders }, (_, n) => [placed(`o-${n}`), dispatched(`o-${n}`)]).flat();
  await deliver(world.db, shop, events, world.clock.now());
  await deliver(world.db, other, [placed("x"), dispatched("x")], world.clock.now());
  while ((await takeInBatch(worker)) > 0);
  while ((await planBatch(worker, { dirty: 300 })).orders > 0);
});

async function ask(asked: ErrandAsked): Promise<string> {
  const id = newId(world.clock.now());
  const actor = { kind: "token", name: "script" } as const;
  await insertErrand(world.db, { id, shopId: shop.shopId, asked, actor, createdAt: world.clock.now() });
  return id;
}

async function finish(worker = world.worker()): Promise<void> {
  while (await errandsTurn(worker));
}

async function states({ shopId }: Place, step: string): Promise<Readonly<Record<string, number>>> {
  const rows = await world.db.selectFrom("messages").select("state").where("shop_id", "=", shopId).where("step", "=", step).execute();
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

const errand = (id: string) => findErrand(world.db, shop.shopId, id);

function audit(subject: string) {
  return world.db.selectFrom("audit_log").select(["action", "actor", "after"]).where("subject", "=", subject).execute();
}

describe("long work", () => {
  test("moves all that a filter means, in this shop alone, says what came of it, and is undone for exactly those", async () => {
    const first = (await world.db.selectFrom("messages").select(["id", "order_id"]).where("step", "=", "check-in").execute())[0];
    // One is held by hand already: it is none of the errand's, and stays held when the errand is undone.
    const byHand = await ask(moves("hold", { ...everything, step: "check-in", due: null }));
    await world.db
      .insertInto("errand_messages")
      .values({ errand_id: byHand, message_id: first?.id ?? "" })
      .execute();
    await endErrand(world.db, byHand, "cancelled", world.clock.now());
    const one = await ask(moves("hold", { ...everything, movedBy: byHand }));
    await finish();
    expect(await errand(one)).toMatchObject({ state: "done", total: 1, counts: { moved: 1 } });

    const all = await ask(moves("hold", { ...everything, step: "check-in" }));
    await finish();
    expect(await errand(all)).toMatchObject({
      state: "done",
      total: orders,
      done: orders,
      counts: { moved: orders - 1 },
      skipped: { "held:operator-held": 1 },
    });
    expect(await states(shop, "check-in")).toEqual({ held: orders });
    expect(await states(other, "check-in")).toEqual({ planned: 1 });
    expect(await audit(all)).toEqual([
      {
        action: "errand.ended",
        actor: "script",
        after: { state: "done", total: orders, moved: orders - 1, skipped: { "held:operator-held": 1 } },
      },
    ]);

    const back = await ask(moves("release", { ...everything, movedBy: all }));
    await finish();
    expect(await errand(back)).toMatchObject({ state: "done", counts: { moved: orders - 1 } });
    expect(await states(shop, "check-in")).toEqual({ held: 1, planned: orders - 1 });
  });

  test("goes on after its process died, and is done once however many processes do it", async () => {
    const id = await ask(moves("hold", { ...everything, states: ["planned"], category: "order" }));
    const before = await world.db.selectFrom("moves").select("id").execute();
    // The first dies once its moves are on record: their orders were never planned by it.
    const dying = world.worker();
    await errandsTurn(dying);
    const half = { ...dying, keys: null as never };
    await errandsTurn(half);
    expect(dying.complaints).toEqual([expect.stringContaining("a batch of long work failed")]);
    expect((await errand(id))?.state).toBe("running");
    const workers = [world.worker(), world.worker(), world.worker()];
    await Promise.all(workers.map(finish));
    await finish();
    while ((await planBatch(world.worker(), { dirty: 300 })).orders > 0);
    const total = (await errand(id))?.total ?? 0;
    expect(total).toBeGreaterThanOrEqual(orders);
    expect(await errand(id)).toMatchObject({ state: "done", done: total, counts: { moved: total } });
    const after = await world.db.selectFrom("moves").select(["id", "order_id", "step"]).execute();
    expect(after.length - before.length).toBe(total);
    const left = await world.db
      .selectFrom("messages")
      .select("id")
      .where("shop_id", "=", shop.shopId)
      .where("category", "=", "order")
      .where("state", "=", "planned")
      .execute();
    expect(left).toEqual([]);
    await ask(moves("release", { ...everything, movedBy: id }));
    await finish();
  });

  test("stops where it is when it is cancelled", async () => {
    const id = await ask(moves("cancel", { ...everything, states: ["planned"] }));
    await errandsTurn(world.worker());
    await errandsTurn(world.worker());
    const moved = (await errand(id))?.counts["moved"];
    await endErrand(world.db, id, "cancelled", world.clock.now());
    await finish();
    expect(await errand(id)).toMatchObject({ state: "cancelled", counts: { moved } });
    expect(await states(other, "check-in")).toEqual({ planned: 1 });
  });

  test("plans a whole shop anew, and counts what changed", async () => {
    const id = await ask({ kind: "plan-shop", because: "schedule.published" });
    await finish();
    expect(await errand(id)).toMatchObject({ state: "done", total: orders, done: orders, counts: { added: 0, retimed: 0, cancelled: 0 } });
  });

  test("is given up when it took its process with it too often", async () => {
    const id = await ask({ kind: "plan-shop", because: "schedule.published" });
    await world.db.updateTable("errands").set({ tries: 20 }).where("id", "=", id).execute();
    await finish();
    expect(await errand(id)).toMatchObject({ state: "failed" });
    expect(await audit(id)).toMatchObject([{ action: "errand.ended", after: { state: "failed" } }]);
  });
});
