import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { type Backend, openQueue, type Queue, type QueueJob } from "../../src/queue/queue.ts";
import { until } from "./until.ts";

export interface Line {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly details: object;
}

/** Queues of one installation, each as in a process of its own; stopped when the test ends. */
export function setUp(backend: Backend) {
  const prefix = `t-${crypto.randomUUID().slice(0, 8)}`;
  const lines: Line[] = [];
  const write = (level: Line["level"]) => (details: object, message: string) => void lines.push({ level, message, details });
  const log = { info: write("info"), warn: write("warn"), error: write("error") };
  return {
    prefix,
    lines,
    async process(): Promise<Queue> {
      const queue = await openQueue({ backend, prefix, log });
      onTestFinished(() => queue.stop(0));
      return queue;
    },
  };
}

/** A job that runs one at a time, takes anything, and has all the time in the world, unless `wanted` says otherwise. */
export function job(name: string, run: QueueJob["run"], wanted: Partial<QueueJob> = {}): QueueJob {
  return { name, payload: z.unknown(), concurrency: 1, timeoutMs: 60_000, run, ...wanted };
}

/** A job that counts its runs, how many there are at once, and lets none end before `open` is called. */
export function gated(name: string, wanted: Partial<QueueJob> = {}) {
  const gate = Promise.withResolvers<void>();
  const seen = { begun: 0, ended: 0, atOnce: 0, mostAtOnce: 0 };
  async function run(): Promise<void> {
    seen.begun += 1;
    seen.atOnce += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
    await gate.promise;
    seen.atOnce -= 1;
    seen.ended += 1;
  }
  return { job: job(name, run, wanted), seen, open: () => gate.resolve() };
}

/** Holds that a queue opened there can be handed work, and does it. */
export async function worksOn(backend: Backend): Promise<void> {
  const { process } = setUp(backend);
  const queue = await process();
  const seen: unknown[] = [];
  await queue.work([job("greet", async (payload) => void seen.push(payload))]);
  expect(await queue.check()).toEqual({ ok: true });
  expect(await queue.wake("greet", "hello")).toBe(true);
  await until(() => seen.length === 1, "it has run");
}
