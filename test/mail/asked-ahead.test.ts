import { afterEach, describe, expect, test } from "vitest";
import { parseSmtpUrl } from "../../src/mail/smtp-url.ts";
import { smtpTransport, type Transport, type TransportOptions } from "../../src/mail/transport.ts";
import { type Behaviour, type Sink, startSink } from "../support/smtp-sink.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function sinkWith(behaviour: Behaviour = {}): Promise<Sink> {
  const sink = await startSink({ behaviour });
  closers.push(() => sink.stop());
  return sink;
}

/** Over one connection. */
function transportTo(sink: Sink, options: TransportOptions): Transport {
  const parsed = parseSmtpUrl(`${sink.url}?connections=1`);
  if (!parsed.ok) throw new Error(parsed.error);
  const transport = smtpTransport(parsed.config, options);
  closers.push(() => transport.close(0));
  return transport;
}

const yes = () => Promise.resolve(true);

function mail(subject = "hello") {
  const raw = Buffer.from(`From: shop@shop.example\r\nTo: buyer@example.com\r\nSubject: ${subject}\r\n\r\nHello\r\n`);
  return { envelope: { from: "shop@shop.example", to: "buyer@example.com" }, raw };
}

describe("asked ahead, while mail waits for a busy connection", () => {
  /** Long enough for any machine: how fast the server is does not count here. */
  const farAhead = { aheadMs: 60_000 };

  /** Sends so many over one connection; how many the server had when each was asked about. */
  async function sendMany(count: number, options: TransportOptions) {
    const sink = await sinkWith();
    const transport = transportTo(sink, options);
    const asked: { index: number; there: number }[] = [];
    const results = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        transport.send(mail(`mail ${index}`), () => {
          asked.push({ index, there: sink.mails().length });
          return Promise.resolve(index % 10 !== 9);
        }),
      ),
    );
    return { sink, asked, results };
  }

  test("each mail is asked about once, many together, no more than 50 before their turn, and goes or not as was answered", async () => {
    const { sink, asked, results } = await sendMany(120, farAhead);
    expect(asked.map(({ index }) => index)).toEqual(Array.from({ length: 120 }, (_, index) => index));
    const ahead = asked.map(({ index, there }) => Math.ceil((index * 9) / 10) - there);
    expect(Math.max(...ahead)).toBeGreaterThan(20);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(50);
    expect(new Set(asked.map(({ there }) => there)).size).toBeLessThan(20);
    expect(results.map(({ kind }) => kind)).toEqual(asked.map(({ index }) => (index % 10 === 9 ? "withdrawn" : "accepted")));
    expect(sink.mails()).toHaveLength(108);
  });

  test("no mail is asked about before its turn where the server is slow, or where that is not wished", async () => {
    const { asked } = await sendMany(30, { aheadMs: 0 });
    expect(asked.map(({ there }) => there)).toEqual(asked.map(({ index }) => Math.ceil((index * 9) / 10)));
  });

  test("a mail whose turn comes too late after it was let begin is withdrawn, with nothing said of it", async () => {
    const { sink, results } = await sendMany(8, { ...farAhead, permittedMs: 0 });
    // Only the first was asked about in its turn, before anybody knew how fast the server is.
    expect(results.map(({ kind }) => kind)).toEqual(["accepted", ...Array(7).fill("withdrawn")]);
    expect(sink.count("mail")).toBe(1);
  });

  test("a question that fails fails its mail, and no other", async () => {
    const sink = await sinkWith();
    const transport = transportTo(sink, farAhead);
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        transport.send(mail(), () => (index === 7 ? Promise.reject(new Error("database away")) : Promise.resolve(true))),
      ),
    );
    expect(results.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([7]);
    expect(sink.mails()).toHaveLength(11);
  });

  test("what was let begin and could not, because the transport closed, is withdrawn once its question is answered", async () => {
    const answer = Promise.withResolvers<boolean>();
    const lastDot = Promise.withResolvers<void>();
    const sink = await sinkWith({ dot: ["ok", "ok", { hold: lastDot.promise }] });
    const transport = transportTo(sink, farAhead);
    const asked = Promise.withResolvers<void>();
    const under = [0, 1, 2].map(() => transport.send(mail(), yes));
    const late = transport.send(mail(), () => {
      asked.resolve();
      return answer.promise;
    });
    await asked.promise;
    const closed = transport.close();
    answer.resolve(true);
    expect(await late).toEqual({ kind: "withdrawn" });
    lastDot.resolve();
    expect((await Promise.all(under)).map(({ kind }) => kind)).toContain("accepted");
    await closed;
  });
});
