import type { Deps } from "../jobs/deps.ts";
import { doErrands, drive, takeInAndPlan } from "../jobs/drive.ts";
import { jobs } from "../jobs/index.ts";
import type { JobName } from "../jobs/job.ts";
import type { ManualClock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Instant } from "./core/instant.ts";
import type { Log } from "./log.ts";
import { type Backend, migrateQueue, openQueue } from "./queue/queue.ts";

/** How work gets done in this process: handed over by `wake`, done by a queue's workers or by a hand-moved clock. */
export interface Work {
  wake(job: JobName, payload?: unknown): void;
  wakeMany(job: JobName, payloads: readonly unknown[]): Promise<boolean>;
  /** Begins to work, when this process does. Called once, when `deps` stand. */
  start(deps: Deps): Promise<void>;
  /** Takes no more work and waits for what runs, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
  check(): Promise<{ readonly ok: boolean; readonly reason?: string }>;
  /** Only under a manual clock: moves it and does everything due on the way. */
  readonly moveTo: ((at: Instant) => Promise<number>) | null;
}

/** Work over BullMQ, on Redis when `REDIS_URL` is set, else on the same PostgreSQL. Only the roles `all` and `worker` do any. */
export async function queuedWork({ redisUrls, role, haste }: Config, databaseUrl: string, log: Log): Promise<Work> {
  const backend: Backend = redisUrls.length > 0 ? { kind: "redis", urls: redisUrls } : { kind: "postgres", url: databaseUrl };
  await migrateQueue(backend);
  const queue = await openQueue({ backend, log, haste });
  return {
    wake(job, payload) {
      void queue.wake(job, payload);
    },
    wakeMany: (job, payloads) => queue.wakeMany(job, payloads),
    async start(deps) {
      if (role === "web") return;
      await queue.work(
        jobs.map((job) => ({
          name: job.name,
          payload: job.payload,
          ...(job.everyMs === undefined ? {} : { everyMs: Math.max(Math.min(job.everyMs, 250), job.everyMs / haste) }),
          concurrency: job.concurrency,
          timeoutMs: job.timeoutMs,
          run: (payload, signal) => job.run(payload, deps, signal),
        })),
      );
    },
    stop: (graceMs) => queue.stop(graceMs),
    check: () => queue.check(),
    moveTo: null,
  };
}

/**
 * Work under a manual clock: no queue, no ticking. What comes in is taken in and planned at once; mail goes out only when the clock is
 * moved (also to where it stands). Everything happens one after the other, so that the same story always ends the same way.
 */
export function manualWork(clock: ManualClock, log: Log): Work {
  let deps: Deps | null = null;
  let tail: Promise<unknown> = Promise.resolve();
  let woken = false;
  const stopping = new AbortController();

  function afterOthers<Result>(task: (deps: Deps) => Promise<Result>): Promise<Result> {
    const run = tail.then(() => {
      if (deps === null) throw new Error("the work has not started");
      return task(deps);
    });
    tail = run.catch(() => undefined);
    return run;
  }

  return {
    wake(job) {
      if (job === "errands" && deps !== null) {
        void afterOthers(doErrands).catch((error: unknown) =>
          log.error({ error: String(error) }, "long work failed; the next move of the clock does it again"),
        );
        return;
      }
      if (woken || deps === null || (job !== "take-in" && job !== "plan")) return;
      woken = true;
      void afterOthers((started) => {
        woken = false;
        return takeInAndPlan(started);
      }).catch((error: unknown) =>
        log.error({ error: String(error) }, "taking in and planning failed; the next move of the clock does it again"),
      );
    },
    wakeMany: async () => true,
    async start(started) {
      deps = started;
    },
    async stop() {
      stopping.abort(new Error("the service is stopping"));
      await tail;
      deps = null;
    },
    check: async () => ({ ok: true }),
    moveTo: (at) => afterOthers((started) => drive(started, clock, at, stopping.signal)),
  };
}
