import { describe, expect, test } from "vitest";
import type { Closure } from "../../src/core/closure.ts";
import { iso } from "../../src/core/instant.ts";
import { plan } from "../../src/core/plan.ts";
import { closureOf, entriesOf, local, paidOrder, plannedOf, reasonOf, tell, worldOf } from "./planner-world.ts";

const festival = closureOf("2026-02-15", "2026-02-23", "2026-02-24");
const world = (facts: Parameters<typeof worldOf>[0], ...closures: readonly Closure[]) =>
  worldOf(facts, { closures: closures.length > 0 ? closures : [festival] });
const outcome = (facts: Parameters<typeof worldOf>[0], ...closures: readonly Closure[]) => {
  const [entry] = entriesOf(plan(world(facts, ...closures)), "holiday-delay");
  return entry?.kind === "planned" ? local(entry.dueAt, "Asia/Shanghai") : entry?.reason;
};
const placedAt = (at: string, paidAt: string | null = at) => [
  tell.order({ placedAt: at }),
  tell.address(),
  tell.payment(paidAt),
  tell.items(),
];
const parcel = (dispatchedAt: string, says: Parameters<typeof tell.shipment>[0] = {}) => tell.shipment({ dispatchedAt, ...says });

describe("a closure concerns an order", () => {
  test("that is paid and not dispatched: three days before it starts at nine, in the shop's zone", () => {
    expect(outcome(paidOrder)).toBe("2026-02-12 09:00");
    expect(iso(plannedOf(world(paidOrder), "holiday-delay").staleAt)).toBe("2026-02-23T16:00:00.000Z");
  });

  test("at once when it is paid after that, or placed or paid inside", () => {
    expect(outcome(placedAt("2026-02-13T19:00:00.000Z"))).toBe("2026-02-14 03:00");
    expect(outcome(placedAt("2026-02-18T19:00:00.000Z"))).toBe("2026-02-19 03:00");
    expect(outcome(placedAt("2026-02-18T19:00:00.000Z", null))).toBe("2026-02-19 03:00");
    expect(outcome(placedAt("2026-02-10T19:00:00.000Z", "2026-02-18T19:00:00.000Z"))).toBe("2026-02-19 03:00");
  });

  test("not one that is placed once parcels leave again, nor one that was not paid before", () => {
    expect(outcome(placedAt("2026-02-23T15:59:00.000Z"))).toBe("2026-02-23 23:59");
    expect(outcome(placedAt("2026-02-23T16:00:00.000Z"))).toBe("no-closure");
    expect(outcome(placedAt("2026-02-10T19:00:00.000Z", null))).toBe("no-closure");
  });

  test("that is partly dispatched, until the rest is", () => {
    const part = parcel("2026-01-20T08:00:00.000Z", { items: [{ id: "a", quantity: 1 }] });
    const rest = parcel("2026-01-21T08:00:00.000Z", { id: "s2", items: [{ id: "b", quantity: 2 }] });
    expect(outcome([...paidOrder, part])).toBe("2026-02-12 09:00");
    expect(outcome([...paidOrder, part, rest])).toBe("no-closure");
    const refund = tell.refund({ refundedAt: "2026-01-22T08:00:00.000Z", items: [{ id: "b", quantity: 2 }] });
    expect(outcome([...paidOrder, part, refund])).toBe("no-closure");
  });

  test("that travels through it, as long as the parcel has not arrived", () => {
    // An unknown service takes up to 20 days: until 15 and 14 February.
    expect(outcome([...paidOrder, parcel("2026-01-26T08:00:00.000Z")])).toBe("2026-02-12 09:00");
    expect(outcome([...paidOrder, parcel("2026-01-25T08:00:00.000Z")])).toBe("no-closure");
    expect(outcome([...paidOrder, parcel("2026-02-13T19:00:00.000Z")])).toBe("2026-02-14 03:00");
    expect(outcome([...paidOrder, parcel("2026-01-26T08:00:00.000Z"), tell.scan("delivered", "2026-02-10T08:00:00.000Z")])).toBe(
      "no-closure",
    );
  });

  test("but not through a parcel whose place another took: it is under way to nobody", () => {
    const first = parcel("2026-01-26T08:00:00.000Z");
    const resent = tell.choice({ of: "delivery-late", about: "s1", choice: "resend", chosenAt: "2026-02-01T08:00:00.000Z" });
    const second = parcel("2026-02-02T08:00:00.000Z", { id: "s2" });
    const arrived = tell.scan("delivered", "2026-02-10T08:00:00.000Z", "s2");
    expect(outcome([...paidOrder, first, resent])).toBe("2026-02-12 09:00");
    expect(outcome([...paidOrder, first, resent, second, arrived])).toBe("no-closure");
  });

  test("and spares one that was dispatched or delivered since its notice was due, and says so", () => {
    const express = parcel("2026-02-12T08:00:00.000Z", { service: "express" });
    expect(outcome([...paidOrder, express, tell.scan("delivered", "2026-02-14T08:00:00.000Z")])).toBe("already-delivered");
    const short = closureOf("2026-02-14", "2026-02-14", "2026-02-15", { carriers: null });
    expect(outcome([...paidOrder, parcel("2026-02-15T01:00:00.000Z")], short)).toBe("already-dispatched");
  });

  test("not a cancelled one, even when the schedule does not say so", () => {
    expect(outcome([...paidOrder, tell.cancelled("2026-01-20T00:00:00.000Z")])).toBe("order-cancelled");
  });
});

describe("closures of some carriers", () => {
  const only = closureOf("2026-02-15", "2026-02-23", "2026-02-24", { carriers: ["china-post", "EMS"] });

  test("concern the parcels of these, however they are spelt", () => {
    expect(outcome([...paidOrder, parcel("2026-02-10T08:00:00.000Z", { carrier: "China Post" })], only)).toBe("2026-02-12 09:00");
    expect(outcome([...paidOrder, parcel("2026-02-10T08:00:00.000Z", { carrier: "DHL" })], only)).toBe("no-closure");
    expect(outcome(paidOrder, only)).toBe("no-closure");
    expect(outcome([...paidOrder, tell.shipment({ dispatchedAt: null, service: "ems" })], only)).toBe("2026-02-12 09:00");
  });
});

test("each closure is told of once per order, in the order they come, one that does not concern it not at all", () => {
  const may = closureOf("2026-05-01", "2026-05-05", "2026-05-06", { id: "k0", name: "Labour Day" });
  const past = closureOf("2025-10-01", "2025-10-08", "2025-10-09", { id: "old" });
  const entries = entriesOf(plan(world(paidOrder, may, past, festival)), "holiday-delay");
  expect(entries.map(({ occurrence, kind }) => [occurrence.kind, occurrence.id, kind])).toEqual([
    ["closure", "k1", "planned"],
    ["closure", "k0", "planned"],
  ]);
  expect(reasonOf(world(paidOrder, past), "holiday-delay")).toBe("no-closure");
});
