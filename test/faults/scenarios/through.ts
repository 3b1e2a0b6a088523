import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { Told } from "../shops.ts";
import type { Stand } from "../stand.ts";

/** A sender who goes on telling of orders whatever happens, until `stop`. */
export interface Sender {
  /** Every try so far. */
  readonly told: readonly Told[];
  /** Orders told of, or being told of. */
  readonly orders: number;
  /** How many tries were answered 503, or not at all. */
  readonly refused: number;
  /** How many orders were taken in full. */
  readonly done: number;
  /** Tells of one more order, due now, and resolves when all of it was taken. */
  tellOne(): Promise<number>;
  /** Resolves when all of the last order was taken. */
  stop(): Promise<void>;
}

const betweenTriesMs = 250;
const patienceMs = 20_000;

/** Tells of an order every `gapMs`, each event until it is answered 202, as a sender would. Anything but 202, 503 and silence is wrong. */
export function keepTelling(stand: Stand, gapMs: number): Sender {
  const told: Told[] = [];
  let orders = 0;
  let refused = 0;
  let done = 0;
  let over = false;

  async function tellOne(): Promise<number> {
    const n = orders++;
    for (const event of stand.shops.events(n, stand.now())) {
      for (;;) {
        const one = await stand.shops.tell(event, { withinMs: patienceMs });
        told.push(one);
        if (one.status === 202) break;
        expect([0, 503], "a webhook that can't be kept is answered 503, or the connection is lost").toContain(one.status);
        refused += 1;
        await pause(betweenTriesMs);
      }
    }
    done += 1;
    return n;
  }

  const telling = (async () => {
    while (!over) {
      await tellOne();
      await pause(gapMs);
    }
  })();
  // Whoever stops it hears of it.
  telling.catch(() => undefined);
  return {
    told,
    get orders() {
      return orders;
    },
    get refused() {
      return refused;
    },
    get done() {
      return done;
    },
    tellOne,
    async stop() {
      over = true;
      await telling;
    },
  };
}
