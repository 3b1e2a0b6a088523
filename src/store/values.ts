import type { Instant } from "../core/instant.ts";

/** An instant as PostgreSQL's driver takes a `timestamptz`. */
export function time(at: Instant): Date {
  return new Date(at);
}

/** The same for one that may be absent. */
export function maybeTime(at: Instant | null): Date | null {
  return at === null ? null : new Date(at);
}
