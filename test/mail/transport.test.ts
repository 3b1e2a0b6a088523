import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { SendResult } from "../../src/core/smtp-reply.ts";
import { parseSmtpUrl, type SmtpConfig } from "../../src/mail/smtp-url.ts";
import { smtpTransport, type Transport, type TransportOptions } from "../../src/mail/transport.ts";
import { type Behaviour, type Sink, type SinkOptions, startSink } from "../support/smtp-sink.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function sinkWith(options: SinkOptions = {}): Promise<Sink> {
  const sink = await startSink(options);
  closers.push(() => sink.stop());
  return sink;
}

function transportTo(url: string, options: TransportOptions = {}): Transport {
  const transport = smtpTransport(configOf(url), {
    timeouts: { setupMs: 2_000, replyMs: 5_000, bodyMs: 20_000, finalReplyMs: 5_000 },
    ...options,
  });
  closers.push(() => transport.close(0));
  return transport;
}

function configOf(url: string): SmtpConfig {
  const parsed = parseSmtpUrl(url);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.config;
}

const yes = () => Promise.resolve(true);

function mail(subject = "hello", bytes = 500) {
  const raw = Buffer.from(
    `From: shop@shop.example\r\nTo: buyer@example.com\r\nSubject: ${subject}\r\n\r\n.dot first\r\n${"x".repeat(70)}\r\n`.concat(
      `${"y".repeat(70)}\r\n`.repeat(bytes / 72),
    ),
  );
  return { envelope: { from: "shop@shop.example", to: "buyer@example.com" }, raw };
}

/** One mail to a server that behaves so; what came of it, and whether the server has it. */
async function sendTo(behaviour: Behaviour, message = mail()): Promise<{ result: SendResult; kept: number }> {
  const sink = await sinkWith({ behaviour });
  const result = await transportTo(sink.url).send(message, yes);
  return { result, kept: sink.mails().length };
}

