import { describe, expect, test } from "vitest";
import { instantOf, iso } from "../../src/core/instant.ts";
import { plan } from "../../src/core/plan.ts";
import {
  closureOf,
  dispatched,
  dispatchedOrder,
  entriesOf,
  entryOf,
  local,
  paidOrder,
  planned,
  plannedOf,
  reasonOf,
  scheduleOf,
  tell,
  withSent,
  worldOf,
} from "./planner-world.ts";

const day = (at: Parameters<typeof local>[0], zone?: string) => local(at, zone).slice(0, 10);
const step = (extra: object) =>
  scheduleOf({ name: "S", steps: [{ key: "one", template: "one", category: "care", on: "order.paid", ...extra }] });

describe("every step of the schedule has its place in the timetable", () => {
  test("an order that was only paid waits for its parcel and says so", () => {
    const timetable = plan(worldOf(paidOrder));
    expect(timetable.entries.map(({ step, kind, ...rest }) => [step, kind, "reason" in rest ? rest.reason : null])).toEqual([
      ["dispatch-notice", "waiting", "not-started"],
      ["check-in", "waiting", "not-started"],
      ["feedback-reminder", "waiting", "prior-not-sent-yet"],
      ["review-thanks", "waiting", "not-started"],
      ["holiday-delay", "excluded", "no-closure"],
    ]);
    for (const entry of timetable.entries) {
      expect(entry.occurrence).toEqual({ kind: "order", id: "1001" });
      expect(entry.because.length).toBeGreaterThan(0);
    }
  });

  test("a step switched off is there, and not sent; what follows it is not sent either", () => {
    const schedule = scheduleOf({
      name: "S",
      steps: [
        { key: "first", template: "t", category: "care", on: "order.paid", enabled: false },
        { key: "second", template: "t", category: "care", after: "first" },
      ],
    });
    const input = worldOf(paidOrder, { schedule });
    expect([reasonOf(input, "first"), reasonOf(input, "second")]).toEqual(["step-off", "prior-not-sent"]);
  });

  test("an order in which nothing travels plans nothing about parcels", () => {
    const input = worldOf([...paidOrder.slice(1), tell.order({ nothingShips: true })], {
      closures: [closureOf("2026-02-15", "2026-02-23", "2026-02-24")],
    });
    expect(["dispatch-notice", "check-in", "holiday-delay"].map((key) => reasonOf(input, key))).toEqual([
      "nothing-ships",
      "nothing-ships",
      "nothing-ships",
    ]);
  });
});

