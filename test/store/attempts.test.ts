import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { day24, type Instant, minute, plus } from "../../src/core/instant.ts";
import { acceptedAttempt, type Beginning, endAttempts, mailboxFullTimes, rescueLost } from "../../src/store/attempts.ts";
import { keepTemplate } from "../../src/store/templates.ts";
import { begin, type Desk, ending, lease, openDesk } from "./desk.ts";
import { addOrder, hashFor, messageRow, noon, somebodyWaits, statesOf } from "./rows.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});

describe("the end of an attempt", () => {
  test("that was accepted makes the message sent, and has its order planned again", async () => {
    const asked = await desk.begun();
    await endAttempts(desk.one, [ending(asked, { sentAt: plus(noon, 5) })], plus(noon, 5));
    expect(await messageRow(desk.two, asked.messageId)).toMatchObject({
      state: "sent",
      sent_at: plus(noon, 5),
      attempts: 1,
      lease_token: null,
      lease_until: null,
    });
    expect(await desk.attempt(asked.attemptId)).toMatchObject({
      ended_at: plus(noon, 5),
      outcome: "sent",
      phase: "after-dot",
      answer: "250 queued",
    });
    expect(await desk.dirty()).toBe(1);
  });

  test("that is to be tried again leaves it planned for then", async () => {
    const asked = await desk.begun();
    const next = { state: "planned", dueAt: plus(noon, minute), sentAt: null } as const;
    await endAttempts(desk.one, [ending(asked, next, { outcome: "later" })], noon);
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({
      state: "planned",
      due_at: plus(noon, minute),
      attempts: 1,
      sent_at: null,
    });
  });

  test("by our own fault does not count against the message", async () => {
    const asked = await desk.begun();
    await endAttempts(
      desk.one,
      [ending(asked, { state: "planned", dueAt: plus(noon, minute), sentAt: null, counts: false }, { outcome: "transport-down" })],
      noon,
    );
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({ state: "planned", attempts: 0 });
  });

  test.each([
    ["failed", { state: "failed", reason: "refused", sentAt: null }, { outcome: "refused" }],
    ["stale", { state: "stale", reason: "stale", sentAt: null }, { outcome: "stale" }],
    ["unsure", { state: "unsure", reason: "answer-unknown" }, { outcome: "unsure" }],
  ] as const)("may leave it %s", async (state, next, change) => {
    const asked = await desk.begun();
    await endAttempts(desk.one, [ending(asked, next, change)], noon);
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({ state, reason: next.reason, lease_token: null });
  });

  test("of somebody who lost the lease is noted, and decides nothing", async () => {
    const asked = await desk.begun();
    const newer = randomUUID();
    await desk.one.updateTable("messages").set({ lease_token: newer }).execute();
    await endAttempts(desk.one, [ending(asked, { state: "failed", reason: "refused", sentAt: null }, { outcome: "refused" })], noon);
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({ state: "sending", lease_token: newer });
    expect(await desk.attempt(asked.attemptId)).toMatchObject({ outcome: "refused" });
    expect(await desk.dirty()).toBe(0);
  });

  test("with an answer that comes after the message was taken for unsure settles the doubt", async () => {
    const asked = await desk.begun({ category: "review" });
    await rescueLost(desk.two, { now: plus(lease, 1), resendAt: plus(lease, minute), limit: 10 });
    expect(await statesOf(desk.one, [asked.messageId])).toEqual(["unsure"]);
    await endAttempts(desk.one, [ending(asked)], plus(lease, 2));
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({ state: "sent", reason: null });
    expect(await desk.attempt(asked.attemptId)).toMatchObject({ outcome: "sent", answer: "250 queued" });
  });

  test("with an answer that comes before the one repetition makes that needless", async () => {
    const asked = await desk.begun();
    await rescueLost(desk.two, { now: plus(lease, 1), resendAt: plus(lease, minute), limit: 10 });
    const later = randomUUID();
    await desk.one
      .updateTable("messages")
      .set({ state: "queued", lease_token: later, lease_until: new Date(plus(lease, day24)) })
      .execute();
    await endAttempts(desk.one, [ending(asked)], plus(lease, 2));
    expect(await statesOf(desk.one, [asked.messageId])).toEqual(["sent"]);
    expect(await begin(desk.two, [await desk.beginning(asked.messageId, { token: later })], plus(lease, 3))).toEqual([false]);
  });

  test("with any other answer that comes too late leaves the doubt", async () => {
    const asked = await desk.begun({ category: "review" });
    await rescueLost(desk.two, { now: plus(lease, 1), resendAt: plus(lease, minute), limit: 10 });
    await endAttempts(
      desk.one,
      [ending(asked, { state: "planned", dueAt: plus(lease, minute), sentAt: null }, { outcome: "later" })],
      plus(lease, 2),
    );
    expect(await statesOf(desk.one, [asked.messageId])).toEqual(["unsure"]);
  });

  test("of the one repetition that came too late leaves the doubt, not `stale` (P2)", async () => {
    const asked = await desk.begun();
    await desk.one
      .updateTable("messages")
      .set({ resend: true, sent_at: new Date(noon) })
      .execute();
    await endAttempts(desk.one, [ending(asked, { state: "stale", reason: "stale", sentAt: null }, { outcome: "stale" })], noon);
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({ state: "unsure", reason: "answer-unknown" });
  });

  test("is written down whatever the server said, for all that ended with it", async () => {
    const odd = [`${"a".repeat(1_999)}😀😀`, "NUL \u0000 here", "half \ud83d", "\\u0000", "x".repeat(8_192)];
    const mails: Beginning[] = [];
    for (const _ of odd) mails.push(await desk.begun());
    await endAttempts(
      desk.one,
      mails.map((mail, index) => ending(mail, {}, { answer: odd[index] ?? "" })),
      noon,
    );
    expect(
      new Set(
        await statesOf(
          desk.one,
          mails.map(({ messageId }) => messageId),
        ),
      ),
    ).toEqual(new Set(["sent"]));
    const answers = await Promise.all(mails.map(async (mail) => (await desk.attempt(mail.attemptId))?.answer));
    expect(answers).toEqual([`${"a".repeat(1_999)}\ufffd`, "NUL  here", "half \ufffd", "\\u0000", "x".repeat(2_000)]);
  });

  test("never waits in a circle with planning, which holds the order and wants its messages", async () => {
    const asked = await desk.begun();
    let ended: Promise<void> = Promise.resolve();
    await desk.one.transaction().execute(async (planner) => {
      await planner.selectFrom("orders").select("id").forUpdate().execute();
      ended = endAttempts(desk.two, [ending(asked)], noon);
      await somebodyWaits(desk.one);
      await planner.selectFrom("messages").select("id").forUpdate().noWait().execute(); // whoever waits for the order holds no message
    });
    await ended;
    expect(await statesOf(desk.one, [asked.messageId])).toEqual(["sent"]);
  });

  test("of mails about the same orders, in two processes and any order, never makes them wait in a circle", async () => {
    const orders: string[] = [];
    for (let n = 0; n < 25; n += 1) orders.push(await addOrder(desk.one, desk.place, { email: `b-${n}@x.example` }));
    for (let round = 0; round < 6; round += 1) {
      const hands = await Promise.all(
        [0, 1, 2, 3].map(() => Promise.all(orders.map(async (id) => desk.beginning(await desk.queued({}, id))))),
      );
      for (const mails of hands) expect(new Set(await begin(desk.one, mails))).toEqual(new Set([true]));
      await Promise.all(
        hands.map((mails, hand) =>
          endAttempts(
            hand % 2 === 0 ? desk.one : desk.two,
            (hand % 2 === 0 ? mails : mails.toReversed()).map((mail) => ending(mail)),
            noon,
          ),
        ),
      );
      for (const mails of hands)
        expect(
          new Set(
            await statesOf(
              desk.one,
              mails.map(({ messageId }) => messageId),
            ),
          ),
        ).toEqual(new Set(["sent"]));
    }
  });
});

