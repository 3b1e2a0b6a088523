import { expect, test } from "vitest";
import { chooseLocale, directionOf, formatLocale } from "../../src/core/locale.ts";

const available = ["en", "zh-CN"];

test.each([
  [{ buyer: "zh-CN", country: "US", shop: "en" }, "zh-CN"],
  [{ buyer: "zh", country: "US", shop: "en" }, "zh-CN"],
  [{ buyer: "zh_CN", country: "US", shop: "en" }, "zh-CN"],
  [{ buyer: "zh-Hans-SG", country: null, shop: null }, "zh-CN"],
  [{ buyer: "en-GB", country: "CN", shop: "zh-CN" }, "en"],
  [{ buyer: null, country: "CN", shop: "en" }, "zh-CN"],
  [{ buyer: null, country: "US", shop: "zh-CN" }, "en"],
  [{ buyer: "fr", country: "FR", shop: "zh-CN" }, "zh-CN"],
  [{ buyer: "fr", country: "FR", shop: "nl" }, "en"],
  [{ buyer: "not a locale!", country: null, shop: "zh-CN" }, "zh-CN"],
  [{ buyer: "", country: "??", shop: null }, "en"],
] as const)("a buyer of %j is written to in %s", (wish, locale) => {
  expect(chooseLocale(wish, available)).toBe(locale);
});

test("traditional Chinese is another script: it is not answered in simplified", () => {
  expect(chooseLocale({ buyer: "zh-TW", country: "TW", shop: "en" }, available)).toBe("en");
});

test("dates and numbers follow the buyer's own variant, else the country's, else the language's", () => {
  expect(formatLocale("en", { buyer: "en-GB", country: "US" })).toBe("en-GB");
  expect(formatLocale("en", { buyer: "de-AT", country: "AT" })).toBe("en-AT");
  expect(formatLocale("en", { buyer: null, country: null })).toBe("en");
  expect(formatLocale("zh-CN", { buyer: null, country: "US" })).toBe("zh-CN");
});

test("right-to-left languages are known as such", () => {
  expect(["ar", "he", "fa", "ur"].map(directionOf)).toEqual(["rtl", "rtl", "rtl", "rtl"]);
  expect(["en", "zh-CN", "nonsense-"].map(directionOf)).toEqual(["ltr", "ltr", "ltr"]);
});
