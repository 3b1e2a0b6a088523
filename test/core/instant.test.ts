import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant, instantOf, iso, parseInstant, plus } from "../../src/core/instant.ts";

describe("a sender's time stamp", () => {
  test.each([
    ["2026-01-20T08:00:00Z", "2026-01-20T08:00:00.000Z"],
    ["2026-01-20T08:00Z", "2026-01-20T08:00:00.000Z"],
    ["2026-01-20t08:00:00z", "2026-01-20T08:00:00.000Z"],
    ["2026-01-20 08:00:00+05:30", "2026-01-20T02:30:00.000Z"],
    ["2026-01-20T08:00:00-0500", "2026-01-20T13:00:00.000Z"],
    ["2026-01-20T08:00:00.123456789Z", "2026-01-20T08:00:00.123Z"],
    ["2024-02-29T23:59:59.999-12:00", "2024-03-01T11:59:59.999Z"],
  ])("%s means %s", (text, utc) => {
    const at = parseInstant(text);
    expect(at === null ? null : iso(at)).toBe(utc);
  });

  test.each([
    ["has no offset, so it would mean another time on another machine", "2026-01-20T08:00:00"],
    ["is a date", "2026-01-20"],
    ["has a thirteenth month", "2026-13-20T08:00:00Z"],
    ["has a 25th hour", "2026-01-20T25:00:00Z"],
    ["is words", "tomorrow"],
    ["is empty", ""],
    ["is a number of seconds", "1768896000"],
    ["has a year of five digits", "12026-01-20T08:00:00Z"],
    ["has something in front", " 2026-01-20T08:00:00Z"],
    ["has something behind", "2026-01-20T08:00:00Z\n"],
  ])("is refused when it %s", (_why, text) => {
    expect(parseInstant(text)).toBeNull();
  });

  test("means the same whatever zone the machine is in", () => {
    const before = process.env["TZ"];
    try {
      const read = ["UTC", "Asia/Shanghai", "America/New_York"].map((zone) => {
        process.env["TZ"] = zone;
        return parseInstant("2026-03-08 02:30:00-08:00");
      });
      expect(new Set(read)).toEqual(new Set([instantOf("2026-03-08T10:30:00Z")]));
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });
});

describe("an instant", () => {
  test("survives being written and read", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => {
        expect(parseInstant(iso(instant(ms)))).toBe(ms);
      }),
    );
  });

  test("is whole milliseconds, also after adding a fraction", () => {
    expect(instant(12.9)).toBe(12);
    expect(plus(instant(10), 0.6)).toBe(10);
    expect(plus(instant(10), -20)).toBe(-10);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("is never made of %s", (ms) => {
    expect(() => instant(ms)).toThrow(RangeError);
    expect(() => plus(instant(0), ms)).toThrow(RangeError);
  });

  test("is not made of a text that cannot be read", () => {
    expect(() => instantOf("soon")).toThrow(RangeError);
  });
});
