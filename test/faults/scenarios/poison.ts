import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { standardOrder } from "../../support/service.ts";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { openStand, type Stand } from "../stand.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/robustness");

/** Bodies that are poison, most of them signed, while others send theirs: the processes live, and the others get their mail. */
export const poison: Scenario = {
  fault: "F11",
  title: "poisonous webhooks beside good ones",
  full: "each of about 700 signed, slow senders, 300 good webhooks; p99 of the good ones reported",
  short: "one in eight of about 700 signed, slow senders, 60 good webhooks",
  on: "once",
  async run({ quick, backend }) {
    const orders = quick ? 20 : 100;
    const stand = await openStand({ ...backend, steps: ["care"] });
    const worker = await stand.start("worker");
    const good = async (from: number) => {
      const spent: number[] = [];
      const told = [];
      for (let n = from; n < from + orders / 2; n += 1) {
        for (const event of stand.shops.events(n, Date.now() + 500)) {
          const began = performance.now();
          told.push(await stand.shops.tell(event));
          spent.push(performance.now() - began);
        }
      }
      return { told, p99: Math.round(spent.sort((a, b) => a - b)[Math.floor(spent.length * 0.99)] ?? 0) };
    };
    const alone = await good(0);
    const over = new AbortController();
    const slow = slowSenders(stand, quick ? 10 : 60, over.signal);
    const poisons = [...bodies()].filter((_, index) => !quick || index % 8 === 0);
    let taken = 0;
    const answers = new Set<number>();
    const poisoning = (async () => {
      for (const { body, headers } of poisons) {
        answers.add(await stand.shops.tellRaw(taken % 2, body, headers));
        taken += 1;
      }
    })();
    const beside = await good(orders / 2);
    await poisoning;
    over.abort();
    await slow;
    for (const status of answers) expect([202, 400, 413, 415], "what poison is answered").toContain(status);
    await stand.settled(60_000, 180_000);
    expect([stand.web.child.exitCode, worker.child.exitCode], "the processes live").toEqual([null, null]);
    await stand.end();
    const found = await check(stand, { told: [...alone.told, ...beside.told], orders, doubtAllowed: false });
    const aside = await stand.db
      .selectFrom("deliveries")
      .select((select) => select.fn.countAll<number>().as("n"))
      .where("state", "=", "quarantined")
      .executeTakeFirstOrThrow();
    return { ...found, poisons: taken, quarantined: aside.n, "ms p99 alone": alone.p99, "ms p99 beside": beside.p99 };
  },
};

interface Poison {
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

function* bodies(): Iterable<Poison> {
  const folder = join(fixtures, "json");
  for (const name of readdirSync(folder)) yield { body: readFileSync(join(folder, name)) };
  yield { body: Buffer.alloc(2 * 1024 * 1024 + 1, "x") };
  yield { body: Buffer.from("[".repeat(10_000)) };
  yield {
    body: Buffer.from(
      `{"type":"order.placed","occurredAt":"2026-01-01T00:00:00Z","data":${'{"order":'.repeat(10_000)}1${"}".repeat(10_001)}`,
    ),
  };
  yield { body: gzipSync(Buffer.alloc(20 * 1024 * 1024)), headers: { "content-encoding": "gzip" } };
  yield {
    body: event({ items: Array.from({ length: 10_000 }, (_, n) => ({ id: `i-${n}`, title: `Lamp ${n}`, quantity: 1, price: "1.00" })) }),
  };
  yield { body: event({ buyer: { email: "x@a.buyer.example", name: "y".repeat(1_000_000) } }) };
  yield { body: event({ id: `x-${"y".repeat(1_000_000)}` }) };
  for (const naughty of ["\u0000", "a\u0000b", "\ud800", "\udfff\ud800", ...blns()]) {
    yield {
      body: event({
        buyer: { email: "x@a.buyer.example", name: naughty },
        number: naughty,
        items: [{ id: naughty, title: naughty, quantity: 1, price: "1.00" }],
      }),
    };
  }
}

function blns(): readonly string[] {
  return JSON.parse(readFileSync(join(fixtures, "blns.json"), "utf8")) as readonly string[];
}

function event(changes: object): Uint8Array {
  const order = standardOrder({ id: `x-${randomUUID()}`, ...changes });
  return Buffer.from(JSON.stringify({ type: "order.placed", occurredAt: order.placedAt, data: { order } }));
}

/** Senders that open a connection and say one letter a second (slowloris), until `over`. */
async function slowSenders({ web, shops }: Stand, count: number, over: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(web.url);
  const sockets = Array.from({ length: count }, (_, n) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.write(`POST /hooks/${shops.sources[n % 2]} HTTP/1.1\r\nHost: shop\r\n${n % 2 === 0 ? "Content-Length: 100000\r\n\r\n" : ""}`);
    return socket;
  });
  while (!over.aborted) {
    for (const socket of sockets) if (socket.writable) socket.write("x");
    await pause(1_000, undefined, { signal: over }).catch(() => undefined);
  }
  for (const socket of sockets) socket.destroy();
}