describe("a good server", () => {
  test("takes a mail byte by byte as it was given, dots and all", async () => {
    const sink = await sinkWith();
    const message = mail();
    const result = await transportTo(sink.url).send(message, yes);
    expect(result).toMatchObject({ kind: "accepted", answer: expect.stringMatching(/^250/) });
    const [received] = await sink.waitFor(1);
    expect(received?.raw.equals(message.raw)).toBe(true);
    expect(received?.envelope).toEqual({ from: "shop@shop.example", to: ["buyer@example.com"] });
  });

  test("carries many mails over few connections, one after another on each", async () => {
    const sink = await sinkWith();
    const transport = transportTo(`${sink.url}?connections=3`);
    const results = await Promise.all(Array.from({ length: 40 }, (_, i) => transport.send(mail(`mail ${i}`), yes)));
    expect(results.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(sink.mails()).toHaveLength(40);
    expect(sink.count("connection")).toBe(3);
    expect(transport.connections).toBe(3);
  });

  test("is left after the agreed number of mails and met again on a new connection", async () => {
    const sink = await sinkWith();
    const transport = transportTo(`${sink.url}?connections=1`, { mailsPerConnection: 2 });
    for (let i = 0; i < 5; i++) await transport.send(mail(`mail ${i}`), yes);
    expect(sink.mails()).toHaveLength(5);
    expect(sink.count("connection")).toBe(3);
  });

  test("that cut an idle connection is simply connected to again", async () => {
    const sink = await sinkWith();
    const transport = transportTo(`${sink.url}?connections=1`, { probeAfterMs: 0 });
    await transport.send(mail("one"), yes);
    sink.cut();
    expect(await transport.send(mail("two"), yes)).toMatchObject({ kind: "accepted" });
    expect(sink.count("connection")).toBe(2);
  });

  test("is not asked for more mails a second than agreed", async () => {
    const sink = await sinkWith();
    const transport = transportTo(`${sink.url}?rate=50`);
    const before = performance.now();
    await Promise.all(Array.from({ length: 16 }, () => transport.send(mail(), yes)));
    // 16 mails at 50 a second, of which 5 (a tenth of a second's worth) may go at once
    expect(performance.now() - before).toBeGreaterThan(190);
  });

  test("gets a large mail whole", async () => {
    const sink = await sinkWith();
    const message = mail("large", 3_000_000);
    expect(await transportTo(sink.url, { timeouts: {} }).send(message, yes)).toMatchObject({ kind: "accepted" });
    expect(sink.mails()[0]?.raw.length).toBe(message.raw.length);
  });
});

describe("the gate before MAIL FROM", () => {
  test("is asked once, when the connection stands and nothing was said of the mail", async () => {
    const sink = await sinkWith({ behaviour: {} });
    const seen: { connections: number; mails: number }[] = [];
    await transportTo(sink.url).send(mail(), () => {
      seen.push({ connections: sink.count("connection"), mails: sink.count("mail") });
      return Promise.resolve(true);
    });
    expect(seen).toEqual([{ connections: 1, mails: 0 }]);
  });

  test("withdraws a mail and leaves the connection for the next", async () => {
    const sink = await sinkWith({ behaviour: {} });
    const transport = transportTo(sink.url);
    expect(await transport.send(mail("no"), () => Promise.resolve(false))).toEqual({ kind: "withdrawn" });
    expect(await transport.send(mail("yes"), yes)).toMatchObject({ kind: "accepted" });
    expect(sink.count("connection")).toBe(1);
    expect(sink.count("mail")).toBe(1);
  });

  test.each([
    ["before MAIL FROM", 0, ["PIPELINING"], 0],
    ["before DATA", 1, [], 1],
    ["before a DATA that goes along with MAIL FROM", 1, ["PIPELINING"], 0],
  ])("whose lease ran out %s opens no DATA (REL-05)", async (_name, heldTimes, extensions, mails) => {
    const sink = await sinkWith({ behaviour: { extensions } });
    let asked = 0;
    const result = await transportTo(sink.url).send(mail(), yes, () => asked++ < heldTimes);
    expect(result).toMatchObject({ kind: "lost", reason: expect.stringContaining("the lease ran out") });
    expect(["mail-from", "data"]).toContain(result.kind === "lost" ? result.phase : "");
    expect([sink.count("mail") >= mails, sink.count("data"), sink.mails().length]).toEqual([true, 0, 0]);
  });

  test("that throws loses neither the connection nor the turn", async () => {
    const sink = await sinkWith();
    const transport = transportTo(`${sink.url}?connections=1`);
    await expect(transport.send(mail(), () => Promise.reject(new Error("database away")))).rejects.toThrow("database away");
    expect(await transport.send(mail(), yes)).toMatchObject({ kind: "accepted" });
    expect(sink.count("connection")).toBe(1);
  });

  test("is not asked when there is no connection", async () => {
    const sink = await sinkWith({ behaviour: { greeting: { say: "421 4.3.2 too busy" } } });
    let asked = 0;
    const result = await transportTo(sink.url).send(mail(), () => Promise.resolve(++asked > 0));
    expect(result).toMatchObject({ kind: "replied", phase: "greeting", code: 421, enhanced: "4.3.2" });
    expect(asked).toBe(0);
  });
});

describe("a connection that is lost (REL-01)", () => {
  const lost: [string, Behaviour, string][] = [
    ["before the greeting", { greeting: { drop: true } }, "greeting"],
    ["at EHLO", { ehlo: { drop: true } }, "greeting"],
    ["after MAIL FROM", { mail: { drop: true } }, "mail-from"],
    ["after MAIL FROM, by a reset", { mail: { reset: true } }, "mail-from"],
    ["after RCPT TO", { rcpt: { drop: true } }, "rcpt-to"],
    ["after DATA", { data: { drop: true } }, "data"],
    ["in the middle of the mail", { body: { afterBytes: 1_000_000, act: { drop: true } } }, "body"],
    ["in the middle of the mail, by a reset", { body: { afterBytes: 1_000_000, act: { reset: true } } }, "body"],
    ["after the final dot", { dot: { drop: true } }, "after-dot"],
    ["after the final dot, by a reset", { dot: { reset: true } }, "after-dot"],
  ];
  for (const extensions of [["PIPELINING"], ["8BITMIME"]]) {
    test.each(lost)(`%s is known to be lost there (${extensions.join()})`, async (_when, behaviour, phase) => {
      const { result, kept } = await sendTo({ ...behaviour, extensions }, mail("big", 6_000_000));
      expect(result).toMatchObject({ kind: "lost", phase });
      expect(kept).toBe(0);
    });
  }

  test("by a reset before the greeting is lost before anything was said", async () => {
    const { result } = await sendTo({ greeting: { reset: true } });
    expect(result).toMatchObject({ kind: "lost", phase: expect.stringMatching(/^(connect|greeting)$/) });
  });

  test("after the server kept the mail and before it could say so, is lost after the dot", async () => {
    const { result, kept } = await sendTo({ dot: { keepAndDrop: true } });
    expect(result).toMatchObject({ kind: "lost", phase: "after-dot" });
    expect(kept).toBe(1);
  });

  test("after the answer was heard changes nothing: 250, then reset", async () => {
    const { result, kept } = await sendTo({ dot: { sayAndReset: "250 2.0.0 kept" } });
    expect(result).toMatchObject({ kind: "accepted" });
    expect(kept).toBe(1);
  });

  test("at the connection itself: nobody listens", async () => {
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 1));
      });
    });
    const result = await transportTo(`smtp://127.0.0.1:${port}`).send(mail(), yes);
    expect(result).toMatchObject({ kind: "lost", phase: "connect", reason: expect.stringContaining("ECONNREFUSED") });
  });

  test("at the look-up of a name that does not exist", async () => {
    const result = await transportTo("smtp://no-such-host.invalid:25").send(mail(), yes);
    expect(result).toMatchObject({ kind: "lost", phase: "connect" });
  });
});

