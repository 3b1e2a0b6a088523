import { hour, type Instant, minute } from "./instant.ts";

/**
 * After so many counted attempts a message is given up. With the waits below they take about two days and a half, which no
 * message outlives anyway (its `staleAt` comes first); the number stops what would circle for another reason.
 */
export const maxAttempts = 20;

const waits = [1 * minute, 5 * minute, 15 * minute, 30 * minute, 1 * hour, 2 * hour, 4 * hour] as const;

/**
 * Milliseconds to wait after the `attempts`-th counted attempt (1 or more) failed for the time being:
 * 1 min, 5 min, 15 min, 30 min, 1 h, 2 h, then 4 h each, all of them ± 20 % by `random`.
 *
 * `random` lies in [0, 1) and comes from a hash of the message, so that a thousand mails refused at once do not come back at once.
 */
export function backoffMs(attempts: number, random: number): number {
  const base = waits[Math.min(Math.max(attempts, 1), waits.length) - 1] ?? 4 * hour;
  return spread(base, random);
}

/** After a greylisting: the first time 5 to 15 minutes, as greylists want it, later as `backoffMs` but never less than 5 minutes. */
export function greylistMs(attempts: number, random: number): number {
  if (attempts <= 1) return Math.round(5 * minute + 10 * minute * random);
  return Math.max(5 * minute, backoffMs(attempts, random));
}

/**
 * After a throttling, which does not count as an attempt: half of the time that passed since the first attempt, at least
 * 2 and at most 30 minutes, ± 20 %. So it goes 2 min, 2 min, 2 min, 3 min, 4½ min, … 30 min.
 */
export function throttleMs(sinceFirstAttemptMs: number, random: number): number {
  return spread(Math.min(Math.max(sinceFirstAttemptMs / 2, 2 * minute), 30 * minute), random);
}

/** A full mailbox is asked again every 6 hours ± 20 %: it is emptied by a person, not by a queue. */
export function mailboxFullMs(random: number): number {
  return spread(6 * hour, random);
}

/** How long a transport rests after an error of its own: 30 s ± 20 %. Whoever keeps count of failures in a row may wait longer. */
export function transportDownMs(random: number): number {
  return spread(30_000, random);
}

/** Order mail in doubt is sent once more 15 minutes later ± 20 %: long enough for a slow server to have finished with the first copy. */
export function resendMs(random: number): number {
  return spread(15 * minute, random);
}

/**
 * Whether an address whose mailbox was found full at these times is to be suppressed: at least 3 times, the first and the last
 * at least 7 days apart (standards 2.4). A delivery in between starts the count anew: pass only the times since then.
 */
export function fullTooLong(times: readonly Instant[]): boolean {
  return times.length >= 3 && Math.max(...times) - Math.min(...times) >= 7 * 24 * hour;
}

function spread(ms: number, random: number): number {
  return Math.round(ms * (0.8 + 0.4 * random));
}
