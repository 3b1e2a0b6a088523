#!/usr/bin/env node
// Starts src/main.ts on a Node that can run it. Plain old JavaScript on purpose: an old Node must get far enough to
// hand over to the pinned one, or to say what is wrong.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import nodeModule from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, "src", "main.ts");

if (runsTypeScript(process.versions.node)) {
  process.argv[1] = main;
  // Compiled once, loaded from then on: halves the time to start. Beside the packages, where nobody else may write.
  nodeModule.enableCompileCache?.(join(root, "node_modules", ".cache", "node"));
  await import(pathToFileURL(main).href);
} else {
  const pinned = pinnedNode();
  if (pinned) handOver(pinned);
  else {
    console.error(
      `afterword: needs Node 22.18 or newer (24 is best), but this is Node ${process.versions.node}, and no Node is pinned for ` +
        `${process.platform} ${process.arch} in ${join(root, "node_modules")}; run "npm ci" there, or install a newer Node.`,
    );
    process.exitCode = 1;
  }
}

/** Says whether this Node strips types without a flag: 22.18 and newer, except 23.0 to 23.5. */
function runsTypeScript(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major > 23;
}

/** Finds the Node that npm installed for this machine as an optional dependency; undefined when there is none. */
function pinnedNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  return [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]
    .map((name) => join(root, "node_modules", name, "bin", file))
    .find((path) => existsSync(path));
}

/** Runs the same command on the pinned Node and ends as it ends: same exit code, or same signal. */
function handOver(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal's Ctrl-C reaches parent and child alike; passed on once more, it would look like an impatient second one.
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`afterword: could not run the pinned Node ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
