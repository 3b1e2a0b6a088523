import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, civilDay, civilDayAt, formatCivilDay, parseCivilDay, partsOf, weekdayOf, yearOf } from "../../src/core/civil-day.ts";

const anyDay = fc.integer({ min: Date.UTC(1601, 0, 1) / 86_400_000, max: Date.UTC(2400, 11, 31) / 86_400_000 }).map(civilDayAt);

describe("calendar days", () => {
  test("day 0 is 1970-01-01, a Thursday", () => {
    expect(civilDay(1970, 1, 1)).toBe(0);
    expect(weekdayOf(civilDayAt(0))).toBe(4);
    expect(formatCivilDay(civilDayAt(-1))).toBe("1969-12-31");
    expect(weekdayOf(civilDayAt(-1))).toBe(3);
  });

  test("days, dates and weekdays agree with the engine's UTC calendar over 800 years", () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const date = new Date(day * 86_400_000);
        expect(partsOf(day)).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
        expect(yearOf(day)).toBe(date.getUTCFullYear());
        expect(weekdayOf(day)).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
        expect(formatCivilDay(day)).toBe(date.toISOString().slice(0, 10));
        expect(parseCivilDay(formatCivilDay(day))).toBe(day);
      }),
      { numRuns: 2_000 },
    );
  });

  test("adding days crosses leap days and years", () => {
    expect(formatCivilDay(addDays(civilDay(2028, 2, 28), 1))).toBe("2028-02-29");
    expect(formatCivilDay(addDays(civilDay(2026, 12, 31), 1))).toBe("2027-01-01");
    expect(formatCivilDay(addDays(civilDay(2026, 3, 1), -1))).toBe("2026-02-28");
  });

  test.each([
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "2026-1-01",
    "20260101",
    "2026-01-01T00:00",
    " 2026-01-01",
    "",
    "1900-02-29",
  ])("%j is not read as a day", (text) => {
    expect(parseCivilDay(text)).toBeNull();
  });

  test("a day that the calendar lacks is refused loudly when it comes from code", () => {
    expect(() => civilDay(2026, 2, 30)).toThrow("no such day");
    expect(() => civilDayAt(1.5)).toThrow("not a calendar day");
    expect(() => addDays(civilDay(2026, 1, 1), Number.NaN)).toThrow("not a calendar day");
  });
});
