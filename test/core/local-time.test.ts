import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { type CivilDay, civilDay, civilDayAt, parseCivilDay } from "../../src/core/civil-day.ts";
import { type Instant, instant, instantOf, iso } from "../../src/core/instant.ts";
import { endOfDay, isZone, localDay, offsetMinutes, startOfDay, toInstant, toLocal } from "../../src/core/local-time.ts";

interface Vector {
  readonly zone: string;
  readonly local: string;
  readonly kind: string;
  readonly compatibleUtc: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(fileURLToPath(new URL("../fixtures/vectors/dst.json", import.meta.url)), "utf8"),
).cases;

function read(local: string): { day: CivilDay; minute: number } {
  const day = parseCivilDay(local.slice(0, 10));
  if (day === null) throw new Error(`bad vector: ${local}`);
  return { day, minute: Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16)) };
}

function minutesOf({ day, minute }: { day: CivilDay; minute: number }): number {
  return day * 1_440 + minute;
}

describe("from wall clock to instant (SCH-03)", () => {
  test("there are vectors for gaps, overlaps and plain times", () => {
    expect(vectors).toHaveLength(22);
    expect(new Set(vectors.map(({ kind }) => kind))).toEqual(new Set(["gap", "overlap", "unique"]));
  });

  test.each(vectors)("$zone $local ($kind) is $compatibleUtc", ({ zone, local, compatibleUtc }) => {
    const { day, minute } = read(local);
    expect(iso(toInstant(zone, day, minute))).toBe(iso(instantOf(compatibleUtc)));
  });

  const zonesOfTheProcess = ["UTC", "Asia/Shanghai", "America/New_York"];
  const systemDates = ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"];
  test.each(zonesOfTheProcess.flatMap((tz) => systemDates.map((now) => ({ tz, now }))))(
    "the result is the same with TZ=$tz and the system's date at $now",
    async ({ tz, now }) => {
      const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--import", here("./probe/shift-date.ts"), here("./probe/local-time-probe.ts")],
        {
          env: { ...process.env, TZ: tz, LANG: "ar_EG.UTF-8", SHIFTED_NOW: now },
        },
      );
      const answer: { now: string; hour: number; instants: string[]; holidays: string[] } = JSON.parse(stdout);
      // The child really lives at that time and in that zone.
      expect(answer.now).toBe(iso(instantOf(now)));
      expect(answer.hour).toBe(toLocal(tz, instantOf(now)).minute / 60);
      expect(answer.instants).toEqual(vectors.map(({ compatibleUtc }) => iso(instantOf(compatibleUtc))));
      expect(answer.holidays).toEqual(["DE-BY 2026-06-04", "CN 2026-10-07", "US 2026-11-26", "SA 2026-03-20", "KR 2026-02-17"]);
    },
  );

  test("14 calendar days later at 09:00 is 09:00 across a clock change, not 10:00 (SCH-02)", () => {
    const before = toInstant("America/New_York", civilDay(2026, 3, 1), 540);
    const after = toInstant("America/New_York", civilDayAt(civilDay(2026, 3, 1) + 14), 540);
    expect(after - before).toBe((14 * 24 - 1) * 3_600_000);
    expect(toLocal("America/New_York", after).minute).toBe(540);
  });

  test("minutes beyond a day count on into the next ones", () => {
    expect(toInstant("Europe/Berlin", civilDay(2026, 5, 1), 1_500)).toBe(toInstant("Europe/Berlin", civilDay(2026, 5, 2), 60));
    expect(toInstant("Europe/Berlin", civilDay(2026, 5, 1), -60)).toBe(toInstant("Europe/Berlin", civilDay(2026, 4, 30), 1_380));
  });
});