describe("waits", () => {
  test("order mail with no wait is due when it happened, and of use for 48 hours", () => {
    const entry = plannedOf(worldOf(dispatchedOrder), "dispatch-notice");
    expect(iso(entry.dueAt)).toBe(dispatched);
    expect(iso(entry.staleAt)).toBe("2026-01-22T08:00:00.000Z");
    expect(entry.occurrence).toEqual({ kind: "shipment", id: "s1" });
  });

  test("days are dates where the buyer lives, not multiples of 24 hours (SCH-02)", () => {
    // 08:00 in UTC on the 20th is still the 20th in Oregon; 20:00 in Tokyo of the 20th is the 20th there.
    expect(day(plannedOf(worldOf(dispatchedOrder), "check-in").dueAt)).toBe("2026-01-30");
    const late = [...paidOrder, tell.shipment({ dispatchedAt: "2026-01-20T03:00:00.000Z" })];
    expect(day(plannedOf(worldOf(late), "check-in").dueAt)).toBe("2026-01-29");
    const japan = [...late, tell.address({ country: "JP", region: null }, dispatched)];
    expect(day(plannedOf(worldOf(japan), "check-in").dueAt, "Asia/Tokyo")).toBe("2026-01-30");
  });

  test("without a window it is the same time by the clock, also across a clock change (SCH-02)", () => {
    const schedule = step({ category: "order", wait: { days: 14 } });
    const input = worldOf([tell.order(), tell.address({ region: "NY" }), tell.payment("2026-03-01T14:00:30.500Z")], { schedule });
    expect(iso(plannedOf(input, "one").dueAt)).toBe("2026-03-15T13:00:30.500Z");
  });

  test("a time that comes twice is never taken before the wait has begun (SCH-03)", () => {
    // 01:30 in Oregon on the night the clocks go back, the second time.
    const second = "2026-11-01T09:30:00.000Z";
    const input = worldOf([tell.order(), tell.address(), tell.payment(second)], {
      schedule: step({ category: "order", wait: { days: 0 } }),
    });
    expect(iso(plannedOf(input, "one").dueAt)).toBe(second);
  });

  test("hours are exact, and wait for the window to open when it is shut", () => {
    const at = (paidAt: string) =>
      plannedOf(worldOf([tell.order(), tell.address(), tell.payment(paidAt)], { schedule: step({ wait: { hours: 1 } }) }), "one").dueAt;
    expect(iso(at("2026-01-20T18:00:00.000Z"))).toBe("2026-01-20T19:00:00.000Z");
    expect(local(at("2026-01-21T01:00:00.000Z"))).toMatch(/^2026-01-21 (09|1[01]):\d\d$/);
    expect(local(at("2026-01-20T15:00:00.000Z"))).toMatch(/^2026-01-20 (09|1[01]):\d\d$/);
  });

  test("business days skip the weekends and holidays of the buyer's country", () => {
    // 16 January 2026 is a Friday, the 19th is Martin Luther King Day.
    const input = worldOf([tell.order(), tell.address(), tell.payment("2026-01-16T20:00:00.000Z")], {
      schedule: step({ wait: { businessDays: 1 } }),
    });
    expect(day(plannedOf(input, "one").dueAt)).toBe("2026-01-20");
  });

  test("day 10 is day 10, also on a Saturday, unless the window opens on other days", () => {
    const facts = [tell.order(), tell.address(), tell.payment("2026-01-21T20:00:00.000Z")];
    expect(day(plannedOf(worldOf(facts, { schedule: step({ wait: { days: 10 } }) }), "one").dueAt)).toBe("2026-01-31");
    const days = ["mon", "tue", "wed", "thu", "fri"];
    const entry = plannedOf(
      worldOf(facts, { schedule: step({ wait: { days: 10 }, window: { from: "09:00", to: "18:00", days } }) }),
      "one",
    );
    expect(day(entry.dueAt)).toBe("2026-02-02");
    expect(entry.because.map(({ rule }) => rule)).toContain("weekday");
  });

  test("holidays are avoided where the window says so, with the holiday's name", () => {
    const facts = [tell.order(), tell.address(), tell.payment("2026-06-24T20:00:00.000Z")];
    const schedule = step({ wait: { days: 9 }, window: { from: "09:00", to: "18:00", holidays: "avoid" } });
    const entry = plannedOf(worldOf(facts, { schedule }), "one");
    // The third is the day off for a Fourth of July that is a Saturday, which is avoided itself.
    expect(day(entry.dueAt)).toBe("2026-07-05");
    expect(entry.because.find(({ rule }) => rule === "holiday")?.detail).toMatch(/Independence Day/);
  });

  test("a window of the shop counts dates and hours by the shop's clock", () => {
    const schedule = step({ wait: { days: 1 }, window: { from: "09:00", to: "18:00", zone: "shop" } });
    const entry = plannedOf(worldOf([tell.order(), tell.address(), tell.payment("2026-01-20T20:00:00.000Z")], { schedule }), "one");
    expect(local(entry.dueAt, "Asia/Shanghai")).toMatch(/^2026-01-22 (09|1[01]):/);
  });

  test("a window may cross midnight", () => {
    const schedule = step({ wait: { hours: 1 }, window: { from: "20:00", to: "02:00" } });
    const at = (paidAt: string) =>
      local(plannedOf(worldOf([tell.order(), tell.address(), tell.payment(paidAt)], { schedule }), "one").dueAt);
    expect(at("2026-01-21T08:30:00.000Z")).toBe("2026-01-21 01:30");
    expect(at("2026-01-21T09:30:00.000Z")).toMatch(/^2026-01-21 2[012]:/);
  });

  test("mail is spread over the first hours of the window, the same way on every run", () => {
    const minutes = Array.from({ length: 400 }, (_, index) => {
      const input = worldOf(dispatchedOrder);
      const entry = plannedOf({ ...input, order: { ...input.order, externalId: String(index) } }, "check-in");
      return local(entry.dueAt).slice(11);
    });
    expect(new Set(minutes).size).toBeGreaterThan(120);
    for (const time of minutes) expect(time >= "09:00" && time < "12:00").toBe(true);
    expect(plannedOf(worldOf(dispatchedOrder), "check-in").dueAt).toBe(plannedOf(worldOf(dispatchedOrder), "check-in").dueAt);
  });
});

