import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/process.ts";
import { connectShop, standardOrder, startService } from "../support/service.ts";
import { commandsFor, nobodyThere, run } from "./set-up.ts";

const noon = "2026-01-20T12:00:00Z";
const service = await startService({ start: noon });
const shop = await connectShop(service);
const dispatchedAt = "2026-01-20T08:00:00Z";
for (let number = 1; number <= 4; number += 1) {
  const order = standardOrder({
    id: `o-${number}`,
    number: String(1000 + number),
    buyer: { email: `b${number}@buyer.example`, name: "Bo" },
  });
  await shop.event("order.placed", "2026-01-18T10:00:00Z", { order }, noon);
  await shop.event(
    "shipment.dispatched",
    dispatchedAt,
    { order: { id: order.id }, shipment: { id: "s-1", carrier: "EMS", dispatchedAt } },
    noon,
  );
}
await service.moveTo(noon);
const { says, json, run: runHere } = commandsFor(service);
const folder = await temporaryFolder();
const shown = await says("schedule", "show");

async function fileWith(was: string, is: string): Promise<string> {
  expect(shown).toContain(was);
  const file = join(folder, `${crypto.randomUUID()}.yaml`);
  await writeFile(file, shown.replace(was, is));
  return file;
}

test("what is shown is a file that says the same, with its fields in the order in which people write them", async () => {
  const same = await fileWith("steps:", "steps: # mine");
  expect(shown).toMatch(
    /^# Lantern, version 1\nname: Default\nsteps:\n {2}- key: payment-nudge\n {4}template: payment-nudge\n {4}category: order\n {4}on: /,
  );
  expect(await says("schedule", "validate", same)).toContain("is fine: 25 steps");
  expect(await says("schedule", "diff", same)).toBe("It says the same as version 1, which is in force.\n");
  expect(await json("schedule", "simulate", same)).toMatchObject({ orders: 4, added: 0, removed: 0, moved: 0 });
});

test("a change is seen as a difference, simulated, and then published, which does what was foretold", async () => {
  const file = await fileWith("days: 10\n", "days: 6\n");
  expect(await says("schedule", "diff", file)).toBe("Against version 1, which is in force:\n~ check-in\n    wait.days: 10 → 6\n");
  const text = await says("schedule", "simulate", file, "--from", "2026-01-18", "--to", "2026-01-19");
  expect(text).toMatch(/^orders +4$/m);
  expect(text).toMatch(/^mails +12 → 12$/m);
  expect(text).toMatch(/^moved +\d \(\d earlier, 0 later\)$/m);
  expect(text).toMatch(/^check-in +4 → 4 +0 +0 +4$/m);
  expect(text).toMatch(/^ {2}100\d {2}check-in, earlier: \w{3} 2026-01-3\d \d\d:\d\d → \w{3} 2026-01-2\d \d\d:\d\d$/m);
  expect((await json("schedule", "show")).version).toBe(1);
  expect(await says("schedule", "publish", file, "--queued", "retime")).toBe(
    "Version 2 is in force: 4 planned mails moved, 0 added, 0 cancelled.\n",
  );
  expect(await says("schedule", "diff", file)).toContain("the same as version 2");
});

test("in a time without orders there is nothing to compare, and that is said", async () => {
  const file = await fileWith("days: 10\n", "days: 6\n");
  expect(await says("schedule", "simulate", file, "--to", "2026-01-01")).toContain("No orders were placed in that time");
});

test("a file with mistakes is neither simulated nor published: they are told with their places, by here or by the service", async () => {
  const bad = await fileWith("days: 10\n", "days: ten\n");
  const poem = await fileWith("template: check-in", "template: poem");
  const line = shown.split("\n").findIndex((one) => one.includes("template: check-in")) + 1;
  for (const args of [
    ["schedule", "validate", bad],
    ["schedule", "diff", bad],
    ["schedule", "simulate", bad],
    ["schedule", "publish", bad, "--queued", "keep"],
  ]) {
    const { code, out, err } = await runHere(...args);
    expect([args[1], code, out]).toEqual([args[1], 1, ""]);
    expect(err).toMatch(/\.yaml:\d+:\d+: steps\[4\]\.wait\.days: wanted number, found string\n +\d+ \| +days: ten\n +\^\n$/);
  }
  for (const args of [
    ["schedule", "simulate", poem],
    ["schedule", "publish", poem, "--queued", "keep"],
  ]) {
    const { code, err } = await runHere(...args);
    expect([args[1], code, err]).toEqual([
      args[1],
      1,
      expect.stringContaining(`${poem}:${line}:15: steps[4].template: there is no template poem`),
    ]);
  }
});

test("validating needs no service and no configuration; as JSON it gives line, column and pointer", async () => {
  const poem = await fileWith("template: check-in", "template: poem");
  const { code, out, err } = await run(["schedule", "validate", poem, "--json"], { AFTERWORD_URL: await nobodyThere() });
  expect([code, err]).toEqual([1, ""]);
  expect(JSON.parse(out)).toEqual({
    ok: false,
    errors: [{ line: expect.any(Number), column: 15, pointer: "/steps/4/template", detail: expect.stringContaining("no template poem") }],
  });
});
