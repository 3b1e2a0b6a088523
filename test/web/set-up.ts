import { randomUUID } from "node:crypto";
import { errandsTurn } from "../../jobs/errands.ts";
import { planBatch, planNow, replanShop } from "../../jobs/plan.ts";
import { takeInBatch } from "../../jobs/take-in.ts";
import { newId } from "../../src/core/ids.ts";
import { type Instant, instantOf, iso } from "../../src/core/instant.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { listen } from "../../src/http-server.ts";
import { openInstance } from "../../src/instance.ts";
import { openSamples } from "../../src/mail/samples.ts";
import { adapters } from "../../src/sources/registry.ts";
import { signStandard } from "../../src/sources/standard/signature.ts";
import { coalesce } from "../../src/store/coalesce.ts";
import { openDatabase } from "../../src/store/database.ts";
import { insertDeliveries } from "../../src/store/deliveries.ts";
import type { WebDeps } from "../../src/web/deps.ts";
import { createWeb } from "../../src/web/web.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { freshDatabase } from "../support/services.ts";

// A test knows what it asked for; what comes back is checked by what it expects of it.
// biome-ignore lint/suspicious/noExplicitAny: answers of the API, looked into by tests
export type Json = any;

export const token = "owner-token-for-tests";
export const keys = deriveKeys("a secret key for tests");
export type Web = Awaited<ReturnType<typeof openWeb>>;

/** The web on a real database and a real port, with the real planner behind it and a clock that stands still until it is set. */
export async function openWeb(overrides: Partial<WebDeps> = {}, start = "2026-01-20T08:00:00Z") {
  const { url: databaseUrl } = await freshDatabase();
  const db = openDatabase({ url: databaseUrl, connections: 8 });
  atEndOfFile(() => db.destroy());
  let clock: Instant = instantOf(start);
  const now = () => clock;
  const logged: string[] = [];
  const note = (details: object, message: string) => void logged.push(`${message} ${JSON.stringify(details)}`);
  const counted: string[] = [];
  const woken: string[] = [];
  const log = { debug: note, info: note, warn: note, error: note };
  const store = coalesce((batch: readonly Parameters<typeof insertDeliveries>[1][number][]) => insertDeliveries(db, batch));
  const deps: WebDeps = {
    db,
    keys,
    log,
    publicUrl: "http://afterword.test",
    apiToken: token,
    now,
    storeDelivery: (delivery) => store({ ...delivery, id: newId(delivery.receivedAt) }),
    wake: (job) => void woken.push(job),
    planNow: (orderIds) => planNow({ db, keys, now, log }, orderIds),
    replanShop: (shopId) => replanShop({ db, keys, now, log }, shopId),
    preview: async (messageId) => ({ subject: `preview of ${messageId}`, html: "<p>hello</p>", text: "hello", headers: { "X-Test": "1" } }),
    sent: async () => null,
    clock: null,
    instance: openInstance({
      db,
      identity: { keyHash: "tests", database: "tests", publicUrl: null },
      mark: { read: async () => null, write: async () => undefined, close: async () => undefined },
      now,
      log,
    }),
    ready: async () => [{ name: "database", ok: true }],
    metricsText: async () => "afterword_up 1\n",
    count: (_metric, { platform, outcome }) => void counted.push(`${platform} ${outcome}`),
    mailbox: true,
    samples: openSamples,
    ...overrides,
  };
  const server = await listen("127.0.0.1", 0);
  server.use(createWeb(deps).fetch);
  atEndOfFile(() => server.stop(1_000));
  const url = `http://127.0.0.1:${server.port}`;

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get("content-type") ?? "",
      body: (text === "" ? null : JSON.parse(text)) as Json,
    };
  };

  return {
    url,
    port: server.port,
    databaseUrl,
    db,
    deps,
    logged,
    counted,
    woken,
    call,
    async ok(method: string, path: string, body?: unknown): Promise<Json> {
      const answer = await call(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    setClock(at: string) {
      clock = instantOf(at);
    },
    /** Takes in what was delivered and plans what it made dirty. */
    async work() {
      const jobDeps = { db, keys, now, log, readers: adapters, counters: { deliveryTaken: () => undefined } } as unknown as Parameters<
        typeof takeInBatch
      >[0]; // All that taking in uses.
      while ((await takeInBatch(jobDeps)) > 0);
      while ((await planBatch({ db, keys, now, log }, { dirty: 300 })).orders > 0);
    },
    /** Does all long work that was asked for. */
    async errands() {
      while (await errandsTurn({ db, keys, now, log, wake: () => undefined }));
    },
    /** Sends a `standard` event, signed now. */
    async deliver(source: { readonly id: string; readonly secret: string }, type: string, data: object, occurredAt = iso(clock)) {
      const body = JSON.stringify({ type, occurredAt, data });
      const response = await fetch(`${url}/hooks/${source.id}`, { method: "POST", body, headers: signed(source.secret, body, clock) });
      return response.status;
    },
  };
}

export function signed(secret: string, body: string | Buffer, at: Instant, id: string = randomUUID()): Record<string, string> {
  return { "content-type": "application/json", ...signStandard(secret, id, at, body) };
}

export const shopBody = {
  name: "Lantern",
  timeZone: "Asia/Shanghai",
  locale: "en",
  country: "CN",
  from: { name: "Lantern", address: "hello@lantern.example" },
  replyTo: "help@lantern.example",
  website: "https://lantern.example",
};

export function orderData(number: string, email: string, more: object = {}): object {
  return {
    id: `id-${number}`,
    number,
    placedAt: "2026-01-19T08:00:00.000Z",
    paidAt: "2026-01-19T08:00:00.000Z",
    currency: "USD",
    total: "49.90",
    buyer: { email, name: "Maya O'Neill", locale: "en-US" },
    shippingAddress: { country: "US", region: "OR", city: "Portland" },
    items: [{ id: "i1", title: "Paper lantern", quantity: 1, price: "49.90" }],
    ...more,
  };
}

export const parcel = {
  id: "s1",
  carrier: "China Post EMS",
  service: "EMS",
  trackingNumber: "EE123456785CN",
  dispatchedAt: "2026-01-20T08:00:00.000Z",
};

/** A shop with a `standard` source. */
export async function shopWithSource(web: Web, shop: object = {}) {
  const { id: shopId } = await web.ok("POST", "/shops", { ...shopBody, ...shop });
  const source = await web.ok("POST", `/shops/${shopId}/sources`, { platform: "standard" });
  return { shopId: String(shopId), source: { id: String(source.id), secret: String(source.secret) } };
}

/** An order that was paid and dispatched, planned; its messages by step. */
export async function plannedOrder(
  web: Web,
  at: Awaited<ReturnType<typeof shopWithSource>>,
  number = "1001",
  email = "maya@buyer.example",
) {
  const order = orderData(number, email);
  await web.deliver(at.source, "order.placed", { order });
  await web.deliver(at.source, "shipment.dispatched", { order: { id: `id-${number}` }, shipment: parcel });
  await web.work();
  const { orders } = await web.ok("GET", `/shops/${at.shopId}/orders?number=${number}`);
  const { messages } = await web.ok("GET", `/messages?order=${orders[0].id}`);
  const byStep: Record<string, string> = Object.fromEntries(messages.map((message: Json) => [message.step, message.id]));
  return { orderId: String(orders[0].id), messages: byStep };
}