describe("the buyer's zone (SCH-04)", () => {
  const shop = { timeZone: "America/New_York", country: "US" };

  test("where it is not certain the window holds in both zones", () => {
    const input = worldOf([tell.order(), tell.address({ country: "CA", region: null }), tell.payment(), tell.shipment()], {
      shop: { timeZone: "America/Vancouver", country: "CA" },
    });
    const entry = plannedOf(input, "check-in");
    expect(entry.slots.zones).toHaveLength(2);
    for (const zone of entry.slots.zones)
      expect(local(entry.dueAt, zone).slice(11) >= "09:00" && local(entry.dueAt, zone).slice(11) < "18:00").toBe(true);
  });

  test("where the hours of both never meet, a person must look (SCH-05)", () => {
    const input = worldOf([tell.order(), tell.address({ country: "US", region: null }), tell.payment(), tell.shipment()]);
    expect(reasonOf(input, "check-in")).toBe("needs-attention");
    expect(reasonOf(worldOf([tell.order(), tell.address({ region: null }), tell.payment(), tell.shipment()], { shop }), "check-in")).toBe(
      "planned",
    );
  });
});

describe("the check-in follows the parcels", () => {
  const checkIn = (...facts: Parameters<typeof worldOf>[0]) => day(plannedOf(worldOf([...paidOrder, ...facts]), "check-in").dueAt);

  test("it waits as long as the carrier's service deserves", () => {
    expect(checkIn(tell.shipment({ carrier: "China Post", service: "EMS" }))).toBe("2026-01-30");
    expect(checkIn(tell.shipment({ service: "ePacket" }))).toBe("2026-02-03");
    expect(checkIn(tell.shipment({ carrier: "Cainiao" }))).toBe("2026-02-14");
    expect(checkIn(tell.shipment({ service: "registered_small_packet" }))).toBe("2026-02-19");
    expect(checkIn(tell.shipment({ service: "Sea" }))).toBe("2026-03-21");
  });

  test("it counts from the last parcel, with the longest wait of those on their way", () => {
    const first = tell.shipment({ id: "s1", service: "ePacket" });
    const last = tell.shipment({ id: "s2", dispatchedAt: "2026-01-22T08:00:00.000Z" });
    expect(checkIn(first, last)).toBe("2026-02-05");
    expect(checkIn(first, last, tell.scan("delivered", "2026-01-25T20:00:00.000Z", "s1"))).toBe("2026-02-01");
  });

  test("it goes two days after a late delivered scan at the earliest, and a later scan re-times it", () => {
    expect(checkIn(tell.shipment(), tell.scan("delivered", "2026-01-25T20:00:00.000Z"))).toBe("2026-01-30");
    expect(checkIn(tell.shipment(), tell.scan("delivered", "2026-01-29T20:00:00.000Z"))).toBe("2026-01-31");
    expect(checkIn(tell.shipment(), tell.scan("delivered", "2026-02-20T20:00:00.000Z"))).toBe("2026-02-22");
    const two = [tell.shipment(), tell.shipment({ id: "s2" }), tell.scan("delivered", "2026-01-29T20:00:00.000Z")];
    expect(checkIn(...two)).toBe("2026-01-30");
    expect(checkIn(...two, tell.scan("delivered", "2026-02-01T20:00:00.000Z", "s2"))).toBe("2026-02-03");
  });

  test("a schedule that does not say so does the same, unless it says not to", () => {
    const check = { key: "one", template: "one", category: "care", on: "shipment.dispatched", wait: { days: 10 } };
    const facts = [...dispatchedOrder, tell.scan("delivered", "2026-01-29T20:00:00.000Z")];
    expect(day(plannedOf(worldOf(facts, { schedule: step({ ...check }) }), "one").dueAt)).toBe("2026-01-31");
    const unbound = step({ ...check, notBefore: { delivered: null } });
    expect(day(plannedOf(worldOf(facts, { schedule: unbound }), "one").dueAt)).toBe("2026-01-30");
  });

  test("it may be anchored on the delivered scan instead", () => {
    const schedule = step({ on: "shipment.delivered", wait: { days: 3 } });
    expect(reasonOf(worldOf(dispatchedOrder, { schedule }), "one")).toBe("not-started");
    const facts = [...dispatchedOrder, tell.scan("delivered", "2026-01-29T20:00:00.000Z")];
    expect(day(plannedOf(worldOf(facts, { schedule }), "one").dueAt)).toBe("2026-02-01");
  });
});

