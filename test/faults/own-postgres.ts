import { chmod, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { until } from "../queue/until.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { temporaryFolder } from "../support/process.ts";
import { run } from "./run-program.ts";

/** A PostgreSQL of a scenario's own, which keeps what it committed as a shop's would: it can be stopped, crashed and filled up. */
export interface OwnPostgres {
  readonly url: string;
  /** `pg_ctl stop -m immediate`, and started again at once, at the same address. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** At the same address. Harmless when it runs. */
  start(): Promise<void>;
  /** Fills what is left of its disk; only with a `diskBytes`. Answers how to make room again. */
  fill(): Promise<() => Promise<void>>;
  /** Asks it something, past all wires. */
  ask(statement: string): Promise<void>;
}

export interface OwnPostgresOptions {
  readonly maxConnections?: number;
  /** Absent: the machine's own disk. */
  readonly diskBytes?: number;
}

/** Starts one. Answers a sentence instead when this machine does not let us mount a small disk. */
export async function startOwnPostgres({ maxConnections = 40, diskBytes }: OwnPostgresOptions = {}): Promise<OwnPostgres | string> {
  const dataDir = await temporaryFolder();
  if (diskBytes !== undefined) {
    const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", dataDir]);
    if (mounted.code !== 0) return `skipped: a small disk can't be mounted here (${mounted.said.trim()})`;
    atEndOfFile(async () => {
      await run("umount", ["-l", dataDir]);
    });
  }
  // When we are root, PostgreSQL runs as somebody else and must get in.
  await chmod(dataDir, 0o711);
  let lost = false;
  const begin = (): Promise<EmbeddedPostgres> => {
    lost = false;
    return startEmbeddedPostgres({
      dataDir,
      durable: true,
      maxConnections,
      onLost: () => {
        lost = true;
      },
    });
  };
  let server: EmbeddedPostgres | null = await begin();
  const { url } = server;
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
  };
  atEndOfFile(stop);
  async function ask(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
  /** Whether it answers and can write. */
  const answers = () =>
    ask("create temporary table room (one integer)").then(
      () => true,
      () => false,
    );
  return {
    url,
    stop,
    async start() {
      const begun = async (): Promise<boolean> => {
        // One that died too often in a short time is not brought back by itself.
        if (lost) await stop();
        server ??= await begin();
        if (server.url !== url) throw new Error("PostgreSQL came back at another address");
        return answers();
      };
      await until(begun, "PostgreSQL answers again", 120_000);
    },
    async crash() {
      const note = await readFile(join(dataDir, "postgres/cluster/postmaster.pid"), "utf8");
      process.kill(Number(note.split("\n")[0]), "SIGQUIT");
    },
    async fill() {
      const file = join(dataDir, "filler");
      const handle = await open(file, "w");
      // What PostgreSQL frees meanwhile is filled up too.
      for (const bytes of [1 << 20, 1 << 12, 1 << 20, 1 << 12]) {
        const chunk = Buffer.alloc(bytes);
        while (await written(handle.write(chunk)));
      }
      await handle.close();
      return () => rm(file);
    },
    ask,
  };
}

async function written(writing: Promise<unknown>): Promise<boolean> {
  return writing.then(
    () => true,
    () => false,
  );
}
