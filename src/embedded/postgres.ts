import { access, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { installedPackage, type Package, runnableBinaries } from "./postgres-binaries.ts";
import { ensureCluster, ensurePassword, role } from "./postgres-cluster.ts";
import { EmbeddedPostgresError } from "./postgres-error.ts";
import { endOrphan } from "./postgres-orphan.ts";
import { clusterOwner, locateCluster, openHome, openShelf, systemShelves } from "./postgres-place.ts";
import { type Server, type ServerOptions, startServer } from "./postgres-server.ts";
import { pickUser } from "./run-as.ts";

export type EmbeddedPostgresOptions = {
  /** Everything is kept in its folder `postgres`; made when absent. Relative paths count from the working directory. */
  readonly dataDir: string;
  /** Told what an operator may want to know, one sentence each. */
  readonly log?: (event: string) => void;
  /** Told once, when the server died and could not be brought back: nothing works from here on. */
  readonly onLost?: (error: EmbeddedPostgresError) => void;
  /** False switches off all syncing to disk: quick, and lost in a power cut. For tests only. */
  readonly durable?: boolean;
  /** Default 60. */
  readonly maxConnections?: number;
  /** Other binaries than those npm installed for this machine. */
  readonly binaries?: Package;
  /** Where root may make a folder to share with the unprivileged user. */
  readonly shelves?: readonly string[];
};

export type EmbeddedPostgres = {
  /** `postgres://` with the password; stays the same as long as this server lives, across crashes too. */
  readonly url: string;
  /** Ends the server (cutting off its clients), waits for it, and frees the folder. Harmless to repeat. */
  stop(): Promise<void>;
};

/** How often the server may die within `restartWindowMs` before we stop bringing it back. */
const restarts = 5;
const restartWindowMs = 60_000;

/**
 * Starts the PostgreSQL 18 that comes with Afterword on the database in `dataDir`, making it the first time.
 *
 * It listens on 127.0.0.1 only, on a port chosen once and kept while it stays free, with a password made up once. One Afterword at a time works
 * on a folder. A server that dies is brought back at the same address; one left over by an Afterword that was killed ends by itself, or is
 * ended here first, so there are never two on one folder; committed data survives either (`fsync` is on).
 *
 * As root, the server runs as `postgres` or `nobody`, because PostgreSQL refuses root; what that user cannot reach (programs under `/root`, say)
 * is kept in `/var/lib/afterword` instead, see `locateCluster` and `runnableBinaries`.
 *
 * @throws {EmbeddedPostgresError} with a `code` and one sentence for the operator
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const home = await openHome(resolve(options.dataDir));
  const locks = [await lockOrRefuse(join(home, "lock"), home)];
  try {
    const user = await pickUser(await clusterOwner(home));
    const shelf = () => (user ? openShelf(user, options.shelves ?? systemShelves) : Promise.resolve(home));
    const binaries = await runnableBinaries(options.binaries ?? (await installedPackage()), user, shelf);
    const cluster = await locateCluster(home, user, shelf);
    // A copied DATA_DIR has a lock of its own, but the database it links to may be in use by the original.
    if (cluster !== join(home, "cluster")) locks.push(await lockOrRefuse(join(cluster, "..", "lock"), home));

    const isMade = await exists(join(cluster, "PG_VERSION"));
    const password = await ensurePassword(join(home, "password"), isMade);
    const made = await ensureCluster({ binaries, cluster, password, user, durable: options.durable ?? true });
    if (made === "made") log(`made a new database in ${cluster}`);
    if ((await endOrphan(cluster)) === "ended") log("ended a PostgreSQL that an earlier Afterword had left behind");

    const serverOptions = { binaries, cluster, user, settings: settingsFor(options), logFile: join(home, "postgres.log") };
    const server = await startServer(serverOptions, await keptPort(home), { anyPort: true });
    await writeFile(join(home, "port"), String(server.port));
    const url = `postgres://${role}:${password}@127.0.0.1:${server.port}/${role}`;
    try {
      await ensureDatabase(url);
    } catch (error) {
      await server.end();
      throw error;
    }
    return keepRunning(server, serverOptions, url, { log, onLost: options.onLost ?? (() => undefined), locks });
  } catch (error) {
    release(locks);
    throw error;
  }
}

/** Brings the server back when it dies, until it is stopped. */
function keepRunning(
  first: Server,
  serverOptions: ServerOptions,
  url: string,
  { log, onLost, locks }: { log: (event: string) => void; onLost: (error: EmbeddedPostgresError) => void; locks: HeldLock[] },
): EmbeddedPostgres {
  let server = first;
  let stopping: Promise<void> | undefined;
  const deaths: number[] = [];

  async function watch(): Promise<void> {
    for (;;) {
      await server.ended;
      if (stopping) return;
      deaths.push(performance.now());
      if (deaths.filter((at) => at > performance.now() - restartWindowMs).length > restarts) {
        throw new EmbeddedPostgresError("start-failed", `PostgreSQL keeps dying; see ${serverOptions.logFile}.`);
      }
      log("PostgreSQL ended unexpectedly; starting it again");
      server = await startServer(serverOptions, server.port, { anyPort: false });
      if (stopping) return server.end();
    }
  }

  const watching = watch().catch((cause: unknown) => {
    release(locks);
    onLost(
      cause instanceof EmbeddedPostgresError ? cause : new EmbeddedPostgresError("start-failed", `PostgreSQL is lost: ${cause}`, { cause }),
    );
  });

  async function stop(): Promise<void> {
    await server.end();
    await watching;
    release(locks);
  }
  return {
    url,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/**
 * Sized for a machine that also does other things. Statements and their details stay out of the log, because they would carry buyers' addresses.
 * No parallel plans: the queries are small, and a container's `/dev/shm` is too.
 */
function settingsFor({ durable = true, maxConnections = 60 }: EmbeddedPostgresOptions): Record<string, string> {
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: String(maxConnections),
    shared_buffers: "64MB",
    max_wal_size: "512MB",
    max_parallel_workers_per_gather: "0",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
}

/** Also shows that the server answers to our password. The database is not part of making the cluster, so a kill in between does no harm. */
async function ensureDatabase(url: string): Promise<void> {
  if ((await query(url, "select 1")) === "done") return;
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  await query(maintenance.href, `create database ${role}`);
}

async function query(url: string, sql: string): Promise<"done" | "no-database"> {
  const client = new pg.Client({ connectionString: url });
  // A server that dies now is noticed by the query, or by whoever watches it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(sql);
    return "done";
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "3D000") return "no-database";
    throw new EmbeddedPostgresError(
      "start-failed",
      `PostgreSQL started but did not answer: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

type HeldLock = Extract<FolderLock, { kind: "held" }>;

async function lockOrRefuse(file: string, home: string): Promise<HeldLock> {
  const lock = await lockFolder(file).catch((cause: unknown) => {
    throw new EmbeddedPostgresError("other-user", `${file} cannot be written; start Afterword as the user that made ${home}.`, { cause });
  });
  if (lock.kind === "held") return lock;
  throw new EmbeddedPostgresError(
    "in-use",
    `The database in ${home} is in use by another Afterword (${lock.by}); stop that one first, or give this one a DATA_DIR of its own.`,
  );
}

function release(locks: readonly HeldLock[]): void {
  for (const lock of locks) lock.release();
}

/** 0 when none was chosen yet. */
async function keptPort(home: string): Promise<number> {
  const port = Number(await readFile(join(home, "port"), "utf8").catch(() => "0"));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