describe("P7: a range picks one of its best dates", () => {
  const sentAt = "2026-01-30T18:00:00.000Z";
  const remind = (facts = dispatchedOrder, externalId = "1001") => {
    const input = worldOf(facts);
    const sent = withSent(planned(input, "2026-01-21T00:00:00Z"), "check-in", sentAt);
    return plannedOf(
      {
        ...input,
        order: { ...input.order, externalId },
        messages: sent.map((row) => (row.step === "check-in" ? { ...row, occurrence: { kind: "order", id: externalId } } : row)),
      },
      "feedback-reminder",
    );
  };
  const dates = (facts = dispatchedOrder) => new Set(Array.from({ length: 300 }, (_, index) => day(remind(facts, String(index)).dueAt)));

  test("counted from the moment the step before was really sent, no weekend, no holiday, all of them used", () => {
    // 9–14 February is the range; the 14th is a Saturday; the 9th is still within the transit window of an unknown service (day 20).
    expect(dates()).toEqual(new Set(["2026-02-10", "2026-02-11", "2026-02-12", "2026-02-13"]));
    const delivered = [...dispatchedOrder, tell.scan("delivered", "2026-01-25T20:00:00.000Z")];
    expect(dates(delivered)).toEqual(new Set(["2026-02-09", "2026-02-10", "2026-02-11", "2026-02-12", "2026-02-13"]));
    const { slots } = remind(delivered);
    expect([local(slots.earliest), slots.latest === null ? null : local(slots.latest)]).toEqual(["2026-02-09 00:00", "2026-02-14 23:59"]);
  });

  test("a public holiday at the buyer's is left out as long as there is another day", () => {
    // Presidents' Day is 16 February 2026.
    const schedule = step({ wait: { days: [10, 15] } });
    const on = (externalId: string) => {
      const input = worldOf([tell.order(), tell.address(), tell.payment("2026-02-05T20:00:00.000Z")], { schedule });
      return day(plannedOf({ ...input, order: { ...input.order, externalId } }, "one").dueAt);
    };
    const chosen = new Set(Array.from({ length: 300 }, (_, index) => on(String(index))));
    expect(chosen).toEqual(new Set(["2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"]));
  });

  test("never before the transit window has ended: the first working day after it when it ends after the range (LAW-04)", () => {
    const facts = [...paidOrder, tell.shipment({ service: "standard-line" })];
    const entry = remind(facts);
    // Dispatched on 20 January from Shanghai, 45 days: until 6 March, a Friday.
    expect(day(entry.dueAt)).toBe("2026-03-09");
    expect(entry.slots.latest).toBeNull();
    expect(entry.because.find(({ rule }) => rule === "transit")?.detail).toContain("2026-03-06");
    expect(day(remind([...facts, tell.scan("delivered", "2026-02-01T20:00:00.000Z")]).dueAt) <= "2026-02-14").toBe(true);
  });

  test("a range with no allowed date goes on the first one after it, never before it", () => {
    const schedule = step({ wait: { days: [1, 2] }, window: { from: "09:00", to: "18:00", days: ["wed"] } });
    const input = worldOf([tell.order(), tell.address(), tell.payment("2026-01-21T20:00:00.000Z")], { schedule });
    expect(day(plannedOf(input, "one").dueAt)).toBe("2026-01-28");
  });

  test("a range in hours stays within its hours and the window", () => {
    const schedule = step({ wait: { hours: [10, 30] } });
    for (let index = 0; index < 50; index++) {
      const input = worldOf([tell.order(), tell.address(), tell.payment("2026-01-20T20:00:00.000Z")], { schedule });
      const { dueAt } = plannedOf({ ...input, order: { ...input.order, externalId: String(index) } }, "one");
      expect(dueAt).toBeGreaterThanOrEqual(instantOf("2026-01-21T06:00:00Z"));
      expect(dueAt).toBeLessThanOrEqual(instantOf("2026-01-22T02:00:00Z"));
      expect(local(dueAt).slice(11) >= "09:00" && local(dueAt).slice(11) < "18:00").toBe(true);
    }
  });
});

