import { afterEach, describe, expect, inject, test } from "vitest";
import { layWire, type Wire } from "../faults/wire.ts";
import { until } from "../queue/until.ts";
import type { ServiceProcess } from "../support/process.ts";
import { startRedis } from "../support/test-redis.ts";
import { openInstallation, openShop, readiness } from "./support/installation.ts";

let running: ServiceProcess[] = [];

afterEach(async () => {
  await Promise.all(running.map((process) => process.kill()));
  running = [];
});

describe("while PostgreSQL is away", () => {
  test("webhooks are answered 503 and /readyz names the check; when it is back everything goes on by itself", async () => {
    let wire: Wire | undefined;
    const installation = await openInstallation({
      through: async (url) => {
        wire = await layWire(url);
        return wire.url;
      },
    });
    const [web, worker] = await Promise.all([installation.start("web"), installation.start("worker")]);
    running = [web, worker];
    const shop = await openShop(web);
    expect(await shop.dispatches("before")).toEqual([202, 202]);
    await installation.sink.waitFor(1);

    await wire?.cut();
    expect(await shop.dispatches("during")).toEqual([503, 503]);
    for (const process of running) {
      await until(async () => (await readiness(process)).status === 503, "a process says that it is not ready");
      expect((await readiness(process)).checks).toMatchObject({ database: { ok: false }, queue: { ok: false } });
      expect((await fetch(`${process.url}/healthz`)).status).toBe(200);
      // Unknown is not nothing: a 0 would tell whoever watches that no mail is late.
      const figures = await (await fetch(`${process.url}/metrics`)).text();
      expect(figures).toContain("process_cpu_seconds_total");
      expect(figures).not.toMatch(/^afterword_(messages|due_lag_seconds|orders_to_plan)[ {]/m);
    }

    await wire?.open();
    for (const process of running) await until(async () => (await readiness(process)).status === 200, "a process is ready again");
    expect(await (await fetch(`${web.url}/metrics`)).text()).toMatch(/^afterword_due_lag_seconds 0$/m);
    expect(await shop.dispatches("after")).toEqual([202, 202]);
    // What was refused is sent again by its sender.
    expect(await shop.dispatches("during")).toEqual([202, 202]);
    const mails = await installation.sink.waitFor(3, 30_000);
    expect(mails.map((mail) => mail.envelope.to[0])).toEqual(expect.arrayContaining(["after@buyer.example", "during@buyer.example"]));
    expect(running.map(({ child }) => child.exitCode)).toEqual([null, null]);
  }, 120_000);
});

// A Redis that was given from outside is not ours to kill.
const { redis } = inject("services");

describe.skipIf(redis.kind !== "program")("while Redis is away", () => {
  test("webhooks are stored all the same, /readyz names the queue, and an empty Redis that comes back is enough to go on", async () => {
    const path = redis.kind === "program" ? redis.path : "";
    const server = await startRedis({ path });
    const installation = await openInstallation({ redisUrl: server.url });
    const [web, worker] = await Promise.all([installation.start("web"), installation.start("worker")]);
    running = [web, worker];
    const shop = await openShop(web);

    await server.kill();
    await until(async () => (await readiness(web)).status === 503, "the web process says that it is not ready");
    expect((await readiness(web)).checks).toMatchObject({ database: { ok: true }, migrations: { ok: true }, queue: { ok: false } });
    expect(await shop.dispatches("during")).toEqual([202, 202]);

    const back = await startRedis({ path, port: server.port });
    const [mail] = await installation.sink.waitFor(1, 30_000);
    expect(mail?.envelope.to).toEqual(["during@buyer.example"]);
    for (const process of running) await until(async () => (await readiness(process)).status === 200, "a process is ready again");
    await Promise.all(running.map((process) => process.kill()));
    await back.stop();
  }, 120_000);
});

describe("while the SMTP server is away", () => {
  test("mail waits and no attempt is counted", async () => {
    const installation = await openInstallation();
    installation.sink.setBehaviour({ greeting: { say: "421 4.3.2 down for maintenance" } });
    const [web, worker] = await Promise.all([installation.start("web"), installation.start("worker")]);
    running = [web, worker];
    const shop = await openShop(web);
    await shop.dispatches("waiting");
    await until(() => worker.log.some((line) => line.includes("the SMTP server can't be used; mail waits")), "the worker says so");
    await until(async () => (await installation.notices())[0]?.state === "planned", "the mail is planned again");
    const [notice] = await installation.notices();
    expect(notice).toMatchObject({ state: "planned", attempts: 0 });
    expect(notice?.dueAt).toBeGreaterThan(Date.now());
    // The way out is not part of being ready: no restart mends another's server.
    expect((await readiness(worker)).status).toBe(200);
  }, 90_000);
});
