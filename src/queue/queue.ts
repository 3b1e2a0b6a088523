import type { ZodType } from "zod";
import { migratePostgres, postgresHand } from "./postgres.ts";
import { redisHand } from "./redis.ts";
import { openWaker } from "./waker.ts";
import { startWork, type Work } from "./work.ts";

/** Where work that is due now is handed over. Losing it loses no mail: PostgreSQL keeps the schedule, every job also sweeps. */
export type Backend =
  | {
      readonly kind: "redis";
      /** `redis://` or `rediss://`, with user, password and database number as wanted. More than one: the nodes of one Redis Cluster. */
      readonly urls: readonly string[];
    }
  | {
      readonly kind: "postgres";
      /** A session connection (it listens), so not through a transaction pooler. */
      readonly url: string;
      /** The most connections this process holds for its queue, at least 2: one listens, the rest ask. 5 when absent. */
      readonly connections?: number;
    };

/** One kind of work, and how it is run in this process. */
export interface QueueJob {
  /** Lower-case letters, digits and hyphens. Stable for good: it names the queue. */
  readonly name: string;
  /** The door: what was handed over is parsed by it before `run` sees it. A tick or a wake-up without payload brings `undefined`. */
  readonly payload: ZodType;
  /** Ticks that often, in milliseconds, at whole multiples since 1970: one tick in all processes together. Absent: runs only when woken. */
  readonly everyMs?: number;
  /** How many may run at once in this process, at least 1. */
  readonly concurrency: number;
  /** After so long the signal is aborted; after twice as long the run is given up and its place taken by the next. */
  readonly timeoutMs: number;
  /** Must be harmless when run twice at once: what runs on a process that died or hangs is run again elsewhere. */
  readonly run: (payload: unknown, signal: AbortSignal) => Promise<void>;
}

export type Check = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What the queue needs of a logger; pino's is one. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface Queue {
  /**
   * Hands over work; `true` when it was taken. Never throws, and answers within a second: `false` when the server is away, slow or
   * when too much is on its way already, which costs only the time to the job's next sweep.
   *
   * A wake-up without payload that finds one still waiting is covered by it. One that comes while the job runs makes it run once more.
   */
  wake(job: string, payload?: unknown): Promise<boolean>;
  /** Hands over one run for each payload, in one round trip. All are taken or none, as far as one can know. */
  wakeMany(job: string, payloads: readonly unknown[]): Promise<boolean>;
  /** Starts working on these jobs and ticking for those that tick. To be called once. Returns at once also when the server is away. */
  work(jobs: readonly QueueJob[]): Promise<void>;
  /**
   * Takes no more work, waits up to `graceMs` (10 s when absent) for what runs, aborts what is left, closes all connections. Safe to repeat.
   * Ends at most 4 s after `graceMs`, also when the server is away.
   */
  stop(graceMs?: number): Promise<void>;
  /** Whether work can be handed over now. Answers within a second. */
  check(): Promise<Check>;
}

export interface QueueOptions {
  readonly backend: Backend;
  /** Keeps installations apart that share a server: a hash tag in front of Redis' keys, the front of a queue's name in PostgreSQL. */
  readonly prefix?: string;
  readonly log: Log;
  /** How many times sooner than usual a process that died is noticed: 1 when absent; more in test runs. */
  readonly haste?: number;
}

const longestFirstContactMs = 1_500;

/**
 * Opens the queue. Does not throw when the server is away, and waits for it at most 1.5 s: the process starts without, `check` says so,
 * and working and ticking begin when the server comes. Throws on an address that is none.
 */
export async function openQueue({ backend, prefix = "afterword", log, haste = 1 }: QueueOptions): Promise<Queue> {
  if (!/^[a-z0-9][a-z0-9_-]*$/i.test(prefix)) throw new Error(`"${prefix}" cannot be a queue's prefix: letters, digits, - and _ only`);
  const hand = backend.kind === "redis" ? redisHand(backend.urls, prefix, log) : postgresHand(backend, prefix, log);
  const waker = openWaker(hand);
  let work: Work | null = null;
  let stopping: Promise<void> | null = null;

  await hand.reached(longestFirstContactMs);

  async function end(graceMs: number): Promise<void> {
    await work?.stop(graceMs);
    waker.stop();
    await hand.end();
  }

  return {
    wake: waker.wake,
    wakeMany: waker.wakeMany,
    async work(jobs) {
      if (work !== null || stopping !== null) throw new Error("this queue already works, or was stopped");
      work = startWork({ hand, waker, jobs, log, haste });
    },
    stop(graceMs = 10_000) {
      stopping ??= end(graceMs);
      return stopping;
    },
    check: hand.check,
  };
}

/**
 * Makes the queue's schema `bullmq` in PostgreSQL or brings it up to date; harmless to repeat, and in several processes at once. Needs the
 * right to create a schema the first time. A queue opened before waits for it. Redis needs nothing.
 */
export async function migrateQueue(backend: Backend): Promise<void> {
  if (backend.kind === "postgres") await migratePostgres(backend.url);
}