describe("P6: a step after another counts from its sending", () => {
  const base = worldOf(dispatchedOrder);
  const ledger = planned(base, "2026-01-21T00:00:00Z");

  test("until then it is provisional, with a projected time", () => {
    const entry = entryOf({ ...base, messages: ledger }, "feedback-reminder");
    expect(entry).toMatchObject({ kind: "waiting", reason: "prior-not-sent-yet" });
    if (entry.kind !== "waiting" || entry.dueAt === null) throw new Error("no projection");
    expect(day(entry.dueAt) >= "2026-02-09" && day(entry.dueAt) <= "2026-02-14").toBe(true);
  });

  test.each(["sent", "delivered", "bounced", "complained", "unsure"] as const)("a check-in that is %s counts as sent", (state) => {
    expect(reasonOf({ ...base, messages: withSent(ledger, "check-in", "2026-01-30T18:00:00Z", state) }, "feedback-reminder")).toBe(
      "planned",
    );
  });

  test.each(["failed", "stale"] as const)("a check-in that is %s ends it", (state) => {
    const messages = ledger.map((row) => (row.step === "check-in" ? { ...row, state } : row));
    expect(reasonOf({ ...base, messages }, "feedback-reminder")).toBe("prior-not-sent");
  });

  test("a check-in that an operator cancelled ends it", () => {
    const moves = [
      { step: "check-in", occurrence: { kind: "order", id: "1001" }, move: "cancel", at: instantOf("2026-01-21T00:00:00Z") },
    ] as const;
    expect([reasonOf({ ...base, moves }, "check-in"), reasonOf({ ...base, moves }, "feedback-reminder")]).toEqual([
      "operator-cancelled",
      "prior-not-sent",
    ]);
  });

  test("chains project through every step", () => {
    const schedule = scheduleOf({
      name: "S",
      steps: [
        { key: "third", template: "t", category: "care", after: "second", wait: { days: 1 } },
        { key: "second", template: "t", category: "care", after: "first", wait: { days: 1 } },
        { key: "first", template: "t", category: "care", on: "order.paid", wait: { days: 1 } },
      ],
    });
    const third = entryOf(worldOf(paidOrder, { schedule }), "third");
    expect(third.kind === "waiting" && third.dueAt !== null && day(third.dueAt)).toBe("2026-01-21");
  });

  test("what follows a step that is sent per parcel is too", () => {
    const schedule = scheduleOf({
      name: "S",
      steps: [
        { key: "gone", template: "t", category: "order", on: "shipment.dispatched", per: "shipment" },
        { key: "soon", template: "t", category: "care", after: "gone", wait: { days: 2 } },
      ],
    });
    const input = worldOf([...dispatchedOrder, tell.shipment({ id: "s2", dispatchedAt: null })], { schedule });
    expect(entriesOf(plan(input), "soon").map(({ occurrence, kind }) => [occurrence.id, kind])).toEqual([
      ["s1", "waiting"],
      ["s2", "waiting"],
    ]);
  });
});

