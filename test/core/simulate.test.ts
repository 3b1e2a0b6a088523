import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/core/facts.ts";
import { instantOf, iso } from "../../src/core/instant.ts";
import { orderAsOf, turningPoints } from "../../src/core/order-as-of.ts";
import { rehearse, scriptOf } from "../../src/core/rehearse.ts";
import { parseSchedule, type Schedule } from "../../src/core/schedule.ts";
import type { WrittenStep } from "../../src/core/schedule-shape.ts";
import { Comparison, type Simulation } from "../../src/core/simulate.ts";
import { dispatched, dispatchedOrder, fiveSteps, orderOf, paidOrder, tell, type World, worldOf } from "./planner-world.ts";

const delivered = "2026-02-04T10:00:00.000Z";
const deliveredOrder: readonly Fact[] = [...dispatchedOrder, tell.scan("delivered", delivered)];

/** The default schedule with some steps changed; `null` takes one out. */
function scheduleWith(changes: Record<string, Partial<WrittenStep> | null> = {}): Schedule {
  const steps = fiveSteps.steps.flatMap((step) => {
    const change = changes[step.key];
    return change === null ? [] : [{ ...step, ...change }];
  });
  const parsed = parseSchedule({ name: "Changed", steps });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.schedule;
}

function compare(after: Schedule, orders: readonly (readonly Fact[])[], world: World = {}): Simulation {
  const comparison = new Comparison({ before: scheduleWith(), after, zone: "Asia/Shanghai" });
  for (const facts of orders) comparison.add(worldOf(facts, world));
  return comparison.result();
}

function played(facts: readonly Fact[], world: World = {}, schedule = scheduleWith()) {
  return Object.fromEntries(rehearse(worldOf(facts, world), scriptOf(schedule)).map(({ step, at }) => [step, iso(at)]));
}

describe("a rehearsal plans each mail on what was known when it was due", () => {
  test("a parcel that has arrived since was announced all the same", () => {
    expect(played(deliveredOrder)["dispatch-notice"]).toBe(dispatched);
  });

  test("a review withdraws the reminder when it came before it, not when it came after", () => {
    const reminder = played(deliveredOrder)["feedback-reminder"] ?? "";
    const later = new Date(Date.parse(reminder) + 60_000).toISOString();
    const sooner = new Date(Date.parse(reminder) - 60_000).toISOString();
    expect(played([...deliveredOrder, tell.review(5, later)])["feedback-reminder"]).toBe(reminder);
    expect(played([...deliveredOrder, tell.review(5, sooner)])["feedback-reminder"]).toBeUndefined();
    expect(played([...deliveredOrder, tell.review(5, later)])["review-thanks"]).toBeDefined();
  });

  test("a second parcel that leaves after the check-in does not move it", () => {
    const checkIn = played(dispatchedOrder)["check-in"] ?? "";
    const second = (at: string) => tell.shipment({ id: "s2", dispatchedAt: at }, at);
    const early = "2026-01-25T08:00:00.000Z";
    const late = new Date(Date.parse(checkIn) + 1).toISOString();
    expect(played([...dispatchedOrder, second(late)])["check-in"]).toBe(checkIn);
    expect(Date.parse(played([...dispatchedOrder, second(early)])["check-in"] ?? "")).toBeGreaterThan(Date.parse(checkIn));
  });

  test("a refund stops what was still to come, and only that", () => {
    const { "dispatch-notice": notice } = played(dispatchedOrder);
    const story = played([...dispatchedOrder, tell.refund({ refundedAt: "2026-01-22T08:00:00.000Z", amount: "49.90" })]);
    expect(story).toEqual({ "dispatch-notice": notice });
  });

  test("a wait after a step counts from when that step went out", () => {
    const { "check-in": checkIn, "feedback-reminder": reminder } = played(deliveredOrder);
    const days = (Date.parse(reminder ?? "") - Date.parse(checkIn ?? "")) / 86_400_000;
    expect(days).toBeGreaterThan(9);
    expect(days).toBeLessThan(16);
  });

  test("a parcel that leaves withdraws what a step says only if it left in time", () => {
    const parsed = parseSchedule({
      name: "Late",
      steps: [
        { key: "delay", template: "check-in", category: "order", on: "order.paid", wait: { days: 3 }, unless: ["shipment.dispatched"] },
      ],
    });
    if (!parsed.ok) throw new Error();
    const leaving = (at: string) => [...paidOrder, tell.shipment({ dispatchedAt: at }, at)];
    expect(played(leaving("2026-01-20T10:00:00.000Z"), {}, parsed.schedule)).toEqual({});
    expect(played(leaving("2026-01-23T10:00:00.000Z"), {}, parsed.schedule)).toEqual({ delay: "2026-01-21T10:00:00.000Z" });
  });

  test("orders from before the shop went live are played too, and a shop that does not send", () => {
    const shop = { liveFrom: instantOf("2030-01-01T00:00:00Z"), sending: false };
    expect(played(deliveredOrder, { shop })).toEqual(played(deliveredOrder));
  });

  test("who must not be mailed is sent nothing", () => {
    expect(played(deliveredOrder, { permission: { suppressed: new Set(["all"]) } })).toEqual({});
    expect(Object.keys(played(deliveredOrder, { permission: { suppressed: new Set(["care"]) } }))).toEqual(["dispatch-notice"]);
  });
});

