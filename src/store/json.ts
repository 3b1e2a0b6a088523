/**
 * Writes a value as JSON that PostgreSQL's `jsonb` takes: NUL goes, half a surrogate pair becomes U+FFFD.
 *
 * For what is written down in batches, where one bad character of one mail or one server's answer must not keep all others from being
 * written down.
 */
export function storableJson(value: unknown): string {
  // `JSON.stringify` writes whole pairs as they are, so what is escaped is half of one. A backslash that is escaped itself is passed over.
  return JSON.stringify(value).replace(/\\(?:u0000|(ud[89a-f][0-9a-f]{2})|.)/g, (found, half?: string) =>
    found === "\\u0000" ? "" : half === undefined ? found : "\ufffd",
  );
}

/** The same for a text by itself. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
