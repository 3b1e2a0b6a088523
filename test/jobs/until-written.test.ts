import { expect, test } from "vitest";
import { untilWritten } from "../../jobs/until-written.ts";
import { openWorld } from "./bundle.ts";

test("the end of an attempt is written once the database is back, however often it fails before", async () => {
  const world = await openWorld();
  const { log } = world.worker();
  let calls = 0;
  await untilWritten(async () => {
    calls += 1;
    if (calls < 3) throw new Error("Connection terminated unexpectedly");
  }, log);
  expect(calls).toBe(3);
});
