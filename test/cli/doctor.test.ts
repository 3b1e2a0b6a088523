import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, inject, test } from "vitest";
import { checkDataDir, checkNode, checkSecretKey } from "../../src/cli/doctor/machine.ts";
import { instantOf } from "../../src/core/instant.ts";
import { openDatabase } from "../../src/store/database.ts";
import { time } from "../../src/store/values.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { startProcess, temporaryFolder } from "../support/process.ts";
import { connectShop, type Json, startService } from "../support/service.ts";
import { describeWithRedis, freshDatabase } from "../support/services.ts";
import { startSink } from "../support/smtp-sink.ts";
import { startRedis } from "../support/test-redis.ts";
import { nobodyThere, run } from "./set-up.ts";

const secret = "a secret key for tests, 32 long..";
const quiet = { SECRET_KEY: secret, DATA_DIR: await temporaryFolder() };

interface Examined {
  readonly code: number;
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, Json>>;
}

async function examine(env: Readonly<Record<string, string>>): Promise<Examined> {
  const { code, out, err } = await run(["doctor", "--json"], { AFTERWORD_URL: await nobodyThere(), ...env });
  expect(err).toBe("");
  const { ok, checks } = JSON.parse(out);
  return { code: code ?? -1, ok, checks: Object.fromEntries(checks.map((check: Json) => [check.name, check])) };
}

