import type { Job } from "bullmq";
import { describe } from "./outage.ts";
import type { Log, QueueJob } from "./queue.ts";
import { wakeId } from "./waker.ts";
import { within } from "./within.ts";

/** Runs one kind of job, each with its time limit, and says what went wrong. */
export interface Runner {
  /** Never rejects, so that for BullMQ every job ends well and is forgotten: what was not done is found by the next sweep. */
  run(taken: Taken): Promise<void>;
  running(): number;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
  /** Aborts everything that runs, and waits for none of it. */
  abort(): void;
}

/** The part of BullMQ's job that is used. */
export type Taken = Pick<Job, "id" | "name" | "data" | "removeDeduplicationKey">;

export function openRunner(job: QueueJob, log: Log): Runner {
  const open = new Set<{ readonly signal: AbortController; readonly left: PromiseWithResolvers<void> }>();

  async function run(taken: Taken): Promise<void> {
    const about = { job: job.name, id: taken.id };
    // From here on the job looks at everything written before: a wake-up that comes later must not be counted as covered by it.
    if (taken.name === wakeId) await within(1_000, taken.removeDeduplicationKey(), false);

    const payload = await job.payload.safeParseAsync(payloadOf(taken.data));
    if (!payload.success) {
      const problems = payload.error.issues.map(({ path, code }) => `${path.join(".")}: ${code}`);
      log.error({ ...about, problems }, "a job was refused: its payload is not what it takes");
      return;
    }

    const signal = new AbortController();
    const left = Promise.withResolvers<void>();
    const entry = { signal, left };
    const overdue = setTimeout(() => {
      log.error({ ...about, timeoutMs: job.timeoutMs }, "a job is overdue and is told to end");
      signal.abort(new Error(`${job.name} took longer than ${job.timeoutMs} ms`));
    }, job.timeoutMs);
    const givenUp = setTimeout(() => {
      log.error({ ...about, timeoutMs: job.timeoutMs }, "a job did not end when told to; its place is given to the next");
      left.resolve();
    }, job.timeoutMs * 2);
    open.add(entry);
    try {
      await Promise.race([attempt(payload.data, signal.signal, about), left.promise]);
    } finally {
      open.delete(entry);
      left.resolve();
      clearTimeout(overdue);
      clearTimeout(givenUp);
    }
  }

  async function attempt(payload: unknown, signal: AbortSignal, about: object): Promise<void> {
    try {
      await job.run(payload, signal);
    } catch (error) {
      log.error(
        { ...about, error: describe(error), stack: stackOf(error) },
        "a job failed and is dropped; the next sweep does what it left",
      );
    }
  }

  return {
    run,
    running: () => open.size,
    async idle() {
      while (open.size > 0) await Promise.all([...open].map(({ left }) => left.promise));
    },
    abort() {
      for (const { signal, left } of open) {
        signal.abort(new Error("the process is stopping"));
        left.resolve();
      }
    },
  };
}

function payloadOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "payload" in data ? data.payload : undefined;
}

/** Where it was thrown: the lines of the stack without its first, which repeats the message. */
function stackOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
}
