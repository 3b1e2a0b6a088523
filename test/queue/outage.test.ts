import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { onEachServer } from "./servers.ts";
import { gated, job, setUp } from "./set-up.ts";
import { until } from "./until.ts";

/** Two sweeps: each process asserts its ticks about every 5 s. */
const twoSweepsMs = 12_000;

onEachServer("When it is lost:", (server, name) => {
  test("waking answers no at once, and after its return work and ticks go on by themselves; the log has a line for each", async () => {
    const { process, lines } = setUp(server().backend);
    const [web, worker] = [await process(), await process()];
    let ticks = 0;
    const payloads: unknown[] = [];
    await worker.work([
      job("tick", async () => void payloads.push("tick"), { everyMs: 1_000 }),
      job(
        "beat",
        async () => {
          ticks += 1;
        },
        { everyMs: 200 },
      ),
      job("greet", async (payload) => void payloads.push(payload)),
    ]);
    await web.wake("greet", "before");
    await until(() => payloads.includes("before") && payloads.includes("tick"), "work and ticks come");

    await server().kill();
    for (const queue of [web, worker]) {
      for (const wake of [() => queue.wake("greet"), () => queue.wake("greet", "lost"), () => queue.wakeMany("greet", [1, 2])]) {
        const asked = performance.now();
        expect(await wake()).toBe(false);
        expect(performance.now() - asked).toBeLessThan(4_000);
      }
      expect(await queue.check()).toMatchObject({ ok: false, reason: expect.stringMatching(/\w/) });
    }
    expect(new Set(lines.map(({ message }) => message))).toEqual(
      new Set(["the queue's server is away; due work waits for the next sweep after its return"]),
    );

    await server().start();
    const [ticked, seen] = [ticks, payloads.length];
    await until(() => ticks > ticked + 2 && payloads.slice(seen).includes("tick"), "both tick again", twoSweepsMs);
    await until(async () => (await web.wake("greet", "after")) && (await web.check()).ok, "handing over works again");
    await until(() => payloads.includes("after"), "work is done again");
    // Two processes, two lines each: nothing for each of the many attempts, of the workers, or of the commands that failed.
    const told = (words: string) => lines.filter(({ message }) => message.startsWith(words));
    expect(told("the queue's server is away")).toHaveLength(2);
    expect(told("the queue's server is back")).toHaveLength(2);
  });

  test("a process may start without it, says so, and works when it comes", async () => {
    await server().kill();
    const { process, lines } = setUp(server().backend);
    const began = performance.now();
    const queue = await process();
    let ticks = 0;
    await queue.work([
      job(
        "tick",
        async () => {
          ticks += 1;
        },
        { everyMs: 500 },
      ),
    ]);
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(await queue.check()).toMatchObject({ ok: false });
    expect(await queue.wake("tick")).toBe(false);
    expect(lines).toHaveLength(1);

    await server().start();
    await until(() => ticks >= 3, "it ticks", twoSweepsMs);
    expect(await queue.check()).toEqual({ ok: true });
  });

  // A cluster differs from one Redis only in how it is lost and found again.
  if (name === "Redis Cluster") return;

  test("emptied, it is ticked again within two sweeps", async () => {
    const { process } = setUp(server().backend);
    const ticks: number[] = [];
    const queue = await process();
    await queue.work([job("tick", async () => void ticks.push(Date.now()), { everyMs: 500 })]);
    await until(() => ticks.length >= 2, "it ticks");

    await server().empty();
    const before = ticks.length;
    // One may have been on its way.
    await until(() => ticks.length >= before + 3, "it ticks again", twoSweepsMs);
  });

  test("stopping without it waits for what runs and ends in time", async () => {
    const { process } = setUp(server().backend);
    const [idle, busy] = [await process(), await process()];
    const { job: slow, seen, open } = gated("slow");
    await idle.work([job("other", async () => undefined, { everyMs: 1_000 })]);
    await busy.work([slow, job("other", async () => undefined, { everyMs: 1_000 })]);
    await busy.wake("slow");
    await until(() => seen.begun === 1, "it runs");
    await server().kill();

    const began = performance.now();
    let ended: number | null = null;
    const stopped = busy.stop(20_000).then(() => {
      ended = seen.ended;
    });
    await idle.stop(20_000);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(ended).toBeNull();
    open();
    await stopped;
    expect(ended).toBe(1);
    expect(performance.now() - began).toBeLessThan(20_000);
    await server().start();
  });

  test("what a killed process was running is run again by another", async () => {
    const { process, prefix, lines } = setUp(server().backend);
    const given = JSON.stringify({ backend: server().backend, prefix });
    const victim = spawn(globalThis.process.execPath, [fileURLToPath(new URL("victim.ts", import.meta.url)), given], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void victim.kill("SIGKILL"));
    const queue = await process();
    await queue.wake("hold", { ids: ["7"] });
    await once(victim.stdout, "data");
    victim.kill("SIGKILL");

    const seen: unknown[] = [];
    await queue.work([job("hold", async (payload) => void seen.push(payload))]);
    await until(() => seen.length === 1, "it is run again", 25_000);
    expect(seen).toEqual([{ ids: ["7"] }]);
    expect(lines).toMatchObject([{ message: "a job's process died or hung; it is run again", details: { job: "hold" } }]);
  });
});
