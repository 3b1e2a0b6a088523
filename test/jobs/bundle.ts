import { randomUUID } from "node:crypto";
import type { Deps } from "../../jobs/deps.ts";
import type { JobName } from "../../jobs/job.ts";
import { leaseMs } from "../../jobs/lease.ts";
import type { Reader } from "../../jobs/take-in.ts";
import { TransportHealth } from "../../jobs/transport-health.ts";
import { ManualClock } from "../../src/clock.ts";
import { newId } from "../../src/core/ids.ts";
import { type Instant, instantOf, iso, plus } from "../../src/core/instant.ts";
import { deriveKeys, type Keys } from "../../src/core/keys.ts";
import { openMailer } from "../../src/mail/mailer.ts";
import { parseSmtpUrl } from "../../src/mail/smtp-url.ts";
import { smtpTransport } from "../../src/mail/transport.ts";
import { adapters } from "../../src/sources/registry.ts";
import { beginAttempts, endAttempts } from "../../src/store/attempts.ts";
import { coalesce } from "../../src/store/coalesce.ts";
import type { Database } from "../../src/store/database.ts";
import { insertDeliveries } from "../../src/store/deliveries.ts";
import { overrideFiles } from "../../src/store/template-overrides.ts";
import { keepTemplate } from "../../src/store/templates.ts";
import { openPool, type Place } from "../store/rows.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { freshDatabase } from "../support/services.ts";
import { type Sink, startSink } from "../support/smtp-sink.ts";

/** One database and one clock, and as many processes on it as a test wants. */
export interface World {
  readonly url: string;
  readonly db: Database;
  readonly clock: ManualClock;
  readonly keys: Keys;
  readonly sink: Sink;
  /** Another worker with a pool, a gate and a mailer of its own. */
  worker(change?: Partial<Pick<Deps, "readers" | "wakeMany" | "begin" | "end" | "instance" | "mailer">>): Worker;
}

export interface Worker extends Deps {
  /** What was woken, in order. */
  readonly woken: JobName[];
  /** What was logged as a warning or an error. */
  readonly complaints: string[];
}

export async function openWorld(start = "2026-01-20T08:00:00Z"): Promise<World> {
  const { url } = await freshDatabase();
  const clock = new ManualClock(instantOf(start));
  const keys = deriveKeys("a secret key for tests, 32 long..");
  const sink = await startSink();
  atEndOfFile(() => sink.stop());
  return { url, db: openPool(url), clock, keys, sink, worker: (change) => workerOn({ url, clock, keys, sink }, change) };
}

function workerOn({ url, clock, keys, sink }: Omit<World, "db" | "worker">, change: Partial<Deps> = {}): Worker {
  const db = openPool(url, 6);
  const now = () => clock.now();
  const smtp = parseSmtpUrl(`${sink.url}?connections=5`);
  if (!smtp.ok) throw new Error(smtp.error);
  const transport = smtpTransport(smtp.config);
  atEndOfFile(() => transport.close(1_000));
  const woken: JobName[] = [];
  const complaints: string[] = [];
  const complain = (details: object, message: string) => {
    complaints.push(`${message} ${JSON.stringify(details)}`);
  };
  return {
    db,
    keys,
    log: { debug: () => undefined, info: () => undefined, warn: complain, error: complain },
    now,
    wake: (job) => {
      woken.push(job);
    },
    wakeMany: async () => true,
    readers: adapters,
    mailer: openMailer({
      transport,
      keys,
      publicUrl: "https://mail.lantern.example",
      keepTemplate: (kept) => keepTemplate(db, kept, now()),
      loadOverride: (wanted) => overrideFiles(db, wanted),
    }),
    begin: coalesce((batch) => beginAttempts(db, batch, { now: now(), leaseUntil: plus(now(), leaseMs) })),
    end: coalesce(async (batch) => {
      await endAttempts(db, batch, now());
      return batch.map(() => undefined);
    }),
    health: new TransportHealth(),
    haste: 1,
    instance: { maySend: async () => true, advance: async () => undefined },
    counters: { sent: () => undefined, sendSeconds: () => undefined, deliveryTaken: () => undefined },
    woken,
    complaints,
    ...change,
  };
}

/** An event of the `standard` source. */
export interface Event {
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
}

/** Stores deliveries as the web does, a second apart, and gives their ids. */
export async function deliver(
  db: Database,
  place: Place,
  bodies: readonly (Event | Buffer | string)[],
  at: Instant,
): Promise<readonly string[]> {
  const deliveries = bodies.map((body, index) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const receivedAt = plus(at, index);
    return { id: newId(receivedAt), ...place, key: randomUUID(), topic: "", headers: {}, body: bytes, receivedAt };
  });
  await insertDeliveries(db, deliveries);
  return deliveries.map(({ id }) => id);
}

/** What `standard` says of an order. */
export function orderData(id: string, change: object = {}): { readonly order: object } {
  return {
    order: {
      id,
      number: `#${id}`,
      placedAt: "2026-01-18T10:00:00Z",
      paidAt: "2026-01-18T10:05:00Z",
      currency: "USD",
      total: "49.90",
      buyer: { email: `${id}@buyer.example`, name: "Maya O'Neill", locale: "en-US" },
      shippingAddress: { country: "US", region: "OR", postalCode: "97201", city: "Portland" },
      items: [{ id: "i-1", title: "Paper lantern", quantity: 1, price: "49.90" }],
      ...change,
    },
  };
}

export function placed(id: string, change: object = {}, at = "2026-01-18T10:00:00Z"): Event {
  return { type: "order.placed", occurredAt: at, data: orderData(id, change) };
}

export function dispatched(id: string, at = "2026-01-20T07:00:00Z", change: object = {}): Event {
  const shipment = { id: `s-${id}`, carrier: "China Post", service: "EMS", trackingNumber: "EE123456785CN", dispatchedAt: at, ...change };
  return { type: "shipment.dispatched", occurredAt: at, data: { order: { id }, shipment } };
}

export function cancelled(id: string, at = "2026-01-20T07:30:00Z"): Event {
  return { type: "order.cancelled", occurredAt: at, data: { order: { id } } };
}

/** A reader that says whatever the body says, unchecked: for what PostgreSQL refuses and no adapter lets through. */
export const trusting: Reader = {
  read: ({ body }) => ({ kind: "facts", facts: JSON.parse(body.toString("utf8")) }),
};

/** What is known of an order's deliveries, by id. */
export async function fates(db: Database, ids: readonly string[]) {
  const rows = await db.selectFrom("deliveries").select(["id", "state", "reason", "pointer", "waits_for"]).where("id", "in", ids).execute();
  return ids.map((id) => rows.find((row) => row.id === id));
}

/** Facts that hold, as `order slot` → what decided, sorted. */
export async function heldFacts(db: Database): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("facts as f")
    .innerJoin("orders as o", "o.id", "f.order_id")
    .select(["o.external_id", "f.slot", "f.at", "f.weight", "f.hash", "f.says"])
    .execute();
  return rows.map((row) => `${row.external_id} ${row.slot} ${iso(row.at)} ${row.weight} ${row.hash} ${JSON.stringify(row.says)}`).sort();
}

export function orderRow(db: Database, externalId: string) {
  return db.selectFrom("orders").selectAll().where("external_id", "=", externalId).executeTakeFirstOrThrow();
}
