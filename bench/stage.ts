import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { startEmbeddedPostgres } from "../src/embedded/postgres.ts";
import { migrateToLatest } from "../src/store/migrate.ts";
import { findRedis, startRedis } from "../test/support/test-redis.ts";
import { longestStatements } from "./cost.ts";

/** What the benchmarks run on: a PostgreSQL that syncs to disk, a Redis if the machine has one, and processes. */
export interface Stage {
  readonly folder: string;
  /** Undefined where there is no `redis-server`. */
  readonly redisUrl: string | undefined;
  /** A migrated database of its own; a copy of `of` (which nobody may be connected to) when given. */
  database(of?: string): Promise<{ readonly name: string; readonly url: string }>;
  /** The service as a process of its own, ready. */
  service(env: Readonly<Record<string, string>>): Promise<Running>;
  /** A script of `parts/` as a process of its own, listening. */
  part(name: string, env?: Readonly<Record<string, string>>): Promise<Part>;
  /** Begins to count statements, where they are counted. */
  forgetStatements(): Promise<void>;
  /** Says on standard error what statements a database had to do since, for each of `units`. */
  tellStatements(url: string, units: number): Promise<void>;
  close(): Promise<void>;
}

export interface Running {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Part extends Running {
  /** Sends a message and waits for the answer to it, one at a time. Rejects after two minutes: something does not work. */
  ask(message: object): Promise<unknown>;
}

export interface StageOptions {
  /** A PostgreSQL to use instead of starting one; the role must be allowed to create databases. */
  readonly postgresUrl?: string;
  /** Where the service's processes leave CPU profiles. */
  readonly profiles?: string;
  /** Whether the PostgreSQL that is started counts its statements (`pg_stat_statements`). */
  readonly statements?: boolean;
}

export const secretKey = "a secret key for benchmarks, 32..";
export const apiToken = "owner-token-for-benchmarks";

export async function openStage({ postgresUrl, profiles, statements = false }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "afterword-bench-"));
  // When we are root, PostgreSQL runs as somebody else and must get in.
  await chmod(folder, 0o711);
  const closers: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const server = postgresUrl ?? (await ownPostgres(folder, statements, closers));
  const prefix = `afterword_bench_${process.pid}`;
  const template = `${prefix}_template`;
  let made = 0;

  const named = (name: string) => Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await onServer(server, `create database ${template}`);
  closers.push(() => dropAll(server, prefix));
  await migrateToLatest(named(template));
  if (statements) await onServer(named(template), "create extension pg_stat_statements");

  const redis = await findRedis(process.env["PATH"] ?? "");
  const redisServer = redis === undefined ? undefined : await startRedis({ path: redis });
  if (redisServer !== undefined) closers.push(redisServer.stop);
  const options = profiles === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` };

  return {
    folder,
    redisUrl: redisServer?.url,
    async database(of = template) {
      const name = `${prefix}_${++made}`;
      await onServer(server, `create database ${name} template ${of}`);
      return { name, url: named(name) };
    },
    async service(env) {
      const launcher = join(import.meta.dirname, "../bin/afterword.mjs");
      const child = spawn(process.execPath, [launcher, "start"], {
        env: { PATH: process.env["PATH"], PORT: "0", SECRET_KEY: secretKey, API_TOKEN: apiToken, ...options, ...env },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const stop = ending(child);
      closers.push(stop);
      return { port: await readyPort(child), pid: child.pid ?? 0, stop };
    },
    async part(name, env = {}) {
      const child = fork(join(import.meta.dirname, "parts", `${name}.ts`), { env: { PATH: process.env["PATH"], ...env } });
      const stop = ending(child);
      closers.push(stop);
      const early = once(child, "exit").then(() => Promise.reject(new Error(`bench/parts/${name}.ts ended early`)));
      early.catch(() => undefined);
      const answer = () => {
        const patience = AbortSignal.timeout(120_000);
        return Promise.race([once(child, "message", { signal: patience }).then(([said]: unknown[]) => said), early]);
      };
      const port = Number(await answer());
      return {
        port,
        pid: child.pid ?? 0,
        stop,
        ask(message) {
          const said = answer();
          child.send(message);
          return said;
        },
      };
    },
    async forgetStatements() {
      if (statements) await onServer(named(template), "select pg_stat_statements_reset()");
    },
    async tellStatements(url, units) {
      if (statements) process.stderr.write(await longestStatements(url, units));
    },
    async close() {
      for (const close of closers.toReversed()) await close();
    },
  };
}

async function ownPostgres(folder: string, statements: boolean, closers: (() => Promise<void>)[]): Promise<string> {
  const start = () => startEmbeddedPostgres({ dataDir: folder, maxConnections: 120 });
  let server = await start();
  if (statements) {
    await onServer(server.url, "alter system set shared_preload_libraries = 'pg_stat_statements'");
    await onServer(server.url, "alter system set pg_stat_statements.track_planning = on");
    await server.stop();
    server = await start();
  }
  closers.push(() => server.stop());
  return server.url;
}

function ending(child: ChildProcess): () => Promise<void> {
  const exited = once(child, "exit");
  return async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
  };
}

function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the service ended with ${code} before it was ready`)));
    if (child.stdout === null) throw new Error("the service has no stdout");
    createInterface(child.stdout).on("line", (line) => {
      const said: unknown = line.startsWith("{") ? JSON.parse(line) : null;
      if (typeof said === "object" && said !== null && "port" in said && typeof said.port === "number") resolve(said.port);
    });
  });
}

async function dropAll(server: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>("select datname from pg_database where starts_with(datname, $1)", [prefix]);
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  await client.end();
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
