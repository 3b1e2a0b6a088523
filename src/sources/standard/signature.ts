import type { Instant } from "../../core/instant.ts";
import type { Refusal } from "../adapter.ts";
import { anyMatches, decodeDigest, hmacOf } from "../signature.ts";

/**
 * Signs a body as Standard Webhooks 1.0 and gives the three headers to send with it.
 *
 * `secret` is `whsec_` and base64, `id` names the delivery and stays the same when it is sent again (no full stop in it), `timestamp` is the
 * time of this attempt. Throws on a secret or an id that no receiver could check.
 */
export function signStandard(secret: string, id: string, timestamp: Instant, body: string | Buffer): Record<string, string> {
  const key = keyOf(secret);
  if (key === null) throw new TypeError("a signing secret is whsec_ followed by base64");
  if (!validId.test(id)) throw new TypeError(`not a delivery id: ${JSON.stringify(id)}`);
  const seconds = String(Math.floor(timestamp / 1000));
  const signature = hmacOf(key, `${id}.${seconds}.`, body).toString("base64");
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": `v1,${signature}` };
}

/**
 * Says why a delivery is not genuine, or `null` when it is (Standard Webhooks 1.0, IN-11).
 *
 * Any of the `v1` signatures may match any of the secrets, other versions are passed over. The time stamp may be 300 s off `now`, both
 * ways. An id with a full stop is refused, because the signed text would not say where the id ends and the time stamp begins.
 */
export function verifyStandard(
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  secrets: readonly string[],
  now: Instant,
): Refusal | null {
  const keys = secrets.flatMap((secret) => keyOf(secret) ?? []);
  if (keys.length === 0) return "no-secret";
  const id = headers["webhook-id"] ?? "";
  if (!validId.test(id)) return "malformed-id";
  const seconds = headers["webhook-timestamp"] ?? "";
  if (!/^\d{1,12}$/.test(seconds)) return "malformed-timestamp";
  const entries = headers["webhook-signature"] ?? "";
  if (entries === "") return "no-signature";
  const given = entries.split(" ").flatMap((entry) => (entry.startsWith("v1,") ? (decodeDigest(entry.slice(3)) ?? []) : []));
  if (given.length === 0) return "malformed-signature";
  const expected = keys.map((key) => hmacOf(key, `${id}.${seconds}.`, body));
  if (!anyMatches(given, expected)) return "wrong-signature";
  return Math.abs(Math.floor(now / 1000) - Number(seconds)) > toleranceSeconds ? "stale-timestamp" : null;
}

const toleranceSeconds = 300;

/** Printable ASCII without a space or a full stop. */
const validId = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;

/** The bytes of a secret; `null` for an empty one or what is not base64. The prefix may be missing, as in the published libraries. */
function keyOf(secret: string): Buffer | null {
  const base64 = secret.trim().replace(/^whsec_/, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, "base64") : null;
}
