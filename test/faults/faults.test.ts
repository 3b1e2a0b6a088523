import { appendFile } from "node:fs/promises";
import { Redis } from "ioredis";
import { describe, inject, test } from "vitest";
import { atEndOfFile } from "../support/clean-up.ts";
import { describeWithRedis } from "../support/services.ts";
import { startRedis } from "../support/test-redis.ts";
import { chanceOf } from "./random.ts";
import type { Bench, Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

/*
 * The faults of standards 5.3 on real processes, real servers and real time. The short run has few of everything, from a seed that stays the same;
 * `npm run test:faults` has it all, with a seed of its own each time.
 */
const full = process.env["FAULTS"] === "full";
const seed = Number(process.env["FAULTS_SEED"] ?? 20_261_124);
const only = process.env["FAULTS_ONLY"]?.split(",") ?? null;
const wanted = scenarios.filter(({ fault, quick }) => (full || quick) && (only === null || only.includes(fault)));

const inPostgres = wanted.filter(({ on }) => on !== "redis" && (full || on === "once"));
describe.runIf(inPostgres.length > 0)("with the queue in PostgreSQL", () => {
  for (const scenario of inPostgres) run(scenario, async () => null);
});
describeWithRedis("with the queue in Redis", () => {
  for (const scenario of wanted) if (scenario.on !== "once") run(scenario, ownRedis);
});

function run(scenario: Scenario, redisOf: () => Promise<(Bench["redis"] & { readonly url: string }) | null>): void {
  test(
    `${scenario.fault} ${scenario.title}`,
    async () => {
      const began = performance.now();
      const redis = await redisOf();
      const bench: Bench = { chance: chanceOf(seed), quick: !full, backend: redis === null ? {} : { redisUrl: redis.url }, redis };
      const note = (result: string, found: unknown) => noteResult(scenario, redis === null ? "PostgreSQL" : "Redis", began, result, found);
      try {
        await note("held", await scenario.run(bench));
      } catch (error) {
        await note("BROKEN", error instanceof Error ? error.message.split("\n")[0] : String(error));
        throw error;
      }
    },
    full ? 900_000 : 180_000,
  );
}

async function noteResult(scenario: Scenario, queue: string, began: number, result: string, found: unknown): Promise<void> {
  const file = process.env["FAULTS_RESULTS"];
  if (file === undefined) return;
  const seconds = Math.round((performance.now() - began) / 1_000);
  await appendFile(file, `${JSON.stringify({ fault: scenario.fault, title: scenario.title, queue, seconds, result, found })}\n`);
}

async function ownRedis() {
  const { redis } = inject("services");
  if (redis.kind !== "program") throw new Error("the faults need a redis-server of their own, to end it");
  const { path } = redis;
  let server = await startRedis({ path });
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
      server = await startRedis({ path, port });
    },
    command: (...[name = "", ...rest]: string[]) => client.call(name, ...rest),
  };
}
