import { type Instant, minute, plus } from "../src/core/instant.ts";

/**
 * Remembers, for one process, that the way out is closed: a relay that is down, refuses our password or breaks TLS fails every mail
 * alike, so mails wait until it is worth another try. The rest doubles with each failure in a row, up to 10 minutes.
 */
export class TransportHealth {
  readonly #longestMs: number;
  #failures = 0;
  #restUntil: Instant | null = null;

  constructor(haste = 1) {
    this.#longestMs = (10 * minute) / haste;
  }

  /** Until when nothing should be tried; `null`: go on. */
  restingAt(now: Instant): Instant | null {
    return this.#restUntil !== null && this.#restUntil > now ? this.#restUntil : null;
  }

  /** A mail failed for a reason that is the transport's. Answers when to try again. */
  failed(now: Instant, retryAt: Instant): Instant {
    if (this.restingAt(now) === null) {
      const rest = Math.min((retryAt - now) * 2 ** this.#failures, this.#longestMs);
      this.#failures += 1;
      this.#restUntil = plus(now, rest);
    }
    return this.#restUntil ?? retryAt;
  }

  /** A server answered: the way is open. */
  worked(): void {
    this.#failures = 0;
    this.#restUntil = null;
  }
}
