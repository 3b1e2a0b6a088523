import { describe, expect, test } from "vitest";
import { casesOf, measure } from "./measured.ts";

const languages = ["en", "de", "zh"];
/**
 * `aside` was written before the rules and kept from them; each fresh set after them, `fresh12` by others who had not seen the rules, and measured
 * before anything was mended (what that gave is in `docs/templates.md`). They hold what was learned; only a set that nobody has looked at says how well
 * the rules do.
 */
const sets = [
  "worked",
  "aside",
  "fresh",
  "fresh2",
  "fresh3",
  "fresh4",
  "fresh5",
  "fresh6",
  "fresh7",
  "fresh8",
  "fresh10",
  "fresh11",
  "fresh12",
];

describe.each(languages)("standards 3.3, in %s", (language) => {
  test.each(sets)(
    "at least 95 of 100 offences are found under their rule, at most 5 of 100 clean sentences are held against their writer: %s",
    (set) => {
      const { offences, cleans, missed, alarms } = measure(casesOf(`${language}.${set}.txt`));
      expect(offences, "enough to say anything").toBeGreaterThan(20);
      expect(missed.length / offences, missed.join("\n")).toBeLessThanOrEqual(0.05);
      expect(alarms.length / cleans, alarms.join("\n")).toBeLessThanOrEqual(0.05);
    },
  );

  /** Written to be missed: pictures of speech and hints. What of it is still missed is work to be done, and must not grow. */
  test("of the set that was meant to be hard at least 75 of 100 offences are found", () => {
    const { offences, cleans, missed, alarms } = measure(casesOf(`${language}.fresh9.txt`));
    expect(missed.length / offences, missed.join("\n")).toBeLessThanOrEqual(0.25);
    expect(alarms.length / cleans, alarms.join("\n")).toBeLessThanOrEqual(0.05);
  });
});
