import { beforeEach, describe, expect, test } from "vitest";
import { day24, type Instant, minute, plus } from "../../src/core/instant.ts";
import { rescueLost } from "../../src/store/attempts.ts";
import { begin, type Desk, lease, openDesk } from "./desk.ts";
import { type MessageRow, messageRow, noon, statesOf } from "./rows.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});

describe("rescue", () => {
  const rescue = (now: Instant, limit = 100) => rescueLost(desk.one, { now, resendAt: plus(now, 15 * minute), limit });
  const sending = (row: MessageRow = {}) => desk.queued({ state: "sending", ...row });
  const none = { planned: 0, resent: 0, unsure: 0 };

  test("leaves what is in somebody's hand, up to the instant at which the lease ends", async () => {
    await desk.queued();
    await sending();
    expect(await rescue(plus(lease, -1))).toEqual(none);
    expect(await rescue(lease)).toEqual({ planned: 1, resent: 1, unsure: 0 });
    expect(await rescue(plus(lease, day24))).toEqual(none);
  });

  test("plans again what was claimed and not begun, for when it was due, without counting", async () => {
    const id = await desk.queued();
    await rescue(lease);
    expect(await messageRow(desk.one, id)).toMatchObject({
      state: "planned",
      due_at: noon,
      attempts: 0,
      sent_at: null,
      resend: false,
      lease_token: null,
    });
  });

  test("sends order mail in doubt once more, and then leaves the doubt (REL-02)", async () => {
    const asked = await desk.beginning(await desk.queued({ category: "order" }));
    await begin(desk.one, [asked]);
    expect(await rescue(lease)).toEqual({ planned: 0, resent: 1, unsure: 0 });
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({
      state: "planned",
      reason: "answer-unknown",
      resend: true,
      due_at: plus(lease, 15 * minute),
      first_attempt_at: noon,
      sent_at: noon,
    });
    expect(await desk.attempt(asked.attemptId)).toMatchObject({ outcome: "unsure", ended_at: lease });
    expect(await desk.dirty()).toBe(1);

    const again = plus(lease, 20 * minute);
    await desk.one
      .updateTable("messages")
      .set({ state: "queued", lease_token: desk.token, lease_until: new Date(plus(again, minute)) })
      .execute();
    const second = await desk.beginning(asked.messageId);
    expect(await begin(desk.one, [second], again)).toEqual([true]);
    expect(await rescue(plus(again, 10 * minute))).toEqual({ planned: 0, resent: 0, unsure: 1 });
    expect(await messageRow(desk.one, asked.messageId)).toMatchObject({
      state: "unsure",
      reason: "answer-unknown",
      sent_at: noon,
      attempts: 2,
    });
  });

  test.each(["care", "review", "offer"] as const)("never sends %s mail in doubt again", async (category) => {
    const id = await sending({ category });
    expect(await rescue(lease)).toEqual({ planned: 0, resent: 0, unsure: 1 });
    expect(await messageRow(desk.one, id)).toMatchObject({ state: "unsure", reason: "answer-unknown", resend: false, sent_at: noon });
  });

  test("does not send order mail again that would be of no use by then", async () => {
    const resendAt = plus(lease, 15 * minute);
    const ids = [await sending({ staleAt: resendAt }), await sending({ staleAt: plus(resendAt, 1) })];
    expect(await rescue(lease)).toEqual({ planned: 0, resent: 1, unsure: 1 });
    expect(await statesOf(desk.one, ids)).toEqual(["unsure", "planned"]);
  });

  test("by two processes at once takes each message once, no more than `limit` a turn", async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? desk.queued() : sending({ category: "care" }))));
    expect(await rescue(lease, 10)).toMatchObject({ resent: 0 });
    const turns = await Promise.all(
      [desk.one, desk.two, desk.one, desk.two].map((db) => rescueLost(db, { now: lease, resendAt: lease, limit: 40 })),
    );
    const sum = (key: "planned" | "unsure") => turns.reduce((total, turn) => total + turn[key], 0);
    expect(sum("planned") + sum("unsure")).toBe(50);
    expect((await statesOf(desk.one, ids)).filter((state) => state === "unsure")).toHaveLength(30);
  });
});
