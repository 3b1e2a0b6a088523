import { appendFile, readdir, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, inject, test, vi } from "vitest";
import { atEndOfFile } from "../support/clean-up.ts";
import { temporaryFolder } from "../support/process.ts";
import { describeWithRedis } from "../support/services.ts";
import { startRedis } from "../support/test-redis.ts";
import { chanceOf } from "./random.ts";
import type { Bench, OwnRedis, Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

/*
 * The faults of standards 5.3 on real processes, real servers and real time. The short run has few of everything, from a seed that stays the same;
 * `npm run test:faults` has it all, with a seed of its own each time.
 */
const full = process.env["FAULTS"] === "full";
const seed = Number(process.env["FAULTS_SEED"] ?? 20_261_124);
const only = process.env["FAULTS_ONLY"]?.split(",") ?? null;
const wanted = scenarios.filter(({ fault, short, asked }) => (full || short !== undefined) && (only?.includes(fault) ?? !asked));

// Scenarios mostly wait: in the short run two go at a time. The full run has one after the other, so that nobody is in another's way.
vi.setConfig({ maxConcurrency: full ? 1 : 2 });

const inPostgres = wanted.filter(({ on }) => on !== "redis" && (full || on === "once"));
describe.runIf(inPostgres.length > 0)("with the queue in PostgreSQL", () => {
  for (const scenario of inPostgres) run(scenario, async () => null);
});
const inRedis = wanted.filter(({ on }) => on !== "once");
if (inRedis.length > 0) {
  describeWithRedis("with the queue in Redis", () => {
    for (const scenario of inRedis) run(scenario, ownRedis);
  });
}

function run(scenario: Scenario, redisOf: () => Promise<OwnRedis | null>): void {
  test(`${scenario.fault} ${titleOf(scenario)}`, { concurrent: true, timeout: full ? 3_600_000 : 300_000 }, async () => {
    const began = performance.now();
    const redis = await redisOf();
    const bench: Bench = { chance: chanceOf(seed), quick: !full, backend: redis === null ? {} : { redisUrl: redis.url }, redis };
    const note = (result: string, found: unknown) => noteResult(scenario, redis === null ? "PostgreSQL" : "Redis", began, result, found);
    try {
      const found = await scenario.run(bench);
      await note(typeof found === "string" ? "skipped" : "held", found);
    } catch (error) {
      await note("BROKEN", error instanceof Error ? error.message.split("\n")[0] : String(error));
      throw error;
    }
  });
}

function titleOf({ title, full: all, short }: Scenario): string {
  return `${title}: ${full ? all : short}`;
}

async function noteResult(scenario: Scenario, queue: string, began: number, result: string, found: unknown): Promise<void> {
  const file = process.env["FAULTS_RESULTS"];
  if (file === undefined) return;
  const seconds = Math.round((performance.now() - began) / 1_000);
  await appendFile(file, `${JSON.stringify({ fault: scenario.fault, title: titleOf(scenario), queue, seconds, result, found })}\n`);
}

async function ownRedis(): Promise<OwnRedis> {
  const { redis } = inject("services");
  if (redis.kind !== "program") throw new Error("the faults need a redis-server of their own, to end it");
  const { path } = redis;
  const logFolder = await temporaryFolder();
  let server = await startRedis({ path, logFolder });
  const { port, url } = server;
  atEndOfFile(() => server.stop());
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  atEndOfFile(async () => client.disconnect());
  return {
    url,
    flush: async () => void (await client.flushall()),
    kill: () => server.kill(),
    restart: async () => {
      server = await startRedis({ path, port, logFolder });
    },
    async cutLog(bytes) {
      const folder = join(logFolder, "appendonlydir");
      const name = (await readdir(folder)).find((one) => one.endsWith(".incr.aof"));
      if (name === undefined) throw new Error("Redis keeps no log");
      const file = join(folder, name);
      await truncate(file, Math.max(0, (await stat(file)).size - bytes));
    },
    command: (...[name = "", ...rest]: string[]) => client.call(name, ...rest),
  };
}
