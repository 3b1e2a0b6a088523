import { countryLanguages } from "./data/country-languages.ts";

/**
 * Says in which of the `available` languages a buyer is written to: the buyer's own locale, else a language of the
 * country the order goes to, else the shop's, else the first available one.
 *
 * A locale matches when language and script agree: `es-MX` matches `es`, `pt-PT` matches `pt-BR`, `zh-SG` and `zh` match `zh-CN`.
 * `zh-TW` is another script: it is answered by `zh-CN` only when neither country nor shop have anything better.
 * All are BCP 47 or `null`; what cannot be read counts as absent. `available` must not be empty.
 */
export function chooseLocale(wish: LocaleWish, available: readonly string[]): string {
  const first = available[0];
  if (first === undefined) throw new Error("no locale is available");
  for (const candidate of [wish.buyer, ...languagesOf(wish.country), wish.shop]) {
    const found = candidate === null ? null : bestOf(candidate, available);
    if (found !== null) return found;
  }
  return (wish.buyer === null ? undefined : available.find((one) => languageOf(one) === languageOf(wish.buyer ?? ""))) ?? first;
}

export interface LocaleWish {
  readonly buyer: string | null;
  /** ISO 3166-1 alpha-2 of the shipping address. Its most spoken language counts (CLDR), then those of `data/country-languages.ts`. */
  readonly country: string | null;
  readonly shop: string | null;
}

/**
 * Says how dates and numbers are written in a mail of language `locale`: as the buyer's own variant of it does, else as is
 * usual where the order goes (`en` to Germany: `en-DE`, so 20 January 2026), else as `locale` does.
 *
 * A `locale` that names a country (`pt-BR`) gives way only to countries of its language (Portugal: `pt-PT`). Arabic is written with the digits
 * 0 to 9 everywhere: order and tracking numbers come in them, and one mail should not write numbers in two ways.
 */
export function formatLocale(locale: string, wish: Pick<LocaleWish, "buyer" | "country">): string {
  const written = likely(locale);
  if (written === undefined) return locale;
  const variant = variantOf(locale, wish);
  return written.script === "Arab" ? new Intl.Locale(variant, { numberingSystem: "latn", calendar: "gregory" }).toString() : variant;
}

function variantOf(locale: string, { buyer, country }: Pick<LocaleWish, "buyer" | "country">): string {
  const written = read(locale);
  const own = buyer === null ? null : read(buyer);
  if (own !== null && own.region !== undefined && likely(buyer ?? "")?.language === likely(locale)?.language) return own.baseName;
  if (country === null || !/^[A-Z]{2}$/i.test(country)) return locale;
  const there = `${written?.language}-${country.toUpperCase()}`;
  if (written?.region === undefined) return `${locale}-${country.toUpperCase()}`;
  const spoken = languagesOf(country).some((tag) => languageOf(tag) === written.language);
  return spoken && likely(there)?.script === likely(locale)?.script ? there : locale;
}

const rightToLeft: ReadonlySet<string> = new Set(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"]);

/** The direction in which `locale` is written. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const script = likely(locale)?.script;
  return script !== undefined && rightToLeft.has(script) ? "rtl" : "ltr";
}

function bestOf(wished: string, available: readonly string[]): string | null {
  const wish = likely(wished);
  if (wish === undefined) return null;
  const matches = available.filter((one) => {
    const it = likely(one);
    return it !== undefined && it.language === wish.language && it.script === wish.script;
  });
  return matches.find((one) => likely(one)?.region === wish.region) ?? matches[0] ?? null;
}

/** Languages of a country as BCP 47 tags, the most spoken one first; none for what is no country. */
function languagesOf(country: string | null): readonly string[] {
  if (country === null) return [];
  const code = country.toUpperCase();
  const listed = Object.entries(countryLanguages).flatMap(([language, countries]) =>
    countries.split(" ").includes(code) ? [language] : [],
  );
  const likely = `und-${code}`;
  // what CLDR does not know it takes for English
  return languageOf(likely) === "en" ? listed : [likely, ...listed];
}

function languageOf(tag: string): string | null {
  return likely(tag)?.language ?? null;
}

interface Known {
  readonly itself: Intl.Locale;
  /** With language, script and region as CLDR finds them likely. */
  readonly likely: Intl.Locale;
}

const known = new Map<string, Known | null>();
/** Far more than there are languages; texts of strangers could be any number. */
const mostKnown = 2_000;

/** Shops' systems also write `zh_CN` and `en_US.UTF-8`. Remembers what it read: for each mail the same few are asked for, over and over. */
function look(text: string): Known | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  const itself = parse(text);
  const found = itself === null ? null : { itself, likely: itself.maximize() };
  if (known.size >= mostKnown) known.clear();
  known.set(text, found);
  return found;
}

function read(text: string): Intl.Locale | null {
  return look(text)?.itself ?? null;
}

function likely(text: string): Intl.Locale | undefined {
  return look(text)?.likely;
}

function parse(text: string): Intl.Locale | null {
  try {
    return new Intl.Locale(text.trim().replace(/\..*$/, "").replaceAll("_", "-"));
  } catch {
    return null;
  }
}
