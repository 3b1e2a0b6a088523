import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { expect } from "vitest";
import { header } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import type { Event } from "../shops.ts";
import { openStand, type Stand } from "../stand.ts";

const minutes = Number(process.env["SOAK_MINUTES"] ?? 20);
const mailsPerSecond = Number(process.env["SOAK_RATE"] ?? 50);
const sampleMs = 5_000;
const mostUnderWay = 100;
/** Of the run: until then a process fills its caches, and its heap finds its size. */
const warmUp = 1 / 3;

interface Sample {
  readonly hours: number;
  /** MB. */
  readonly web: number;
  readonly worker: number;
}

/** Steady work for long: webhooks come, are planned, and their mails go out; memory stays flat, tables do not swell. */
export const soak: Scenario = {
  fault: "F14",
  title: "steady work: memory of web and worker, dead rows of the tables",
  full: `${minutes} minutes of ${mailsPerSecond} mails a second`,
  on: "redis",
  asked: true,
  async run({ backend }) {
    // As slow as in a shop.
    const stand = await openStand({ ...backend, env: { TEST_HASTE: "1" } });
    const worker = await stand.start("worker");
    const ids = new Set<string>();
    let mails = 0;
    const count = () => {
      for (const mail of stand.sink.mails()) ids.add(header(mail, "message-id"));
      mails += stand.sink.mails().length;
      stand.sink.clear();
    };
    const samples: Sample[] = [];
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1_000;
    const over = new AbortController();
    const sampling = (async () => {
      while (!over.signal.aborted) {
        await pause(sampleMs);
        count();
        samples.push({ hours: seconds() / 3_600, web: await megabytes(stand.web.child.pid), worker: await megabytes(worker.child.pid) });
      }
    })();
    const perSecond = mailsPerSecond / stand.shops.mailsOfAnOrder;
    const underWay = new Set<Promise<void>>();
    let orders = 0;
    let refused = 0;
    for (; seconds() < minutes * 60; orders += 1) {
      const telling = insist(stand, stand.shops.events(orders, Date.now() + 2_000)).then((tries) => {
        refused += tries;
        underWay.delete(telling);
      });
      underWay.add(telling);
      // A sender has only so many requests under way: where the service, or this machine, does not keep up, it waits.
      while (underWay.size >= mostUnderWay) await Promise.race(underWay);
      const ahead = orders / perSecond - seconds();
      if (ahead > 0) await pause(ahead * 1_000);
    }
    await Promise.all(underWay);
    await stand.settled(60_000, 300_000);
    over.abort();
    await sampling;
    count();
    const tables = await swollen(stand);
    await stand.end();
    expect(mails, "every mail, once").toBe(orders * stand.shops.mailsOfAnOrder);
    expect(ids.size).toBe(mails);
    const later = samples.slice(Math.floor(samples.length * warmUp));
    return {
      mails,
      refused,
      "a second": Math.round(mails / seconds()),
      ...describeMemory(
        "web",
        later.map(({ hours, web }) => [hours, web]),
      ),
      ...describeMemory(
        "worker",
        later.map(({ hours, worker: used }) => [hours, used]),
      ),
      ...tables,
    };
  },
};

/** Tells all, each until it is answered 202; answers how often it was not. */
async function insist({ shops }: Stand, events: readonly Event[]): Promise<number> {
  let refused = 0;
  for (const event of events) {
    while ((await shops.tell(event)).status !== 202) {
      refused += 1;
      await pause(1_000);
    }
  }
  return refused;
}

async function megabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
}

function describeMemory(name: string, points: readonly (readonly [number, number])[]): Readonly<Record<string, number>> {
  const values = points.map(([, value]) => value);
  return {
    [`MB of ${name} at most`]: Math.round(Math.max(...values)),
    [`MB/h slope of ${name}`]: Math.round(slope(points) * 10) / 10,
  };
}

/** By least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (pick: 0 | 1) => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}

/** Dead rows for a hundred living ones, of each table in which there are many, and what all take up. */
async function swollen({ db }: Stand): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ name: string; live: number; dead: number; bytes: number }>`
    select relname as name, n_live_tup as live, n_dead_tup as dead, pg_total_relation_size(relid) as bytes
    from pg_stat_user_tables where schemaname = 'public' and n_live_tup > 1000 order by 4 desc limit 6`.execute(db);
  const all = rows.map(({ name, live, dead }) => [`% dead of ${name}`, Math.round((dead / live) * 100)]);
  return { ...Object.fromEntries(all), "MB of tables": Math.round(rows.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20) };
}
