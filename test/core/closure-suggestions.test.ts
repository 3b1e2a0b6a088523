import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type CivilDay, civilDay, formatCivilDay, parseCivilDay } from "../../src/core/civil-day.ts";
import { suggestClosures } from "../../src/core/closure-suggestions.ts";
import { holidaysOf } from "../../src/core/holidays.ts";
import { closureOf } from "./planner-world.ts";

const dayOf = (text: string): CivilDay => parseCivilDay(text) ?? civilDay(1970, 1, 1);

function suggested(
  country: string,
  today: string,
  ...rest: readonly [closures?: Parameters<typeof suggestClosures>[2], gone?: readonly string[]]
) {
  const [closures = [], gone = []] = rest;
  return suggestClosures(holidaysOf(country), dayOf(today), closures, new Set(gone)).map(
    ({ id, starts, ends, resumes }) => `${id} ${formatCivilDay(starts)} to ${formatCivilDay(ends)}, again ${formatCivilDay(resumes)}`,
  );
}

describe("closures are suggested from the calendar of the shop's country, months ahead", () => {
  test("China: Spring Festival and National Day as announced, with the weekends beside them", () => {
    expect(suggested("CN", "2026-01-05")[0]).toBe("2026-spring-festival 2026-02-15 to 2026-02-23, again 2026-02-24");
    expect(suggested("CN", "2026-08-01")).toContain("2026-national-day 2026-10-01 to 2026-10-07, again 2026-10-08");
  });

  test("not announced yet, they are suggested by statute and custom, and say so (HOL-02)", () => {
    const [newYear, festival] = suggestClosures(holidaysOf("CN"), dayOf("2026-11-24"), [], new Set());
    expect([newYear?.announced, festival?.id, festival?.announced]).toEqual([false, "2027-spring-festival", false]);
    // From the eve on Friday to the seventh day on the Friday after, and the weekend.
    expect(festival && [formatCivilDay(festival.starts), formatCivilDay(festival.ends)]).toEqual(["2027-02-05", "2027-02-14"]);
  });

  test("Germany: Christmas to New Year as one, Easter with Good Friday", () => {
    expect(suggested("DE", "2026-11-24").slice(0, 2)).toEqual([
      "2026-christmas-and-new-year 2026-12-25 to 2027-01-03, again 2027-01-04",
      "2027-good-friday 2027-03-26 to 2027-03-29, again 2027-03-30",
    ]);
  });

  test("not over a closure that is there, but beside one of some carriers; not when dismissed", () => {
    const own = closureOf("2026-10-05", "2026-10-09", "2026-10-10");
    const day = "2026-08-01";
    const nationalDay = "2026-national-day 2026-10-01 to 2026-10-07, again 2026-10-08";
    expect(suggested("CN", day, [own])).not.toContain(nationalDay);
    expect(suggested("CN", day, [{ ...own, carriers: ["DHL"] }])).toContain(nationalDay);
    expect(suggested("CN", day, [], ["2026-national-day"])).not.toContain(nationalDay);
  });

  test("one that has begun is still suggested, one that is over is not", () => {
    expect(suggested("CN", "2026-10-07")[0]).toMatch(/^2026-national-day/);
    expect(suggested("CN", "2026-10-08")[0]).not.toMatch(/^2026-national-day/);
  });

  test("whatever country and day: whole rests of three days and more, apart from each other, each by an id of its own", () => {
    const countries = fc.constantFrom("CN", "DE", "US", "GB", "FR", "JP", "KR", "SA", "IR", "IN", "BR", "RU", "AU", "SG", "XX");
    fc.assert(
      fc.property(countries, fc.integer({ min: 0, max: 1_500 }), (country, offset) => {
        const calendar = holidaysOf(country);
        const today = addDays(civilDay(2024, 1, 1), offset);
        const found = suggestClosures(calendar, today, [], new Set());
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
        for (const [index, { starts, ends, resumes, name }] of found.entries()) {
          expect(ends - starts).toBeGreaterThanOrEqual(2);
          for (const day of [starts, ends]) expect(calendar.isWorkday(day)).toBe(false);
          for (const day of [addDays(starts, -1), resumes]) expect(calendar.isWorkday(day)).toBe(true);
          expect([resumes, name === ""]).toEqual([addDays(ends, 1), false]);
          expect(starts).toBeGreaterThan(found[index - 1]?.ends ?? 0);
        }
      }),
      { numRuns: 200 },
    );
  });
});
