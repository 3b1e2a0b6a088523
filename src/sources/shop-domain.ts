/**
 * Whether the shop that a webhook names is the one its source was set up for (IN-02); `wanted` being `null`, any is.
 *
 * Both may be written as people and platforms do: with a scheme, a path, capitals, with or without `www.` in front.
 */
export function isFromShop(named: string, wanted: string | null): boolean {
  return wanted === null || hostOf(named) === hostOf(wanted);
}

function hostOf(domain: string): string {
  return domain
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/[/?#].*$/s, "")
    .replace(/^www\./, "");
}
