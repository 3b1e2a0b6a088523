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

const nine = ["en", "ar", "de", "es", "fr", "ja", "pt-BR", "ru", "zh-CN"];

test.each([
  [{ buyer: "pt", country: null, shop: "en" }, "pt-BR"],
  [{ buyer: "pt-PT", country: "PT", shop: "en" }, "pt-BR"],
  [{ buyer: "es-MX", country: "US", shop: "en" }, "es"],
  [{ buyer: "de-AT", country: "AT", shop: "en" }, "de"],
  [{ buyer: "ar-EG", country: "FR", shop: "en" }, "ar"],
  [{ buyer: "nl-BE", country: "BE", shop: "en" }, "fr"],
  [{ buyer: "it-CH", country: "CH", shop: "en" }, "de"],
  [{ buyer: "fi", country: "FI", shop: "sv" }, "en"],
  [{ buyer: "zh-Hant", country: null, shop: "sv" }, "zh-CN"],
  [{ buyer: "zh-TW", country: "TW", shop: "ja" }, "ja"],
  [{ buyer: "zh-HK", country: "DE", shop: "ja" }, "de"],
] as const)("of nine languages a buyer of %j is written to in %s", (wish, locale) => {
  expect(chooseLocale(wish, nine)).toBe(locale);
});

test.each([
  ["de", "DE AT CH LI"],
  ["fr", "FR BE LU MC SN CI"],
  ["es", "ES MX AR CL CO PE PY UY PR"],
  ["pt-BR", "BR PT AO MZ CV"],
  ["ru", "RU BY KZ KG"],
  ["ja", "JP"],
  ["ar", "SA AE EG MA DZ TN JO"],
  ["zh-CN", "CN"],
  ["en", "US GB CA AU IE NZ ZA IN SG NG"],
])("a buyer who said nothing is written to in %s in the countries that speak it", (locale, countries) => {
  for (const country of countries.split(" ")) {
    expect(`${country} ${chooseLocale({ buyer: null, country, shop: "zh-CN" }, nine)}`).toBe(`${country} ${locale}`);
  }
});

test("a country of which none of the nine is a fair guess gets the shop's language", () => {
  for (const country of ["UA", "TW", "IT", "PL", "KR", "xx", "??", ""]) {
    expect(chooseLocale({ buyer: null, country, shop: "es" }, nine)).toBe("es");
  }
});

test("traditional Chinese is another script: it is not answered in simplified", () => {
  expect(chooseLocale({ buyer: "zh-TW", country: "TW", shop: "en" }, available)).toBe("en");
});

test("dates and numbers follow the buyer's own variant, else the country's, else the language's", () => {
  expect(formatLocale("en", { buyer: "en-GB", country: "US" })).toBe("en-GB");
  expect(formatLocale("en", { buyer: "de-AT", country: "AT" })).toBe("en-AT");
  expect(formatLocale("en", { buyer: null, country: null })).toBe("en");
  expect(formatLocale("zh-CN", { buyer: null, country: "US" })).toBe("zh-CN");
  expect(formatLocale("de", { buyer: "de-AT", country: "DE" })).toBe("de-AT");
  expect(formatLocale("es", { buyer: "es-MX", country: "US" })).toBe("es-MX");
  expect(formatLocale("pt-BR", { buyer: "pt", country: "PT" })).toBe("pt-PT");
  expect(formatLocale("pt-BR", { buyer: null, country: "US" })).toBe("pt-BR");
  expect(formatLocale("zh-CN", { buyer: "zh-TW", country: null })).toBe("zh-TW");
  expect(formatLocale("zh-CN", { buyer: null, country: "TW" })).toBe("zh-CN");
});

test("Arabic has the digits of order numbers, and the months of its country, everywhere", () => {
  for (const buyer of ["ar-EG", "ar-SA", "ar", null]) {
    const locale = formatLocale("ar", { buyer, country: "SA" });
    expect(new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(0)).toBe("1 يناير 1970");
    expect(new Intl.NumberFormat(locale).format(1234)).toBe("1,234");
  }
  expect(new Intl.DateTimeFormat(formatLocale("ar", { buyer: "ar-LB", country: null }), { month: "long" }).format(0)).toBe("كانون الثاني");
});

test("right-to-left languages are known as such", () => {
  expect(["ar", "he", "fa", "ur"].map(directionOf)).toEqual(["rtl", "rtl", "rtl", "rtl"]);
  expect(["en", "zh-CN", "nonsense-"].map(directionOf)).toEqual(["ltr", "ltr", "ltr"]);
});
