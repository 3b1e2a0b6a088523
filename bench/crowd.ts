import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { sql } from "kysely";
import { systemClock } from "../src/clock.ts";
import { minute, plus } from "../src/core/instant.ts";
import { claimDue } from "../src/store/claims.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { type Also, compare, perSecond, type Row } from "./measure.ts";
import { dispatched, orderCreated } from "./payloads.ts";
import type { Stage } from "./stage.ts";
import { openWorkshop } from "./workshop.ts";

export interface CrowdSize {
  readonly rounds: number;
  /** Planned messages of the small ledger and of the large one. */
  readonly few: number;
  readonly many: number;
  /** Claims of 500 in one run. */
  readonly claims: number;
}

const shops = 5;
const ofEachClaim = 500;

/** What a large ledger costs: claims of 500 beside those from a small one, also while a transaction elsewhere stays open, and the memory of Redis and of a worker. */
export async function benchCrowd(stage: Stage, size: CrowdSize): Promise<readonly Row[]> {
  const { rounds, few, many, claims } = size;
  // About half as many again: which are due is drawn by lot.
  const due = claims * ofEachClaim * (rounds + 1) * 1.5;
  const [small, large, held] = await Promise.all([crowd(stage, few, 3 * due), crowd(stage, many, due), crowd(stage, many, due)]);
  const run = (db: Database) => () => perSecond(claims * ofEachClaim, () => claimSome(db, claims));
  for (const db of [small, large, held]) await claimSome(db.db, 1);
  const common = { unit: "messages", limitedBy: `the same of ${few.toLocaleString("en")}`, rounds, limit: run(small.db) };
  const name = `Claims of ${ofEachClaim} due of ${many.toLocaleString("en")} planned`;
  const plain = await compare({ ...common, key: "claim", name, target: 1 / 1.5, ours: run(large.db) });

  const elsewhere = openDatabase({ url: held.url, connections: 1 });
  const open = await elsewhere.startTransaction().setIsolationLevel("repeatable read").execute();
  await sql`select count(*) from shops`.execute(open);
  const beside = await compare({
    ...common,
    key: "claim-held",
    name: `${name}, a transaction open elsewhere`,
    target: 1 / 2,
    ours: run(held.db),
  });
  await open.rollback().execute();
  await elsewhere.destroy();
  const memory = await memoryOf(stage, large.url);
  await Promise.all([small.db.destroy(), large.db.destroy(), held.db.destroy()]);
  return [{ ...plain, also: memory }, beside];
}

/** A ledger of `count` planned messages in random order of their due times, of which about `due` are due. */
async function crowd(stage: Stage, count: number, due: number): Promise<{ readonly db: Database; readonly url: string }> {
  const { url } = await stage.database();
  for (let shop = 0; shop < shops; shop += 1) {
    const workshop = await openWorkshop(url);
    const at = new Date(systemClock.now()).toISOString();
    await workshop.store([orderCreated(shop, at), dispatched(shop, at)]);
    await workshop.takeInAndPlan();
    await workshop.close();
  }
  const db = openDatabase({ url, connections: 1 });
  await sql`delete from messages`.execute(db);
  for (let start = 0; start < count; start += 200_000) {
    await sql`
      with shop as (select row_number() over (order by id) - 1 as n, id, shop_id, order_day from orders)
      insert into messages (id, shop_id, order_id, order_day, step, occurrence_kind, occurrence_id, template, category, state, slot_at, due_at, stale_at,
        because, schedule_version, updated_at)
      select ('00000000-0000-7000-8000-' || lpad(to_hex(many.n), 12, '0'))::uuid, shop_id, shop.id, order_day, 'dispatch-notice', 'order', many.n::text,
        'dispatch-notice', 'order', 'planned', at, at, at + interval '200 days', '[]', 1, now()
      from (
        select n, case when random() < ${due / count}::float8 then now() - random() * interval '1 hour' else now() + interval '1 hour' + random() * interval '100 days' end as at
        from generate_series(${start}::int, ${Math.min(count, start + 200_000) - 1}::int) as n
      ) as many join shop on shop.n = many.n % ${shops}`.execute(db);
  }
  await sql`vacuum analyze messages`.execute(db);
  return { db, url };
}

async function claimSome(db: Database, claims: number): Promise<void> {
  for (let n = 0; n < claims; n += 1) {
    const now = systemClock.now();
    const claimed = await claimDue(db, { now, leaseUntil: plus(now, 30 * minute), token: randomUUID(), perShop: 200, limit: ofEachClaim });
    if (claimed.length !== ofEachClaim) throw new Error(`${claimed.length} were claimed instead of ${ofEachClaim}`);
  }
}

/** What a worker beside that ledger takes, and Redis more than before. */
async function memoryOf(stage: Stage, databaseUrl: string): Promise<Also> {
  const redisUrl = stage.redisUrl;
  const redis = redisUrl === undefined ? null : new Redis(redisUrl);
  const used = async () => Number(/used_memory:(\d+)/.exec((await redis?.info("memory")) ?? "")?.[1] ?? 0);
  const before = await used();
  const worker = await stage.service({
    DATABASE_URL: databaseUrl,
    ROLE: "worker",
    ...(redisUrl === undefined ? {} : { REDIS_URL: `${redisUrl}/1` }),
  });
  // Its sweeps have looked at the ledger by then.
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  const redisMiB = ((await used()) - before) / 2 ** 20;
  const workerMiB = residentMiB(worker.pid);
  await worker.stop();
  redis?.disconnect();
  return { ...(redis === null ? {} : { "Redis MiB": redisMiB }), ...(workerMiB === null ? {} : { "worker MiB": workerMiB }) };
}

function residentMiB(pid: number): number | null {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
  } catch {
    return null;
  }
}