describe("an order as of a moment", () => {
  const facts = [
    ...deliveredOrder,
    tell.review(5, "2026-02-10T00:00:00.000Z"),
    tell.refund({ refundedAt: "2026-02-12T00:00:00.000Z", amount: "1.00" }),
    tell.case("open", "2026-02-14T00:00:00.000Z"),
    tell.conversation(true, "2026-02-16T00:00:00.000Z"),
    tell.cancelled("2026-02-18T00:00:00.000Z"),
  ];

  test("is what it was once everything has happened, and what it began as before", () => {
    expect(orderAsOf(orderOf(facts), instantOf("2026-02-18T00:00:00Z"))).toEqual(orderOf(facts));
    const early = orderAsOf(orderOf(facts), instantOf("2026-01-18T10:00:00Z"));
    expect(early).toMatchObject({ refunds: [], reviews: [], cases: [], waitingSince: null, cancelled: null });
    expect(early.shipments).toEqual([expect.objectContaining({ id: "s1", dispatchedAt: null, scans: [] })]);
  });

  test("changes only at its turning points, and at each of them", () => {
    const order = orderOf(facts);
    const points = turningPoints(order, { dispatch: true, scans: false });
    expect(points.map((at) => iso(at).slice(5, 10))).toEqual(["01-20", "02-04", "02-10", "02-12", "02-14", "02-16", "02-18"]);
    for (const at of points) expect(orderAsOf(order, instantOf(iso(at)))).not.toEqual(orderAsOf(order, (at - 1) as typeof at));
  });
});