describe("a server that does not answer", () => {
  const silent: [string, Behaviour, string][] = [
    ["the connection", { greeting: { silent: true } }, "greeting"],
    ["MAIL FROM", { mail: { silent: true } }, "mail-from"],
    ["RCPT TO", { rcpt: { silent: true } }, "rcpt-to"],
    ["DATA", { data: { silent: true } }, "data"],
    ["the final dot", { dot: { silent: true } }, "after-dot"],
    ["the final dot but a byte now and then", { dot: { trickle: `250 ${"o".repeat(200)}k\r\n`, everyMs: 20 } }, "after-dot"],
    ["MAIL FROM but a byte now and then", { mail: { trickle: `250 ${"o".repeat(200)}k\r\n`, everyMs: 20 } }, "mail-from"],
  ];
  test.each(silent)("%s is given up after the time for it", async (_what, behaviour, phase) => {
    const sink = await sinkWith({ behaviour });
    const timeouts = { setupMs: 300, replyMs: 300, bodyMs: 300, finalReplyMs: 300 };
    const before = performance.now();
    const result = await transportTo(sink.url, { timeouts }).send(mail(), yes);
    expect(result).toMatchObject({ kind: "lost", phase });
    expect(performance.now() - before).toBeLessThan(3_500);
  });

  test("for long after the final dot is waited for as long as is allowed there, not as for a command", async () => {
    const sink = await sinkWith({ behaviour: { dot: { trickle: "250 2.0.0 at last\r\n", everyMs: 30 } } });
    const timeouts = { setupMs: 2_000, replyMs: 200, bodyMs: 200, finalReplyMs: 5_000 };
    expect(await transportTo(sink.url, { timeouts }).send(mail(), yes)).toMatchObject({ kind: "accepted", answer: "250 2.0.0 at last" });
  });
});

