import { type BullQueue, type Hand, openBullQueue } from "./hand.ts";
import { trailing } from "./trailing.ts";
import { within } from "./within.ts";

export interface Waker {
  wake(job: string, payload?: unknown): Promise<boolean>;
  wakeMany(job: string, payloads: readonly unknown[]): Promise<boolean>;
  /** Hands over a tick. Dropped while the job's last tick waits or runs, in whatever process. */
  tick(job: string): Promise<boolean>;
  /** The queue of a job, opened when first asked for. */
  queueOf(job: string): BullQueue;
  stop(): void;
}

const longestMs = 1_000;
/** Hand-overs under way at one time, in all. More means a server that hangs: further ones are refused rather than piled up. */
const mostUnderWay = 500;

/** A wake-up's deduplication id ends when its job starts, a tick's when its job ends: see `runner`. */
export const wakeId = "wake";
const tickId = "tick";

export function openWaker(hand: Hand): Waker {
  const queues = new Map<string, BullQueue>();
  const wakers = new Map<string, () => Promise<boolean>>();
  let underWay = 0;
  let stopped = false;

  function queueOf(job: string): BullQueue {
    const queue = queues.get(job) ?? openBullQueue(hand, job);
    queues.set(job, queue);
    return queue;
  }

  async function handOver(job: string, add: (queue: BullQueue) => Promise<unknown>): Promise<boolean> {
    if (stopped || !hand.up() || underWay >= mostUnderWay) return false;
    underWay += 1;
    try {
      const added = add(queueOf(job)).then(
        () => true,
        (error) => {
          hand.trouble(error);
          return false;
        },
      );
      // A hand-over that hangs counts until it ends, not until its caller stopped waiting.
      void added.finally(() => {
        underWay -= 1;
      });
      return await within(longestMs, added, false);
    } catch (error) {
      underWay -= 1;
      hand.trouble(error);
      return false;
    }
  }

  function wakeOf(job: string): () => Promise<boolean> {
    const known = wakers.get(job) ?? trailing(() => handOver(job, (queue) => queue.add(wakeId, {}, { deduplication: { id: wakeId } })));
    wakers.set(job, known);
    return known;
  }

  return {
    wake: (job, payload) =>
      payload === undefined ? within(longestMs, wakeOf(job)(), false) : handOver(job, (queue) => queue.add("work", { payload })),
    wakeMany: async (job, payloads) =>
      payloads.length === 0 || handOver(job, (queue) => queue.addBulk(payloads.map((payload) => ({ name: "work", data: { payload } })))),
    tick: (job) => handOver(job, (queue) => queue.add(tickId, {}, { deduplication: { id: tickId } })),
    queueOf,
    stop() {
      stopped = true;
    },
  };
}
