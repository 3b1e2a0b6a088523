/**
 * Money as senders give it: a decimal string in major units (`"49.90"`), never a float.
 *
 * Reckoned in whole units of the smallest digit given, so that no amount is ever off by a rounding.
 */

const shape = /^(-?)(\d{1,15})(?:\.(\d{1,6}))?$/;

/** Whether `text` is an amount: up to 15 digits, optionally a point and up to 6 more, optionally a minus sign. */
export function isMoney(text: string): text is `${number}` {
  return shape.test(text);
}

/** `a + b`. Throws on what is not an amount. */
export function addMoney(a: string, b: string): string {
  return combine(a, b, (x, y) => x + y);
}

/** `price` of one, times `quantity` (a whole number). Throws on what is not an amount. */
export function timesMoney(price: string, quantity: number): string {
  const { units, digits } = read(price);
  return write(units * BigInt(quantity), digits);
}

/** -1, 0 or 1: whether `a` is less than, equal to or more than `b`; `"5"` and `"5.00"` are equal. Throws on what is not an amount. */
export function compareMoney(a: string, b: string): -1 | 0 | 1 {
  const x = read(a);
  const y = read(b);
  const digits = Math.max(x.digits, y.digits);
  const difference = scale(x, digits) - scale(y, digits);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * Writes an amount the way `locale` writes money in `currency` (ISO 4217): `$49.90`, `49,90 €`, `¥5,000`.
 *
 * Exact: digits that were given are never rounded away, even where the currency usually has fewer. A currency that is no
 * three letters, or an amount that is none, is written as it came, because a mail should rather look plain than say a wrong sum.
 */
export function formatMoney(amount: string, currency: string, locale: string): string {
  if (!isMoney(amount) || !/^[A-Za-z]{3}$/.test(currency)) return `${amount} ${currency}`.trim();
  const given = amount.replace(/0+$/, "").split(".")[1]?.length ?? 0;
  return formatter(locale, currency.toUpperCase(), given).format(amount);
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: string, currency: string, atLeastDigits: number): Intl.NumberFormat {
  const key = `${locale} ${currency} ${atLeastDigits}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const usual = new Intl.NumberFormat(locale, { style: "currency", currency });
  const usualDigits = usual.resolvedOptions().maximumFractionDigits ?? 2;
  const made =
    atLeastDigits <= usualDigits
      ? usual
      : new Intl.NumberFormat(locale, {
          style: "currency",
          currency,
          minimumFractionDigits: usualDigits,
          maximumFractionDigits: atLeastDigits,
        });
  if (formatters.size >= 500) formatters.clear();
  formatters.set(key, made);
  return made;
}

interface Units {
  readonly units: bigint;
  /** How many of the digits stand behind the point. */
  readonly digits: number;
}

function read(text: string): Units {
  const match = shape.exec(text);
  if (match === null) throw new RangeError(`not an amount of money: ${JSON.stringify(text)}`);
  const [, sign = "", whole = "", fraction = ""] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), digits: fraction.length };
}

function combine(a: string, b: string, how: (x: bigint, y: bigint) => bigint): string {
  const x = read(a);
  const y = read(b);
  const digits = Math.max(x.digits, y.digits);
  return write(how(scale(x, digits), scale(y, digits)), digits);
}

function scale({ units, digits }: Units, to: number): bigint {
  return units * 10n ** BigInt(to - digits);
}

function write(units: bigint, digits: number): string {
  const sign = units < 0n ? "-" : "";
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
