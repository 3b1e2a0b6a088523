import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { onTestFinished } from "vitest";
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { atEndOfFile } from "../support/clean-up.ts";

/** Makes a folder that every user can pass through, removed at the end of the file. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "afterword-embedded-"));
  await chmod(folder, 0o711);
  atEndOfFile(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts one that is stopped at the end of the test, unless the test does. */
export async function start(dataDir: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, ...options });
  onTestFinished(server.stop);
  return server;
}

/** Runs one statement over a connection of its own. */
export async function sql(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Runs `owner.ts` in a process of its own, killed at the end of the file. */
export function spawnOwner(dataDir: string, end: "stay" | "exit" = "stay"): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, "owner.ts"), dataDir, end], { stdio: ["ignore", "pipe", "inherit"] });
  atEndOfFile(() => kill(child));
  return child;
}

/** The address that an owner prints. */
export async function urlFrom(owner: ChildProcess): Promise<string> {
  if (owner.stdout === null) throw new Error("the owner has no stdout");
  const [line] = await once(owner.stdout.setEncoding("utf8"), "data");
  return String(line).trim();
}

/** Kill -9, and waits for the end. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

export async function serverPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, "postgres/cluster/postmaster.pid"), "utf8")).split("\n")[0]);
}

/** The live processes whose working folder is the database: the server and its children. Linux only. */
export async function serversOf(dataDir: string): Promise<number[]> {
  const cluster = await realpath(join(dataDir, "postgres/cluster"));
  const found = await Promise.all(
    (await readdir("/proc")).map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => "")) === cluster ? [Number(pid)] : [])),
  );
  return found.flat();
}

/** The shell that ends the server `pid` should its Afterword die. Linux only. */
export async function guardOf(pid: number): Promise<number> {
  for (const candidate of await readdir("/proc")) {
    const command = await readFile(`/proc/${candidate}/cmdline`, "utf8").catch(() => "");
    if (command.startsWith("/bin/sh\0-c\0read ") && command.endsWith(`\0${pid}\0`)) return Number(candidate);
  }
  throw new Error(`nothing guards ${pid}`);
}

/** Resolves as soon as `condition` holds; the test's own time limit ends a wait in vain. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await pause(5);
}
