/** No more mail than this is asked about before its turn: what has been let begin is in doubt when this process dies. */
const most = 50;

/** How fast a server takes mail, learned from the last ones, and so how many of those that wait will have their turn within moments. */
export class Pace {
  readonly #aheadMs: number;
  #msOfMail: number | null = null;

  /** Looks `aheadMs` milliseconds ahead. */
  constructor(aheadMs: number) {
    this.#aheadMs = aheadMs;
  }

  /** A mail took so long on its connection. */
  took(ms: number): void {
    this.#msOfMail = this.#msOfMail === null ? ms : this.#msOfMail * 0.8 + ms * 0.2;
  }

  /** A connection broke or could not be made: nothing is known any more. */
  broke(): void {
    this.#msOfMail = null;
  }

  /** How many mails will have their turn meanwhile, at most 50; 0 while nothing is known. `perSecond` is the pace agreed on, `null` when there is none. */
  ahead(connections: number, perSecond: number | null): number {
    if (this.#msOfMail === null) return 0;
    const perMs = Math.min(connections / this.#msOfMail, (perSecond ?? Number.POSITIVE_INFINITY) / 1_000);
    return Math.min(most, Math.floor(perMs * this.#aheadMs));
  }
}
