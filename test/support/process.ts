import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { atEndOfFile } from "./clean-up.ts";

const ownLauncher = join(import.meta.dirname, "../../bin/afterword.mjs");

/** The service as a process of its own. */
export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** One JSON line an event. */
  readonly log: readonly string[];
  /** Kills it on the spot (SIGKILL), as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the service with just this environment (and PATH) and waits until it says that it is ready. Rejects with what it said when it ends before. */
export async function startProcess(env: Readonly<Record<string, string>>, launcher: string = ownLauncher): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [launcher, "start"], {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  let said = "";
  child.stderr.on("data", (data: Buffer) => {
    said += data.toString();
  });
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      log.push(line);
      const event = /"msg":"ready"/.test(line) ? (JSON.parse(line) as { port: number }) : null;
      if (event !== null) resolve(`http://127.0.0.1:${event.port}`);
    });
    void exited.then(([code]) =>
      reject(new Error(`the service ended with ${code} before it was ready: ${said || log.slice(-3).join("\n")}`)),
    );
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  atEndOfFile(async () => {
    await end("SIGKILL");
  });
  return {
    url,
    child,
    log,
    async kill() {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
  };
}

/** A folder of its own, gone at the end of the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "afterword-test-"));
  atEndOfFile(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}
