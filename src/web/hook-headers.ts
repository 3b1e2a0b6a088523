const kept = /^(x-shopify-|x-wc-|webhook-|content-type$|user-agent$)/;
const mostHeaders = 40;
const mostCharacters = 500;

/**
 * The headers of a webhook that are stored with it: those that say something about it, and no cookies or proxies' notes.
 *
 * At most 40 of at most 500 characters, and no character that PostgreSQL's `jsonb` refuses.
 */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => kept.test(name));
  return Object.fromEntries(
    entries.slice(0, mostHeaders).map(([name, value]) => [name, value.slice(0, mostCharacters).replaceAll("\0", "").toWellFormed()]),
  );
}
