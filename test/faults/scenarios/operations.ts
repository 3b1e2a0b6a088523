import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { expect } from "vitest";
import { check, header } from "../checker.ts";
import { run } from "../run-program.ts";
import type { Scenario } from "../scenario.ts";
import { openStand } from "../stand.ts";

/** What a version may add to a full ledger while others work on it: columns, checks, indexes. Not `concurrently`: as our migrations do it. */
const nextVersion = [
  "alter table messages add column next_version text",
  "alter table orders add column next_version text check (length(next_version) < 10)",
  "create index next_version_due on messages (shop_id, due_at) where state = 'planned' and next_version is null",
  "alter table attempts add column next_version integer not null default 0",
];

/** A rolling deployment in the middle of sending: a migration and `migrate` while all run, new workers beside old ones, old ones told to stop. */
export const rollingDeploy: Scenario = {
  fault: "F13",
  title: "a migration while mail goes out, new workers beside old ones, old ones told to stop",
  full: "4 times over 600 messages",
  async run({ backend }) {
    const orders = 300;
    const stand = await openStand({ ...backend, rate: 20 });
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 300)).flat());
    let worker = await stand.start("worker");
    for (const change of nextVersion) {
      await pause(1_500);
      await onDatabase(stand.databaseUrl, (client) => client.query(change));
      const next = await stand.start("worker");
      expect(await migrates(stand.databaseUrl)).toBe(0);
      expect(await worker.stop(), "SIGTERM ends it in good order").toBe(0);
      worker = next;
    }
    await stand.settled();
    await stand.end();
    return check(stand, { told, orders, doubtAllowed: false });
  },
};

async function migrates(databaseUrl: string): Promise<number | null> {
  const launcher = join(import.meta.dirname, "../../../bin/afterword.mjs");
  const { code } = await run(process.execPath, [launcher, "migrate"], {
    PATH: process.env["PATH"],
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "a secret key for tests, 32 long..",
    REDIS_URL: "redis://127.0.0.1:1",
  });
  return code;
}

/** A dump of a moment ago put in place: nothing goes out until the operator has cancelled what the server has, and taken over. */
export const restoredDump: Scenario = {
  fault: "F13",
  title: "an older dump restored: held until take-over, and nothing that the server has is sent again",
  full: "40 messages, some of them sent since the dump",
  async run({ backend }) {
    const orders = 40;
    const stand = await openStand({ ...backend, steps: ["care"], rate: 10 });
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 500)).flat());
    const worker = await stand.start("worker");
    await stand.sink.waitFor(5);
    await worker.stop();
    const dump = await snapshot(stand.databaseUrl);
    const going = await stand.start("worker");
    await stand.sink.waitFor(20);
    await going.stop();
    const before = stand.sink.mails().length;
    await restore(stand.databaseUrl, dump);

    const back = await stand.start("worker");
    await pause(3_000);
    expect(stand.sink.mails().length, "nothing is sent while it is held").toBe(before);
    const ready = await fetch(`${back.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toContain("put back to an earlier state");
    // As docs/operating.md says: cancel what the server's log has, then take over.
    const there = new Set(stand.sink.mails().map((mail) => header(mail, "message-id")));
    const waiting: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await stand.api.ok("GET", `/messages?state=held&limit=200${cursor}`);
      waiting.push(...page.messages.map((one: { id: string }) => one.id));
      if (page.next === undefined) break;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
    for (const id of waiting) {
      const { headers } = await stand.api.ok("GET", `/messages/${id}/preview`);
      if (there.has(headers["Message-ID"])) await stand.api.ok("POST", `/messages/${id}/cancel`, {});
    }
    expect((await stand.api.ok("POST", "/instance/take-over", {})).sending).toBe("on");
    await stand.settled();
    await stand.end();
    const ids = stand.sink.mails().map((mail) => header(mail, "message-id"));
    expect(new Set(ids).size, "nothing was sent twice").toBe(ids.length);
    expect(ids.length, "everything was sent").toBe(orders);
    expect(told.every(({ status }) => status === 202)).toBe(true);
    return { messages: orders, "sent before the dump was put back": before };
  },
};

/** A copy of the database as it is. Nobody may be connected while it is made, so connections are ended. */
async function snapshot(databaseUrl: string): Promise<string> {
  const name = `${nameOf(databaseUrl)}_dump`;
  await onServer(databaseUrl, async (client) => {
    await alone(client, nameOf(databaseUrl), () => client.query(`create database ${name} template ${nameOf(databaseUrl)}`));
  });
  return name;
}

async function restore(databaseUrl: string, dump: string): Promise<void> {
  await onServer(databaseUrl, async (client) => {
    await client.query(`drop database ${nameOf(databaseUrl)} with (force)`);
    await client.query(`alter database ${dump} rename to ${nameOf(databaseUrl)}`);
  });
}

async function alone(client: pg.Client, name: string, work: () => Promise<unknown>): Promise<void> {
  await client.query(`alter database ${name} allow_connections false`);
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await pause(200);
  await work();
  await client.query(`alter database ${name} allow_connections true`);
}

async function onServer(databaseUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  await onDatabase(Object.assign(new URL(databaseUrl), { pathname: "/postgres" }).href, work);
}

async function onDatabase(databaseUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await work(client);
  await client.end();
}

const nameOf = (url: string) => new URL(url).pathname.slice(1);