describe("comparing two schedules", () => {
  test("the same schedule changes nothing, whatever happened to the orders", () => {
    const happening = fc.constantFrom(
      tell.scan("delivered", delivered),
      tell.scan("returned", "2026-02-01T00:00:00.000Z"),
      tell.review(2, "2026-02-08T12:00:00.000Z"),
      tell.refund({ refundedAt: "2026-01-29T00:00:00.000Z", amount: "49.90" }),
      tell.cancelled("2026-01-21T00:00:00.000Z"),
      tell.case("open", "2026-01-28T00:00:00.000Z"),
      tell.conversation(true, "2026-01-30T00:00:00.000Z"),
      tell.shipment({ id: "s2", dispatchedAt: "2026-01-27T00:00:00.000Z" }, "2026-01-27T00:00:00.000Z"),
    );
    fc.assert(
      fc.property(fc.uniqueArray(happening, { maxLength: 6 }), (happenings) => {
        const same = compare(scheduleWith(), [[...dispatchedOrder, ...happenings]]);
        expect(same).toMatchObject({ orders: 1, added: 0, removed: 0, moved: 0, samples: [] });
        expect(same.messages.before).toBe(same.messages.after);
      }),
      { numRuns: 60 },
    );
  });

  test("what adds up on one side adds up on the other", () => {
    const orders = [deliveredOrder, dispatchedOrder, paidOrder, [...deliveredOrder, tell.review(5, "2026-02-06T00:00:00.000Z")]];
    const after = scheduleWith({ "check-in": { wait: { days: 5 } }, "feedback-reminder": null, "review-thanks": { wait: { hours: 5 } } });
    const { orders: count, messages, added, removed, moved, earlier, later, steps, byDay } = compare(after, orders);
    expect(count).toBe(4);
    expect(messages.after - messages.before).toBe(added - removed);
    expect(moved).toBe(earlier + later);
    expect(moved).toBeGreaterThan(0);
    expect(removed).toBeGreaterThan(0);
    for (const side of ["before", "after"] as const) {
      expect(steps.reduce((sum, step) => sum + step[side], 0)).toBe(messages[side]);
      expect(byDay.reduce((sum, day) => sum + day[side], 0)).toBe(messages[side]);
    }
    expect(byDay.map(({ day }) => day)).toEqual(byDay.map(({ day }) => day).toSorted());
  });

  test("a step that is taken out is removed, with the reason, and one that follows it goes with it", () => {
    const steps = scheduleWith({ "check-in": null, "feedback-reminder": null });
    const { removed, added, samples } = compare(steps, [deliveredOrder]);
    expect([removed, added]).toEqual([2, 0]);
    expect(samples.map(({ step, change, after }) => [step, change, after])).toEqual([
      ["check-in", "removed", null],
      ["feedback-reminder", "removed", null],
    ]);
    expect(samples[0]?.because).toEqual([{ rule: "published", detail: "the schedule has no step check-in" }]);
    expect(samples[0]?.before).toBe(played(deliveredOrder)["check-in"]);
  });

  test("a wait that ends before parcels arrive is told apart: mail about what has not come yet", () => {
    const hasty = scheduleWith({ "check-in": { wait: { days: 3 }, notBefore: { delivered: null } } });
    expect(compare(hasty, [deliveredOrder]).beforeDelivery).toEqual({ before: 1, after: 1 });
    const patient = scheduleWith({ "check-in": { wait: { days: 30 } } });
    expect(compare(patient, [deliveredOrder]).beforeDelivery).toEqual({ before: 1, after: 0 });
    expect(compare(hasty, [dispatchedOrder]).beforeDelivery).toEqual({ before: 0, after: 0 });
  });

  test("a new step counts for orders older than itself", () => {
    const parsed = parseSchedule({
      name: "More",
      steps: [...fiveSteps.steps, { key: "paid", template: "check-in", category: "order", on: "order.paid" }],
    });
    if (!parsed.ok) throw new Error();
    expect(compare(parsed.schedule, [paidOrder])).toMatchObject({ added: 1, removed: 0, moved: 0, messages: { before: 0, after: 1 } });
  });

  test("keeps ten samples at most, of every kind of change there is", () => {
    const after = scheduleWith({ "dispatch-notice": null, "check-in": { wait: { days: 12 } }, "feedback-reminder": null });
    const { samples, orders } = compare(
      after,
      Array.from({ length: 50 }, () => deliveredOrder),
    );
    expect([orders, samples.length]).toEqual([50, 10]);
    expect(new Set(samples.map(({ step, change }) => `${change} ${step}`))).toEqual(
      new Set(["removed dispatch-notice", "later check-in", "removed feedback-reminder"]),
    );
  });
});
