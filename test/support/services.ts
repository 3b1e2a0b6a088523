import { describe, inject } from "vitest";
import { atEndOfFile } from "./clean-up.ts";
import { cloneDatabase } from "./test-postgres.ts";
import { startRedis } from "./test-redis.ts";

/** What the run found or started (`global-setup.ts`). */
export type Services = {
  /** A role that may create databases, and the migrated database that tests get copies of. */
  readonly postgres: { readonly url: string; readonly template: string };
  /** `shared`: given from outside, used by all tests at once. `program`: each test file starts its own. `missing`: `why` in one sentence. */
  readonly redis:
    | { readonly kind: "shared"; readonly url: string }
    | { readonly kind: "program"; readonly path: string }
    | { readonly kind: "missing"; readonly why: string };
};

declare module "vitest" {
  interface ProvidedContext {
    services: Services;
  }
}

/** Why tests that need Redis must be skipped, in one sentence; undefined when there is one. */
export function redisMissing(): string | undefined {
  const { redis } = inject("services");
  return redis.kind === "missing" ? redis.why : undefined;
}

/** A `describe` for what needs Redis: without one it is skipped, and its name says why. */
export function describeWithRedis(name: string, body: () => void): void {
  const why = redisMissing();
  if (why === undefined) describe(name, body);
  else describe.skip(`${name} [SKIPPED: ${why}]`, body);
}

/**
 * Makes a database of its own, empty but migrated, dropped at the end of the test file, or by `drop` (which cuts off whoever is still
 * connected).
 */
export async function freshDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const database = await cloneDatabase(inject("services").postgres);
  atEndOfFile(database.drop);
  return database;
}

/**
 * Gives a Redis without any keys under `prefix`: a server of its own, ended with the test file, unless the run was given one by
 * `TEST_REDIS_URL`, which all tests share: so do use `prefix`. For one that can be killed and started again see `startRedis`.
 *
 * @throws when there is no Redis: use it inside `describeWithRedis`
 */
export async function freshRedis(): Promise<{ readonly url: string; readonly prefix: string }> {
  const { redis } = inject("services");
  const prefix = `test-${crypto.randomUUID()}`;
  if (redis.kind === "missing") throw new Error(redis.why);
  if (redis.kind === "shared") return { url: redis.url, prefix };
  const server = await startRedis({ path: redis.path });
  atEndOfFile(server.stop);
  return { url: server.url, prefix };
}
