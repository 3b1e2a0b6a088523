// Run as a process of its own under another TZ and date: prints what the calendar answers there.
import { readFileSync } from "node:fs";
import { civilDay, formatCivilDay, parseCivilDay } from "../../../src/core/civil-day.ts";
import { holidaysOf } from "../../../src/core/holidays.ts";
import { iso } from "../../../src/core/instant.ts";
import { toInstant } from "../../../src/core/local-time.ts";

const { cases }: { cases: { zone: string; local: string }[] } = JSON.parse(
  readFileSync(new URL("../../fixtures/vectors/dst.json", import.meta.url), "utf8"),
);
const instants = cases.map(({ zone, local }) => {
  const day = parseCivilDay(local.slice(0, 10));
  return day === null ? "bad vector" : iso(toInstant(zone, day, Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16))));
});
const asked = [
  { country: "DE", region: "BY", day: civilDay(2026, 6, 4) },
  { country: "CN", region: null, day: civilDay(2026, 10, 7) },
  { country: "US", region: null, day: civilDay(2026, 11, 26) },
  { country: "SA", region: null, day: civilDay(2026, 3, 20) },
  { country: "KR", region: null, day: civilDay(2026, 2, 17) },
];
const holidays = asked
  .filter(({ country, region, day }) => holidaysOf(country, region).isHoliday(day))
  .map(({ country, region, day }) => `${region === null ? country : `${country}-${region}`} ${formatCivilDay(day)}`);
console.log(JSON.stringify({ now: new Date().toISOString(), hour: new Date().getHours(), instants, holidays }));
