import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { addDays, type CivilDay, civilDay, formatCivilDay, parseCivilDay, weekdayOf } from "../../src/core/civil-day.ts";
import { type HolidayCalendar, holidaysOf } from "../../src/core/holidays.ts";

const vectors: { readonly exceptions: readonly { readonly date: string; readonly workday: boolean }[] } = JSON.parse(
  readFileSync(fileURLToPath(new URL("../fixtures/vectors/cn-workday-exceptions-2024-2026.json", import.meta.url)), "utf8"),
);

function day(text: string): CivilDay {
  const read = parseCivilDay(text);
  if (read === null) throw new Error(`no day: ${text}`);
  return read;
}

function holidaysIn(calendar: HolidayCalendar, year: number): string[] {
  const days: string[] = [];
  for (let at = civilDay(year, 1, 1); at < civilDay(year + 1, 1, 1); at = addDays(at, 1))
    if (calendar.isHoliday(at)) days.push(formatCivilDay(at).slice(5));
  return days;
}

describe("China (HOL-01, HOL-02)", () => {
  const china = holidaysOf("CN");

  test("every day of 2024 to 2026 is a working day or not as the State Council announced", () => {
    const announced = new Map(vectors.exceptions.map(({ date, workday }) => [day(date), workday]));
    expect(announced.size).toBe(vectors.exceptions.length);
    const wrong: string[] = [];
    for (let at = civilDay(2024, 1, 1); at <= civilDay(2026, 12, 31); at = addDays(at, 1)) {
      if (china.isWorkday(at) !== (announced.get(at) ?? weekdayOf(at) <= 5)) wrong.push(formatCivilDay(at));
    }
    expect(wrong).toEqual([]);
  });

  test("work is made up on weekends around the holidays, and those days are no holidays", () => {
    for (const text of ["2026-02-14", "2026-09-20", "2026-10-10"]) {
      expect(weekdayOf(day(text))).toBeGreaterThan(5);
      expect(china.isWorkday(day(text))).toBe(true);
      expect(china.isHoliday(day(text))).toBe(false);
      expect(china.nameOf(day(text))).toBeNull();
    }
  });

  test("National Day lasts from 1 to 7 October and has its name", () => {
    for (let date = 1; date <= 7; date++) expect(china.nameOf(civilDay(2026, 10, date))).toBe("National Day");
    expect(china.nameOf(civilDay(2026, 10, 8))).toBeNull();
  });

  test("what date-holidays takes for public holidays are working days: 8 March, 4 May, 1 June, 1 August", () => {
    for (const text of ["2024-03-08", "2026-06-01", "2025-08-01"]) expect(china.isHoliday(day(text))).toBe(false);
  });

  test("beyond the last announcement the statutory days rest and the calendar says that it does not know", () => {
    expect(formatCivilDay(china.horizon)).toBe("2026-12-31");
    expect(china.known(day("2026-12-31"))).toBe(true);
    expect(china.known(day("2027-01-01"))).toBe(false);
    for (let date = 1; date <= 7; date++) expect(china.isWorkday(civilDay(2027, 10, date))).toBe(false);
    // New Year of the lunar calendar is 2027-02-06: from the eve to the seventh day.
    for (let at = day("2027-02-05"); at <= day("2027-02-12"); at = addDays(at, 1)) expect(china.nameOf(at)).toBe("Spring Festival");
    expect(china.isWorkday(day("2027-02-04"))).toBe(true);
    expect(china.isWorkday(day("2027-02-15"))).toBe(true);
    for (const text of ["2027-01-01", "2027-04-05", "2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15"])
      expect(china.isHoliday(day(text))).toBe(true);
    expect(china.isWorkday(day("2035-10-01"))).toBe(false);
  });

  test("before the first announcement it does not know either", () => {
    expect(china.known(day("2003-12-31"))).toBe(false);
    expect(china.isWorkday(day("2003-10-01"))).toBe(false);
    expect(china.known(day("2004-01-01"))).toBe(true);
  });
});

