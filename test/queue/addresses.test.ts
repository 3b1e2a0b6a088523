import { Redis } from "ioredis";
import { Client } from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { type Backend, migrateQueue } from "../../src/queue/queue.ts";
import { freshDatabase } from "../support/services.ts";
import { type Server, serverKinds } from "./servers.ts";
import { job, setUp } from "./set-up.ts";
import { until } from "./until.ts";

async function worksOn(backend: Backend): Promise<void> {
  const { process } = setUp(backend);
  const queue = await process();
  const seen: unknown[] = [];
  await queue.work([job("greet", async (payload) => void seen.push(payload))]);
  expect(await queue.check()).toEqual({ ok: true });
  expect(await queue.wake("greet", "hello")).toBe(true);
  await until(() => seen.length === 1, "it has run");
}

const redis = serverKinds.find(({ name }) => name === "Redis");

describe.skipIf(redis?.missing !== null)(`A Redis address${redis?.missing === null ? "" : ` [SKIPPED: ${redis?.missing}]`}`, () => {
  let server: Server;
  beforeAll(async () => {
    if (redis === undefined) throw new Error("no such kind of server");
    server = await redis.start();
    return () => server.remove();
  });

  test("may carry a user, a password with any characters, and a database's number", async () => {
    const { hostname, port } = new URL(server.backend.kind === "redis" ? (server.backend.urls[0] ?? "") : "");
    const admin = new Redis({ host: hostname, port: Number(port) });
    await admin.acl("SETUSER", "mailer", "on", ">p@ss:w/rd#1", "~*", "&*", "+@all");
    await admin.acl("SETUSER", "default", "off");

    await worksOn({ kind: "redis", urls: [`redis://mailer:${encodeURIComponent("p@ss:w/rd#1")}@${hostname}:${port}/3`] });

    expect(await admin.dbsize()).toBe(0);
    await admin.select(3);
    expect(await admin.dbsize()).toBeGreaterThan(0);
    await admin.acl("SETUSER", "default", "on");
    await admin.quit();
  });

  test("with a wrong password leaves the queue closed, and says why without quoting it", async () => {
    const { hostname, port } = new URL(server.backend.kind === "redis" ? (server.backend.urls[0] ?? "") : "");
    const { process, lines } = setUp({ kind: "redis", urls: [`redis://mailer:sesame@${hostname}:${port}`] });
    const queue = await process();
    expect(await queue.wake("greet")).toBe(false);
    expect(await queue.check()).toMatchObject({ ok: false });
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain("WRONGPASS");
    expect(JSON.stringify(lines)).not.toContain("sesame");
  });
});

test.each(["mailer:sesame@redis", "http://mailer:sesame@redis", "redis://mailer:sesame@redis/three"])(
  "an address that is none is refused without quoting its password: %s",
  async (url) => {
    const { process } = setUp({ kind: "redis", urls: [url] });
    await expect(process()).rejects.toThrow(/REDIS_URL/);
    await expect(process()).rejects.not.toThrow(/sesame/);
  },
);

describe("A PostgreSQL address", () => {
  test("may carry options of its own", async () => {
    const { url } = await freshDatabase();
    await migrateQueue({ kind: "postgres", url });
    const withOptions = new URL(url);
    withOptions.searchParams.set("options", "-c work_mem=8MB");
    await worksOn({ kind: "postgres", url: withOptions.href });
  });

  test("of a database the queue was not made in is waited for, and several processes may make it at once", async () => {
    const { url } = await freshDatabase();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("drop schema if exists bullmq cascade");
    await client.end();
    const backend: Backend = { kind: "postgres", url };
    const { process, lines } = setUp(backend);
    const queue = await process();
    const seen: unknown[] = [];
    await queue.work([job("greet", async (payload) => void seen.push(payload))]);
    expect(await queue.check()).toMatchObject({ ok: false });
    expect(JSON.stringify(lines)).toContain("not initialized");

    await Promise.all([migrateQueue(backend), migrateQueue(backend)]);
    await migrateQueue(backend);
    await until(() => queue.wake("greet", "hello"), "it can be handed work");
    await until(() => seen.length > 0, "it works");
  });

  test("lets a process hold two connections at the least", async () => {
    const { url } = await freshDatabase();
    await migrateQueue({ kind: "postgres", url });
    await worksOn({ kind: "postgres", url, connections: 1 });
  });
});
