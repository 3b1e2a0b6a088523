import { expect, test } from "vitest";
import { drive } from "../../jobs/drive.ts";
import { planBatch } from "../../jobs/plan.ts";
import { takeInBatch } from "../../jobs/take-in.ts";
import { hour, minute, plus } from "../../src/core/instant.ts";
import { endRest, restingShops } from "../../src/store/rests.ts";
import { addPlace, noon, type Place } from "../store/rows.ts";
import { deliver, dispatched, openWorld, placed } from "./bundle.ts";

const world = await openWorld();
const worker = world.worker();

async function orders(place: Place, ids: readonly string[]): Promise<void> {
  await deliver(
    world.db,
    place,
    ids.flatMap((id) => [placed(id), dispatched(id)]),
    noon,
  );
  while ((await takeInBatch(worker)) > 0);
  while ((await planBatch(worker, { dirty: 100 })).orders > 0);
}

const states = async (place: Place) => {
  const rows = await world.db
    .selectFrom("messages")
    .select("state")
    .where("shop_id", "=", place.shopId)
    .where("step", "=", "dispatch-notice")
    .execute();
  return rows.map(({ state }) => state).sort();
};

test("ten refusals for policy in a quarter of an hour let the shop's mail rest for an hour, and no other shop's; no address is suppressed (2.4)", async () => {
  const bad = await addPlace(world.db);
  const good = await addPlace(world.db);
  const ids = Array.from({ length: 10 }, (_, n) => `bad-${n}`);
  world.sink.setBehaviour({ rcpt: (to) => (to.startsWith("bad-") ? { say: "550 5.7.26 not authenticated" } : "ok") });
  await drive(worker, world.clock, noon);
  await orders(bad, ids.slice(0, 9));
  await drive(worker, world.clock, plus(noon, minute));
  expect(await restingShops(world.db, world.clock.now())).toEqual([]);
  await orders(bad, ids.slice(9));
  await drive(worker, world.clock, plus(noon, 2 * minute));
  expect(await states(bad)).toEqual(Array(10).fill("failed"));
  expect(await restingShops(world.db, world.clock.now())).toMatchObject([{ because: expect.stringContaining("5.7.26") }]);
  expect(worker.complaints.some((line) => line.includes("for policy"))).toBe(true);
  expect(await world.db.selectFrom("suppressions").selectAll().execute()).toEqual([]);

  await orders(bad, ["waits-1", "waits-2"]);
  await orders(good, ["good-1"]);
  expect(await drive(worker, world.clock, plus(noon, 30 * minute))).toBe(1);
  expect(await states(good)).toEqual(["sent"]);
  expect(await states(bad)).toEqual([...Array(10).fill("failed"), "planned", "planned"]);
  // The hour is over: it goes on by itself.
  expect(await drive(worker, world.clock, plus(noon, 2 * hour))).toBe(2);
  expect(await states(bad)).toEqual([...Array(10).fill("failed"), "sent", "sent"]);
});

test("an operator ends the rest at once; refusals of an hour ago count no more", async () => {
  const place = await addPlace(world.db);
  world.sink.setBehaviour({ rcpt: (to) => (to.startsWith("bad-") ? { say: "550 5.7.1 blocked" } : "ok") });
  await orders(
    place,
    Array.from({ length: 10 }, (_, n) => `bad-second-${n}`),
  );
  await drive(worker, world.clock, plus(world.clock.now(), minute));
  await orders(place, ["now-1"]);
  expect(await drive(worker, world.clock, plus(world.clock.now(), minute))).toBe(0);
  await endRest(world.db, place.shopId);
  expect(await drive(worker, world.clock, plus(world.clock.now(), minute))).toBe(1);
  await orders(
    place,
    Array.from({ length: 9 }, (_, n) => `bad-third-${n}`),
  );
  await drive(worker, world.clock, plus(world.clock.now(), 20 * minute));
  await orders(place, ["bad-late"]);
  await drive(worker, world.clock, plus(world.clock.now(), minute));
  expect(await restingShops(world.db, world.clock.now())).toEqual([]);
});
