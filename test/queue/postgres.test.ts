import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Backend, migrateQueue } from "../../src/queue/queue.ts";
import { freshDatabase } from "../support/services.ts";
import { job, setUp, worksOn } from "./set-up.ts";
import { until } from "./until.ts";

describe("The queue in PostgreSQL", () => {
  test("takes an address with options of its own", async () => {
    const { url } = await freshDatabase();
    await migrateQueue({ kind: "postgres", url });
    const withOptions = new URL(url);
    withOptions.searchParams.set("options", "-c work_mem=8MB");
    await worksOn({ kind: "postgres", url: withOptions.href });
  });

  test("waits to be made in a database, and several processes may make it at once", async () => {
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

  test("keeps no events, whatever BullMQ's own trimming misses", async () => {
    const { url } = await freshDatabase();
    const backend: Backend = { kind: "postgres", url };
    await migrateQueue(backend);
    const { process, prefix } = setUp(backend);
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query("insert into bullmq.event (queue, event, created_at_ms) select $1, 'added', 0 from generate_series(1, 3000)", [
      `${prefix}-greet`,
    ]);
    const queue = await process();
    await queue.work([job("greet", async () => undefined)]);
    const events = async () => Number((await client.query("select count(*) from bullmq.event")).rows[0]?.count);
    await until(async () => (await events()) < 100, "they are gone", 12_000);
  });

  test("lets a process hold two connections at the least", async () => {
    const { url } = await freshDatabase();
    await migrateQueue({ kind: "postgres", url });
    await worksOn({ kind: "postgres", url, connections: 1 });
  });
});
