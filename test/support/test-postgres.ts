import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { migrateToLatest } from "../../src/store/migrate.ts";

export type TestPostgres = { readonly url: string; readonly template: string };

/** Every database of a run begins so; only the run's own are dropped at its end. */
const stem = "afterword_test_";

/**
 * Takes the PostgreSQL at `given` (TEST_DATABASE_URL; its role must be allowed to create databases) or starts the embedded one in a
 * temporary folder, and migrates the database that tests get copies of.
 *
 * @throws with one sentence when neither works
 */
export async function openTestPostgres(given: string | undefined): Promise<{ postgres: TestPostgres; close(): Promise<void> }> {
  const server = given ? { url: given, stop: () => Promise.resolve() } : await startTemporary();
  const template = `${stem}${randomBytes(5).toString("hex")}`;
  async function close(): Promise<void> {
    if (given) await dropAll(server.url, template);
    await server.stop();
  }
  try {
    await onServer(server.url, (client) => client.query(`create database ${template}`));
    await migrateToLatest(urlOf(server.url, template));
  } catch (cause) {
    await close();
    throw new Error(
      `${given ? "TEST_DATABASE_URL" : "The test database"} cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  return { postgres: { url: server.url, template }, close };
}

/** Copies the migrated database. */
export async function cloneDatabase({ url, template }: TestPostgres): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `${template}_${randomBytes(5).toString("hex")}`;
  await onServer(url, (client) => client.query(`create database ${name} template ${template}`));
  return { url: urlOf(url, name), drop: () => onServer(url, (client) => client.query(`drop database if exists ${name} with (force)`)) };
}

async function startTemporary() {
  const dataDir = await mkdtemp(join(tmpdir(), "afterword-test-"));
  // When we are root, PostgreSQL runs as somebody else and must get in.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, durable: false, maxConnections: 200 });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function dropAll(url: string, template: string): Promise<void> {
  await onServer(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>("select datname from pg_database where starts_with(datname, $1)", [template]);
    for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  });
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
