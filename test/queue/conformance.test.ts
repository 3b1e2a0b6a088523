import { expect, test } from "vitest";
import { z } from "zod";
import { onEachServer } from "./servers.ts";
import { gated, job, setUp } from "./set-up.ts";
import { until } from "./until.ts";

onEachServer("Work handed over on", (server) => {
  test("a woken job runs once, in whichever process works, with its payload", async () => {
    const { process } = setUp(server().backend);
    const [web, worker] = [await process(), await process()];
    const payloads: unknown[] = [];
    await worker.work([job("greet", async (payload) => void payloads.push(payload))]);

    expect(await web.wake("greet", { ids: ["7", "8"], nested: { when: "2026-01-20T08:00:00.000Z", none: null } })).toBe(true);
    expect(await web.wake("greet", "the last")).toBe(true);
    await until(() => payloads.includes("the last"), "both have run");

    expect(payloads).toEqual([{ ids: ["7", "8"], nested: { when: "2026-01-20T08:00:00.000Z", none: null } }, "the last"]);
  });

  test("a hundred payloads handed over at once are a hundred runs", async () => {
    const { process } = setUp(server().backend);
    const queue = await process();
    const payloads = Array.from({ length: 100 }, (_, index) => ({ index }));
    const seen: unknown[] = [];
    await queue.work([job("greet", async (payload) => void seen.push(payload), { concurrency: 4 })]);

    expect(await queue.wakeMany("greet", payloads)).toBe(true);
    expect(await queue.wakeMany("greet", [])).toBe(true);
    await until(() => seen.length >= 100, "all have run");

    expect(new Set(seen.map((payload) => JSON.stringify(payload)))).toEqual(new Set(payloads.map((payload) => JSON.stringify(payload))));
    expect(seen).toHaveLength(100);
  });

  test("wake-ups without payload that find one waiting are covered by it; one that comes during the run makes it run again", async () => {
    const { process } = setUp(server().backend);
    const [web, worker] = [await process(), await process()];
    const { job: look, seen, open } = gated("look");
    const last = gated("last");
    last.open();
    expect(await Promise.all(Array.from({ length: 50 }, () => web.wake("look")))).not.toContain(false);
    for (let more = 0; more < 5; more += 1) expect(await worker.wake("look")).toBe(true);

    await worker.work([look, last.job]);
    await until(() => seen.begun === 1, "the job runs");
    for (let more = 0; more < 5; more += 1) expect(await web.wake("look")).toBe(true);
    open();
    await until(() => seen.ended === 2, "it has run again");
    // Whatever else there was would be waiting in front of this one.
    await web.wake("look", "marker");
    await until(() => seen.ended === 3, "the marker has run");

    expect(seen.begun).toBe(3);
  });

  test("whatever was written before a wake-up is seen by a run, however close wake-ups and runs come", async () => {
    const { process } = setUp(server().backend);
    const queue = await process();
    let written = 0;
    let seen = 0;
    await queue.work([
      job("look", async () => {
        seen = written;
      }),
    ]);
    const answers: Promise<boolean>[] = [];
    for (let round = 0; round < 200; round += 1) {
      written += 1;
      answers.push(queue.wake("look"));
      // The next is written as soon as this one was seen, which is often before its wake-up was answered.
      await until(() => seen === written, `round ${round} is seen`, 5_000);
    }
    expect(await Promise.all(answers)).not.toContain(false);
  });

  test("as many runs of a job go on at once in a process as it allows, and no more", async () => {
    const { process } = setUp(server().backend);
    const queue = await process();
    const { job: slow, seen, open } = gated("slow", { concurrency: 3 });
    await queue.work([slow]);
    await queue.wakeMany(
      "slow",
      Array.from({ length: 12 }, (_, index) => index),
    );
    await until(() => seen.atOnce === 3, "three run");
    open();
    await until(() => seen.ended === 12, "all have run");

    expect(seen.mostAtOnce).toBe(3);
  });

  test("a job does not wait behind another's long runs", async () => {
    const { process } = setUp(server().backend);
    const queue = await process();
    const send = gated("send");
    const release = gated("release");
    release.open();
    await queue.work([send.job, release.job]);
    await queue.wakeMany(
      "send",
      Array.from({ length: 20 }, (_, index) => index),
    );
    await until(() => send.seen.begun === 1, "the first long run has begun");

    await queue.wake("release");
    await until(() => release.seen.ended === 1, "the other job has run");
    expect(send.seen).toMatchObject({ begun: 1, ended: 0 });
    send.open();
  });

  test("a job that throws is told in the log without its payload, and the next one runs", async () => {
    const { process, lines } = setUp(server().backend);
    const queue = await process();
    const done: unknown[] = [];
    await queue.work([
      job("plan", async (payload) => {
        if (payload === "ada@example.com") throw Object.assign(new TypeError("no such order"), { detail: "Key (email)=(ada@example.com)" });
        done.push(payload);
      }),
    ]);
    await queue.wake("plan", "ada@example.com");
    await queue.wake("plan", "next");
    await until(() => done.length === 1, "the next has run");

    expect(lines.filter(({ level }) => level === "error")).toMatchObject([{ details: { job: "plan", error: "TypeError: no such order" } }]);
    expect(JSON.stringify(lines)).not.toContain("ada@example.com");
  });

  test("a payload the job does not take is refused at the door", async () => {
    const { process, lines } = setUp(server().backend);
    const queue = await process();
    const done: unknown[] = [];
    await queue.work([job("plan", async (payload) => void done.push(payload), { payload: z.object({ orderIds: z.array(z.string()) }) })]);
    await queue.wake("plan", { orderIds: [{ email: "ada@example.com" }] });
    await queue.wake("plan");
    await queue.wake("plan", { orderIds: ["1001"], more: true });
    await until(() => done.length === 1, "the good one has run");

    expect(done).toEqual([{ orderIds: ["1001"] }]);
    expect(lines.filter(({ level }) => level === "error")).toMatchObject([
      { details: { job: "plan", problems: ["orderIds.0: invalid_type"] } },
      { details: { job: "plan", problems: [": invalid_type"] } },
    ]);
    expect(JSON.stringify(lines)).not.toContain("ada@example.com");
  });
});
