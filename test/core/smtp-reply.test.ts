import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantOf, minute, plus } from "../../src/core/instant.ts";
import { type Outcome, type OutcomeContext, outcomeOf, outcomeOfDeath } from "../../src/core/outcome.ts";
import { classifyRefusal, type Phase, phases, type RefusalClass, readReply, type SendResult } from "../../src/core/smtp-reply.ts";

const now = instantOf("2026-01-20T08:00:00Z");
const context: OutcomeContext = {
  category: "order",
  attempts: 1,
  firstAttemptAt: now,
  now,
  staleAt: plus(now, 48 * 60 * minute),
  resent: false,
  haste: 1,
  random: 0.5,
};

function refusal(phase: Phase, reply: string): Extract<SendResult, { kind: "replied" }> {
  const read = readReply(reply);
  if (read === null) throw new Error(`not a reply: ${reply}`);
  return { kind: "replied", phase, ...read };
}

const minutesUntil = (outcome: Outcome) => ("at" in outcome ? (outcome.at - now) / minute : Number.NaN);

describe("a refusal is classified by the table of standards 2.4", () => {
  const table: [Phase, string, RefusalClass][] = [
    // server or rate
    ["mail-from", "421 4.3.2 shutting down", "throttled"],
    ["rcpt-to", "421 4.7.0 try again later", "throttled"],
    ["data", "421 closing", "throttled"],
    ["rcpt-to", "450 4.3.2 system not accepting", "throttled"],
    ["rcpt-to", "451 4.7.650 too many connections", "throttled"],
    ["after-dot", "450 4.7.28 unusual rate", "throttled"],
    // greylists
    ["rcpt-to", "450 4.2.0 greylisted", "greylisted"],
    ["rcpt-to", "451 4.7.1 come back in 5 minutes", "greylisted"],
    ["rcpt-to", "450 greylisted", "greylisted"],
    ["rcpt-to", "451 temporarily rejected", "greylisted"],
    // other 4xx
    ["rcpt-to", "450 4.2.1 mailbox busy", "temporary"],
    ["after-dot", "451 4.3.0 queue file write error", "temporary"],
    ["rcpt-to", "452 4.5.3 too many recipients", "temporary"],
    ["mail-from", "452 4.3.1 insufficient system storage", "temporary"],
    // mailbox full
    ["rcpt-to", "452 4.2.2 over quota", "mailbox-full"],
    ["rcpt-to", "552 5.2.2 over quota", "mailbox-full"],
    ["after-dot", "550 5.2.2 mailbox full", "mailbox-full"],
    ["rcpt-to", "552 no room", "mailbox-full"],
    ["rcpt-to", "452 mailbox full", "mailbox-full"],
    // no such user
    ["rcpt-to", "550 5.1.1 no such user", "no-such-user"],
    ["rcpt-to", "550 5.1.2 bad domain", "no-such-user"],
    ["rcpt-to", "501 5.1.3 bad syntax", "no-such-user"],
    ["rcpt-to", "550 5.1.6 moved", "no-such-user"],
    ["rcpt-to", "556 5.1.10 null MX", "no-such-user"],
    ["rcpt-to", "550 5.2.1 disabled", "no-such-user"],
    ["after-dot", "550 5.1.1 no such user", "no-such-user"],
    ["rcpt-to", "550 No such user here", "no-such-user"],
    ["rcpt-to", "550 5.1.1 blocked? no: unknown", "no-such-user"],
    // content
    ["mail-from", "552 5.3.4 too big", "content"],
    ["after-dot", "554 5.6.0 bad content", "content"],
    ["after-dot", "552 message size exceeds limit", "content"],
    ["rcpt-to", "550 5.2.3 too long for this mailbox", "content"],
    // policy
    ["rcpt-to", "550 5.7.1 relaying denied", "policy"],
    ["after-dot", "550 5.7.26 unauthenticated", "policy"],
    ["after-dot", "550 5.7.515 access denied", "policy"],
    ["rcpt-to", "550 rejected: listed in dnsbl", "policy"],
    ["rcpt-to", "554 Service unavailable; client blocked using zen", "policy"],
    ["after-dot", "554 rejected", "policy"],
    ["mail-from", "550 5.1.8 sender domain not found", "policy"],
    ["mail-from", "550 5.1.1 sender unknown", "policy"],
    // other 5xx, the recipient is not to blame
    ["rcpt-to", "550 mailbox unavailable", "permanent"],
    ["mail-from", "503 5.5.1 bad sequence", "permanent"],
    ["rcpt-to", "550 5.4.1 recipient address rejected", "permanent"],
    // our own fault
    ["auth", "535 5.7.8 bad credentials", "ours"],
    ["auth", "454 4.7.0 temporary authentication failure", "ours"],
    ["mail-from", "530 5.7.0 authentication required", "ours"],
    ["mail-from", "534 5.7.9 stronger mechanism", "ours"],
    ["greeting", "554 no service", "ours"],
    ["greeting", "421 too many connections", "ours"],
    ["tls", "454 4.7.0 TLS not available", "ours"],
  ];
  test.each(table)("%s %s → %s", (phase, reply, expected) => {
    expect(classifyRefusal(refusal(phase, reply))).toBe(expected);
  });

  test("an enhanced code that disagrees with the basic one does not count", () => {
    expect(classifyRefusal(refusal("rcpt-to", "450 5.1.1 no such user"))).toBe("greylisted");
    expect(classifyRefusal(refusal("rcpt-to", "550 4.2.2 over quota"))).toBe("permanent");
  });

  test("only what was said of the recipient makes an address dead, and policy never does", () => {
    const reply = fc.record({
      phase: fc.constantFrom(...phases),
      code: fc.integer({ min: 400, max: 599 }),
      enhanced: fc.option(fc.tuple(fc.constantFrom(4, 5), fc.nat(9), fc.nat(30)).map((parts) => parts.join("."))),
      text: fc.constantFrom("no such user", "spam", "", "quota", "blocked: no such user"),
    });
    fc.assert(
      fc.property(reply, (it) => {
        const outcome = outcomeOf({ kind: "replied", ...it }, context);
        if (outcome.kind === "refused" && outcome.address === "dead") {
          expect(it.code).toBeGreaterThanOrEqual(500);
          expect(["rcpt-to", "data", "body", "after-dot"]).toContain(it.phase);
          expect(it.enhanced?.startsWith("5.7.") ?? false).toBe(false);
        }
      }),
    );
  });
});

