import { type BackendFactory, type ConnectionOptions, type IQueueBackend, Queue } from "bullmq";
import type { Check } from "./queue.ts";

/** What Redis and PostgreSQL each give to the same queue: connections shared by all its parts, and the news of outages. */
export interface Hand {
  readonly factory: BackendFactory<IQueueBackend>;
  /** The part of BullMQ's options that says where; the rest is the same for both. */
  readonly place: { readonly connection: ConnectionOptions; readonly prefix?: string };
  /** How long an idle worker listens before it looks by itself, in seconds. */
  readonly drainDelay: number;
  /** The queue's name at the server for a job's name. */
  nameOf(job: string): string;
  /** Whether handing something over has a chance now. */
  up(): boolean;
  /** Calls `listener` whenever the server answers after an outage. */
  onUp(listener: () => void): void;
  /** Resolves to `true` as soon as the server answered once, to `false` after `ms`. */
  reached(ms: number): Promise<boolean>;
  /** Tells the outage log of an error one of BullMQ's parts met. */
  trouble(error: unknown): void;
  check(): Promise<Check>;
  /** Takes away what BullMQ keeps about finished work and nobody reads. Throws when the server is away. */
  tidy(queues: readonly BullQueue[]): Promise<void>;
  /** Closes all connections, at once. */
  end(): Promise<void>;
}

/**
 * How many of the newest events BullMQ is to keep for a queue: nobody here reads them. In Redis it is rounded up to whole nodes of a
 * stream (100 by default); PostgreSQL needs at least 1, as 0 means "all" there.
 */
const keptEvents = 1;

/** A queue to hand work over through. Nothing is retried, nothing finished is kept (decision 1: PostgreSQL is the schedule). */
export function openBullQueue(hand: Hand, job: string) {
  const queue = new Queue(
    hand.nameOf(job),
    {
      ...hand.place,
      streams: { events: { maxLen: keptEvents } },
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    },
    hand.factory,
  );
  queue.on("error", hand.trouble);
  return queue;
}

export type BullQueue = ReturnType<typeof openBullQueue>;