describe("other countries (HOL-04)", () => {
  test("Germany's nine common days, and Bavaria's besides", () => {
    const common = ["01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"];
    expect(holidaysIn(holidaysOf("DE"), 2026)).toEqual(common);
    expect(holidaysIn(holidaysOf("DE", "BY"), 2026)).toEqual([...common, "01-06", "06-04", "11-01"].sort());
    expect(holidaysOf("DE", "BY").nameOf(day("2026-06-04"))).toBe("Corpus Christi");
  });

  test.each([
    ["DE", "Bayern", "BY"],
    ["DE", "Bavaria", "BY"],
    ["DE", "DE-BY", "BY"],
    ["de", "by", "BY"],
    ["ES", "B", "CT"],
    ["ES", "Barcelona", "CT"],
    ["ES", "Catalonia", "CT"],
    ["ES", "Madrid", "MD"],
    ["US", "US-KY", "KY"],
    ["AU", "Victoria", "VIC"],
    ["GB", "Scotland", "SCT"],
    ["CH", "Zürich", "ZH"],
    ["AT", "Wien", "9"],
    ["IT", "BZ", "32"],
    ["CA", "Québec", "QC"],
    ["DE", "Freedonia", null],
    ["DE", "__proto__", null],
    ["SE", "Skåne", null],
  ])("%s, %s is subdivision %s", (country, region, state) => {
    expect(holidaysOf(country, region).region).toBe(state);
  });

  test("the same place is the same calendar, however it is spelled", () => {
    expect(holidaysOf("DE", "Bavaria")).toBe(holidaysOf("de", "BY"));
    expect(holidaysOf("DE", "Freedonia")).toBe(holidaysOf("DE"));
  });

  test("days that begin at sunset are those on which the sun then rises, however many there are", () => {
    const within = (calendar: HolidayCalendar, month: string): string[] =>
      holidaysIn(calendar, 2026).filter((date) => date.startsWith(month));
    expect(within(holidaysOf("TR"), "03")).toEqual(["03-20", "03-21", "03-22"]);
    expect(within(holidaysOf("TR"), "05")).toEqual(["05-01", "05-19", "05-27", "05-28", "05-29", "05-30"]);
    expect(within(holidaysOf("IL"), "09")).toEqual(["09-12", "09-13", "09-21", "09-26"]);
    expect(within(holidaysOf("KR"), "02")).toEqual(["02-16", "02-17", "02-18"]);
  });

  test("an afternoon off is no holiday", () => {
    // Iceland's New Year's Eve begins at 13:00.
    expect(holidaysOf("IS").isHoliday(day("2026-12-31"))).toBe(false);
    expect(holidaysOf("IS").isHoliday(day("2026-12-25"))).toBe(true);
  });

  test("only public holidays count: Valentine's Day is none, Thanksgiving is", () => {
    expect(holidaysOf("US").isHoliday(day("2026-02-14"))).toBe(false);
    expect(holidaysOf("US").nameOf(day("2026-11-26"))).toBe("Thanksgiving Day");
  });

  test("weekends are no holidays but no working days either, and are Friday and Saturday where people rest then", () => {
    const friday = day("2026-05-08");
    const sunday = day("2026-05-10");
    expect([holidaysOf("FR").isWorkday(friday), holidaysOf("FR").isWorkday(sunday)]).toEqual([false, false]);
    expect([holidaysOf("US").isWorkday(friday), holidaysOf("US").isWorkday(sunday)]).toEqual([true, false]);
    expect([holidaysOf("SA").isWorkday(friday), holidaysOf("SA").isWorkday(sunday)]).toEqual([false, true]);
    expect(holidaysOf("US").isHoliday(sunday)).toBe(false);
  });

  test("an unknown country has weekends and no holidays", () => {
    for (const calendar of [holidaysOf(null), holidaysOf("ZZ"), holidaysOf("__proto__", "constructor")]) {
      expect(holidaysIn(calendar, 2026)).toEqual([]);
      expect(calendar.isWorkday(day("2026-12-25"))).toBe(true);
      expect(calendar.isWorkday(day("2026-12-26"))).toBe(false);
    }
  });

  test("years are told apart, whichever is asked first", () => {
    const france = holidaysOf("FR");
    for (const year of [2027, 2025, 2026, 2027, 1999, 2030]) {
      expect(france.nameOf(civilDay(year, 7, 14))).toBe("Bastille Day");
      expect(france.isHoliday(civilDay(year, 7, 15))).toBe(false);
      expect(france.isHoliday(civilDay(year, 12, 31))).toBe(false);
      expect(france.isHoliday(civilDay(year, 1, 1))).toBe(true);
    }
  });

  test("lunar holidays are there up to the horizon", () => {
    const arabia = holidaysOf("SA");
    expect(formatCivilDay(arabia.horizon)).toBe("2076-12-31");
    expect(holidaysIn(arabia, 2076).length).toBeGreaterThan(8);
    expect(holidaysIn(arabia, 2077).length).toBeLessThan(4);
  });
});