describe("doctor", () => {
  test("finds nothing amiss on a machine where nothing was started yet, and leaves nothing there", async () => {
    const folder = join(await temporaryFolder(), "data");
    const { code, ok, checks } = await examine({ DATA_DIR: folder });
    expect([code, ok]).toEqual([0, true]);
    expect(checks["database"]).toMatchObject({ state: "skipped" });
    expect(checks["data folder"].detail).toContain("will be made at the first start");
    expect(await checkDataDir(folder)).toMatchObject({ state: "ok", detail: expect.stringContaining("will be made") });
  });

  test("names everything that is wrong with the configuration, by variable, and ends with 1", async () => {
    const { code, out } = await run(["doctor"], { ...quiet, PORT: "x", CLOCK: "stopped" });
    expect(code).toBe(1);
    expect(out).toMatch(/^fail {2}configuration +PORT is "x"; it must be a number/m);
    expect(out).toMatch(/^fail {2}configuration +CLOCK is "stopped"/m);
    expect(out).toMatch(/^ +→ mend CLOCK/m);
    expect(out).toMatch(/\n2 to mend, 0 to look at\.\n$/);
  });

  test("looks at a service that runs, at its database, and finds what an operator forgot", async () => {
    const service = await startService({ start: "2026-01-20T12:00:00Z" });
    const shop = await connectShop(service, { name: "Forgotten", postalAddress: null, redirectTo: "me@test.example" });
    const env = { ...quiet, AFTERWORD_URL: service.url, DATABASE_URL: service.databaseUrl, SMTP_URL: service.sink.url, CLOCK: "manual" };
    const first = await examine(env);
    expect([first.code, first.ok]).toEqual([0, true]);
    expect(first.checks["service"]).toMatchObject({ state: "ok", detail: `ready at ${service.url}` });
    expect(first.checks["database"].detail).toMatch(/^PostgreSQL \d\d\.\d+$/);
    expect(first.checks["schema"]).toMatchObject({ state: "ok" });
    expect(first.checks["clocks"]).toMatchObject({ state: "ok" });
    expect(first.checks["sources"]).toMatchObject({ state: "ok" });
    expect(first.checks["shops"]).toMatchObject({
      state: "warning",
      detail: "Forgotten has no postal address; all mail of Forgotten goes to a test address",
      remedy: expect.stringContaining("afterword shop set"),
    });
    expect(first.checks["mail server"]).toMatchObject({ state: "ok" });
    expect(first.checks["public address"]).toMatchObject({ state: "warning", remedy: expect.stringContaining("PUBLIC_URL") });

    expect(first.checks["calendar"]).toMatchObject({ state: "ok" });

    await service.moveTo("2026-01-24T12:00:00Z");
    const later = await examine(env);
    expect(later.checks["sources"]).toMatchObject({
      state: "warning",
      detail: expect.stringContaining(`shopify of Forgotten (${shop.shopify}) has never sent anything`),
      remedy: expect.stringContaining("afterword source test"),
    });
  });

  test("warns when the holidays of a shop's country are not announced as far as is planned, until somebody enters them (HOL-02)", async () => {
    const service = await startService({ start: "2026-11-24T12:00:00Z" });
    const { shopId } = await connectShop(service);
    const env = { ...quiet, AFTERWORD_URL: service.url, DATABASE_URL: service.databaseUrl, CLOCK: "manual" };
    expect((await examine(env)).checks["calendar"]).toMatchObject({
      state: "warning",
      detail: expect.stringContaining("the holidays of CN are announced until 2026-12-31 only"),
      remedy: expect.stringContaining("afterword shop calendar"),
    });
    const day = { calendar: "dispatch", day: "2027-02-05", kind: "holiday", name: "Spring Festival" };
    await service.ok("PUT", `/shops/${shopId}/calendar`, { days: [day] });
    expect((await examine(env)).checks["calendar"]).toMatchObject({ state: "ok" });
  });

  test("does not miss imports: their source is silent by nature", async () => {
    const service = await startService({ start: "2026-01-20T12:00:00Z" });
    const { id } = await service.ok("POST", "/shops", {
      name: "A",
      timeZone: "UTC",
      locale: "en",
      country: "DE",
      from: { name: "A", address: "a@a.example" },
    });
    await fetch(`${service.url}/api/v1/shops/${id}/import`, {
      method: "POST",
      body: "\n",
      headers: { authorization: "Bearer owner-token-for-tests" },
    });
    await service.moveTo("2026-02-20T12:00:00Z");
    const { checks } = await examine({ ...quiet, AFTERWORD_URL: service.url, DATABASE_URL: service.databaseUrl, CLOCK: "manual" });
    expect(checks["sources"]).toMatchObject({ state: "ok" });
  });

  test("tells of mail that nobody sends, as when no worker runs", async () => {
    const service = await startService({ env: { CLOCK: "system", ROLE: "web" } });
    const db = openDatabase({ url: service.databaseUrl, connections: 1 });
    atEndOfFile(() => db.destroy());
    const env = { ...quiet, AFTERWORD_URL: service.url, DATABASE_URL: service.databaseUrl };
    expect((await examine(env)).checks["work"]).toMatchObject({ state: "ok" });
    const { shopId } = await connectShop(service);
    const { id: sourceId } = await db.selectFrom("sources").select("id").where("shop_id", "=", shopId).limit(1).executeTakeFirstOrThrow();
    const old = instantOf("2026-01-01T00:00:00Z");
    await sql`insert into orders (id, shop_id, source_id, external_id, order_day, schedule_version, first_seen)
      values (${shopId}, ${shopId}, ${sourceId}, 'o', '2026-01-01', 1, ${time(old)})`.execute(db);
    await sql`insert into messages (id, shop_id, order_id, order_day, step, occurrence_kind, occurrence_id, template, category, state, slot_at, due_at, stale_at, because, schedule_version, updated_at)
      values (${shopId}, ${shopId}, ${shopId}, '2026-01-01', 's', 'order', 'o', 't', 'order', 'planned', ${time(old)}, ${time(old)}, '2099-01-01', '[]', 1, ${time(old)})`.execute(
      db,
    );
    expect((await examine(env)).checks["work"]).toMatchObject({ state: "warning", detail: expect.stringContaining("minutes") });
  });

  test("tells a database that nobody reaches, refuses the password, or is not up to date", async () => {
    const { hostname, port } = new URL(await nobodyThere());
    const away = await examine({ ...quiet, DATABASE_URL: `postgres://a:b@${hostname}:${port}/c` });
    expect([away.code, away.checks["database"]]).toEqual([
      1,
      {
        name: "database",
        state: "failed",
        detail: expect.stringContaining("ECONNREFUSED"),
        remedy: expect.stringContaining("DATABASE_URL"),
      },
    ]);
    const wrong = new URL((await freshDatabase()).url);
    wrong.pathname = "/nothing_of_that_name";
    expect((await examine({ ...quiet, DATABASE_URL: wrong.href })).checks["database"]).toMatchObject({ state: "failed" });

    const old = await freshDatabase();
    const db = openDatabase({ url: old.url, connections: 1 });
    atEndOfFile(() => db.destroy());
    await sql`delete from kysely_migration`.execute(db);
    expect((await examine({ ...quiet, DATABASE_URL: old.url })).checks["schema"]).toMatchObject({
      state: "warning",
      remedy: expect.stringContaining("afterword migrate"),
    });
  });

  test("finds the embedded PostgreSQL, whether the service runs or not, with no token and no settings", async () => {
    const DATA_DIR = await temporaryFolder();
    const service = await startProcess({ DATA_DIR });
    const running = await examine({ DATA_DIR, AFTERWORD_URL: service.url });
    expect(running.checks["service"]).toMatchObject({ state: "ok" });
    expect(running.checks["database"]).toMatchObject({ state: "ok", detail: expect.stringMatching(/^PostgreSQL \d\d\.\d+, embedded$/) });
    expect(running.checks["secret key"]).toMatchObject({ state: "ok" });
    expect(await service.stop()).toBe(0);
    const stopped = await examine({ DATA_DIR });
    expect([stopped.code, stopped.checks["service"].state, stopped.checks["database"].state, stopped.checks["work"].state]).toEqual([
      0,
      "skipped",
      "ok",
      "ok",
    ]);
  }, 90_000);

  test("tells a mail server that nobody reaches from one that refuses the password", async () => {
    const { host } = new URL(await nobodyThere());
    const away = await examine({ ...quiet, SMTP_URL: `smtp://${host}` });
    expect(away.checks["mail server"]).toMatchObject({ state: "failed", remedy: expect.stringContaining("firewall") });
    const sink = await startSink({ auth: { user: "tester", pass: "right" } });
    atEndOfFile(() => sink.stop());
    const right = await examine({ ...quiet, SMTP_URL: sink.url });
    expect(right.checks["mail server"]).toMatchObject({ state: "ok", detail: expect.stringContaining("and the sign-in") });
    const wrong = await examine({ ...quiet, SMTP_URL: sink.url.replace("right", "wr0ng") });
    expect(wrong.checks["mail server"]).toMatchObject({ state: "failed", remedy: expect.stringContaining("password is wrong") });
    expect(JSON.stringify(wrong.checks)).not.toContain("wr0ng");
    expect(sink.mails()).toEqual([]);
  });

  test("wants a public address for mail that goes out, and a good one", async () => {
    const at = (env: Record<string, string>) => examine({ ...quiet, ...env }).then(({ checks }) => checks["public address"]);
    expect(await at({})).toMatchObject({ state: "ok" });
    expect(await at({ PUBLIC_URL: "http://mail.shop.example" })).toMatchObject({
      state: "warning",
      detail: expect.stringContaining("not https"),
    });
    expect(await at({ PUBLIC_URL: "https://mail.shop.example" })).toMatchObject({ state: "ok" });
  });

  test("tells something else that answers at the service's address", async () => {
    const service = await startService();
    const { checks } = await examine({ ...quiet, AFTERWORD_URL: `${service.url}/elsewhere` });
    expect(checks["service"]).toMatchObject({ state: "failed", detail: expect.stringContaining("something else answers") });
  });
});