describe("exits", () => {
  const reasons = (...facts: Parameters<typeof worldOf>[0]) => {
    const input = worldOf([...dispatchedOrder, ...facts]);
    return ["dispatch-notice", "check-in", "feedback-reminder"].map((key) => reasonOf(input, key));
  };
  const at = "2026-01-21T12:00:00.000Z";

  test("each withdraws what it should, with its reason", () => {
    expect(reasons()).toEqual(["planned", "planned", "prior-not-sent-yet"]);
    expect(reasons(tell.cancelled(at))).toEqual(["order-cancelled", "order-cancelled", "order-cancelled"]);
    expect(reasons(tell.refund({ refundedAt: at, amount: "49.90" }))).toEqual(["planned", "order-refunded", "order-refunded"]);
    expect(reasons(tell.review(5, at))).toEqual(["planned", "review-posted", "review-posted"]);
    expect(reasons(tell.case("open", at))).toEqual(["planned", "case-open", "case-open"]);
    expect(reasons(tell.conversation(true, at))).toEqual(["planned", "buyer-waiting", "buyer-waiting"]);
    expect(reasons(tell.scan("delivered", at))).toEqual(["already-delivered", "planned", "prior-not-sent-yet"]);
  });

  test("and gives it back when it no longer holds (P5)", () => {
    const later = "2026-01-22T12:00:00.000Z";
    expect(reasons(tell.cancelled(at), tell.cancelled(null, later))[1]).toBe("planned");
    expect(reasons(tell.review(5, at), tell.review(null, later))[1]).toBe("planned");
    expect(reasons(tell.case("open", at), tell.case("closed", later))[1]).toBe("planned");
    expect(reasons(tell.conversation(true, at), tell.conversation(false, later))[1]).toBe("planned");
  });

  test("a partial refund withdraws nothing; amounts that reach the total, or all items, do", () => {
    expect(reasons(tell.refund({ refundedAt: at, amount: "49.89" }))[1]).toBe("planned");
    const rest = {
      ...tell.refund({ refundedAt: at, amount: "0.01" }),
      says: { ...tell.refund({ refundedAt: at, amount: "0.01" }).says, id: "r2" },
    } as ReturnType<typeof tell.refund>;
    expect(reasons(tell.refund({ refundedAt: at, amount: "49.89" }), rest)[1]).toBe("order-refunded");
    expect(reasons(tell.refund({ refundedAt: at, items: [{ id: "a", quantity: 1 }] }))[1]).toBe("planned");
    expect(
      reasons(
        tell.refund({
          refundedAt: at,
          items: [
            { id: "a", quantity: 1 },
            { id: "b", quantity: 2 },
          ],
        }),
      )[1],
    ).toBe("order-refunded");
  });

  test("of several that hold the same one is named, however the schedule lists them", () => {
    const facts = [...dispatchedOrder, tell.case("open", at), tell.review(5, at), tell.conversation(true, at), tell.cancelled(at)];
    const unless = ["case.open", "buyer.waiting", "order.cancelled", "review.posted"];
    const lists = [unless, unless.toReversed(), [unless[2], unless[0], unless[3], unless[1]]];
    expect(lists.map((list) => reasonOf(worldOf(facts, { schedule: step({ unless: list }) }), "one"))).toEqual([
      "order-cancelled",
      "order-cancelled",
      "order-cancelled",
    ]);
  });

  test("a review request never goes after a refund, a return or in a dispute, whatever the schedule says (LAW-04)", () => {
    const schedule = step({ category: "review", on: "shipment.dispatched", wait: { days: 25 } });
    const reason = (...facts: Parameters<typeof worldOf>[0]) => reasonOf(worldOf([...dispatchedOrder, ...facts], { schedule }), "one");
    expect(reason()).toBe("planned");
    expect(reason(tell.refund({ refundedAt: at, amount: "49.90" }))).toBe("order-refunded");
    expect(reason(tell.cancelled(at))).toBe("order-cancelled");
    expect(reason(tell.case("open", at, "return"))).toBe("case-open");
    expect(reason(tell.scan("returned", at))).toBe("parcel-returned");
    expect(reason(tell.scan("returned", at), tell.scan("delivered", "2026-01-25T12:00:00.000Z"))).toBe("planned");
    const items = [
      { id: "a", quantity: 1 },
      { id: "b", quantity: 2 },
    ];
    expect(reason(tell.order({ total: "100.00" }, at), tell.refund({ refundedAt: at, amount: "10", items }))).toBe("order-refunded");
  });

  test("a review request waits for a parcel, also when the schedule starts it elsewhere (LAW-04)", () => {
    const schedule = step({ category: "review", wait: { days: 5 } });
    expect(reasonOf(worldOf(paidOrder, { schedule }), "one")).toBe("not-started");
    expect(day(plannedOf(worldOf(dispatchedOrder, { schedule }), "one").dueAt)).toBe("2026-02-10");
  });
});

