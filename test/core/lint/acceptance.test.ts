import { describe, expect, test } from "vitest";
import { casesOf, measure } from "./measured.ts";

const languages = ["en", "de", "zh"];
/** `aside` was written before the rules and kept from them; each fresh set after them, and measured before anything was mended. */
const sets = ["worked", "aside", "fresh", "fresh2"];

describe.each(languages)("standards 3.3, in %s", (language) => {
  test.each(sets)(
    "at least 95 %% of the offences are found under their rule, at most 5 %% of what is clean is held against it: %s",
    (set) => {
      const { offences, cleans, missed, alarms } = measure(casesOf(`${language}.${set}.txt`));
      expect(offences, "enough to say anything").toBeGreaterThan(30);
      expect(missed.length / offences, missed.join("\n")).toBeLessThanOrEqual(0.05);
      expect(alarms.length / cleans, alarms.join("\n")).toBeLessThanOrEqual(0.05);
    },
  );

  /** Its first measure, before anything was mended, was below the goal; what of it is still missed is work to be done, and must not grow. */
  test("the last set: at most 12 % is missed, one clean sentence held against its writer", () => {
    const { offences, missed, alarms } = measure(casesOf(`${language}.fresh3.txt`));
    expect(missed.length / offences, missed.join("\n")).toBeLessThanOrEqual(0.12);
    expect(alarms.length, alarms.join("\n")).toBeLessThanOrEqual(1);
  });
});
