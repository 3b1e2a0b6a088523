/**
 * Says in which of the `available` languages a buyer is written to: the buyer's own locale, else the language of the
 * country the order goes to, else the shop's, else the first available one.
 *
 * A locale matches when language and script agree (`zh-SG` and `zh` match `zh-CN`; `zh-TW` does not: it is another script).
 * All are BCP 47 or `null`; what cannot be read counts as absent. `available` must not be empty.
 */
export function chooseLocale(wish: LocaleWish, available: readonly string[]): string {
  const first = available[0];
  if (first === undefined) throw new Error("no locale is available");
  const candidates = [wish.buyer, wish.country === null ? null : `und-${wish.country}`, wish.shop];
  for (const candidate of candidates) {
    const found = candidate === null ? null : bestOf(candidate, available);
    if (found !== null) return found;
  }
  return first;
}

export interface LocaleWish {
  readonly buyer: string | null;
  /** ISO 3166-1 alpha-2 of the shipping address. Its most spoken written language counts (CLDR likely subtags). */
  readonly country: string | null;
  readonly shop: string | null;
}

/**
 * Says how dates and numbers are written in a mail of language `locale`: as the buyer's own variant of it does, else as is
 * usual where the order goes (`en` to Germany: `en-DE`, so 20 January 2026), else as `locale` does.
 */
export function formatLocale(locale: string, wish: Pick<LocaleWish, "buyer" | "country">): string {
  const own = wish.buyer === null ? null : read(wish.buyer);
  const written = read(locale);
  if (written === null) return locale;
  if (own !== null && own.maximize().language === written.maximize().language && own.region !== undefined) return own.baseName;
  if (written.region === undefined && wish.country !== null && /^[A-Z]{2}$/i.test(wish.country)) {
    return `${locale}-${wish.country.toUpperCase()}`;
  }
  return locale;
}

const rightToLeft: ReadonlySet<string> = new Set(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"]);

/** The direction in which `locale` is written. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const script = read(locale)?.maximize().script;
  return script !== undefined && rightToLeft.has(script) ? "rtl" : "ltr";
}

function bestOf(wished: string, available: readonly string[]): string | null {
  const wish = read(wished)?.maximize();
  if (wish === undefined) return null;
  const matches = available.filter((one) => {
    const it = read(one)?.maximize();
    return it !== undefined && it.language === wish.language && it.script === wish.script;
  });
  return matches.find((one) => read(one)?.maximize().region === wish.region) ?? matches[0] ?? null;
}

/** Shops' systems also write `zh_CN` and `en_US.UTF-8`. */
function read(text: string): Intl.Locale | null {
  try {
    return new Intl.Locale(text.trim().replace(/\..*$/, "").replaceAll("_", "-"));
  } catch {
    return null;
  }
}
