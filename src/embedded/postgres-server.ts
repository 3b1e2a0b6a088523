import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { endWithUs } from "./end-with-us.ts";
import type { Binaries } from "./postgres-binaries.ts";
import { EmbeddedPostgresError } from "./postgres-error.ts";
import { endServer, readNote } from "./postgres-orphan.ts";
import { childOptions, type User } from "./run-as.ts";

export type ServerOptions = {
  readonly binaries: Binaries;
  readonly cluster: string;
  readonly user: User;
  readonly settings: Readonly<Record<string, string>>;
  readonly logFile: string;
};

export type Server = {
  readonly port: number;
  /** Settles when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it; harmless to repeat. */
  end(): Promise<void>;
};

/** A crash recovery may take its time; a server that is neither ready nor gone after this is stuck. */
const readyWithinMs = 300_000;

/** How long the remains of a dead server may hold its memory or its port. */
const remainsForMs = 15_000;

const maxLogBytes = 10_000_000;

/**
 * Starts PostgreSQL on 127.0.0.1 and resolves when it accepts connections.
 *
 * It gets `port` when that is free; with `anyPort` another one otherwise, or, without, it waits for it. Keeps trying while the remains of a dead
 * server linger. The server stands in a process group of its own, so that a terminal's Ctrl-C ends it only after us, and ends itself when we die.
 *
 * @throws {EmbeddedPostgresError} `start-failed` with PostgreSQL's own last words
 */
export async function startServer(options: ServerOptions, port: number, { anyPort }: { anyPort: boolean }): Promise<Server> {
  const until = performance.now() + remainsForMs;
  for (;;) {
    const chosen = (await isFree(port)) || !anyPort ? port : await freePort();
    const outcome = await attempt(options, chosen);
    if (outcome.kind === "ready") return outcome.server;
    if (performance.now() > until || !/still in use|already exists|could not (bind|create any TCP)/.test(outcome.lastWords)) {
      throw new EmbeddedPostgresError("start-failed", `PostgreSQL did not start: ${outcome.lastWords} (more in ${options.logFile})`);
    }
    await pause(50);
  }
}

type Attempt = { readonly kind: "ready"; readonly server: Server } | { readonly kind: "failed"; readonly lastWords: string };

async function attempt({ binaries, cluster, user, settings, logFile }: ServerOptions, port: number): Promise<Attempt> {
  // A file, not a pipe: a server that outlives us must not lose its standard error, nor wait for us to read it.
  const log = await openLog(logFile);
  const child = spawn(binaries.postgres, ["-D", cluster, "-p", String(port), ...asFlags(settings)], {
    ...childOptions(user),
    stdio: ["ignore", log.handle.fd, log.handle.fd],
    detached: true,
  });
  const state = { isRunning: true };
  const ended = new Promise<void>((resolve) => {
    const settle = () => {
      state.isRunning = false;
      resolve();
    };
    child.once("exit", settle);
    child.once("error", settle);
  });
  await log.handle.close();

  const { pid } = child;
  const until = performance.now() + readyWithinMs;
  while (pid !== undefined && state.isRunning) {
    const note = await readNote(cluster);
    if (note?.pid === pid && note.status === "ready") return { kind: "ready", server: asServer(child, pid, port, ended, state, user) };
    if (performance.now() > until) await endServer(pid, () => state.isRunning);
    else await pause(5);
  }
  return { kind: "failed", lastWords: await lastWords(logFile, log.size) };
}

function asServer(child: ChildProcess, pid: number, port: number, ended: Promise<void>, state: { isRunning: boolean }, user: User): Server {
  const letGo = endWithUs(pid, user);
  // Whatever way this process exits short of a kill -9, the server does not stay behind.
  const onExit = () => {
    if (state.isRunning) child.kill("SIGINT");
  };
  process.once("exit", onExit);
  child.once("exit", () => {
    process.removeListener("exit", onExit);
    letGo();
  });
  child.unref();
  return {
    port,
    ended,
    async end() {
      if (!state.isRunning) return;
      child.ref();
      await endServer(pid, () => state.isRunning);
      await ended;
    },
  };
}

function asFlags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function openLog(file: string) {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > maxLogBytes) await rename(file, `${file}.1`);
  return { handle: await open(file, "a", 0o600), size: size > maxLogBytes ? 0 : size };
}

/** The line in which PostgreSQL said why it gave up, of those written since `from` bytes. */
async function lastWords(file: string, from: number): Promise<string> {
  const lines = (await readFile(file)).subarray(from).toString("utf8").trim().split("\n");
  const reason = lines.find((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? "";
  return reason.replace(/^.*?(FATAL|PANIC):\s*/, "") || "it gave no reason";
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

/** Port 0 is never free: it stands for "none chosen yet". */
function isFree(port: number): Promise<boolean> {
  if (port === 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
