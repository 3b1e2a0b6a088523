import { type Instant, instant, iso } from "./core/instant.ts";

/** Tells the service's time. Everything that decides *when* asks it, and nothing else. */
export interface Clock {
  now(): Instant;
}

/** The machine's time. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
};

/** Time that stands still until it is moved: for tests, demos and trying things out. */
export class ManualClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves to `at`. Throws `ClockMovedBack` when that lies in the past; to where it stands already is fine. */
  moveTo(at: Instant): void {
    if (at < this.#now) throw new ClockMovedBack(this.#now, at);
    this.#now = at;
  }
}

/** The clock only moves forward: what was sent can't be unsent. */
export class ClockMovedBack extends Error {
  constructor(now: Instant, wanted: Instant) {
    super(`The clock stands at ${iso(now)} and only moves forward; ${iso(wanted)} is over.`);
  }
}