describe("review-thanks", () => {
  const postedAt = "2026-02-03T20:00:00.000Z";

  test("goes for four stars and more, once per review, an hour later", () => {
    const input = worldOf([...dispatchedOrder, tell.review(4, postedAt), tell.review(3, postedAt, { id: "v2" })]);
    const [first, second] = entriesOf(plan(input), "review-thanks");
    expect(first).toMatchObject({ kind: "planned", occurrence: { kind: "review", id: "v1" }, dueAt: instantOf("2026-02-03T21:00:00Z") });
    expect(second).toMatchObject({ kind: "excluded", reason: "condition-not-met" });
  });

  test("not for a review that was taken back", () => {
    const input = worldOf([...dispatchedOrder, tell.review(5, postedAt), tell.review(null, "2026-02-03T20:30:00.000Z")]);
    expect(reasonOf(input, "review-thanks")).toBe("review-removed");
  });
});

describe("LAW-03: one review request and one reminder an order", () => {
  const schedule = scheduleOf({
    name: "S",
    steps: ["one", "two", "three"].map((key, index) => ({
      key,
      template: "t",
      category: "review",
      on: "shipment.dispatched",
      wait: { days: 25 + 5 * index },
    })),
  });

  test("the third is not planned", () => {
    const input = worldOf(dispatchedOrder, { schedule });
    expect(["one", "two", "three"].map((key) => reasonOf(input, key))).toEqual(["planned", "planned", "cap-reached"]);
  });

  test("those sent count, also when the schedule has no such step any more", () => {
    const input = worldOf(dispatchedOrder, { schedule });
    const messages = planned(input, "2026-01-21T00:00:00Z").map(
      (row) => ({ ...row, state: "sent", step: `old-${row.step}`, sentAt: row.dueAt }) as const,
    );
    expect(["one", "two", "three"].map((key) => reasonOf({ ...input, messages }, key))).toEqual([
      "cap-reached",
      "cap-reached",
      "cap-reached",
    ]);
  });
});

