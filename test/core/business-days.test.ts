import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addBusinessDays, isBusinessDay } from "../../src/core/business-days.ts";
import { civilDay, civilDayAt, formatCivilDay } from "../../src/core/civil-day.ts";
import { holidaysOf } from "../../src/core/holidays.ts";

const china = holidaysOf("CN");
const germany = holidaysOf("DE");
const arabia = holidaysOf("SA");

describe("business days (TRN-02)", () => {
  test("a day counts only if both ends work", () => {
    const thursday = civilDay(2026, 10, 1);
    // Germany alone: Fri 2, Mon 5, Tue 6. With China's Golden Week (1–7 Oct, Sat 10 worked in China only): Thu 8, Fri 9, Mon 12.
    expect(formatCivilDay(addBusinessDays(thursday, 3, [germany]))).toBe("2026-10-06");
    expect(formatCivilDay(addBusinessDays(thursday, 3, [china, germany]))).toBe("2026-10-12");
    expect(formatCivilDay(addBusinessDays(thursday, 3, [china]))).toBe("2026-10-10");
  });

  test("ends that rest on different days leave four a week", () => {
    expect(formatCivilDay(addBusinessDays(civilDay(2026, 11, 5), 5, [germany, arabia]))).toBe("2026-11-16");
  });

  test("without a calendar Monday to Friday count", () => {
    expect(formatCivilDay(addBusinessDays(civilDay(2026, 12, 24), 1, []))).toBe("2026-12-25");
    expect(formatCivilDay(addBusinessDays(civilDay(2026, 12, 25), 1, []))).toBe("2026-12-28");
  });

  test("none after a day is that day, also when it is a Sunday", () => {
    expect(addBusinessDays(civilDay(2026, 11, 8), 0, [germany])).toBe(civilDay(2026, 11, 8));
  });

  test("a negative count goes back", () => {
    expect(formatCivilDay(addBusinessDays(civilDay(2026, 1, 5), -2, [germany]))).toBe("2025-12-31");
  });

  test("the result is a business day with as many of them on the way as asked for", () => {
    const calendars = [china, germany];
    fc.assert(
      fc.property(fc.integer({ min: civilDay(2024, 1, 1), max: civilDay(2026, 10, 1) }), fc.integer({ min: 1, max: 60 }), (from, count) => {
        const start = civilDayAt(from);
        const end = addBusinessDays(start, count, calendars);
        let counted = 0;
        for (let day = from + 1; day <= end; day++) if (calendars.every((calendar) => calendar.isWorkday(civilDayAt(day)))) counted++;
        expect(counted).toBe(count);
        expect(isBusinessDay(end, calendars)).toBe(true);
      }),
    );
  });

  test("calendars that never work at the same time are refused instead of searched for ever", () => {
    const never = { ...germany, isWorkday: () => false };
    expect(() => addBusinessDays(civilDay(2026, 1, 1), 1, [never])).toThrow("working days");
  });
});
