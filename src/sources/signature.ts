import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** HMAC-SHA256 of the parts one after another, 32 bytes. */
export function hmacOf(key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/**
 * Decodes a base64 signature of 32 bytes, or gives `null`.
 *
 * Strict, because Node's decoder passes over what is not base64: with it, many texts would be the same signature.
 */
export function decodeDigest(base64: string): Buffer | null {
  return /^[A-Za-z0-9+/]{43}=$/.test(base64) ? Buffer.from(base64, "base64") : null;
}

/**
 * Says whether any of the given digests is one of the expected.
 *
 * Compares every pair without stopping early, each in constant time, so that the answer's time tells nothing of a secret or of
 * which of two it was (SEC-04).
 */
export function anyMatches(given: readonly Buffer[], expected: readonly Buffer[]): boolean {
  let matches = false;
  for (const one of given) {
    for (const other of expected) {
      if (one.length === other.length && timingSafeEqual(one, other)) matches = true;
    }
  }
  return matches;
}

/**
 * Makes an idempotency key of a topic and whatever tells deliveries apart: `orders/paid 4e8…`.
 *
 * Header values are not signed and may be anything, while a key must fit into an index: what is long or odd is replaced by its hash.
 */
export function deliveryKey(...parts: readonly string[]): string {
  return parts.map((part) => (/^[\x21-\x7e]{1,100}$/.test(part) ? part : sha256(part))).join(" ");
}

export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
