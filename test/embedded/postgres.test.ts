import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { freshFolder, guardOf, kill, serverPid, serversOf, spawnOwner, sql, start, until, urlFrom } from "./embedded-postgres.ts";

/** One database made once; tests that begin with one work on copies of it. */
let made: string;
beforeAll(async () => {
  made = await freshFolder();
  const server = await startEmbeddedPostgres({ dataDir: made, durable: false });
  await sql(server.url, "create table kept as select 'committed' as what");
  await server.stop();
});

async function copyOfMade(): Promise<string> {
  const folder = await freshFolder();
  // Ownership is part of a database folder, and `cp` of Node does not keep it.
  const copying = spawn("cp", ["-a", join(made, "postgres"), folder], { stdio: "inherit" });
  expect(await once(copying, "exit")).toEqual([0, null]);
  return folder;
}

const kept = [{ what: "committed" }];

describe("a database", () => {
  test("is made at the first start the same on every machine: UTF-8, UTC, checksums, everything synced", async () => {
    const server = await start(await freshFolder(), { durable: true });
    const [settings] = await sql(
      server.url,
      `select current_database() as database, current_setting('server_encoding') as encoding, current_setting('TimeZone') as zone,
        current_setting('data_checksums') as checksums, current_setting('fsync') as fsync, current_setting('listen_addresses') as listens,
        (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()) as locale`,
    );
    expect(settings).toEqual({
      ...{ database: "afterword", encoding: "UTF8", zone: "UTC", checksums: "on", fsync: "on", listens: "127.0.0.1", locale: "b C.UTF-8" },
    });
  });

  test("is found again by the next start, at the same address", async () => {
    const folder = await copyOfMade();
    const first = await start(folder);
    await first.stop();
    const second = await start(folder);
    expect(second.url).toBe(first.url);
    expect(await sql(second.url, "select what from kept")).toEqual(kept);
  });

  test("opens to nobody without the password, which only its owner can read", async () => {
    const folder = await copyOfMade();
    const server = await start(folder);
    expect((await stat(join(folder, "postgres/password"))).mode & 0o777).toBe(0o600);
    const wrong = new URL(server.url);
    wrong.password = "guessed";
    await expect(sql(wrong.href, "select 1")).rejects.toThrow(/password authentication failed/);
  });

  test("whose making was killed half-way is made again from the beginning", async () => {
    const folder = await freshFolder();
    const owner = spawnOwner(folder);
    const half = () => readdir(join(folder, "postgres")).then((names) => names.find((name) => name.startsWith(".cluster-")));
    await until(async () => (await half().catch(() => undefined)) !== undefined);
    await kill(owner);
    expect(await readdir(join(folder, "postgres"))).not.toContain("cluster");

    const server = await start(folder);
    expect(await sql(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(await half()).toBeUndefined();
  });
});

describe("after kill -9", () => {
  test("of the server, it comes back by itself at the same address with everything committed", async () => {
    const folder = await copyOfMade();
    const events: string[] = [];
    const server = await start(folder, { durable: true, log: (event) => events.push(event) });
    await sql(server.url, "insert into kept values ('just before')");
    const dead = await serverPid(folder);
    process.kill(dead, "SIGKILL");
    await until(() =>
      sql(server.url, "select 1").then(
        () => true,
        () => false,
      ),
    );
    expect(await sql(server.url, "select what from kept order by what")).toEqual([...kept, { what: "just before" }]);
    expect(await serverPid(folder)).not.toBe(dead);
    expect(events).toEqual([expect.stringContaining("ended unexpectedly")]);
  });

  test("of the Afterword, its server ends by itself", async () => {
    const folder = await copyOfMade();
    const owner = spawnOwner(folder);
    await urlFrom(owner);
    expect(await serversOf(folder)).not.toEqual([]);
    await kill(owner);
    await until(async () => (await serversOf(folder)).length === 0);
  });

  test("of the Afterword and whatever watches over it, the next start ends the server left behind and takes over", async () => {
    const folder = await copyOfMade();
    const owner = spawnOwner(folder);
    await sql(await urlFrom(owner), "insert into kept values ('just before')");
    const orphan = await serverPid(folder);
    process.kill(await guardOf(orphan), "SIGKILL");
    await kill(owner);
    expect(await serversOf(folder)).toContain(orphan);

    const server = await start(folder);
    expect(await sql(server.url, "select what from kept order by what")).toEqual([...kept, { what: "just before" }]);
    expect(await serversOf(folder)).not.toContain(orphan);
  });

  test("a stale pid file whose number now belongs to another process neither stops the start nor hurts that process", async () => {
    const folder = await copyOfMade();
    const pidFile = join(folder, "postgres/cluster/postmaster.pid");
    const before = await start(folder);
    const note = (await readFile(pidFile, "utf8")).split("\n");
    await before.stop();
    const { uid, gid } = await stat(join(folder, "postgres/cluster"));
    const bystander = spawn("sleep", ["600"], process.getuid?.() === 0 ? { uid, gid } : {});
    await once(bystander, "spawn");
    await writeFile(pidFile, [bystander.pid, ...note.slice(1)].join("\n"), { mode: 0o600 });
    await chown(pidFile, uid, gid);

    const server = await start(folder);
    expect(await sql(server.url, "select what from kept")).toEqual(kept);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    await kill(bystander);
  });
});

describe("nothing is left running", () => {
  test("after stop", async () => {
    const folder = await copyOfMade();
    const server = await start(folder);
    await Promise.all([server.stop(), server.stop()]);
    expect(await serversOf(folder)).toEqual([]);
  });

  test("after an exit that nobody prepared", async () => {
    const folder = await copyOfMade();
    const owner = spawnOwner(folder, "exit");
    expect(await once(owner, "exit")).toEqual([3, null]);
    await until(async () => (await serversOf(folder)).length === 0);
  });
});

describe("one clear sentence says", () => {
  test("that the folder is in use by another Afterword, who does not notice", async () => {
    const folder = await copyOfMade();
    const server = await start(folder);
    const refusal = await start(folder).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "in-use",
      message: expect.stringMatching(new RegExp(`^.*in use.*process ${process.pid} .*DATA_DIR.*$`)),
    });
    expect(await sql(server.url, "select what from kept")).toEqual(kept);
    await server.stop();
    await start(folder);
  });

  test("that another was quicker, when two begin at once in an empty folder", async () => {
    const folder = await freshFolder();
    const outcomes = await Promise.allSettled([start(folder), start(folder)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "in-use" } });
  });

  test("that the database was made by another version", async () => {
    const folder = await copyOfMade();
    await writeFile(join(folder, "postgres/cluster/PG_VERSION"), "17\n");
    await expect(start(folder)).rejects.toMatchObject({ code: "other-version" });
  });

  test("that the password is gone, and makes up no other", async () => {
    const folder = await copyOfMade();
    await rm(join(folder, "postgres/password"));
    await expect(start(folder)).rejects.toMatchObject({ code: "missing" });
    expect(await readdir(join(folder, "postgres"))).not.toContain("password");
  });

  test("what PostgreSQL complained of, when it does not start", async () => {
    const folder = await copyOfMade();
    await rm(join(folder, "postgres/cluster/global/pg_control"));
    await expect(start(folder)).rejects.toMatchObject({ code: "start-failed", message: expect.stringContaining("pg_control") });
  });
});

test("a port that somebody else has taken meanwhile is exchanged for a free one", async () => {
  const folder = await copyOfMade();
  const other = await copyOfMade();
  const first = await start(folder);
  const second = await start(other);
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
  expect(await sql(second.url, "select what from kept")).toEqual(kept);
});

test("a folder that does not exist yet is made, with its parents", async () => {
  const folder = join(await freshFolder(), "not", "yet");
  await mkdir(join(folder, ".."));
  await start(folder);
  expect(await readdir(folder)).toEqual(["postgres"]);
});