describe("a server that refuses", () => {
  const steps = { mail: "mail-from", rcpt: "rcpt-to", data: "data", dot: "after-dot" } as const;
  const codes = ["421 4.3.2", "450 4.2.0", "451 4.7.1", "452 4.2.2", "550 5.1.1", "552 5.2.2", "554 5.7.1"];
  for (const extensions of [["PIPELINING"], ["8BITMIME"]]) {
    for (const [step, phase] of Object.entries(steps)) {
      test.each(codes)(`at ${phase} with %s is understood (${extensions.join()})`, async (code) => {
        const [basic, enhanced] = code.split(" ");
        const { result, kept } = await sendTo({ [step]: { say: `${code} because` }, extensions });
        expect(result).toEqual({ kind: "replied", phase, code: Number(basic), enhanced, text: `${code} because` });
        expect(kept).toBe(0);
      });
    }
  }

  test("one mail is handed the next one over the same connection", async () => {
    const sink = await sinkWith({ behaviour: { rcpt: [{ say: "550 5.1.1 who?" }, "ok"] } });
    const transport = transportTo(sink.url);
    expect(await transport.send(mail("first"), yes)).toMatchObject({ kind: "replied", phase: "rcpt-to" });
    expect(await transport.send(mail("second"), yes)).toMatchObject({ kind: "accepted" });
    expect(sink.count("connection")).toBe(1);
    expect(sink.count("rset")).toBe(1);
  });

  test("with several lines, the enhanced code is in each and the text of all is kept", async () => {
    const { result } = await sendTo({
      rcpt: { say: "550-5.1.1 The account does not exist.\r\n550-5.1.1 Check for typos.\r\n550 5.1.1 Bye" },
    });
    expect(result).toMatchObject({
      kind: "replied",
      code: 550,
      enhanced: "5.1.1",
      text: expect.stringMatching(/does not exist.*typos.*Bye/),
    });
  });

  test("with a line of 8 kB is understood, and the text is cut", async () => {
    const { result } = await sendTo({ dot: { say: `554 5.7.1 ${"spam ".repeat(1_638)}` } });
    expect(result).toMatchObject({ kind: "replied", phase: "after-dot", code: 554, enhanced: "5.7.1" });
    expect(result.kind === "replied" && result.text.length).toBeLessThanOrEqual(2_000);
  });

  test("in the middle of the mail is understood, and its connection is not used again", async () => {
    const sink = await sinkWith({ behaviour: { body: { afterBytes: 1_000_000, act: { say: "552 5.3.4 too big" } } } });
    const transport = transportTo(sink.url);
    const result = await transport.send(mail("big", 6_000_000), yes);
    expect(result).toMatchObject({ kind: "replied", code: 552, enhanced: "5.3.4" });
    expect(transport.open).toBe(0);
  });

  test("a sign-in is understood (535)", async () => {
    const sink = await sinkWith({ auth: { user: "shop", pass: "right" } });
    const result = await transportTo(sink.url.replace("right", "wrong")).send(mail(), yes);
    expect(result).toMatchObject({ kind: "replied", phase: "auth", code: 535 });
    expect(await transportTo(sink.url).send(mail(), yes)).toMatchObject({ kind: "accepted" });
  });

  test("to offer a sign-in is not sent to without one", async () => {
    const sink = await sinkWith();
    const result = await transportTo(sink.url.replace("smtp://", "smtp://shop:secret@")).send(mail(), yes);
    expect(result).toMatchObject({ kind: "lost", phase: "auth" });
    expect(JSON.stringify(result)).not.toContain("secret");
  });
});

describe("a server that talks nonsense", () => {
  const nonsense: [string, Behaviour, string][] = [
    ["instead of a greeting", { greeting: { say: "HTTP/1.1 400 Bad Request" } }, "greeting"],
    ["to MAIL FROM", { mail: { say: "what?" } }, "mail-from"],
    ["to RCPT TO", { rcpt: { say: "\u0000\u0001" } }, "rcpt-to"],
    ["to DATA", { data: { say: "999 nine" } }, "data"],
    ["to the final dot", { dot: { say: "thanks!" } }, "after-dot"],
    ["to the final dot, that begins like a yes", { dot: { say: "2 mails kept" } }, "after-dot"],
    ["to the final dot, a 354", { dot: { say: "354 more" } }, "after-dot"],
  ];
  test.each(nonsense)("%s is not taken for an answer", async (_where, behaviour, phase) => {
    const { result } = await sendTo(behaviour);
    expect(result).toMatchObject({ kind: "lost", phase });
  });

  test("and says yes before the mail has ended has not accepted it", async () => {
    const { result, kept } = await sendTo({ body: { afterBytes: 1_000_000, act: { say: "250 2.0.0 fine" } } }, mail("big", 6_000_000));
    expect(result).toMatchObject({ kind: "lost", phase: "body" });
    expect(kept).toBe(0);
  });

  test("without end is cut off", async () => {
    const { result } = await sendTo({ ehlo: { say: "250-x\r\n".repeat(20_000) } });
    expect(result).toMatchObject({ kind: "lost", phase: "greeting" });
  });
});

