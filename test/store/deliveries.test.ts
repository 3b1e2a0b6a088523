import { createHash, randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { type Instant, plus } from "../../src/core/instant.ts";
import type { Database } from "../../src/store/database.ts";
import { insertDeliveries, lockStored, type NewDelivery, reviveWaiting, settleDeliveries } from "../../src/store/deliveries.ts";
import { freshDatabase } from "../support/services.ts";
import { addPlace, addSource, noon, openPool, type Place, somebodyWaits } from "./rows.ts";

let one: Database;
let two: Database;
let place: Place;

beforeAll(async () => {
  const { url } = await freshDatabase();
  one = openPool(url);
  two = openPool(url);
  place = await addPlace(one);
});

function delivery(change: Partial<NewDelivery> & { at?: Instant } = {}): NewDelivery {
  const { at = noon, ...rest } = change;
  return {
    id: newId(at),
    ...place,
    key: randomUUID(),
    topic: "order.placed",
    headers: {},
    body: Buffer.from("{}"),
    receivedAt: at,
    ...rest,
  };
}

async function stored(key: string): Promise<number> {
  const rows = await two
    .selectFrom("delivery_keys as k")
    .innerJoin("deliveries as d", "d.id", "k.delivery_id")
    .select("d.id")
    .where("k.key", "=", key)
    .execute();
  return rows.length;
}

describe("a delivery", () => {
  test("is there for every other process as soon as the call returns (IN-04)", async () => {
    const sent = delivery();
    expect(await insertDeliveries(one, [sent])).toEqual(["stored"]);
    expect(await two.selectFrom("deliveries").select("id").where("id", "=", sent.id).executeTakeFirst()).toEqual({ id: sent.id });
  });

  test("comes back byte for byte, headers and topic as they came (IN-01)", async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const bodies = [
      all,
      Buffer.alloc(0),
      randomBytes(100_000),
      Buffer.from('\\x00 {"\\/": "\\\\"} \u0000 "quoted", {braces}'),
      Buffer.from([0xff, 0xfe]),
    ];
    const headers = { "x-topic": 'a "quoted", \\ {odd} value \u00e9', empty: "", null: "NULL" };
    const sent = bodies.map((body) => delivery({ body, headers, topic: 'NULL, "x" {y} \\' }));
    expect(await insertDeliveries(one, sent)).toEqual(bodies.map(() => "stored"));
    const found = await two.transaction().execute((tx) => lockStored(tx, { limit: 100, maxBytes: 1e9, only: sent.map(({ id }) => id) }));
    for (const { id, body } of sent) {
      const row = found.find((candidate) => candidate.id === id);
      expect(row?.body.equals(body), createHash("sha256").update(body).digest("hex")).toBe(true);
      expect(row?.headers).toEqual(headers);
      expect(row?.topic).toBe('NULL, "x" {y} \\');
    }
  });

  test("that no source of that shop brought is refused", async () => {
    await expect(insertDeliveries(one, [delivery({ sourceId: newId(noon) })])).rejects.toThrow(/foreign key/);
  });
});

describe("a repeat (IN-05)", () => {
  test("within a batch is stored once, and each caller is told", async () => {
    const key = randomUUID();
    const answers = await insertDeliveries(one, [delivery({ key }), delivery(), delivery({ key }), delivery({ key })]);
    expect(answers.filter((answer) => answer === "repeat")).toHaveLength(2);
    expect(answers[1]).toBe("stored");
    expect(await stored(key)).toBe(1);
  });

  test("in a later batch is not stored again, whatever it holds now", async () => {
    const key = randomUUID();
    expect(await insertDeliveries(one, [delivery({ key })])).toEqual(["stored"]);
    expect(await insertDeliveries(two, [delivery({ key, body: Buffer.from("other") }), delivery()])).toEqual(["repeat", "stored"]);
    expect(await stored(key)).toBe(1);
  });

  test("that reaches two processes at once is stored once, and nobody is told `repeat` before it is stored", async () => {
    for (let round = 0; round < 20; round += 1) {
      const keys = Array.from({ length: 30 }, () => randomUUID());
      const batch = (turn: number) => keys.map((key) => delivery({ key })).sort(() => (turn === 0 ? 1 : -1));
      const answers = await Promise.all([0, 1, 0, 1].map((turn) => insertDeliveries(turn === 0 ? one : two, batch(turn))));
      expect(answers.flat().filter((answer) => answer === "stored")).toHaveLength(keys.length);
      for (const key of keys.slice(0, 3)) expect(await stored(key)).toBe(1);
    }
  });

  test.each(["commit", "rollback"] as const)("of one that is just being stored waits for it to %s", async (end) => {
    const key = randomUUID();
    let answer: Promise<readonly string[]> = Promise.resolve([]);
    let early: readonly string[] | null = null;
    await one
      .transaction()
      .execute(async (tx) => {
        await insertDeliveries(tx, [delivery({ key })]);
        answer = insertDeliveries(two, [delivery({ key })]);
        void answer.then((words) => {
          early = words;
        });
        await somebodyWaits(one);
        expect(early).toBeNull();
        if (end === "rollback") throw new Error("rolled back");
      })
      .catch((error: unknown) => expect(String(error)).toBe("Error: rolled back"));
    expect(await answer).toEqual([end === "commit" ? "repeat" : "stored"]);
    expect(await stored(key)).toBe(1);
  });

  test("of another source's key is none: two senders may count alike", async () => {
    const other = await addSource(one, place.shopId);
    const key = randomUUID();
    expect(await insertDeliveries(one, [delivery({ key }), delivery({ key, sourceId: other })])).toEqual(["stored", "stored"]);
    expect(await insertDeliveries(one, [delivery({ key, sourceId: other })])).toEqual(["repeat"]);
  });
});

