import { isBalanced } from "./bidi.ts";

/**
 * Makes a sender's text harmless to put into a mail: one line, no controls, no marks that turn the direction of what follows,
 * at most `max` letters (then `…`), never half a letter. What is left is still text of a stranger: escape it where it is put.
 */
export function inert(text: string, max: number): string {
  return oneLine(text, max, { blanks: /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, hidden });
}

/**
 * As `inert`, for a subject: isolates (FSI … PDI) stay when they are balanced, and so does a blank that French has before a colon, because those
 * are the template's own.
 */
export function inertSubject(text: string, max: number): string {
  const blanks = /(?:(?!\u00a0)[\p{Cc}\p{Zl}\p{Zp}\s])+/gu;
  const subject = oneLine(text, max, { blanks, hidden: hiddenButIsolates });
  return isBalanced(subject) ? subject : oneLine(text, max, { blanks, hidden });
}

function oneLine(text: string, max: number, { blanks, hidden }: { readonly blanks: RegExp; readonly hidden: RegExp }): string {
  const line = text
    .slice(0, max * 8)
    .toWellFormed()
    .replace(blanks, " ")
    .replace(hidden, "")
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .trim();
  const letters = [...line];
  return letters.length <= max
    ? line
    : `${letters
        .slice(0, max - 1)
        .join("")
        .trimEnd()}…`;
}

/** Formats (direction marks, tags, word joiners) other than the two joiners that scripts and emoji need; private use; half letters. */
const hidden = /(?![\u200c\u200d])[\p{Cf}\p{Co}\ufffd]/gu;
const hiddenButIsolates = /(?![\u200c\u200d]|[\u2068\u2069])[\p{Cf}\p{Co}\ufffd]/gu;

/** As `inert`, and `null` when nothing is left. */
export function inertOrNull(text: string | null, max: number): string | null {
  if (text === null) return null;
  const left = inert(text, max);
  return left === "" ? null : left;
}

/**
 * The first name to greet a buyer by, or `null` when it is safer to greet without: no letters, a title, an initial, a company, an address,
 * what forms put there when nobody filled them in. Chinese, Japanese and Korean names are taken whole.
 */
export function firstNameOf(name: string | null): string | null {
  const whole = inertOrNull(name, 80);
  if (whole === null || nobody.test(whole)) return null;
  if (/^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}·]{2,6}$/u.test(whole)) return whole;
  // "Smith, John" and "Acme GmbH & Co" are no first names
  if (!/^[\p{L}\p{M}'’\- .]+$/u.test(whole)) return null;
  const first = whole.split(" ")[0] ?? "";
  if (!/^[\p{L}][\p{L}\p{M}'’-]{1,19}$/u.test(first) || title.test(first)) return null;
  const shouted = first.length > 2 && first === first.toUpperCase() && first !== first.toLowerCase();
  return shouted ? first.charAt(0) + first.slice(1).toLowerCase() : first;
}

const title = /^(mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|monsieur|madame|mme|señora?|sr|sra|signora?|the)$/i;
const nobody = /^(n\/?a|none|null|undefined|unknown|test|guest|customer|buyer|user|anonymous|nobody|first ?name|name|no name)( |$)/i;
