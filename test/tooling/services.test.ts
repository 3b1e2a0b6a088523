import { Redis } from "ioredis";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { describeWithRedis, freshDatabase, freshRedis } from "../support/services.ts";

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test("each fresh database has the product's tables, and nobody else's rows", async () => {
  const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
  const [a, b] = [await connect(one.url), await connect(other.url)];
  await a.query("create table mine as select 1 as one");
  expect((await b.query("select to_regclass('mine') as mine, to_regclass('messages') is not null as migrated")).rows).toEqual([
    { mine: null, migrated: true },
  ]);
});

test("a dropped database is gone at once, whoever is still connected", async () => {
  const { url, drop } = await freshDatabase();
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  await drop();
  await expect(connect(url)).rejects.toMatchObject({ code: "3D000" });
});

describeWithRedis("a fresh Redis", () => {
  test("answers, and has no keys under its prefix", async () => {
    const { url, prefix } = await freshRedis();
    const client = new Redis(url);
    onTestFinished(() => client.disconnect());
    expect(await client.keys(`${prefix}*`)).toEqual([]);
  });
});