describe("P4: versions", () => {
  test("a new step plans nothing that would have been due before it was published", () => {
    const since = (at: string) => ({ ...worldOf(dispatchedOrder).schedule, since: { "check-in": instantOf(at) } });
    expect(reasonOf(worldOf(dispatchedOrder, { schedule: since("2026-02-01T00:00:00Z") }), "check-in")).toBe("before-step-published");
    expect(reasonOf(worldOf(dispatchedOrder, { schedule: since("2026-01-29T00:00:00Z") }), "check-in")).toBe("planned");
  });

  test("orders placed before the shop went live plan nothing", () => {
    const input = worldOf(dispatchedOrder, { shop: { liveFrom: instantOf("2026-01-18T10:00:00.001Z") } });
    expect(new Set(plan(input).entries.map((entry) => (entry.kind === "planned" ? null : entry.reason)))).toEqual(
      new Set(["before-live-from"]),
    );
  });
});

describe("operators' moves", () => {
  const occurrence = { kind: "order", id: "1001" } as const;
  const move = (word: "cancel" | "hold" | "release" | "send-now", at: string) => ({
    step: "check-in",
    occurrence,
    move: word,
    at: instantOf(at),
  });
  const state = (...moves: ReturnType<typeof move>[]) => {
    const entry = entryOf(worldOf(dispatchedOrder, { moves }), "check-in");
    return entry.kind === "planned" ? (entry.held ?? (entry.sendNow ? iso(entry.dueAt) : "planned")) : entry.reason;
  };

  test("the last one holds, in whatever order they are given; a cancel holds for good (P5)", () => {
    const hold = move("hold", "2026-01-21T00:00:00Z");
    const release = move("release", "2026-01-22T00:00:00Z");
    const cancel = move("cancel", "2026-01-20T12:00:00Z");
    const now = move("send-now", "2026-01-23T00:00:00Z");
    expect(state(hold)).toBe("operator-held");
    expect([state(hold, release), state(release, hold)]).toEqual(["planned", "planned"]);
    expect(state(release, now, hold)).toBe("2026-01-23T00:00:00.000Z");
    expect([state(cancel, release), state(now, cancel)]).toEqual(["operator-cancelled", "operator-cancelled"]);
  });

  test("send-now passes over time, never over exits, suppression or consent", () => {
    const moves = [move("send-now", "2026-01-23T03:00:00Z")];
    expect(reasonOf(worldOf([...dispatchedOrder, tell.cancelled("2026-01-22T00:00:00.000Z")], { moves }), "check-in")).toBe(
      "order-cancelled",
    );
    expect(reasonOf(worldOf(dispatchedOrder, { moves, permission: { suppressed: new Set(["care"]) } }), "check-in")).toBe("suppressed");
  });

  test("a shop that does not send holds everything back", () => {
    const timetable = plan(worldOf(dispatchedOrder, { shop: { sending: false } }));
    expect(timetable.entries.flatMap((entry) => (entry.kind === "planned" ? [entry.held] : []))).toEqual([
      "shop-not-sending",
      "shop-not-sending",
    ]);
  });
});

describe("explanations", () => {
  test("are exact and local", () => {
    const facts = [...paidOrder, tell.shipment({ trackingNumber: "EE123456785CN", carrier: "China Post", service: "EMS" })];
    const details = plannedOf(worldOf(facts), "check-in").because.map(({ rule, detail }) => `${rule}: ${detail}`);
    expect(details[0]).toBe("wait: 10 days after parcel EE123456785CN was dispatched on 2026-01-20 → 2026-01-30");
    expect(details[1]).toMatch(/^spread: \d\d:\d\d of 09:00–18:00, so that not all mail goes out at once$/);
    expect(details[2]).toMatch(/^zone: America\/Los_Angeles: /);
  });

  test("say nothing of who the buyer is", () => {
    const facts = [
      ...dispatchedOrder,
      { ...tell.order(), says: { kind: "buyer", id: "77", email: "jo@buyer.example", name: "Jo Buyer", locale: "en" } } as const,
    ];
    const text = JSON.stringify(plan(worldOf(facts)));
    expect(text).not.toMatch(/jo@|Jo Buyer/);
  });
});
