import { horizonOf } from "../../core/calendar-year.ts";
import { parseCivilDay } from "../../core/civil-day.ts";
import { holidaysOf } from "../../core/holidays.ts";
import type { Instant } from "../../core/instant.ts";
import { localDay } from "../../core/local-time.ts";
import { shopCountries } from "../../store/checkup.ts";
import type { Database } from "../../store/database.ts";
import { type Check, ok, warning } from "./check.ts";

/** Whether the holidays of the shops' countries are known as far as is planned ahead (HOL-02). */
export async function checkCalendar(db: Database, now: Instant): Promise<Check> {
  const today = localDay("UTC", now);
  const warnings = (await shopCountries(db)).flatMap(({ country, lastOwnDay }) => {
    const own = lastOwnDay === null ? null : parseCivilDay(lastOwnDay);
    return horizonOf(holidaysOf(country), today, own === null ? [] : [own]).warning ?? [];
  });
  if (warnings.length === 0) return ok("calendar", "the holidays of all shops' countries are known as far as is planned ahead");
  return warning(
    "calendar",
    warnings.join("; "),
    "`npx afterword shop calendar` shows what counts; with --file it takes the shop's own days",
  );
}
