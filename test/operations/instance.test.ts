import { randomBytes } from "node:crypto";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openInstance } from "../../src/instance.ts";
import { fileMark } from "../../src/instance-mark.ts";
import { redisMark } from "../../src/queue/redis-mark.ts";
import { openDatabase } from "../../src/store/database.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { temporaryFolder } from "../support/process.ts";
import { connectShop, type Json, type Service, standardOrder, startService } from "../support/service.ts";
import { describeWithRedis, freshDatabase, freshRedis } from "../support/services.ts";

const publicUrl = "https://mail.lantern.example";
const due = "2026-01-19T10:00:00Z";

/** A service that has sent one mail, and has another one planned for `due`. */
async function inService(env: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const settings = { PUBLIC_URL: publicUrl, DATA_DIR: folder, ...env };
  const service = await startService({ start: "2026-01-19T08:00:00Z", env: settings });
  const shop = await connectShop(service);
  await ordered(shop, "1", "2026-01-19T07:30:00Z", "2026-01-19T08:00:00Z");
  expect(await service.moveTo("2026-01-19T08:30:00Z")).toBe(1);
  return { service, shop, settings };
}

async function ordered(shop: Awaited<ReturnType<typeof connectShop>>, number: string, at: string, now = at): Promise<void> {
  const order = standardOrder({ id: `o-${number}`, number, buyer: { email: `b${number}@buyer.example`, name: "Bo" } });
  expect(await shop.event("order.placed", at, { order }, now)).toBe(202);
  const shipment = { id: `s-${number}`, carrier: "EMS", dispatchedAt: at };
  expect(await shop.event("shipment.dispatched", at, { order: { id: `o-${number}` }, shipment }, now)).toBe(202);
}

async function notices(service: Service): Promise<readonly string[]> {
  const { messages } = await service.ok("GET", "/messages");
  return messages.filter((one: Json) => one.step === "dispatch-notice").map((one: Json) => [one.state, one.reason ?? ""].join(" ").trim());
}

async function sending(service: Service): Promise<{ readonly status: number; readonly check: Json }> {
  const response = await fetch(`${service.url}/readyz`);
  return { status: response.status, check: ((await response.json()) as Json).checks.sending };
}

/** The server's databases as an operator handles them: copied, put in place of another. */
async function onServer(databaseUrl: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(databaseUrl), { pathname: "/postgres" }).href });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

const nameOf = (url: string) => new URL(url).pathname.slice(1);
async function copyOf(databaseUrl: string): Promise<string> {
  const name = `${nameOf(databaseUrl)}_copy_${randomBytes(3).toString("hex")}`;
  await onServer(databaseUrl, `create database ${name} template ${nameOf(databaseUrl)}`);
  return Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href;
}

describe("a copy of a database sends nothing until an operator takes it over", () => {
  let original: Awaited<ReturnType<typeof inService>>;
  let waiting: number;

  beforeAll(async () => {
    original = await inService();
    await ordered(original.shop, "2", "2026-01-19T08:30:00Z");
    await original.service.moveTo("2026-01-19T08:30:00Z");
    waiting = (await original.service.ok("GET", "/messages?state=planned")).messages.length;
    expect(waiting).toBeGreaterThan(0);
    await original.service.stop();
  });

  test.each([
    ["its address and PUBLIC_URL", { PUBLIC_URL: "https://staging.lantern.example" }, /PUBLIC_URL was https:\/\/mail\.lantern\.example/],
    ["its address and SECRET_KEY", { SECRET_KEY: "another secret key for a copy..." }, /SECRET_KEY is another/],
  ])("known by %s", async (_name, change, why) => {
    const copy = await startService({
      databaseUrl: await copyOf(original.service.databaseUrl),
      env: { ...original.settings, DATA_DIR: await temporaryFolder(), ...change },
    });
    expect(await copy.moveTo("2026-03-20T00:00:00Z")).toBe(0);
    expect(copy.sink.mails()).toEqual([]);

    const { status, check } = await sending(copy);
    expect([status, check.ok]).toEqual([200, false]);
    expect(check.detail).toMatch(why);
    expect(await (await fetch(`${copy.url}/metrics`)).text()).toMatch(/^afterword_sending_held 1$/m);
    expect(copy.logged.some((line) => line.startsWith("error sending is held"))).toBe(true);
    const { messages } = await copy.ok("GET", "/messages?state=held");
    expect(messages.length).toBeGreaterThanOrEqual(waiting);
    expect([...new Set(messages.map((one: Json) => one.reason))]).toEqual(["instance-held"]);
    expect((await copy.ok("GET", "/messages?state=planned")).messages).toEqual([]);
    expect((await copy.ok("GET", "/instance")).sending).toBe("held");

    expect((await copy.ok("POST", "/instance/take-over")).sending).toBe("on");
    expect((await sending(copy)).check.ok).toBe(true);
    expect(copy.logged.some((line) => line.includes("an operator took this installation over"))).toBe(true);
    expect((await copy.ok("GET", "/messages?state=held")).messages).toEqual([]);
  });

  test("and the original goes on as if there were no copy", async () => {
    const again = await startService({ databaseUrl: original.service.databaseUrl, env: original.settings });
    expect((await sending(again)).check.ok).toBe(true);
    expect(await again.moveTo("2026-02-20T00:00:00Z")).toBeGreaterThan(0);
  });
});