describe("what becomes of the message", () => {
  test("250 after the dot: sent", () => {
    expect(outcomeOf({ kind: "accepted", answer: "250 ok" }, context)).toEqual({ kind: "sent", answer: "250 ok" });
  });

  test("a greylisting is tried again in 5 to 15 minutes", () => {
    for (const random of [0, 0.5, 0.999]) {
      const wait = minutesUntil(outcomeOf(refusal("rcpt-to", "451 4.7.1 later"), { ...context, random }));
      expect(wait).toBeGreaterThanOrEqual(5);
      expect(wait).toBeLessThanOrEqual(15);
    }
  });

  test("a throttling is tried again and does not count as an attempt", () => {
    expect(outcomeOf(refusal("rcpt-to", "421 4.7.0 slow down"), { ...context, attempts: 99 })).toMatchObject({
      kind: "later",
      countsAsAttempt: false,
    });
  });

  test("no such user: refused, and the address is dead", () => {
    expect(outcomeOf(refusal("rcpt-to", "550 5.1.1 who?"), context)).toMatchObject({ kind: "refused", reason: "refused", address: "dead" });
  });

  test("policy and content: refused, and the address is fine", () => {
    expect(outcomeOf(refusal("after-dot", "550 5.7.1 no"), context)).toMatchObject({ kind: "refused", address: "fine", class: "policy" });
    expect(outcomeOf(refusal("after-dot", "552 5.3.4 no"), context)).toMatchObject({ kind: "refused", address: "fine", class: "content" });
    expect(outcomeOf({ kind: "unsendable", reason: "too big" }, context)).toMatchObject({ kind: "refused", address: "fine" });
  });

  test("a full mailbox is soft, also as a 5xx", () => {
    expect(outcomeOf(refusal("rcpt-to", "552 5.2.2 full"), context)).toMatchObject({ kind: "mailbox-full" });
    expect(outcomeOf(refusal("rcpt-to", "452 4.2.2 full"), context)).toMatchObject({ kind: "mailbox-full" });
  });

  test.each([
    [refusal("auth", "535 5.7.8 no")],
    [refusal("mail-from", "530 5.7.0 sign in first")],
    [{ kind: "lost", phase: "connect", reason: "ECONNREFUSED" } as const],
    [{ kind: "lost", phase: "tls", reason: "self-signed" } as const],
    [{ kind: "lost", phase: "greeting", reason: "timeout" } as const],
  ])("our own fault (%j) pauses the transport and consumes no attempt", (result) => {
    const outcome = outcomeOf(result, { ...context, attempts: 99, staleAt: now });
    expect(outcome).toMatchObject({ kind: "transport-down" });
    expect(outcome.kind === "transport-down" && outcome.retryAt).toBeGreaterThan(now);
  });

  test("nothing is tried again after it has become useless", () => {
    const staleAt = plus(now, 1 * minute);
    expect(outcomeOf(refusal("rcpt-to", "451 4.7.1 later"), { ...context, staleAt })).toMatchObject({ kind: "stale" });
    expect(outcomeOf(refusal("rcpt-to", "452 4.2.2 full"), { ...context, staleAt })).toMatchObject({
      kind: "stale",
      class: "mailbox-full",
    });
    expect(outcomeOf({ kind: "lost", phase: "data", reason: "gone" }, { ...context, staleAt: now })).toMatchObject({ kind: "stale" });
  });

  test("what circles is given up after 20 attempts", () => {
    expect(outcomeOf(refusal("rcpt-to", "451 4.3.0 later"), { ...context, attempts: 19 })).toMatchObject({ kind: "later" });
    expect(outcomeOf(refusal("rcpt-to", "451 4.3.0 later"), { ...context, attempts: 20 })).toMatchObject({
      kind: "refused",
      reason: "too-many-attempts",
      address: "fine",
    });
  });
});

