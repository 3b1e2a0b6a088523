import { describe, expect, test } from "vitest";
import { parseCivilDay } from "../../src/core/civil-day.ts";
import { type Disruption, heldUp } from "../../src/core/disruption.ts";
import type { Fact } from "../../src/core/facts.ts";
import { dispatchedOrder, orderOf, paidOrder, tell } from "./planner-world.ts";

const day = (text: string) => {
  const parsed = parseCivilDay(text);
  if (parsed === null) throw new Error(text);
  return parsed;
};

const storm: Disruption = {
  id: "d1",
  name: "Storm",
  text: "A storm closed the airport.",
  starts: day("2026-01-25"),
  expectedEnd: null,
  carriers: null,
  services: null,
  countries: null,
  dispatchedFrom: null,
  dispatchedTo: null,
};

function parcelsOf(facts: readonly Fact[], says: Partial<Disruption> = {}, arrivesBy = "2026-02-10"): readonly string[] {
  return heldUp(orderOf(facts), { ...storm, ...says }, "Asia/Shanghai", () => day(arrivesBy)).map(({ id }) => id);
}

describe("a disruption", () => {
  test("holds up a parcel that is on its way while it lasts, not one that has not left", () => {
    expect(parcelsOf(dispatchedOrder)).toEqual(["s1"]);
    expect(parcelsOf(paidOrder)).toEqual([]);
    expect(parcelsOf([...paidOrder, tell.shipment({ dispatchedAt: null })])).toEqual([]);
  });

  test("spares a parcel that arrived, came back, should have been there before it began, or left after it ended", () => {
    expect(parcelsOf([...dispatchedOrder, tell.scan("delivered", "2026-01-24T08:00:00.000Z")])).toEqual([]);
    expect(parcelsOf([...dispatchedOrder, tell.scan("returned", "2026-01-24T08:00:00.000Z")])).toEqual([]);
    expect(parcelsOf(dispatchedOrder, {}, "2026-01-24")).toEqual([]);
    expect(parcelsOf(dispatchedOrder, { starts: day("2026-01-10"), expectedEnd: day("2026-01-19") })).toEqual([]);
  });

  test("of some carriers or services concerns those alone, by their names or by the lane", () => {
    const ems = [...paidOrder, tell.shipment({ carrier: "China Post", service: "EMS" })];
    expect(parcelsOf(ems, { carriers: ["china-post"] })).toEqual(["s1"]);
    expect(parcelsOf(ems, { carriers: ["DHL"] })).toEqual([]);
    expect(parcelsOf(ems, { services: ["ems"] })).toEqual(["s1"]);
    expect(parcelsOf(ems, { carriers: ["DHL"], services: ["ems"] })).toEqual([]);
    expect(parcelsOf(dispatchedOrder, { carriers: ["DHL"] })).toEqual([]);
  });

  test("of some countries or days of dispatch concerns those alone", () => {
    expect(parcelsOf(dispatchedOrder, { countries: ["US"] })).toEqual(["s1"]);
    expect(parcelsOf(dispatchedOrder, { countries: ["CA"] })).toEqual([]);
    expect(parcelsOf(dispatchedOrder, { dispatchedFrom: day("2026-01-20"), dispatchedTo: day("2026-01-20") })).toEqual(["s1"]);
    expect(parcelsOf(dispatchedOrder, { dispatchedFrom: day("2026-01-21") })).toEqual([]);
    expect(parcelsOf(dispatchedOrder, { dispatchedTo: day("2026-01-19") })).toEqual([]);
  });

  test("of two parcels may hold up one", () => {
    const two = [...dispatchedOrder, tell.shipment({ id: "s2", dispatchedAt: "2026-01-22T08:00:00.000Z", carrier: "DHL" })];
    expect(parcelsOf(two)).toEqual(["s1", "s2"]);
    expect(parcelsOf(two, { carriers: ["DHL"] })).toEqual(["s2"]);
  });
});
