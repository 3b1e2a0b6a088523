import { afterEach, describe, expect, test } from "vitest";
import { until } from "../queue/until.ts";
import type { ServiceProcess } from "../support/process.ts";
import { describeWithRedis, freshRedis } from "../support/services.ts";
import { type Installation, metric, openInstallation, openShop, readiness } from "./support/installation.ts";

let running: ServiceProcess[] = [];

async function start(installation: Installation, role: "web" | "worker"): Promise<ServiceProcess> {
  const process = await installation.start(role);
  running.push(process);
  return process;
}

async function sentNotices(installation: Installation): Promise<number> {
  return (await installation.notices()).filter(({ state }) => state === "sent").length;
}

afterEach(async () => {
  await Promise.all(running.map((process) => process.kill()));
  running = [];
});

describe("with the queue in PostgreSQL", () => rolesAreSplit(async () => ({})));
describeWithRedis("with the queue in Redis", () => rolesAreSplit(async () => ({ redisUrl: (await freshRedis()).url })));

function rolesAreSplit(backend: () => Promise<{ redisUrl?: string }>): void {
  test("a webhook that a web process takes becomes a mail that a worker sends, once, and the web process takes in and sends nothing itself", async () => {
    const installation = await openInstallation(await backend());
    const [web, ...workers] = await Promise.all([start(installation, "web"), start(installation, "worker"), start(installation, "worker")]);
    const shop = await openShop(web);
    const names = Array.from({ length: 8 }, (_, index) => `buyer${index}`);
    for (const name of names) expect(await shop.dispatches(name)).toEqual([202, 202]);

    const mails = await installation.sink.waitFor(names.length);
    await until(async () => (await sentNotices(installation)) === names.length, "every mail is written down as sent");
    expect(mails.map((mail) => mail.envelope.to[0]).sort()).toEqual(names.map((name) => `${name}@buyer.example`).sort());

    const sum = async (processes: readonly ServiceProcess[], name: string) =>
      (await Promise.all(processes.map((process) => metric(process, name)))).reduce((a, b) => a + b, 0);
    expect(await sum([web], "afterword_webhooks_total")).toBe(2 * names.length);
    expect(await sum([web], "afterword_deliveries_taken_total")).toBe(0);
    expect(await sum([web], "afterword_sent_total")).toBe(0);
    expect(await sum(workers, "afterword_deliveries_taken_total")).toBe(2 * names.length);
    expect(await sum(workers, "afterword_sent_total")).toBe(names.length);
  }, 90_000);

  test("SIGTERM lets what a slow server is being told end well, gives the rest to others at once, and exits 0 with nothing left in doubt", async () => {
    const installation = await openInstallation({ ...(await backend()), connections: 3 });
    const gate = Promise.withResolvers<void>();
    installation.sink.setBehaviour({ dot: { hold: gate.promise } });
    const web = await start(installation, "web");
    const first = await start(installation, "worker");
    const shop = await openShop(web);
    const names = Array.from({ length: 10 }, (_, index) => `buyer${index}`);
    for (const name of names) await shop.dispatches(name);
    await until(() => installation.sink.count("dot") === 3, "three mails stand before their last answer");

    const stopped = first.stop();
    await until(() => first.log.some((line) => line.includes('"msg":"stopping"')), "the worker stops");
    gate.resolve();
    expect(await stopped).toBe(0);
    const notices = await installation.notices();
    expect(notices).toHaveLength(names.length);
    expect(notices.filter(({ state }) => state === "sent")).toHaveLength(3);
    // What the queue was handed already stays `queued` for the next worker; nothing is in the middle of anything, nothing was put off.
    expect(notices.filter(({ state, dueAt }) => !["sent", "planned", "queued"].includes(state) || dueAt > Date.now())).toEqual([]);
    expect(first.log.filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([]);

    installation.sink.setBehaviour(null);
    await start(installation, "worker");
    await installation.sink.waitFor(names.length);
    await until(async () => (await sentNotices(installation)) === names.length, "the next worker sends the rest");
    expect(new Set(installation.sink.mails().map((mail) => mail.envelope.to[0])).size).toBe(names.length);
    expect(installation.sink.mails()).toHaveLength(names.length);
  }, 90_000);
}

describe("a worker", () => {
  test("answers monitors and nobody else", async () => {
    const installation = await openInstallation();
    const worker = await start(installation, "worker");
    const statuses = await Promise.all(
      ["/healthz", "/readyz", "/metrics", "/", "/mailbox", "/api/v1/shops", "/api/docs"].map(async (path) => [
        path,
        (await fetch(worker.url + path)).status,
      ]),
    );
    expect(Object.fromEntries(statuses)).toEqual({
      "/healthz": 200,
      "/readyz": 200,
      "/metrics": 200,
      "/": 404,
      "/mailbox": 404,
      "/api/v1/shops": 404,
      "/api/docs": 404,
    });
    expect((await fetch(`${worker.url}/hooks/0198c0de-0000-7000-8000-000000000000`, { method: "POST", body: "{}" })).status).toBe(404);
    expect(await readiness(worker)).toMatchObject({
      status: 200,
      checks: { database: { ok: true }, migrations: { ok: true }, queue: { ok: true } },
    });
  });

  test("that a server never answers again admits the doubt, and still exits 0 within 30 s", async () => {
    const installation = await openInstallation({ connections: 2 });
    installation.sink.setBehaviour({ dot: { silent: true } });
    const web = await start(installation, "web");
    const worker = await start(installation, "worker");
    const shop = await openShop(web);
    await shop.dispatches("buyer1");
    await until(() => installation.sink.count("dot") === 1, "a mail stands before its last answer");
    const before = performance.now();
    expect(await worker.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(30_000);
    // Order mail in doubt waits to go out once more, under the same Message-ID (REL-02).
    const [notice] = await installation.notices();
    expect(notice?.state).toBe("planned");
    expect(notice?.dueAt).toBeGreaterThan(Date.now() + 10 * 60_000);
  }, 90_000);
});
