import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import type { Told } from "../shops.ts";
import { leaseMs, openStand, type Stand, sweepMs } from "../stand.ts";

/** Tells of orders in portions while `trouble` goes on, each event until it is answered as a sender would. */
async function through(
  stand: Stand,
  { orders, gapMs }: { readonly orders: number; readonly gapMs: number },
): Promise<{ readonly told: Told[]; readonly refused: number }> {
  const told: Told[] = [];
  let refused = 0;
  for (let n = 0; n < orders; n += 1) {
    for (const event of stand.shops.events(n, Date.now() + 300)) {
      for (;;) {
        const one = await stand.shops.tell(event);
        told.push(one);
        if (one.status === 202 || one.status === 200) break;
        expect(one.status, "a webhook that can't be kept is answered 503").toBe(503);
        refused += 1;
        await pause(250);
      }
    }
    await pause(gapMs);
  }
  return { told, refused };
}

/** Redis emptied, killed, gone for a while, and full: it holds nothing that PostgreSQL does not. */
export const lostRedis: Scenario = {
  fault: "F4",
  title: "Redis emptied, killed, away and full",
  quick: true,
  on: "redis",
  async run({ quick, backend, redis }) {
    if (redis === null) throw new Error("it needs a Redis");
    const orders = quick ? 20 : 300;
    const awayMs = quick ? 2_000 : 60_000;
    const stand = await openStand({ ...backend, rate: 40 });
    await stand.start("worker");
    await stand.start("worker");
    const telling = through(stand, { orders, gapMs: quick ? 200 : 400 });
    await pause(1_000);
    await redis.flush();
    await pause(1_500);
    await redis.kill();
    await pause(awayMs);
    await redis.restart();
    await pause(1_500);
    await redis.command("config", "set", "maxmemory", "1mb");
    await pause(awayMs / 2);
    await redis.command("config", "set", "maxmemory", "0");
    await redis.flush();
    const { told, refused } = await telling;
    const before = performance.now();
    // Ticking is asserted anew every 5 s: two sweeps, and what is due then.
    await stand.settled(60_000, 2 * 5_000 + 5 * sweepMs + 10_000);
    const seconds = (performance.now() - before) / 1_000;
    await stand.end();
    expect(refused, "webhooks are stored all the same").toBe(0);
    expect(seconds).toBeLessThan(25);
    return check(stand, { told, orders, doubtAllowed: false });
  },
};

/** PostgreSQL stopped on the spot, away for a while, out of connections, and locked. */
export const lostPostgres: Scenario = {
  fault: "F5",
  title: "PostgreSQL stopped on the spot, away, out of connections, locked",
  quick: true,
  async run({ quick, backend }) {
    const orders = quick ? 14 : 240;
    const awayMs = quick ? 1_500 : 60_000;
    const stand = await openStand({ ...backend, ...(quick ? { steps: ["care"] as const } : {}), rate: 40 });
    await stand.start("worker");
    await stand.start("worker");
    const telling = through(stand, { orders, gapMs: quick ? 250 : 400 });
    await pause(1_000);
    await stand.wires.postgres.cut();
    await pause(awayMs);
    await stand.wires.postgres.open();
    await pause(2_000);
    await endBackends(stand.databaseUrl);
    await pause(1_000);
    await locked(stand.databaseUrl, quick ? 1_000 : 10_000);
    const { told, refused } = await telling;
    await stand.settled(60_000, 180_000);
    await stand.end();
    expect(refused, "somebody heard 503").toBeGreaterThan(0);
    return check(stand, { told, orders });
  },
};

/** Ends every connection of the service's at the server, in the middle of whatever it does. */
async function endBackends(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (let time = 0; time < 3; time += 1) {
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await pause(200);
  }
  await client.end();
}

/** Holds a lock that nobody gets past on the ledger. */
async function locked(url: string, ms: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query("lock table messages in access exclusive mode");
  await pause(ms);
  await client.query("rollback");
  await client.end();
}

/** The network between a worker and its servers parted: bytes vanish without a word, one way or both, or all stands still. */
export const partedNetwork: Scenario = {
  fault: "F7",
  title: "network parted between worker and PostgreSQL, worker and SMTP server, one way and both",
  quick: false,
  async run({ chance, backend }) {
    const orders = 60;
    const stand = await openStand({ ...backend, rate: 25 });
    await stand.start("worker");
    const telling = through(stand, { orders, gapMs: 600 });
    for (const [wire, weather] of [
      ["smtp", "stalled"],
      ["smtp", "lost-down"],
      ["postgres", "stalled"],
      ["smtp", "lost-up"],
      ["postgres", "lost-down"],
    ] as const) {
      await pause(1_000);
      stand.wires[wire].set(weather);
      await pause(chance.between(5_000, 8_000));
      stand.wires[wire].set("fine");
      // What was lost on the way is never answered: such a connection is dead.
      if (weather !== "stalled") await reopened(stand, wire);
    }
    const { told } = await telling;
    await stand.settled(60_000, 240_000);
    await stand.end();
    return check(stand, { told, orders });
  },
};

async function reopened({ wires }: Stand, wire: "smtp" | "postgres"): Promise<void> {
  await wires[wire].cut();
  await wires[wire].open();
}

/** A worker that sleeps past its lease and wakes: it opens no DATA for what others have taken (REL-05). */
export const sleepingWorker: Scenario = {
  fault: "F10",
  title: "SIGSTOP of a worker past its lease, then SIGCONT; four workers at once",
  quick: true,
  async run({ chance, quick, backend }) {
    const orders = quick ? 30 : 200;
    const naps = quick ? 1 : 10;
    const stand = await openStand({ ...backend, ...(quick ? { steps: ["care"] as const } : {}), rate: 8, connections: 3 });
    const workers = [await stand.start("worker")];
    const due = Date.now() + 500;
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, due)).flat());
    await until(() => stand.sink.mails().length > 3, "mail is on its way");
    workers.push(...(await Promise.all(Array.from({ length: quick ? 1 : 3 }, () => stand.start("worker")))));
    for (let nap = 0; nap < naps; nap += 1) {
      const sleeper = chance.pick(workers);
      sleeper.child.kill("SIGSTOP");
      await pause(leaseMs + 1_500);
      sleeper.child.kill("SIGCONT");
      await pause(chance.between(100, 1_500));
    }
    await stand.settled(60_000, 240_000);
    await stand.end();
    return check(stand, { told, orders });
  },
};
