import { expect, test } from "vitest";
import { parseCivilDay } from "../../src/core/civil-day.ts";
import { dateWriter } from "../../src/web/buyer-dates.ts";

const day = (text: string) => parseCivilDay(text) ?? expect.unreachable(text);

test.each([
  ["en-US", "February 1, 2026", /^January 27\s?–\s?February 1, 2026$/],
  ["de", "1. Februar 2026", /^27\. Januar\s?–\s?1\. Februar 2026$/],
  ["fr", "1er février 2026", /^27 janvier\s?–\s?1er février 2026$/],
  ["ru", "1 февраля 2026", /^27 января\s?–\s?1 февраля 2026$/],
  ["zh-CN", "2026年2月1日", /^2026年1月27日 – 2026年2月1日$/],
  ["ja", "2026年2月1日", /^2026年1月27日 – 2026年2月1日$/],
])("in %s a day is %j, and a range names its months", (locale, date, range) => {
  const write = dateWriter(locale, "UTC");
  expect(write.date(day("2026-02-01"))).toBe(date);
  expect(write.range(day("2026-01-27"), day("2026-02-01"))).toMatch(range);
});