describeWithRedis("doctor and Redis", () => {
  test("wants a Redis that answers and never throws work away", async () => {
    const { redis } = inject("services");
    if (redis.kind !== "program") return;
    const server = await startRedis({ path: redis.path });
    atEndOfFile(server.stop);
    const REDIS_URL = server.url;
    expect((await examine({ ...quiet, REDIS_URL })).checks["queue"]).toMatchObject({
      state: "ok",
      detail: expect.stringMatching(/, version \d+\./),
    });
    const { Redis } = await import("ioredis");
    const client = new Redis(server.url);
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    client.disconnect();
    expect((await examine({ ...quiet, REDIS_URL })).checks["queue"]).toMatchObject({
      state: "warning",
      detail: expect.stringContaining("has allkeys-lru"),
      remedy: expect.stringContaining("noeviction"),
    });
    await server.stop();
    const away = await examine({ ...quiet, REDIS_URL });
    expect([away.code, away.checks["queue"]]).toEqual([
      1,
      expect.objectContaining({ state: "failed", detail: expect.stringContaining("ECONNREFUSED") }),
    ]);
  });
});

describe("this machine", () => {
  test.each([
    ["20.19.0", "failed"],
    ["22.17.9", "failed"],
    ["22.18.0", "warning"],
    ["24.1.0", "ok"],
    ["25.0.0", "warning"],
  ])("Node %s is %s", (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  test("a secret key that others can read is told, with the command that mends it", async () => {
    const folder = await temporaryFolder();
    await mkdir(folder, { recursive: true });
    const file = join(folder, "secret-key");
    await writeFile(file, secret);
    await chmod(file, 0o644);
    expect(await checkSecretKey(folder, null)).toMatchObject({ state: "warning", remedy: `chmod 600 ${file}` });
    await chmod(file, 0o600);
    expect(await checkSecretKey(folder, null)).toMatchObject({ state: "ok" });
  });
});