describe("what a server can't carry", () => {
  test("a mail larger than its SIZE is kept back before the gate", async () => {
    const sink = await sinkWith({ size: 1_000 });
    let asked = 0;
    const result = await transportTo(sink.url).send(mail("big", 5_000), () => Promise.resolve(++asked > 0));
    expect(result).toMatchObject({ kind: "unsendable", reason: expect.stringContaining("1000") });
    expect(asked).toBe(0);
  });

  test("an address outside ASCII goes only to a server with SMTPUTF8 (OUT-13)", async () => {
    const message = { ...mail(), envelope: { from: "shop@shop.example", to: "jürgen@example.com" } };
    const { result, kept } = await sendTo({ extensions: ["PIPELINING"] }, message);
    expect(result).toMatchObject({ kind: "unsendable", reason: expect.stringContaining("SMTPUTF8") });
    expect(kept).toBe(0);
    expect((await sendTo({ extensions: ["PIPELINING", "SMTPUTF8"] }, message)).result).toMatchObject({ kind: "accepted" });
  });

  test.each(["a@b.example>\r\nRCPT TO:<evil@x.example", "a@b.example,evil@x.example", "a@b@c.example", "a b@c.example", "", "nobody"])(
    "the envelope address %j is never said (OUT-13)",
    async (to) => {
      const sink = await sinkWith({ behaviour: {} });
      const result = await transportTo(sink.url).send({ ...mail(), envelope: { from: "shop@shop.example", to } }, yes);
      expect(result).toMatchObject({ kind: "unsendable" });
      expect(sink.count("mail")).toBe(0);
    },
  );
});

describe("TLS", () => {
  const ca = readFileSync(new URL("../fixtures/tls/localhost.crt", import.meta.url));

  test.each(["implicit", "starttls"] as const)("%s with a certificate nobody signed is refused", async (tls) => {
    const sink = await sinkWith({ tls });
    const result = await transportTo(`${sink.url}?requireTLS=true`).send(mail(), yes);
    expect(result).toMatchObject({ kind: "lost", phase: "tls" });
    expect(sink.mails()).toHaveLength(0);
  });

  test.each(["implicit", "starttls"] as const)("%s with a known certificate carries the mail", async (tls) => {
    const sink = await sinkWith({ tls });
    const result = await transportTo(`${sink.url}?requireTLS=true`, { tls: { ca } }).send(mail(), yes);
    expect(result).toMatchObject({ kind: "accepted" });
  });

  test("that is required and not offered sends nothing", async () => {
    const sink = await sinkWith({ behaviour: {} });
    const result = await transportTo(`${sink.url}?requireTLS=true`).send(mail(), yes);
    expect(result).toMatchObject({ kind: "replied", phase: "tls", code: 454 });
    expect(sink.count("mail")).toBe(0);
  });

  test("spoken to a server that does not speak it is an error of TLS", async () => {
    const sink = await sinkWith();
    expect(await transportTo(sink.url.replace("smtp:", "smtps:")).send(mail(), yes)).toMatchObject({ kind: "lost", phase: "tls" });
  });
});

describe("closing", () => {
  test("lets what is being sent end, and takes nothing new", async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const sink = await sinkWith({ behaviour: { dot: { hold: held } } });
    const transport = transportTo(`${sink.url}?connections=1`, { timeouts: {} });
    const begun = Promise.withResolvers<void>();
    const sending = transport.send(mail("under way"), () => {
      begun.resolve();
      return Promise.resolve(true);
    });
    const waiting = transport.send(mail("waiting"), yes);
    await begun.promise;
    const closed = transport.close();
    expect(await waiting).toEqual({ kind: "withdrawn" });
    expect(await transport.send(mail("too late"), yes)).toEqual({ kind: "withdrawn" });
    answer();
    expect(await sending).toMatchObject({ kind: "accepted" });
    await closed;
    expect(transport.open).toBe(0);
  });

  test("does not wait longer than its grace for a server that never answers", async () => {
    const sink = await sinkWith({ behaviour: { dot: { silent: true } } });
    const transport = transportTo(sink.url, { timeouts: {} });
    const begun = Promise.withResolvers<void>();
    const sending = transport.send(mail(), () => {
      begun.resolve();
      return Promise.resolve(true);
    });
    await begun.promise;
    const before = performance.now();
    await transport.close(300);
    expect(performance.now() - before).toBeLessThan(6_000);
    expect(await sending).toMatchObject({ kind: "lost" });
  });
});

test("verify connects, signs in and sends nothing", async () => {
  const sink = await sinkWith({ auth: { user: "shop", pass: "p w" } });
  expect(await transportTo(sink.url).verify()).toEqual({ ok: true });
  expect(await transportTo(sink.url.replace("p%20w", "no")).verify()).toMatchObject({ ok: false, phase: "auth" });
  expect(sink.mails()).toHaveLength(0);
});