describe("a database that was put back to an earlier state sends nothing until an operator takes it over", () => {
  restored("with the counter in DATA_DIR", async () => ({}));

  test("also when it is put back under a service that runs", async () => {
    const { service, shop } = await inService();
    const client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    await client.query("update instance set counter = counter - 1");
    await ordered(shop, "2", "2026-01-19T08:30:00Z");
    await client.end();
    expect(await service.moveTo(due)).toBe(0);
    expect((await notices(service)).toSorted()).toEqual(["held instance-held", "sent"]);
    await service.ok("POST", "/instance/take-over");
    expect(await service.moveTo(due)).toBe(1);
  });
});

function restored(name: string, env: () => Promise<Record<string, string>>): void {
  test(name, async () => {
    const { service, settings } = await inService(await env());
    await service.stop();
    const dump = await copyOf(service.databaseUrl);

    const going = await startService({ databaseUrl: service.databaseUrl, env: settings });
    expect((await sending(going)).check.ok).toBe(true);
    await ordered(await connectShop(going), "2", "2026-01-19T08:30:00Z");
    expect(await going.moveTo(due)).toBe(1);
    await going.stop();

    const place = nameOf(service.databaseUrl);
    await onServer(dump, `drop database ${place}`, `alter database ${nameOf(dump)} rename to ${place}`);
    const back = await startService({ databaseUrl: service.databaseUrl, env: settings });
    expect(await back.moveTo("2026-03-20T00:00:00Z")).toBe(0);
    const { status, check } = await sending(back);
    expect([status, check.ok]).toEqual([200, false]);
    expect(check.detail).toMatch(/put back to an earlier state/);
    await back.stop();

    // Nor does another start forget it, nor one on a machine that never saw the counter.
    const elsewhere = await startService({ databaseUrl: service.databaseUrl, env: { ...settings, DATA_DIR: await temporaryFolder() } });
    expect((await sending(elsewhere)).check.ok).toBe(false);
    await elsewhere.ok("POST", "/instance/take-over");
    await elsewhere.stop();
    const taken = await startService({ databaseUrl: service.databaseUrl, env: settings });
    expect((await sending(taken)).check.ok).toBe(true);
  });
}

test("the counter is kept in the file for the ids of the last take-overs, and half a file says nothing", async () => {
  const folder = await temporaryFolder();
  const mark = fileMark(folder);
  expect(await mark.read("a")).toBe(null);
  await Promise.all([mark.write("a", 1), mark.write("b", 5), mark.write("a", 2)]);
  expect(await Promise.all([fileMark(folder).read("a"), fileMark(folder).read("b")])).toEqual([2, 5]);
});

describeWithRedis("the counter's mark in Redis", () => {
  test("is kept for each id, and can't be told while Redis is away", async () => {
    const server = await freshRedis();
    const mark = redisMark([server.url]);
    atEndOfFile(() => mark.close());
    expect(await mark.read("a")).toBe(null);
    await mark.write("a", 7);
    expect(await redisReads(server.url, "a")).toBe(7);
    const nowhere = redisMark(["redis://127.0.0.1:1"]);
    atEndOfFile(() => nowhere.close());
    await expect(nowhere.read("a")).rejects.toThrow("does not answer");
  });
});

async function redisReads(url: string, id: string): Promise<number | null> {
  const other = redisMark([url]);
  const seen = await other.read(id);
  await other.close();
  return seen;
}

test("several processes, other ports and settings of the connection are the same installation; the first to start makes an unclaimed database its own", async () => {
  const { url } = await freshDatabase();
  const env = { PUBLIC_URL: publicUrl, DATA_DIR: await temporaryFolder() };
  const otherwise = Object.assign(new URL(url), { search: "?application_name=worker" }).href;
  const [one, two] = await Promise.all([startService({ databaseUrl: url, env }), startService({ databaseUrl: otherwise, env })]);
  const standing = await Promise.all([one, two].map(async (service) => (await service.ok("GET", "/instance")).id));
  expect(new Set(standing).size).toBe(1);
  expect((await sending(one)).check.ok && (await sending(two)).check.ok).toBe(true);
});

test("counting on from several sides at once is never taken for going back", async () => {
  const { url } = await freshDatabase();
  const [one, two] = [openDatabase({ url, connections: 4 }), openDatabase({ url, connections: 4 })];
  atEndOfFile(async () => void (await Promise.all([one.destroy(), two.destroy()])));
  const folder = await temporaryFolder();
  const logged: string[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_: object, said: string) => void logged.push(said),
    error: (_: object, said: string) => void logged.push(said),
  };
  const identity = { keyHash: "a", database: "b", publicUrl: null };
  const processes = [one, two].map((db) => openInstance({ db, identity, mark: fileMark(folder), now: () => systemClock.now(), log }));
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const process = processes[n % 2];
      expect(await process?.maySend()).toBe(true);
      await process?.advance();
    }),
  );
  expect(logged).toEqual([]);
  expect((await processes[0]?.standing())?.kind).toBe("ours");
});
