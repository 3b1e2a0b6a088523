import { readFile, readlink, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runAs } from "./run-as.ts";

/** What PostgreSQL notes in `postmaster.pid`; `status` is "starting", "ready", "stopping" or "standby". */
export type Note = { readonly pid: number; readonly status: string };

/** Reads PostgreSQL's note about itself; undefined when there is none (or it is just being written). The status is its eighth line. */
export async function readNote(cluster: string): Promise<Note | undefined> {
  const lines = (await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, status: (lines[7] ?? "").trim() } : undefined;
}

/**
 * Makes `cluster` ready for a new server: ends a server that outlived its Afterword, and takes the edge off a stale `postmaster.pid`.
 *
 * The orphan is ended rather than adopted: its settings may be those of another version, and a server that is no child of ours could
 * die unnoticed. The caller holds the folder's lock, so no live Afterword works with it. "ended" or "none".
 */
export async function endOrphan(cluster: string): Promise<"ended" | "none"> {
  const note = await readNote(cluster);
  if (!note || !isAlive(note.pid)) return "none";
  if (await isServerOf(note.pid, cluster)) {
    await endServer(note.pid, () => isServerOf(note.pid, cluster));
    return "ended";
  }
  await disownNote(cluster);
  return "none";
}

/**
 * Ends a server: fast shutdown (clients are cut off, everything is written), after 10 s an immediate one (it recovers at its next start),
 * after 5 s more by force.
 */
export async function endServer(pid: number, isRunning: () => boolean | Promise<boolean>): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (!(await isRunning())) return;
      await pause(5);
    }
  }
}

/**
 * The note's process is alive, but it is not our server: the number was given out again. PostgreSQL would refuse to start, and deleting the
 * file would also delete the trace by which it finds children of the dead server that still hold its memory. With our own number in
 * the first line PostgreSQL ignores the process (it skips its parent's number, see `CreateLockFile` in `miscinit.c`) but still looks for them.
 */
async function disownNote(cluster: string): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  const [, ...rest] = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, [process.pid, ...rest].join("\n"));
}

/** Signal 0 asks without sending; a process of another user answers EPERM and is alive. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * A server stands in its database folder. Elsewhere than on Linux the command line tells: we start it with the folder's path. Says no to a
 * dead process that nobody has collected, which signal 0 takes for a live one (in containers without an init such are there for good).
 */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === "linux") {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === (await realpath(cluster));
  }
  const { output } = await runAs(undefined, "/bin/ps", ["-o", "command=", "-p", String(pid)]);
  return output.includes("postgres") && output.includes(cluster);
}
