import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import { check } from "../checker.ts";
import { type OwnPostgres, startOwnPostgres } from "../own-postgres.ts";
import type { Scenario } from "../scenario.ts";
import { openStand, type Stand } from "../stand.ts";
import { keepTelling, type Sender } from "./through.ts";

const recoveryMs = 60_000;

interface Blow {
  readonly name: string;
  readonly short?: true;
  /** Somebody must hear 503 (or nothing) while it lasts. */
  readonly heard?: true;
  befall(server: OwnPostgres, awayMs: number): Promise<void>;
}

const blows: readonly Blow[] = [
  { name: "stopped on the spot and started", short: true, befall: ({ crash }) => crash() },
  {
    name: "away",
    short: true,
    heard: true,
    async befall({ stop, start }, awayMs) {
      await stop();
      await pause(awayMs);
      await start();
    },
  },
  { name: "out of connections", heard: true, befall: ({ url }) => hog(url, 8_000) },
  { name: "its ledger locked", befall: ({ url }) => locked(url, "messages", 10_000) },
  { name: "its deliveries locked", heard: true, befall: ({ url }) => locked(url, "deliveries", 8_000) },
  { name: "in conflict at one write of ten", befall: ({ ask }) => conflicts(ask, 15_000) },
];

/** While PostgreSQL can't store, webhooks are answered 503; whatever was answered 202 is there, and mail goes on by itself. */
export const lostPostgres: Scenario = {
  fault: "F5",
  title: "PostgreSQL refuses: 503, and nothing lost that was answered 202",
  full: "stopped on the spot, 60 s away, out of connections, ledger or deliveries locked, serialization failures; under steady work",
  short: "stopped on the spot, 1 s away; under steady work",
  async run({ quick, backend }) {
    const server = await startOwnPostgres();
    if (typeof server === "string") return server;
    const stand = await openStand({ ...backend, databaseUrl: server.url, ...(quick ? { steps: ["care"] as const } : {}), rate: 40 });
    await stand.start("worker");
    if (!quick) await stand.start("worker");
    const sender = keepTelling(stand, 300);
    let longest = 0;
    const chosen = blows.filter(({ short }) => !quick || short);
    for (const { name, heard, befall } of chosen) {
      await pause(1_500);
      const before = sender.refused;
      await befall(server, quick ? 1_000 : 60_000);
      longest = Math.max(longest, await recovery(stand, sender, name));
      if (heard) expect(sender.refused, `somebody heard 503 while PostgreSQL was ${name}`).toBeGreaterThan(before);
    }
    await sender.stop();
    await stand.settled(60_000, 240_000);
    const found = await check(stand, { told: sender.told, orders: sender.orders });
    await stand.end();
    return { ...found, blows: chosen.length, refused: sender.refused, "ms to recover at most": Math.round(longest) };
  },
};

/** A disk without room for another byte: nothing is stored, and nothing said to be. With room again, PostgreSQL goes on where it was. */
export const fullDisk: Scenario = {
  fault: "F5",
  title: "the disk of PostgreSQL is full: 503, and nothing lost that was answered 202",
  full: "twice, for 15 s each, on a disk of 256 MiB",
  async run({ backend }) {
    const server = await startOwnPostgres({ diskBytes: 256 * 1024 * 1024 });
    if (typeof server === "string") return server;
    const stand = await openStand({ ...backend, databaseUrl: server.url, rate: 40 });
    await stand.start("worker");
    const sender = keepTelling(stand, 100);
    let longest = 0;
    for (let time = 0; time < 2; time += 1) {
      await pause(2_000);
      const before = sender.refused;
      const makeRoom = await server.fill();
      await until(() => sender.refused > before, "somebody heard 503 while the disk was full", 60_000);
      await pause(15_000);
      await makeRoom();
      await server.start();
      longest = Math.max(longest, await recovery(stand, sender, "full"));
    }
    await sender.stop();
    await stand.settled(60_000, 240_000);
    const found = await check(stand, { told: sender.told, orders: sender.orders });
    await stand.end();
    return { ...found, refused: sender.refused, "ms to recover at most": Math.round(longest) };
  },
};

/** How long it takes, in milliseconds, until mail about something new goes out. */
async function recovery(stand: Stand, sender: Sender, name: string): Promise<number> {
  const back = performance.now();
  const address = stand.shops.addressOf(await sender.tellOne());
  const gone = () => stand.sink.mails().some(({ envelope }) => envelope.to[0] === address);
  await until(gone, `mail goes on after PostgreSQL was ${name}`, recoveryMs);
  return performance.now() - back;
}

/** Takes every connection the server has to give, those of the service's included. */
async function hog(url: string, ms: number): Promise<void> {
  const held: pg.Client[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    const got = await client.connect().then(
      () => true,
      () => false,
    );
    if (got) {
      held.push(client);
      await client.query("set application_name = 'hog'");
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname is not null and application_name <> 'hog'");
    } else await pause(50);
  }
  await Promise.all(held.map((client) => client.end()));
}

/** Holds a lock on a table that nobody gets past. */
async function locked(url: string, table: string, ms: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query(`lock table ${table} in access exclusive mode`);
  await pause(ms);
  await client.query("rollback");
  await client.end();
}

const written = ["deliveries", "delivery_keys", "orders", "messages", "attempts"] as const;

/** Lets one statement in ten that writes fail as if others had been in its way (40001). */
async function conflicts(ask: OwnPostgres["ask"], ms: number): Promise<void> {
  await ask(`create function in_the_way() returns trigger language plpgsql as
    $$begin if random() < 0.1 then raise exception 'could not serialize access' using errcode = '40001'; end if; return null; end$$`);
  for (const table of written)
    await ask(`create trigger in_the_way before insert or update on ${table} for each statement execute function in_the_way()`);
  await pause(ms);
  await ask("drop function in_the_way cascade");
}
