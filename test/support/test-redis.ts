import { spawn } from "node:child_process";
import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { endWithUs } from "../../src/embedded/end-with-us.ts";

export type RedisServer = {
  readonly url: string;
  readonly port: number;
  /** Ends it in good order; harmless to repeat. */
  stop(): Promise<void>;
  /** Ends it as a power cut would: kill -9. What it held is lost. */
  kill(): Promise<void>;
};

/** Finds `redis-server`, or Valkey's, which takes the same arguments, in `path` (as in PATH); undefined when there is none. */
export async function findRedis(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    for (const name of ["redis-server", "valkey-server"]) {
      const file = join(folder, name);
      const isThere = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return file;
    }
  }
  return undefined;
}

/**
 * Starts a Redis on 127.0.0.1 that keeps everything in memory, and resolves when it answers. `port` absent: a free one; to bring one back
 * that was killed, give its port. With a `logFolder` it keeps its append-only log there, and begins with what that has.
 *
 * @throws with Redis's own words when it does not start
 */
export async function startRedis({ path, port, logFolder }: { path: string; port?: number; logFolder?: string }): Promise<RedisServer> {
  const chosen = port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), "afterword-redis-"));
  const child = spawn(
    path,
    [
      "--port",
      String(chosen),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      logFolder === undefined ? "no" : "yes",
      "--maxmemory-policy",
      "noeviction",
      "--dir",
      logFolder ?? folder,
    ],
    { stdio: ["ignore", "pipe", "ignore"], detached: true },
  );
  const letGo = child.pid === undefined ? () => undefined : endWithUs(child.pid, undefined);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });

  let said = "";
  const ready = new Promise<"ready">((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (/ready to accept connections/i.test(said)) resolve("ready");
    });
  });
  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    child.kill(signal);
    await ended;
    letGo();
    await rm(folder, { recursive: true, force: true });
  }
  if ((await Promise.race([ready, ended])) !== "ready") {
    await end("SIGKILL");
    throw new Error(`${path} did not start on port ${chosen}: ${said.trim().split("\n").at(-1) ?? ""}`);
  }
  return { url: `redis://127.0.0.1:${chosen}`, port: chosen, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
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
