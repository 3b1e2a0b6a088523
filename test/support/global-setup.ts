import type { TestProject } from "vitest/node";
import type { Services } from "./services.ts";
import { openTestPostgres } from "./test-postgres.ts";
import { findRedis } from "./test-redis.ts";

/**
 * Finds or starts, once per run, the real services that the tests use: PostgreSQL at TEST_DATABASE_URL or the embedded one, Redis at
 * TEST_REDIS_URL or the machine's `redis-server`.
 *
 * Without a Redis, what needs it is skipped by name and a line at the end says so; where `CI` is set the run fails instead.
 */
export default async function openServices(project: TestProject): Promise<() => Promise<void>> {
  const redis = await findTestRedis(process.env["TEST_REDIS_URL"], process.env["PATH"] ?? "");
  if (redis.kind === "missing" && process.env["CI"]) throw new Error(`With CI set nothing may be skipped: ${redis.why}.`);
  const { postgres, close } = await openTestPostgres(process.env["TEST_DATABASE_URL"]);
  project.provide("services", { postgres, redis });
  return async () => {
    await close();
    if (redis.kind === "missing") process.stderr.write(`\nSKIPPED: every test that needs Redis; ${redis.why}.\n`);
  };
}

async function findTestRedis(given: string | undefined, searchPath: string): Promise<Services["redis"]> {
  if (given) return { kind: "shared", url: given };
  const path = await findRedis(searchPath);
  if (path !== undefined) return { kind: "program", path };
  return {
    kind: "missing",
    why: "there is no redis-server on the PATH; install it (Debian: apt-get install redis-server) or set TEST_REDIS_URL",
  };
}
