const han = /^\p{Script=Han}{2,4}$/u;
const word = /^\p{L}[\p{L}\p{M}'’-]{0,29}$/u;

/**
 * The name to greet a buyer with, or `null` when what was given is not plainly one.
 *
 * The first word of it; a Chinese name, written without a space, is used whole. Titles, company names with digits, addresses and markup
 * are nobody's first name: a greeting without a name is better than a wrong one.
 */
export function firstName(name: string | null): string | null {
  const first = name?.trim().split(/\s+/)[0] ?? "";
  if (han.test(first)) return first;
  return word.test(first) && [...first].length > 1 ? first : null;
}
