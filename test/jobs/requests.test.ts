import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { drive } from "../../jobs/drive.ts";
import { planBatch } from "../../jobs/plan.ts";
import { releaseTurn } from "../../jobs/release.ts";
import { sendBatch } from "../../jobs/send.ts";
import { takeInBatch } from "../../jobs/take-in.ts";
import { newId } from "../../src/core/ids.ts";
import { type Instant, instantOf, minute, plus } from "../../src/core/instant.ts";
import { addressHash } from "../../src/core/keys.ts";
import { plan } from "../../src/core/plan.ts";
import { insertDeliveries } from "../../src/store/deliveries.ts";
import { loadForPlanning } from "../../src/store/planning.ts";
import { listQuarantine, retryDelivery } from "../../src/store/quarantine.ts";
import { changed, fixture } from "../sources/support/edit.ts";
import { addPlace, addSource, noon, type Place } from "../store/rows.ts";
import { deliver, dispatched, fates, openWorld, orderRow, placed, type Worker, type World } from "./bundle.ts";

let world: World;
let worker: Worker;
/** A Shopify source, and another source of the same shop. */
let place: Place;
let own: Place;
let at: Instant;

beforeEach(async () => {
  world = await openWorld();
  worker = world.worker();
  own = await addPlace(world.db);
  place = { shopId: own.shopId, sourceId: await addSource(world.db, own.shopId, { platform: "shopify" }) };
  at = instantOf("2026-01-20T07:59:00Z");
});

type Webhook = readonly [topic: string, body: unknown];

/** Stores Shopify webhooks, a millisecond apart, and gives their ids. */
async function fromShopify(webhooks: readonly Webhook[], to: Place = place): Promise<readonly string[]> {
  const deliveries = webhooks.map(([topic, body]) => {
    at = plus(at, 1);
    const bytes = Buffer.from(JSON.stringify(body));
    return { id: newId(at), ...to, key: randomUUID(), topic, headers: { "x-shopify-topic": topic }, body: bytes, receivedAt: at };
  });
  await insertDeliveries(world.db, deliveries);
  return deliveries.map(({ id }) => id);
}

const bob = "bob.norman@mail.example.com";

/** Shopify's own sample of an order, by Bob Norman of Louisville unless somebody else is named, dispatched yesterday. */
function order(id: number, { email = bob as string | null, customer = 207119551 } = {}): Webhook {
  const day = "2026-01-19T11:00:00-05:00";
  const body = changed(fixture("shopify/order.2026-07.json"), {
    "/id": id,
    "/name": `#${id}`,
    "/order_number": id,
    "/email": email,
    "/contact_email": email,
    "/customer/id": customer,
    "/customer/email": email,
    "/created_at": day,
    "/updated_at": day,
    "/processed_at": day,
    "/financial_status": "paid",
    "/refunds": [],
    "/fulfillments/0/order_id": id,
    "/fulfillments/0/created_at": day,
    "/fulfillments/0/updated_at": day,
    "/fulfillments/0/status": "success",
    ...(customer === 207119551 ? {} : somebodyElse),
  });
  return ["orders/create", body];
}

const somebodyElse = {
  "/customer/first_name": "Ann",
  "/customer/last_name": "Lee",
  "/shipping_address/first_name": "Ann",
  "/shipping_address/last_name": "Lee",
  "/shipping_address/name": "Ann Lee",
  "/shipping_address/city": "Portland",
  "/shipping_address/zip": "97201",
  "/shipping_address/province_code": "OR",
  "/order_status_url": null,
  "/fulfillments/0/tracking_number": "RR9",
  "/fulfillments/0/tracking_numbers": ["RR9"],
  "/fulfillments/0/tracking_url": null,
  "/fulfillments/0/tracking_urls": [],
};

function redact(orders: readonly number[], customer: object = { id: 207119551, email: bob, phone: null }): Webhook {
  return ["customers/redact", { shop_id: 1, shop_domain: "x.myshopify.com", customer, orders_to_redact: orders }];
}

