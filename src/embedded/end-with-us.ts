import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { childOptions, type User } from "./run-as.ts";

/**
 * Ends process `pid` (SIGINT) when this process dies, even by kill -9; the function it returns calls that off.
 *
 * A shell waits for the end of a pipe that only we hold open. It runs as `user`, whose the process is, so it can do nothing else. Where there is no
 * shell (Windows), or when it is killed along with us, nothing happens: whoever starts next must reckon with `pid` still running.
 */
export function endWithUs(pid: number, user: User): () => void {
  if (process.platform === "win32") return () => undefined;
  const guard = spawn("/bin/sh", ["-c", 'read -r _; kill -INT "$1"', "sh", String(pid)], {
    ...childOptions(user),
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => guard.kill("SIGKILL");
}
