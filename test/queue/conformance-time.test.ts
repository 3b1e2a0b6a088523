import { expect, test } from "vitest";
import { z } from "zod";
import type { Queue } from "../../src/queue/queue.ts";
import { onEachServer } from "./servers.ts";
import { gated, job, setUp } from "./set-up.ts";
import { until } from "./until.ts";

onEachServer("Ticks, time limits and what is left on", (server) => {
  test("a job ticks once a period, however many processes work", async () => {
    const { process } = setUp(server().backend);
    const ticks: { at: number; payload: unknown }[] = [];
    for (let copy = 0; copy < 3; copy += 1) {
      const queue = await process();
      await queue.work([
        job("tick", async (payload) => void ticks.push({ at: Date.now(), payload }), { everyMs: 1_000, payload: z.undefined() }),
      ]);
    }
    await until(() => ticks.length >= 6, "six ticks");

    // Each of three processes ticking for itself would need two seconds for six; 700 ms are left for a busy machine's lateness.
    expect((ticks[5]?.at ?? 0) - (ticks[0]?.at ?? 0)).toBeGreaterThan(4_300);
    expect(ticks.map(({ payload }) => payload)).toEqual(ticks.map(() => undefined));
  });

  test("ticks that come while the last one runs, in whatever process, are dropped", async () => {
    const { process } = setUp(server().backend);
    let beats = 0;
    const { job: slow, seen, open } = gated("slow", { everyMs: 200, concurrency: 3 });
    for (let copy = 0; copy < 2; copy += 1) {
      const queue: Queue = await process();
      await queue.work([
        slow,
        job(
          "metronome",
          async () => {
            beats += 1;
          },
          { everyMs: 200 },
        ),
      ]);
    }
    await until(() => seen.begun === 1, "a tick runs");
    const began = beats;
    await until(() => beats >= began + 8, "eight more periods have passed");
    expect(seen.begun).toBe(1);

    open();
    const opened = beats;
    await until(() => beats >= opened + 3, "ticking goes on");
    await until(() => seen.begun >= 2, "it ticks again");
    // The dropped ones would all have come by now; so many have passed since, and one may be on its way.
    expect(seen.begun).toBeLessThanOrEqual(1 + (beats - opened) + 1);
    expect(seen.mostAtOnce).toBe(1);
  });

  test("a job over its time is told to end, and loses its place when it does not", async () => {
    const { process, lines } = setUp(server().backend);
    const queue = await process();
    const told: unknown[] = [];
    await queue.work([
      job(
        "send",
        async (payload, signal) => {
          if (payload === "next") told.push("next");
          if (payload === "next") return;
          signal.addEventListener("abort", () => told.push(signal.reason instanceof Error ? signal.reason.message : ""));
          await new Promise(() => undefined);
        },
        { timeoutMs: 200 },
      ),
    ]);
    await queue.wake("send", "for ever");
    await queue.wake("send", "next");
    await until(() => told.length === 2, "the next has run");

    expect(told).toEqual(["send took longer than 200 ms", "next"]);
    expect(lines.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "a job is overdue and is told to end",
      "a job did not end when told to; its place is given to the next",
    ]);
  });

  test("stopping waits for what runs, and takes nothing more", async () => {
    const { process } = setUp(server().backend);
    const [queue, other] = [await process(), await process()];
    const { job: slow, seen, open } = gated("slow");
    await queue.work([slow]);
    await queue.wakeMany("slow", [1, 2]);
    await until(() => seen.begun === 1, "the first runs");

    const order: string[] = [];
    const stopped = queue.stop(20_000).then(() => order.push("stopped"));
    // As long as the queue is open other parts of the process may still hand over work.
    expect(await queue.wake("slow", 3)).toBe(true);
    // Each of these is a round trip: a stop that did not wait would be through long before.
    for (let turn = 0; turn < 20; turn += 1) await other.check();
    order.push("opened");
    open();
    await stopped;

    expect(order).toEqual(["opened", "stopped"]);
    expect(seen).toMatchObject({ begun: 1, ended: 1 });
    await queue.stop();
    expect(await queue.wake("slow", 4)).toBe(false);
  });

  test("stopping aborts what does not end in time", async () => {
    const { process, lines } = setUp(server().backend);
    const queue = await process();
    let reason: unknown = null;
    let runs = 0;
    await queue.work([
      job("slow", async (_, signal) => {
        runs += 1;
        signal.addEventListener("abort", () => {
          reason = signal.reason;
        });
        await new Promise(() => undefined);
      }),
    ]);
    await queue.wake("slow", 1);
    await until(() => runs === 1, "it runs");
    await queue.stop(100);

    expect(reason).toEqual(new Error("the process is stopping"));
    expect(lines.map(({ details }) => details)).toContainEqual({ jobs: ["slow"], graceMs: 100 });
  });

  test("a thousand jobs and their ticks leave nothing behind", async () => {
    await server().empty();
    const { process, lines } = setUp(server().backend);
    const queue = await process();
    let runs = 0;
    let ticks = 0;
    await queue.work([
      job(
        "tick",
        async () => {
          ticks += 1;
        },
        { everyMs: 200 },
      ),
      job(
        "count",
        async (payload) => {
          runs += 1;
          if (payload === 13) throw new Error("unlucky");
        },
        { concurrency: 16, payload: z.number().optional() },
      ),
    ]);
    await queue.wakeMany(
      "count",
      Array.from({ length: 500 }, (_, index) => index),
    );
    for (let index = 0; index < 450; index += 1) await queue.wake("count", index);
    for (let index = 0; index < 50; index += 1) await queue.wake("count", `refused ${index}`);
    await until(() => runs >= 950 && ticks >= 10, "all have run");
    await until(() => lines.filter(({ message }) => message.startsWith("a job was refused")).length === 50, "fifty are refused");

    // One event a job would already be a thousand. Redis keeps some hundred events of each of the three queues, in whole nodes of a stream.
    await until(async () => (await server().size()) < 400, "next to nothing is left", 12_000);
  });

  test("it says that it can be reached, and holds few connections", async () => {
    const { process } = setUp(server().backend);
    const before = await server().connections();
    const queue = await process();
    let ticks = 0;
    const names = ["take-in", "plan", "release", "send", "receipts", "rescue", "watch", "prune"];
    await queue.work(
      names.map((each) =>
        job(
          each,
          async () => {
            ticks += 1;
          },
          { everyMs: 300, concurrency: 4 },
        ),
      ),
    );
    await until(() => ticks > 16, "all have ticked");

    expect(await queue.check()).toEqual({ ok: true });
    // Redis: one for commands, one waiting for each job and for the ticks. PostgreSQL: a pool of 5, whatever the number of jobs.
    expect((await server().connections()) - before).toBeLessThanOrEqual(server().backend.kind === "postgres" ? 5 : 12);
  });
});
