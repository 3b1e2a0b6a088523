import { Worker } from "bullmq";
import { z } from "zod";
import { type Hand, openBullQueue } from "./hand.ts";
import type { Log, QueueJob } from "./queue.ts";
import { openRunner, type Taken } from "./runner.ts";
import { startTicker } from "./ticker.ts";
import type { Waker } from "./waker.ts";
import { within } from "./within.ts";

export interface Work {
  stop(graceMs: number): Promise<void>;
}

/**
 * How soon a run whose process died is taken by another: its lock ends after 10 s, and the second look after that, 5 s apart, moves it.
 * A job that takes a process down with it is moved twice and then dropped.
 */
const stalls = (haste: number) => ({
  lockDuration: Math.max(1_500, 10_000 / haste),
  stalledInterval: Math.max(750, 5_000 / haste),
  maxStalledCount: 2,
});

interface WorkParts {
  readonly hand: Hand;
  readonly waker: Waker;
  readonly jobs: readonly QueueJob[];
  readonly log: Log;
  readonly haste: number;
}

/** Each job has a queue and a worker of its own, so that none waits behind another; one more pair carries the ticks of all. */
export function startWork({ hand, waker, jobs, log, haste }: WorkParts): Work {
  for (const { name, timeoutMs, everyMs } of jobs) {
    if (!/^[a-z][a-z0-9-]*$/.test(name) || name === tickQueue) throw new Error(`"${name}" cannot name a job`);
    if (timeoutMs <= 0 || (everyMs !== undefined && everyMs < 100)) throw new Error(`${name} has no sensible limits`);
  }
  const runners = jobs.map((job) => ({ job, runner: openRunner(job, log) }));
  const workers = runners.map(({ job, runner }) =>
    startWorker({ hand, job: job.name, concurrency: job.concurrency, run: runner.run, log, haste }),
  );
  const ticks = openBullQueue(hand, tickQueue);
  workers.push(
    startWorker({
      hand,
      job: tickQueue,
      concurrency: 10,
      run: async ({ data }) => void (await waker.tick(tickData.parse(data).job)),
      log,
      haste,
    }),
  );
  const ticker = startTicker({ hand, ticks, queues: [...jobs.map(({ name }) => waker.queueOf(name)), ticks], jobs });

  function tellLeft(graceMs: number): void {
    const left = runners.flatMap(({ job, runner }) => (runner.running() > 0 ? [job.name] : []));
    if (left.length > 0) log.warn({ jobs: left, graceMs }, "stopping did not wait for jobs that were still running");
  }

  return {
    async stop(graceMs) {
      ticker.stop();
      if ((await hand.check()).ok) {
        const closed = Promise.all(workers.map((worker) => worker.close())).then(() => true);
        if (await within(graceMs, closed, false)) return;
        tellLeft(graceMs);
        for (const { runner } of runners) runner.abort();
        await within(1_000, closed, false);
        return;
      }
      // Away from its server a worker would wait for ever to end a reading that is long dead: what runs is waited for here instead.
      await Promise.all(workers.map((worker) => worker.pause(true)));
      await within(graceMs, Promise.all(runners.map(({ runner }) => runner.idle())), undefined);
      tellLeft(graceMs);
      for (const { runner } of runners) runner.abort();
      await within(1_000, Promise.all(workers.map((worker) => worker.close(true))), undefined);
    },
  };
}

/** The queue of the ticks of all jobs; no job may be called so. */
const tickQueue = "ticks";
const tickData = z.object({ job: z.string() });

interface WorkerParts {
  readonly hand: Hand;
  readonly job: string;
  readonly concurrency: number;
  readonly run: (taken: Taken) => Promise<void>;
  readonly log: Log;
  readonly haste: number;
}

function startWorker({ hand, job, concurrency, run, log, haste }: WorkerParts) {
  const worker = new Worker(
    hand.nameOf(job),
    run,
    {
      ...hand.place,
      ...stalls(haste),
      concurrency,
      drainDelay: hand.drainDelay,
      runRetryDelay: 1_000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
    hand.factory,
  );
  worker.on("error", hand.trouble);
  worker.on("stalled", (id) => log.warn({ job, id }, "a job's process died or hung; it is run again"));
  worker.on("failed", (taken, error) => log.error({ job, id: taken?.id, error: error.message }, "a job was dropped"));
  return worker;
}
