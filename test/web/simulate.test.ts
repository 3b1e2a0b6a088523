import { sql } from "kysely";
import { expect, test } from "vitest";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { type Json, openWeb, plannedOrder, shopWithSource } from "./set-up.ts";

const web = await openWeb({ templateKeys: new Set(defaultSchedule.steps.map(({ template }) => template)) });
const at = await shopWithSource(web);
for (let number = 1; number <= 5; number += 1) await plannedOrder(web, at, String(1000 + number), `b${number}@buyer.example`);
const path = `/shops/${at.shopId}/schedule/simulate`;
const { schedule } = await web.ok("GET", `/shops/${at.shopId}/schedule`);

const checkIn = `/schedule/steps/${schedule.steps.findIndex(({ key }: Json) => key === "check-in")}`;

function changed(key: string, change: object): Json {
  return { ...schedule, steps: schedule.steps.map((step: Json) => (step.key === key ? { ...step, ...change } : step)) };
}

test("the schedule in force changes nothing", async () => {
  const same = await web.ok("POST", path, { schedule });
  expect(same).toMatchObject({ orders: 5, added: 0, removed: 0, moved: 0, samples: [] });
  expect(same.messages.before).toBe(same.messages.after);
  expect(same.messages.after).toBe(15);
});

test("another one is compared on the orders placed in that time, day by day, with samples that say why", async () => {
  const simulated = await web.ok("POST", path, {
    schedule: changed("check-in", { wait: { days: 5 } }),
    from: "2026-01-19T00:00:00Z",
    to: "2026-01-20T00:00:00Z",
  });
  expect(simulated).toMatchObject({ orders: 5, messages: { before: 15, after: 15 }, added: 0, removed: 0, later: 0 });
  expect(simulated.earlier).toBeGreaterThanOrEqual(5);
  expect(simulated.steps.map((step: Json) => step.step)).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
  const sample = simulated.samples.find((one: Json) => one.step === "check-in");
  expect(sample).toMatchObject({ change: "earlier", number: expect.stringMatching(/^100[1-5]$/), occurrence: { kind: "order" } });
  expect(sample.before.slice(0, 10)).toBe("2026-01-30");
  expect(sample.after.slice(0, 10)).toBe("2026-01-25");
  expect(sample.because[0].detail).toContain("5 days");
});

test("before and after that time nothing was placed", async () => {
  for (const [from, to] of [
    ["2026-01-01T00:00:00Z", "2026-01-19T08:00:00Z"],
    ["2026-01-19T08:00:00.001Z", "2026-02-01T00:00:00Z"],
  ]) {
    expect(await web.ok("POST", path, { schedule, from, to })).toMatchObject({ orders: 0, messages: { before: 0, after: 0 }, byDay: [] });
  }
});

test("what it foretells is what publishing with retime then does", async () => {
  const next = changed("check-in", { wait: { days: 7 } });
  const { samples } = await web.ok("POST", path, { schedule: next });
  const foretold = samples.filter((one: Json) => one.step === "check-in");
  const other = await shopWithSource(web);
  const { orderId } = await plannedOrder(web, other);
  await web.ok("PUT", `/shops/${other.shopId}/schedule`, { schedule: next, queued: "retime" });
  const { entries } = await web.ok("GET", `/orders/${orderId}/timetable`);
  const planned = entries.find((entry: Json) => entry.step === "check-in");
  // The same parcel at the same time: the day is the same, the minute is chosen by the order's id.
  expect(planned.dueAt.slice(0, 10)).toBe(foretold[0].after.slice(0, 10));
});

test("nothing is written: not to orders, messages, schedules or anything else", async () => {
  const rows = () =>
    sql<{ n: string }>`select concat_ws(' ', (select sum(xmin::text::bigint) from orders), (select sum(xmin::text::bigint) from messages),
      (select sum(xmin::text::bigint) from facts), (select count(*) from schedules), (select sum(xmin::text::bigint) from shops)) as n`.execute(
      web.db,
    );
  const before = (await rows()).rows;
  await web.ok("POST", path, { schedule: changed("check-in", { wait: { days: 3 } }) });
  expect((await rows()).rows).toEqual(before);
});

test("another shop's orders do not count", async () => {
  const other = await shopWithSource(web, { name: "Another" });
  expect(await web.ok("POST", `/shops/${other.shopId}/schedule/simulate`, { schedule })).toMatchObject({ orders: 0 });
});

test.each<[string, object, readonly string[]]>([
  ["no schedule", {}, ["/schedule"]],
  ["a wait that is none", { schedule: changed("check-in", { wait: { days: "soon" } }) }, [`${checkIn}/wait/days`]],
  [
    "a step that follows none",
    { schedule: changed("check-in", { after: "nothing", on: undefined, wait: { days: 5 } }) },
    [`${checkIn}/after`],
  ],
  ["a template nobody has", { schedule: changed("check-in", { template: "poem" }) }, [`${checkIn}/template`]],
  ["an end before the beginning", { schedule, from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }, ["/from"]],
  ["times that are none", { schedule, from: "yesterday", to: 1 }, ["/from", "/to"]],
])("%s is 422, and the field named", async (_what, body, pointers) => {
  const refused = await web.call("POST", path, body);
  expect([refused.status, refused.body.errors.map((error: Json) => error.pointer).sort()]).toEqual([422, pointers]);
});

test("an unknown shop is 404", async () => {
  expect((await web.call("POST", `/shops/${at.source.id}/schedule/simulate`, { schedule })).status).toBe(404);
});
