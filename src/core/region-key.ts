/**
 * Brings a subdivision's name or code into one form, whatever the spelling: `Québec`, `quebec` → `QUEBEC`; `US-KY`, `ky` → `KY`.
 *
 * Upper case, no accents, everything but letters and digits a single blank, the country's own prefix dropped. Empty when there is nothing.
 */
export function regionKey(country: string, region: string | null): string {
  if (region === null) return "";
  // Most senders give the plain code: no need to look closer.
  if (/^[A-Z0-9]{1,3}$/.test(region)) return region;
  const words = region
    .slice(0, 80)
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return words.startsWith(`${country} `) ? words.slice(country.length + 1) : words;
}
