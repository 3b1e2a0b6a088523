import type { ZodType, z } from "zod";
import type { Deps } from "./deps.ts";

/**
 * One background duty. Harmless to repeat, to run late, and to run in two processes at once: what is to be done is looked up in
 * PostgreSQL, a wake-up only says that now is a good time.
 */
export interface Job<Payload extends ZodType = ZodType> {
  /** Stable for good: it names the queue. */
  readonly name: JobName;
  /** What a wake-up may carry: ids, in batches. */
  readonly payload: Payload;
  /** Runs that often by itself, whether anybody wakes it or not. */
  readonly everyMs?: number;
  /** How many may run at once in one process. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  run(payload: z.output<Payload>, deps: Deps, signal: AbortSignal): Promise<void>;
}

export const jobNames = ["take-in", "plan", "release", "send", "rescue", "watch", "prune", "errands"] as const;
export type JobName = (typeof jobNames)[number];

/** Writes down a job; the types of payload and `run` fit together. */
export function defineJob<Payload extends ZodType>(job: Job<Payload>): Job<Payload> {
  return job;
}