describe("several sources at once", () => {
  test("never make two processes wait for each other in a circle", async () => {
    const sources = await Promise.all(Array.from({ length: 12 }, () => addSource(one, place.shopId)));
    for (let round = 1; round <= 40; round += 1) {
      const at = plus(noon, round * 60_000);
      const batch = (ids: readonly string[]) => ids.map((sourceId) => delivery({ sourceId, at }));
      const answers = await Promise.all([
        insertDeliveries(one, batch(sources)),
        insertDeliveries(two, batch(sources.toReversed())),
        insertDeliveries(one, batch([...sources.slice(6), ...sources.slice(0, 6)])),
      ]);
      expect(answers.flat().every((answer) => answer === "stored")).toBe(true);
    }
  });

  test("each remember when the last webhook came, to within ten seconds, and never an earlier time", async () => {
    const id = await addSource(one, place.shopId);
    const last = async () =>
      (await one.selectFrom("sources").select("last_delivery_at").where("id", "=", id).executeTakeFirstOrThrow()).last_delivery_at;
    await insertDeliveries(one, [delivery({ sourceId: id, at: noon }), delivery({ sourceId: id, at: plus(noon, 5) })]);
    expect(await last()).toBe(plus(noon, 5));
    await insertDeliveries(one, [delivery({ sourceId: id, at: plus(noon, 60_000) })]);
    await insertDeliveries(one, [delivery({ sourceId: id, at: plus(noon, 30_000) })]);
    expect(await last()).toBe(plus(noon, 60_000));
  });
});

describe("taking hold of stored deliveries", () => {
  test("gives the oldest first, no more than `limit`, and none that another process holds", async () => {
    const { url } = await freshDatabase();
    const [a, b] = [openPool(url), openPool(url)];
    place = await addPlace(a);
    const sent = [3, 1, 2, 0].map((minute) => delivery({ at: plus(noon, minute * 60_000) }));
    await insertDeliveries(a, sent);
    const byAge = sent.toSorted((x, y) => x.receivedAt - y.receivedAt).map(({ id }) => id);
    await a.transaction().execute(async (first) => {
      const mine = await lockStored(first, { limit: 2, maxBytes: 1e9 });
      expect(mine.map(({ id }) => id)).toEqual(byAge.slice(0, 2));
      const theirs = await b.transaction().execute((second) => lockStored(second, { limit: 10, maxBytes: 1e9 }));
      expect(theirs.map(({ id }) => id)).toEqual(byAge.slice(2));
    });
  });

  test("stops before `maxBytes`, but takes one that alone is larger", async () => {
    const { url } = await freshDatabase();
    const db = openPool(url);
    place = await addPlace(db);
    await insertDeliveries(
      db,
      [500, 400, 200, 50].map((bytes, minute) => delivery({ body: Buffer.alloc(bytes), at: plus(noon, minute * 60_000) })),
    );
    const take = (maxBytes: number) =>
      db.transaction().execute(async (tx) => (await lockStored(tx, { limit: 10, maxBytes })).map(({ body }) => body.length));
    expect(await take(1_000)).toEqual([500, 400]);
    expect(await take(100)).toEqual([500]);
    expect(await take(2_000)).toEqual([500, 400, 200, 50]);
  });

  test("leaves out what was settled, and gives it again when what it waited for has come: by id, by number, by number with #", async () => {
    const { url } = await freshDatabase();
    const db = openPool(url);
    place = await addPlace(db);
    const augmenting = await addSource(db, place.shopId, { augments: place.sourceId });
    const foreign = await addSource(db, place.shopId, { augments: await addSource(db, place.shopId) });
    const sent = ["o-1", "1001", "#1001", "1002"].map((waitsFor) => ({ waitsFor, delivery: delivery({ sourceId: augmenting }) }));
    const elsewhere = delivery({ sourceId: foreign });
    await insertDeliveries(db, [...sent.map((one) => one.delivery), elsewhere]);
    await settleDeliveries(
      db,
      [...sent.map(({ waitsFor, delivery: { id } }) => ({ id, waitsFor })), { id: elsewhere.id, waitsFor: "o-1" }].map(
        ({ id, waitsFor }) => ({
          id,
          state: "waiting",
          reason: "waits",
          pointer: null,
          waitsFor,
        }),
      ),
      noon,
    );
    const taken = () => db.transaction().execute(async (tx) => (await lockStored(tx, { limit: 10, maxBytes: 1e9 })).map(({ id }) => id));
    expect(await taken()).toEqual([]);
    expect(await reviveWaiting(db, [{ sourceId: place.sourceId, externalId: "o-1", number: "1001" }])).toBe(3);
    expect(new Set(await taken())).toEqual(new Set(sent.slice(0, 3).map((one) => one.delivery.id)));
  });
});