describe("against Temporal, in all zones, 1990 to 2035", () => {
  const zones = Intl.supportedValuesOf("timeZone").filter(isZone);
  const anyZone = fc.constantFrom(...zones);
  const start = Date.UTC(1990, 0, 1);
  const end = Date.UTC(2036, 0, 1);
  const anyMinute = fc.integer({ min: start / 60_000, max: end / 60_000 - 1 });
  const plain = (minutes: number): Temporal.PlainDateTime =>
    Temporal.Instant.fromEpochMilliseconds(minutes * 60_000)
      .toZonedDateTimeISO("UTC")
      .toPlainDateTime();
  const agrees = (zone: string, minutes: number): void => {
    const wanted = plain(minutes).toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
    const got = toInstant(zone, civilDayAt(Math.floor(minutes / 1_440)), ((minutes % 1_440) + 1_440) % 1_440);
    if (got !== wanted) throw new Error(`${zone} ${plain(minutes)}: ${iso(got)}, wanted ${iso(instant(wanted))}`);
  };

  test("every supported zone is taken", () => {
    expect(zones.length).toBeGreaterThan(400);
  });

  test("a random local time has the instant Temporal gives it", () => {
    fc.assert(fc.property(anyZone, anyMinute, agrees), { numRuns: 3_000 });
  });

  test("so has a local time around a clock change, which is where it is hard", () => {
    const near = fc.integer({ min: -26 * 60, max: 26 * 60 });
    fc.assert(
      fc.property(anyZone, anyMinute, near, fc.integer({ min: -150, max: 150 }), (zone, minutes, far, close) => {
        const change = plain(minutes).toZonedDateTime(zone).getTimeZoneTransition("next");
        fc.pre(change !== null && change.epochMilliseconds < end);
        const at = toLocal(zone, instant(change.epochMilliseconds));
        agrees(zone, minutesOf(at) + far);
        agrees(zone, minutesOf(at) + close);
      }),
      { numRuns: 1_500 },
    );
  });

  test("an instant reads as the local time Temporal gives it, and that leads back to it", () => {
    fc.assert(
      fc.property(anyZone, fc.integer({ min: start, max: end }), (zone, ms) => {
        const at = instant(ms);
        const local = toLocal(zone, at);
        const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        expect(local).toEqual({ day: parseCivilDay(zoned.toPlainDate().toString()), minute: zoned.hour * 60 + zoned.minute });
        expect(localDay(zone, at)).toBe(local.day);
        expect(offsetMinutes(zone, at)).toBe(zoned.offsetNanoseconds / 60e9);
        expect(startOfDay(zone, local.day)).toBe(zoned.startOfDay().epochMilliseconds);
        expect(endOfDay(zone, local.day)).toBe(zoned.add({ days: 1 }).startOfDay().epochMilliseconds - 1);
        // In an overlap it leads to the first coming of that time, else to the minute of `at` itself.
        const back = toInstant(zone, local.day, local.minute);
        expect(toLocal(zone, back)).toEqual(local);
        expect(back).toBeLessThanOrEqual(ms);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the start of a day", () => {
  test.each([
    ["Africa/Cairo", civilDay(2026, 4, 24), "2026-04-23T22:00:00.000Z"],
    ["America/Havana", civilDay(2026, 3, 8), "2026-03-08T05:00:00.000Z"],
    ["Pacific/Apia", civilDay(2011, 12, 30), "2011-12-30T10:00:00.000Z"],
    ["Europe/Berlin", civilDay(2026, 1, 1), "2025-12-31T23:00:00.000Z"],
  ])("%s, day %i begins at %s", (zone, day, wanted) => {
    expect(iso(startOfDay(zone, day))).toBe(wanted);
  });
});

describe("names of zones", () => {
  test.each([
    "Europe/Berlin",
    "UTC",
    "Asia/Kolkata",
    "Asia/Calcutta",
    "Europe/Kyiv",
    "America/Argentina/Buenos_Aires",
    "America/Port-au-Prince",
  ])("%s is one", (name) => {
    expect(isZone(name)).toBe(true);
  });

  test.each([
    "+08:00",
    "GMT+8",
    "Etc/GMT-8",
    "EST",
    "EST5EDT",
    "CET",
    "US/Eastern",
    "europe/berlin",
    "Europe/BERLIN",
    "Asia/KOLKATA",
    "Europe/Atlantis",
    "local",
    "",
    "Asia/Shanghai ",
  ])("%j is none, and asking its time is a bug", (name) => {
    expect(isZone(name)).toBe(false);
    expect(() => toInstant(name, civilDay(2026, 1, 1), 0)).toThrow("not a time zone");
  });

  test("instants far away are answered as well", () => {
    const far: Instant = instantOf("2199-07-01T12:00:00Z");
    expect(offsetMinutes("America/New_York", far)).toBe(-240);
    for (let year = 1971; year < 2100; year++) offsetMinutes("America/New_York", instant(Date.UTC(year, 6, 1)));
    expect(offsetMinutes("America/New_York", far)).toBe(-240);
  });
});