describe("a mail as it went out", () => {
  test("is found by its accepted attempt, else by the one in doubt, never by one that was refused", async () => {
    await keepTemplate(desk.one, { version: "v1", key: "check-in", locale: "en", compiled: { html: "x" } }, noon);
    await keepTemplate(desk.two, { version: "v1", key: "check-in", locale: "en", compiled: { html: "other" } }, noon);
    const id = await desk.queued();
    const ends = [
      ["later", "planned"],
      ["unsure", "planned"],
      ["sent", "sent"],
    ] as const;
    const seen: unknown[] = [];
    for (const [outcome, state] of ends) {
      await desk.one
        .updateTable("messages")
        .set({ state: "queued", lease_token: desk.token, lease_until: new Date(lease) })
        .execute();
      const asked = await desk.beginning(id, { input: { outcome } });
      await begin(desk.one, [asked]);
      const resend = outcome !== "later";
      await endAttempts(desk.one, [ending(asked, { state, dueAt: noon, sentAt: resend ? noon : null, resend }, { outcome })], noon);
      seen.push(await acceptedAttempt(desk.one, id));
    }
    expect(seen).toEqual([
      null,
      { input: { outcome: "unsure" }, compiled: { html: "x" } },
      { input: { outcome: "sent" }, compiled: { html: "x" } },
    ]);
  });
});

describe("a full mailbox", () => {
  test("is counted since the last mail that was accepted there, in this shop, oldest first", async () => {
    const say = async (outcome: "mailbox-full" | "sent", at: Instant, email = "maya@buyer.example"): Promise<void> => {
      const to = await addOrder(desk.one, desk.place, { email });
      const id = await desk.queued({ email, leaseUntil: plus(at, minute) }, to);
      const asked = await desk.beginning(id);
      expect(await begin(desk.one, [asked], at)).toEqual([true]);
      const next = outcome === "sent" ? {} : ({ state: "planned", dueAt: plus(at, minute), sentAt: null } as const);
      await endAttempts(desk.one, [ending(asked, next, { outcome })], at);
    };
    await say("mailbox-full", noon);
    await say("sent", plus(noon, day24));
    await say("mailbox-full", plus(noon, 2 * day24));
    await say("mailbox-full", plus(noon, 3 * day24));
    await say("mailbox-full", plus(noon, 4 * day24), "bob@buyer.example");
    expect(await mailboxFullTimes(desk.one, desk.place.shopId, hashFor("maya@buyer.example"))).toEqual([
      plus(noon, 2 * day24),
      plus(noon, 3 * day24),
    ]);
  });
});
