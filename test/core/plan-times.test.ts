import { describe, expect, test } from "vitest";
import { instantOf, iso } from "../../src/core/instant.ts";
import {
  dispatched,
  dispatchedOrder,
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
  test("where it is not certain the window holds in both zones", () => {
    const input = worldOf([tell.order(), tell.address({ country: "CA", region: null }), tell.payment(), tell.shipment()], {
      shop: { timeZone: "America/Vancouver", country: "CA" },
    });
    const entry = plannedOf(input, "check-in");
    expect(entry.slots.zones).toHaveLength(2);
    for (const zone of entry.slots.zones)
      expect(local(entry.dueAt, zone).slice(11) >= "09:00" && local(entry.dueAt, zone).slice(11) < "18:00").toBe(true);
  });

  test("where the hours of both never meet, the buyer's alone count: no hour decent in Shanghai is decent in New York", () => {
    const entry = plannedOf(
      worldOf([tell.order(), tell.address({ country: "US", region: null }), tell.payment(), tell.shipment()]),
      "check-in",
    );
    expect(entry.slots.zones).toEqual(["America/New_York"]);
    const hour = local(entry.dueAt, "America/New_York").slice(11);
    expect(hour >= "09:00" && hour < "18:00").toBe(true);
    expect(entry.because.find(({ rule }) => rule === "zone")?.detail).toContain("never meet");
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