const uninstalled: Webhook = ["app/uninstalled", { id: 954889, name: "Jsmith" }];
const shopRedact: Webhook = ["shop/redact", { shop_id: 954889, shop_domain: "jsmith.myshopify.com" }];

async function settle(): Promise<void> {
  while ((await takeInBatch(worker)) > 0);
}

async function work(): Promise<void> {
  await settle();
  while ((await planBatch(worker, { dirty: 100 })).orders > 0);
}

async function ledger(externalId: string | number): Promise<readonly string[]> {
  const rows = await world.db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select(["m.step", "m.state", "m.reason"])
    .where("o.external_id", "=", String(externalId))
    .orderBy("m.step")
    .execute();
  return rows.map(({ step, state, reason }) => [step, state, reason].filter((word) => word !== null).join(" "));
}

/** Everything that is kept about orders and buyers, as text; raw webhooks apart. */
async function kept(): Promise<string> {
  const tables = ["orders", "facts", "messages", "attempts", "consents", "suppressions"];
  const dumps = tables.map((table) =>
    sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(table)} as t order by 1`.execute(world.db),
  );
  return (await Promise.all(dumps)).flatMap(({ rows }) => rows.map(({ row }) => row)).join("\n");
}

const bobsTraces = /bob|norman|207119551|louisville|40202|kentucky|imasecretipod|1Z1234512345123456/i;

const stateOf = async (id: string | undefined) => (await fates(world.db, [id ?? ""]))[0]?.state;

describe("a wish to erase a buyer (customers/redact)", () => {
  test("stops all mail to the buyer at once, and leaves nothing of them but a hash", async () => {
    await fromShopify([order(1), order(2)]);
    await deliver(world.db, own, [placed("3", { buyer: { email: bob.toUpperCase(), name: "Bob" } }), dispatched("3")], noon);
    await work();
    expect(await kept()).toMatch(bobsTraces);
    await drive(worker, world.clock, instantOf("2026-01-20T09:00:00Z"));
    const before = world.sink.mails().length;
    expect(before).toBeGreaterThan(0);

    const [wish] = await fromShopify([redact([1])]);
    await settle();
    expect(await stateOf(wish)).toBe("taken");
    expect(await kept()).not.toMatch(bobsTraces);
    for (const id of [1, 2, 3]) {
      expect((await orderRow(world.db, String(id))).closed_at).not.toBeNull();
      expect(await ledger(id)).toContain("check-in cancelled suppressed");
      expect((await ledger(id)).filter((line) => /planned|queued|held/.test(line))).toEqual([]);
    }
    await drive(worker, world.clock, instantOf("2026-04-01T00:00:00Z"));
    expect(world.sink.mails()).toHaveLength(before);
    expect(await world.db.selectFrom("suppressions").select(["address", "address_hash", "scope", "reason"]).execute()).toEqual([
      { address: null, address_hash: addressHash(world.keys, place.shopId, bob), scope: "all", reason: "erased" },
    ]);
  });

  test("leaves other buyers, and the ledger of what was sent, as they were", async () => {
    await fromShopify([order(1), order(2, { email: "ann@buyer.example", customer: 5 })]);
    await work();
    await drive(worker, world.clock, instantOf("2026-01-20T09:00:00Z"));
    const ann = await ledger(2);
    const sentToBob = (await ledger(1)).filter((line) => line.endsWith(" sent"));
    expect(sentToBob.length).toBeGreaterThan(0);
    await fromShopify([redact([1])]);
    await work();
    expect(await ledger(2)).toEqual(ann);
    expect(await kept()).toContain("ann@buyer.example");
    expect(await ledger(1)).toEqual(expect.arrayContaining(sentToBob));
  });

  test("finds the buyer by the sender's id when no address is known, and stops what address the orders have", async () => {
    await fromShopify([order(1), order(2, { customer: 5, email: "ann@buyer.example" })]);
    await work();
    await fromShopify([redact([], { id: 207119551, email: null, phone: "+1" })]);
    await work();
    expect(await kept()).not.toMatch(bobsTraces);
    expect((await orderRow(world.db, "2")).closed_at).toBeNull();
    const hashes = await world.db.selectFrom("suppressions").select("address_hash").execute();
    expect(hashes).toEqual([{ address_hash: addressHash(world.keys, place.shopId, bob) }]);
  });

  test("erases orders of the same batch that were never planned", async () => {
    await fromShopify([order(1), redact([]), order(2, { email: "ann@buyer.example", customer: 5 })]);
    await work();
    expect(await kept()).not.toMatch(bobsTraces);
    expect(await ledger(1)).toEqual([]);
    expect((await ledger(2)).length).toBeGreaterThan(0);
  });

  test("holds for listed orders that have not come: their late webhooks bring nothing back", async () => {
    const [wish] = await fromShopify([redact([7])]);
    await settle();
    const [late] = await fromShopify([order(7)]);
    await work();
    expect([await stateOf(wish), await stateOf(late)]).toEqual(["taken", "ignored"]);
    expect(await world.db.selectFrom("facts").selectAll().execute()).toEqual([]);
    expect(await kept()).not.toMatch(bobsTraces);
  });

  test("keeps a later order of the same address, even of the same batch, without mail, and says why (OUT-24)", async () => {
    await fromShopify([order(1), redact([1]), order(8)]);
    await work();
    expect((await orderRow(world.db, "8")).closed_at).toBeNull();
    const { id } = await orderRow(world.db, "8");
    const [known] = await loadForPlanning(world.db, world.keys, { orderIds: [id], lock: false });
    const entries = known === undefined ? [] : plan(known.input).entries;
    expect(entries.length).toBeGreaterThan(3);
    const off = new Set(known?.input.schedule.steps.flatMap(({ key, enabled }) => (enabled ? [] : [key])));
    for (const entry of entries) {
      expect(entry).toMatchObject({ kind: "excluded", reason: off.has(entry.step) ? "step-off" : "suppressed" });
    }
    expect(await ledger(8)).toEqual([]);
    await drive(worker, world.clock, instantOf("2026-04-01T00:00:00Z"));
    expect(world.sink.mails()).toEqual([]);
  });

  test("waits for no mail that is being handed over; what would be tried again ends with the order", async () => {
    await fromShopify([order(1)]);
    await work();
    world.sink.setBehaviour({ rcpt: { say: "451 4.3.0 later" } });
    const { batches } = await releaseTurn(worker);
    const slow = world.worker({
      async end(ending) {
        // The wish comes while the server's answer is on its way.
        await fromShopify([redact([1])]);
        await settle();
        return worker.end(ending);
      },
    });
    for (const batch of batches) await sendBatch(slow, batch);
    expect(await ledger(1)).toContain("dispatch-notice planned");
    world.sink.setBehaviour(null);
    await drive(worker, world.clock, instantOf("2026-01-22T00:00:00Z"));
    expect(world.sink.mails()).toEqual([]);
    expect(await ledger(1)).toContain("dispatch-notice cancelled order-closed");
  });

  test("takes back a mail that was claimed and not begun", async () => {
    await fromShopify([order(1)]);
    await work();
    const { batches } = await releaseTurn(worker);
    expect(await ledger(1)).toContain("dispatch-notice queued");
    const held = world.worker({
      async begin(beginning) {
        await fromShopify([redact([1])]);
        await settle();
        return worker.begin(beginning);
      },
    });
    for (const batch of batches) await sendBatch(held, batch);
    expect(world.sink.mails()).toEqual([]);
    expect(await ledger(1)).toContain("dispatch-notice cancelled suppressed");
  });

  test("told again changes nothing", async () => {
    await fromShopify([order(1), redact([1])]);
    await work();
    const before = await kept();
    await fromShopify([redact([1])]);
    await work();
    expect(await kept()).toBe(before);
  });
});

describe("an uninstalled app (app/uninstalled)", () => {
  test("stops all mail about the source's orders at once, keeps what is known of them, and touches no other source", async () => {
    await fromShopify([order(1)]);
    await deliver(world.db, own, [placed("2"), dispatched("2")], noon);
    await work();
    const others = await ledger(2);
    const [wish] = await fromShopify([uninstalled]);
    await work();
    expect(await stateOf(wish)).toBe("taken");
    expect(await ledger(1)).toContain("check-in cancelled order-closed");
    expect(await ledger(2)).toEqual(others);
    expect(await orderRow(world.db, "1")).toMatchObject({ email: bob, closed_at: new Date(world.clock.now()).getTime() });
    expect(await world.db.selectFrom("suppressions").selectAll().execute()).toEqual([]);
    await drive(worker, world.clock, instantOf("2026-04-01T00:00:00Z"));
    expect(world.sink.mails().filter((mail) => mail.envelope.to.includes(bob))).toEqual([]);
  });

  test("says nothing about orders that come after it, in the same batch or later", async () => {
    await fromShopify([order(1), uninstalled, order(2)]);
    await work();
    expect((await orderRow(world.db, "1")).closed_at).not.toBeNull();
    expect((await orderRow(world.db, "2")).closed_at).toBeNull();
    expect(await ledger(2)).toContain("check-in planned");
  });

  test("that was set aside and is taken in months later spares what was heard of since", async () => {
    const [wish = ""] = await fromShopify([uninstalled]);
    await world.db
      .updateTable("deliveries")
      .set({ state: "quarantined", reason: "was", taken_at: new Date(noon) })
      .where("id", "=", wish)
      .execute();
    await fromShopify([order(1)]);
    await work();
    expect((await retryDelivery(world.db, wish)).kind).toBe("retried");
    await work();
    expect(await stateOf(wish)).toBe("taken");
    expect((await orderRow(world.db, "1")).closed_at).toBeNull();
  });

  test("of a source that only adds to another's orders waits for a person", async () => {
    await deliver(world.db, own, [placed("1"), dispatched("1")], noon);
    await work();
    const side = { shopId: own.shopId, sourceId: await addSource(world.db, own.shopId, { platform: "shopify", augments: own.sourceId }) };
    const [wish] = await fromShopify([uninstalled], side);
    await work();
    expect(await stateOf(wish)).toBe("quarantined");
    expect(await ledger(1)).toContain("check-in planned");
  });
});

describe("a wish to erase the shop (shop/redact)", () => {
  test("erases every buyer of the source's orders, closed ones too, and suppresses nobody: the shop may come again", async () => {
    await fromShopify([order(1), order(2, { email: null }), uninstalled]);
    await deliver(world.db, own, [placed("3"), dispatched("3")], noon);
    await work();
    const [wish] = await fromShopify([shopRedact]);
    await work();
    expect(await stateOf(wish)).toBe("taken");
    expect(await kept()).not.toMatch(bobsTraces);
    expect(await orderRow(world.db, "3")).toMatchObject({ email: "3@buyer.example", closed_at: null });
    await fromShopify([order(4)]);
    await work();
    expect(await ledger(4)).toContain("check-in planned");
  });
});

test("a wish for a buyer's data waits for a person, with what is to be done (LAW-02)", async () => {
  const [wish] = await fromShopify([["customers/data_request", fixture("shopify/customers_data_request.json")]]);
  await work();
  const [row] = await listQuarantine(world.db, place.sourceId, { after: null, limit: 10 });
  expect(row).toMatchObject({ id: wish, reason: expect.stringContaining("/api/v1/buyers/export") });
});

test("readers hear when a delivery came, for what its sender gives no time", async () => {
  const heard: Instant[] = [];
  const reader = {
    read: (request: { readonly receivedAt: Instant }) => {
      heard.push(request.receivedAt);
      return { kind: "ignored", reason: "seen" } as const;
    },
  };
  worker = world.worker({ readers: { shopify: reader } });
  await fromShopify([order(1)]);
  await settle();
  expect(heard).toEqual([plus(instantOf("2026-01-20T07:59:00Z"), 1)]);
  expect(heard[0]).toBeLessThan(plus(world.clock.now(), -minute / 2));
});
