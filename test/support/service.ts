import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, startApp } from "../../src/app.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { type Instant, instantOf, iso, plus } from "../../src/core/instant.ts";
import type { Log } from "../../src/log.ts";
import { signStandard } from "../../src/sources/standard/signature.ts";
import { atEndOfFile } from "./clean-up.ts";
import { freshDatabase } from "./services.ts";
import { type Sink, startSink } from "./smtp-sink.ts";

/** A running service on a database of its own, with a foreign SMTP server, driven from outside over HTTP only. */
export interface Service extends Client {
  readonly databaseUrl: string;
  readonly sink: Sink;
  readonly logged: readonly string[];
  stop(): Promise<void>;
}

export interface Client {
  readonly url: string;
  /** Calls the API with the owner's token and answers status and body. */
  api<Body = Json>(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Body }>;
  /** The same, for calls that must succeed. */
  ok<Body = Json>(method: string, path: string, body?: unknown): Promise<Body>;
  /** Moves the manual clock; answers how many mails went out on the way. */
  moveTo(at: string): Promise<number>;
}

// A test knows what it asked for; what comes back is checked by what it expects of it.
// biome-ignore lint/suspicious/noExplicitAny: answers of the API, looked into by tests
export type Json = any;

export const token = "owner-token-for-tests";

export interface ServiceOptions {
  readonly start?: string;
  /** Environment on top of the usual. */
  readonly env?: Readonly<Record<string, string>>;
  readonly databaseUrl?: string;
  readonly sink?: Sink;
}

/** Starts the real service in this process: `CLOCK=manual` at `start` unless `env` says otherwise. */
export async function startService({ start = "2026-01-19T08:00:00Z", env = {}, databaseUrl, sink }: ServiceOptions = {}): Promise<Service> {
  const database = databaseUrl ?? (await freshDatabase()).url;
  const mail = sink ?? (await startSink());
  if (sink === undefined) atEndOfFile(() => mail.stop());
  const config = configOf({
    PORT: "0",
    DATABASE_URL: database,
    SECRET_KEY: "a secret key for tests, 32 long..",
    API_TOKEN: token,
    SMTP_URL: mail.url,
    CLOCK: `manual:${start}`,
    ...env,
  });
  const logged: string[] = [];
  const app = await startApp(config, listening(logged));
  atEndOfFile(() => app.stop());
  return serviceOf(app, database, mail, logged);
}

function serviceOf(app: App, databaseUrl: string, sink: Sink, logged: readonly string[]): Service {
  const url = `http://127.0.0.1:${app.port}`;
  return { ...clientOf(url), databaseUrl, sink, logged, stop: () => app.stop() };
}

/** Calls a running service over HTTP. */
export function clientOf(url: string): Client {
  const api: Client["api"] = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  };
  return {
    url,
    api,
    async ok(method, path, body) {
      const answer = await api(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body as Json;
    },
    async moveTo(at) {
      const answer = await api("PUT", "/clock", { now: at });
      if (answer.status !== 200) throw new Error(`the clock could not be moved: ${JSON.stringify(answer.body)}`);
      return answer.body.sent;
    },
  };
}

/** Reads a configuration that must be fine. */
export function configOf(env: Readonly<Record<string, string>>): Config {
  const reading = readConfig(env);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.config;
}

function listening(logged: string[]): Log {
  const note = (level: string) => (details: object, message: string) => {
    logged.push(`${level} ${message} ${JSON.stringify(details)}`);
  };
  return { debug: () => undefined, info: note("info"), warn: note("warn"), error: note("error") };
}

export const defaultShop = {
  name: "Lantern",
  timeZone: "Asia/Shanghai",
  locale: "en",
  country: "CN",
  from: { name: "Lantern", address: "hello@lantern.example" },
  replyTo: "help@lantern.example",
  postalAddress: "Lantern, 8 Nanjing Road, Shanghai, China",
  website: "https://lantern.example",
  reviewUrl: "https://lantern.example/review",
  signedBy: "Lin",
};

const shopifySecret = "shopify secret";

/** A shop with a Shopify source and a `standard` one that augments it. */
export async function connectShop(service: Client, shop: object = {}) {
  const { id: shopId } = await service.ok("POST", "/shops", { ...defaultShop, ...shop });
  const shopify = await service.ok("POST", `/shops/${shopId}/sources`, { platform: "shopify", secret: shopifySecret });
  const standard = await service.ok("POST", `/shops/${shopId}/sources`, { platform: "standard", augments: shopify.id });
  const own = await service.ok("POST", `/shops/${shopId}/sources`, { platform: "standard" });
  return {
    shopId: String(shopId),
    shopify: String(shopify.id),
    /** Sends a Shopify webhook, signed; the same `webhookId` makes it a repeat. */
    fromShopify: (topic: string, body: object, webhookId: string = randomUUID()) => {
      const bytes = JSON.stringify(body);
      return post(service, shopify.id, bytes, {
        "x-shopify-topic": topic,
        "x-shopify-shop-domain": "lantern.myshopify.com",
        "x-shopify-webhook-id": webhookId,
        "x-shopify-hmac-sha256": createHmac("sha256", shopifySecret).update(bytes).digest("base64"),
      });
    },
    /** Sends an event of the source that augments Shopify's orders, signed at `at`, the service's time. */
    augment: (type: string, occurredAt: string, data: object, at: string = occurredAt) =>
      postStandard(service, standard, type, occurredAt, data, at),
    /** Sends an event of a source with orders of its own. */
    event: (type: string, occurredAt: string, data: object, at: string = occurredAt, id?: string) =>
      postStandard(service, own, type, occurredAt, data, at, id),
  };
}

async function postStandard(
  service: Client,
  source: { readonly id: string; readonly secret: string },
  type: string,
  occurredAt: string,
  data: object,
  at: string,
  id: string = `msg_${randomUUID()}`,
): Promise<number> {
  const body = JSON.stringify({ type, occurredAt, data });
  return post(service, source.id, body, signStandard(source.secret, id, instantOf(at), body));
}

async function post(service: Client, sourceId: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetch(`${service.url}/hooks/${sourceId}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  await response.arrayBuffer();
  return response.status;
}

/** A real Shopify payload with some fields changed. */
export function shopifyPayload(name: "order" | "fulfillment" | "fulfillment_event" | "refund", changes: object = {}): Json {
  const file = join(import.meta.dirname, `../fixtures/shopify/${name}.2026-07.json`);
  return { ...JSON.parse(readFileSync(file, "utf8")), ...changes };
}

/** An order of the `standard` source. */
export function standardOrder(changes: object = {}): Json {
  return {
    id: "o-1",
    number: "1001",
    placedAt: "2026-01-18T10:00:00Z",
    paidAt: "2026-01-18T10:05:00Z",
    currency: "USD",
    total: "49.90",
    buyer: { email: "maya@buyer.example", name: "Maya O'Neill", locale: "en-US" },
    shippingAddress: { country: "US", region: "OR", postalCode: "97201", city: "Portland" },
    items: [{ id: "i-1", sku: "LAMP-1", title: "Paper lantern", quantity: 1, price: "49.90" }],
    ...changes,
  };
}

/** `at` moved by so many milliseconds, ISO. */
export function later(at: string, ms: number): string {
  return iso(plus(instantOf(at) as Instant, ms));
}
