import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import { endWithUs } from "../../src/embedded/end-with-us.ts";
import { startEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { type Backend, migrateQueue } from "../../src/queue/queue.ts";
import { findRedis, startRedis } from "../support/test-redis.ts";
import { until } from "./until.ts";

/** A real server for a queue, of a test file's own: it can be taken away, brought back and emptied. */
export interface Server {
  readonly backend: Backend;
  /** Ends it; what it held is lost with Redis and kept with PostgreSQL. */
  kill(): Promise<void>;
  /** Brings it back at the same address; resolves when it answers. */
  start(): Promise<void>;
  /** Makes it forget everything the queue keeps there. */
  empty(): Promise<void>;
  /** How much the queue keeps there: keys and the entries of lists, sets and streams in Redis, rows in PostgreSQL. */
  size(): Promise<number>;
  /** How many connections it has, without the one that asks. */
  connections(): Promise<number>;
  remove(): Promise<void>;
}

interface ServerKind {
  readonly name: string;
  /** Why it cannot be had on this machine, in one sentence; `null` when it can. */
  readonly missing: string | null;
  start(): Promise<Server>;
}

const redis = await findRedis(process.env["PATH"] ?? "");
const noRedis = redis === undefined ? "there is no redis-server on the PATH" : null;
// With CI set nothing may be skipped.
if (noRedis !== null && process.env["CI"]) throw new Error(noRedis);

const serverKinds: readonly ServerKind[] = [
  { name: "Redis", missing: noRedis, start: startPlainRedis },
  { name: "Redis Cluster", missing: noRedis, start: startCluster },
  { name: "PostgreSQL", missing: null, start: startPostgres },
];

/** A `describe` for each kind of server, or for `only` one of them, with one of its own; what is missing on this machine is skipped, and its name says why. */
export function onEachServer(title: string, body: (server: () => Server, kind: string) => void, only?: string): void {
  for (const { name, missing, start } of serverKinds) {
    if (only !== undefined && name !== only) continue;
    const full = missing === null ? `${title} ${name}` : `${title} ${name} [SKIPPED: ${missing}]`;
    describe.skipIf(missing !== null)(full, () => {
      let server: Server | null = null;
      beforeAll(async () => {
        server = await start();
      });
      afterAll(() => server?.remove());
      body(() => {
        if (server === null) throw new Error("the server is started before the tests, not before that");
        return server;
      }, name);
    });
  }
}

async function startPlainRedis(): Promise<Server> {
  let server = await startRedis({ path: redis ?? "" });
  const { port, url } = server;
  return redisServer({
    urls: [url],
    port,
    kill: () => server.kill(),
    async start() {
      server = await startRedis({ path: redis ?? "", port });
    },
    remove: () => server.stop(),
  });
}

/** A cluster of one node that holds all slots. */
async function startCluster(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "afterword-cluster-"));
  const port = await freePort();
  // A node that has met no other does not know its own address; the port for its bus is the port plus 10,000 unless told otherwise.
  const node = ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-port", String(await freePort())];
  let child: ChildProcess | null = null;
  let letGo = () => {};

  async function start(): Promise<void> {
    child = spawn(redis ?? "", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder, ...node], {
      stdio: "ignore",
    });
    if (child.pid !== undefined) letGo = endWithUs(child.pid, undefined);
    await until(() => askRedis(port, (client) => client.ping()).then(Boolean, () => false), "Redis answers");
    // Refused when it held them already, before it was killed.
    await askRedis(port, (client) => client.cluster("ADDSLOTSRANGE", 0, 16_383)).catch(() => undefined);
    await until(
      () => askRedis(port, async (client) => (await client.cluster("INFO")).includes("cluster_state:ok")),
      "the cluster is whole",
    );
  }
  async function kill(): Promise<void> {
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    if (child?.kill("SIGKILL")) await gone;
    letGo();
    child = null;
  }

  await start();
  const url = `redis://127.0.0.1:${port}`;
  return redisServer({
    urls: [url, url],
    port,
    start,
    kill,
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

type RedisParts = Pick<Server, "kill" | "start" | "remove"> & { readonly urls: readonly string[]; readonly port: number };

function redisServer({ urls, port, ...parts }: RedisParts): Server {
  return {
    ...parts,
    backend: { kind: "redis", urls },
    empty: () => askRedis(port, async (client) => void (await client.flushall())),
    size: () => askRedis(port, countEntries),
    connections: () => askRedis(port, async (client) => Number(/connected_clients:(\d+)/.exec(await client.info("clients"))?.[1]) - 1),
  };
}

async function countEntries(client: Redis): Promise<number> {
  let entries = 0;
  for (const key of await client.keys("*")) {
    const kind = await client.type(key);
    if (kind === "list") entries += await client.llen(key);
    else if (kind === "zset") entries += await client.zcard(key);
    else if (kind === "stream") entries += await client.xlen(key);
    else entries += 1;
  }
  return entries;
}

async function askRedis<T>(port: number, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ port, host: "127.0.0.1", retryStrategy: () => null, lazyConnect: true });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

async function startPostgres(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), "afterword-queue-"));
  // When we are root, PostgreSQL runs as somebody else and must get in.
  await chmod(dataDir, 0o711);
  let server = await startEmbeddedPostgres({ dataDir, durable: false });
  const { url } = server;
  const backend: Backend = { kind: "postgres", url };
  await migrateQueue(backend);
  const tables = ["job", "job_log", "event", "dedup", "dedup_next", "scheduler", "meta", "metrics", "rate_limit"].map(
    (name) => `bullmq.${name}`,
  );

  async function ask(sql: string): Promise<number> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return Number((await client.query(sql)).rows[0]?.count);
    } finally {
      await client.end();
    }
  }

  return {
    backend,
    kill: () => server.stop(),
    async start() {
      server = await startEmbeddedPostgres({ dataDir, durable: false });
      if (server.url !== url) throw new Error("PostgreSQL came back at another address");
    },
    empty: async () => void (await ask(`truncate ${tables.join(", ")} cascade`)),
    size: () => ask(`select ${tables.map((table) => `(select count(*) from ${table})`).join(" + ")} as count`),
    connections: () => ask("select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"),
    async remove() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no free port"))));
    });
  });
}
