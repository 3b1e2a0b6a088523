import { randomBytes } from "node:crypto";
import type { Instant } from "./instant.ts";

/**
 * Makes an id: a UUIDv7 (RFC 9562), which sorts by the time it was made, so that rows made together lie together and "newest
 * first" needs no column of its own.
 *
 * `now` is the service's clock. Two ids of one millisecond differ in 74 random bits.
 */
export function newId(now: Instant): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.max(0, now), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Whether a text has the form of an id. What has not can't be in a table, and PostgreSQL would refuse to look. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
