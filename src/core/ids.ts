import { randomBytes } from "node:crypto";
import type { Instant } from "./instant.ts";

/**
 * Makes an id: a UUIDv7 (RFC 9562), which sorts by the time it was made, so that rows made together lie together and "newest
 * first" needs no column of its own.
 *
 * `now` is the service's clock. Ids of one millisecond and one process sort in the order in which they were made (26 bits of counter: time stands still
 * under a manual clock); those of two processes differ in 48 random bits.
 */
export function newId(now: Instant): string {
  made = now === lastMade ? (made + 1) % 2 ** 26 : 0;
  lastMade = now;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.max(0, now), 0, 6);
  bytes.writeUInt16BE(0x7000 | (made >>> 14), 6);
  bytes.writeUInt16BE(0x8000 | (made & 0x3fff), 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

let lastMade = -1;
let made = 0;

/** Whether a text has the form of an id. What has not can't be in a table, and PostgreSQL would refuse to look. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
