import type { BullQueue, Hand } from "./hand.ts";
import type { QueueJob } from "./queue.ts";
import { within } from "./within.ts";

const sweepMs = 5_000;
/** After a sweep that failed at a server that is there: a Redis Cluster that was just started refuses for some seconds. */
const againMs = 1_000;

/**
 * Sees to it that the jobs tick: one tick of each job in each period, in all processes together.
 *
 * BullMQ's job schedulers, of which there is one for each job in the whole installation, put ticks on the tick queue; whichever worker
 * takes one hands it on to its job's queue, where it is dropped if the last one has not ended. An emptied or exchanged server has
 * forgotten the schedulers, so every process asserts them again about every 5 s, and when its server is back. Asserting one that is there changes nothing.
 */
export function startTicker({ hand, ticks, queues, jobs }: TickerParts): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function sweep(): Promise<void> {
    const done = hand.up() ? await within(sweepMs, asserted(), false) : true;
    sweepIn((done ? sweepMs : againMs) * (0.8 + 0.4 * Math.random()));
  }

  async function asserted(): Promise<boolean> {
    try {
      await assert();
      return true;
    } catch (error) {
      hand.trouble(error);
      return false;
    }
  }

  function sweepIn(ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void sweep(), ms);
  }

  async function assert(): Promise<void> {
    for (const { name, everyMs } of jobs) {
      if (everyMs === undefined || stopped) continue;
      // Whole multiples of the period, so that processes that assert it anew at one time mean the same tick.
      const startDate = Math.ceil(Date.now() / everyMs) * everyMs;
      await ticks.upsertJobScheduler(name, { every: everyMs, startDate }, { name: "tick", data: { job: name } });
    }
    await hand.tidy(queues);
  }

  hand.onUp(() => sweepIn(500 * Math.random()));
  void sweep();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

interface TickerParts {
  readonly hand: Hand;
  readonly ticks: BullQueue;
  /** The queues this process works on, to be tidied up. */
  readonly queues: readonly BullQueue[];
  readonly jobs: readonly QueueJob[];
}
