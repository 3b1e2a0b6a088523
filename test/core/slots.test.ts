import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hour, instant, instantOf, minute } from "../../src/core/instant.ts";
import { type Hours, isOpen, nextOpen } from "../../src/core/slots.ts";
import { seedOf, spreadIn } from "../../src/core/spread.ts";
import { local } from "./planner-world.ts";

const hours = (fromMinute: number, toMinute: number, zones = ["Europe/Berlin"], days: readonly number[] | null = null): Hours => ({
  zones,
  window: { fromMinute, toMinute, days },
  holidays: null,
});

describe("the next opening", () => {
  test("is now when it is open, else spread over the first hours of the next one (SCH-05)", () => {
    const nine = hours(540, 1080);
    const noon = instantOf("2026-03-10T11:00:00Z");
    expect(nextOpen(nine, noon, 7)).toBe(noon);
    expect(local(nextOpen(nine, instantOf("2026-03-10T17:00:00Z"), 7) ?? noon, "Europe/Berlin")).toBe("2026-03-11 09:07");
    expect(local(nextOpen(nine, instantOf("2026-03-10T07:59:59Z"), 7) ?? noon, "Europe/Berlin")).toBe("2026-03-10 09:07");
  });

  test("agrees with what is open, for any window, zones and days, through clock changes too", () => {
    const zone = fc.constantFrom(
      "Europe/Berlin",
      "America/New_York",
      "Asia/Shanghai",
      "Africa/Cairo",
      "Australia/Lord_Howe",
      "Pacific/Apia",
    );
    const any = fc.record({
      zones: fc.uniqueArray(zone, { minLength: 1, maxLength: 2 }),
      from: fc.integer({ min: 0, max: 1439 }),
      to: fc.integer({ min: 0, max: 1440 }),
      days: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })),
      at: fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2027-12-31") }),
      seed: fc.nat(),
    });
    let found = 0;
    fc.assert(
      fc.property(any, ({ zones, from, to, days, at, seed }) => {
        fc.pre(from !== to);
        const open = hours(from, to, zones, days);
        const next = nextOpen(open, instant(at), seed);
        if (next === null) return;
        found++;
        expect(next).toBeGreaterThanOrEqual(at);
        // A window that ends in an hour the clocks skip ends where they go on.
        if (next !== at) expect(isOpen(open, next)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  test("is none when two zones never meet within 30 days", () => {
    expect(nextOpen(hours(540, 1080, ["Asia/Shanghai", "America/Los_Angeles"]), instantOf("2026-03-10T00:00:00Z"), 1)).toBeNull();
  });
});

describe("the spread", () => {
  test("keeps to the first three hours, and off the last one", () => {
    const from = instantOf("2026-03-10T09:00:00Z");
    const latest = (length: number) =>
      Math.max(...Array.from({ length: 1_000 }, (_, seed) => spreadIn({ from, to: instant(from + length) }, seed) - from)) / minute;
    expect([latest(9 * hour), latest(3 * hour), latest(hour), latest(10 * minute), latest(minute)]).toEqual([179, 119, 29, 4, 0]);
  });

  test("parcels, reviews and steps of neighbouring orders fall far apart", () => {
    const minutes = (make: (index: number) => number) => new Set(Array.from({ length: 180 }, (_, index) => make(index) % 180)).size;
    const parcel = { kind: "shipment", id: "1" } as const;
    expect(minutes((index) => seedOf(String(1000 + index), "notice", parcel))).toBeGreaterThan(100);
    expect(minutes((index) => seedOf("1000", `step-${index}`, parcel))).toBeGreaterThan(100);
    expect(minutes((index) => seedOf("1000", "notice", { kind: "shipment", id: String(index) }))).toBeGreaterThan(100);
    expect(seedOf("1", "a", { kind: "review", id: "1" })).not.toBe(seedOf("1", "a", parcel));
  });
});