describe("what was lost (REL-02)", () => {
  test.each(["mail-from", "rcpt-to", "data", "body"] as const)("after %s, before the dot, is tried again for any category", (phase) => {
    for (const category of ["order", "care", "review", "offer"] as const) {
      expect(outcomeOf({ kind: "lost", phase, reason: "reset" }, { ...context, category })).toMatchObject({
        kind: "later",
        countsAsAttempt: true,
      });
    }
  });

  test("after the dot is unsure: order mail is sent once more, later, and only once", () => {
    const lost: SendResult = { kind: "lost", phase: "after-dot", reason: "reset" };
    const first = outcomeOf(lost, context);
    expect(first.kind === "unsure" && first.resendAt).toBeGreaterThan(plus(now, 10 * minute));
    expect(outcomeOf(lost, { ...context, resent: true })).toMatchObject({ kind: "unsure", resendAt: null });
    expect(outcomeOf(lost, { ...context, staleAt: plus(now, minute) })).toMatchObject({ kind: "unsure", resendAt: null });
  });

  test.each(["care", "review", "offer"] as const)("after the dot is unsure for good in category %s", (category) => {
    expect(outcomeOf({ kind: "lost", phase: "after-dot", reason: "reset" }, { ...context, category })).toMatchObject({
      kind: "unsure",
      resendAt: null,
    });
    expect(outcomeOfDeath({ ...context, category })).toMatchObject({ kind: "unsure", resendAt: null });
  });

  test("with the worker is in doubt like a lost answer", () => {
    const outcome = outcomeOfDeath(context);
    expect(outcome.kind === "unsure" && outcome.resendAt).toBeGreaterThan(now);
  });
});

describe("reading a reply", () => {
  test.each([
    ["550 5.1.1 who?", { code: 550, enhanced: "5.1.1", text: "550 5.1.1 who?" }],
    ["550-5.1.1 a\n550 5.1.1 b", { code: 550, enhanced: "5.1.1", text: "550-5.1.1 a 550 5.1.1 b" }],
    ["250", { code: 250, enhanced: null, text: "250" }],
    ["450 4.2.0", { code: 450, enhanced: "4.2.0", text: "450 4.2.0" }],
    ["550 15.1.1 odd", { code: 550, enhanced: null, text: "550 15.1.1 odd" }],
  ])("%j", (reply, expected) => {
    expect(readReply(reply)).toEqual(expected);
  });

  test.each(["", "hello", "2 mails", "999 no", "55", "5500 x", " 250 ok", "HTTP/1.1 200 OK"])("%j is none", (reply) => {
    expect(readReply(reply)).toBeNull();
  });

  test("never throws and never lets a control through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (noise) => {
        const read = readReply(`550 ${noise}`);
        expect(read?.text).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
      }),
    );
  });
});
