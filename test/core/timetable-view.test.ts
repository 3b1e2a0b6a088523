import { describe, expect, test } from "vitest";
import { instantOf, iso } from "../../src/core/instant.ts";
import type { LedgerMessage } from "../../src/core/message.ts";
import { type PlanInput, plan } from "../../src/core/plan.ts";
import { viewClosedTimetable, viewTimetable } from "../../src/core/timetable-view.ts";
import { dispatchedOrder, paidOrder, planned, rowFor, tell, withSent, worldOf } from "./planner-world.ts";

const early = "2026-01-20T09:00:00Z";
const base = worldOf(dispatchedOrder);
const ledger = planned(base, early);
const show = (input: PlanInput, now = early) => viewTimetable(plan(input), input.messages, instantOf(now));
const line = (input: PlanInput, step: string, now = early) => show(input, now).find((entry) => entry.step === step);

describe("the timetable as it is shown", () => {
  test("has every step, with or without a message, and is JSON", () => {
    const shown = show({ ...base, messages: ledger });
    expect(shown.map(({ step, state, reason }) => [step, state, reason ?? null])).toEqual([
      ["dispatch-notice", "planned", null],
      ["check-in", "planned", null],
      ["feedback-reminder", "waiting", "prior-not-sent-yet"],
      ["review-thanks", "waiting", "not-started"],
      ["holiday-delay", "excluded", "no-closure"],
    ]);
    expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
  });

  test("says the same before the ledger has followed as after", () => {
    const without = ({ messageId, ...rest }: ReturnType<typeof show>[number]) => rest;
    expect(show(base).map(without)).toEqual(show({ ...base, messages: ledger }).map(without));
    const cancelled = worldOf([...dispatchedOrder, tell.cancelled("2026-01-21T00:00:00.000Z")], { messages: ledger });
    const followed = { ...cancelled, messages: planned(cancelled, "2026-01-21T00:00:00Z") };
    expect(show(cancelled)).toEqual(show(followed));
    expect(line(cancelled, "check-in")).toMatchObject({
      state: "cancelled",
      reason: "order-cancelled",
      messageId: rowFor(ledger, "check-in").id,
    });
    expect(line(cancelled, "feedback-reminder")).toMatchObject({ state: "excluded", reason: "order-cancelled" });
  });

  test("a step that waits for another shows when it will probably go", () => {
    const shown = line(base, "feedback-reminder");
    expect(shown).toMatchObject({ provisional: true, dueAt: expect.stringMatching(/^2026-02-1[0-3]T/) });
    expect(line(worldOf(paidOrder), "feedback-reminder")).not.toHaveProperty("dueAt");
  });

  test("what was sent is shown with the reasons it was sent for, whatever the facts say now (P2)", () => {
    const messages = withSent(ledger, "check-in", "2026-01-30T18:01:02Z");
    const input = worldOf([...dispatchedOrder, tell.review(5, "2026-01-31T00:00:00.000Z")], { messages });
    expect(line(input, "check-in")).toEqual({
      step: "check-in",
      occurrence: { kind: "order", id: "1001" },
      category: "care",
      state: "sent",
      dueAt: iso(rowFor(ledger, "check-in").dueAt),
      sentAt: "2026-01-30T18:01:02.000Z",
      messageId: rowFor(ledger, "check-in").id,
      because: rowFor(ledger, "check-in").because,
    });
  });

  test.each(["queued", "sending", "failed", "unsure"] as const)("a message that is %s is shown as such", (state) => {
    const messages = ledger.map((row) => ({ ...row, state }));
    expect(line({ ...base, messages }, "dispatch-notice", "2026-01-20T09:01:00Z")?.state).toBe(state);
  });

  test("a parcel that turned out to be none leaves its step waiting", () => {
    const input = worldOf([...paidOrder, tell.shipment({ void: true })], { messages: ledger });
    expect(line(input, "check-in")).toMatchObject({ state: "waiting", reason: "not-started", messageId: rowFor(ledger, "check-in").id });
  });

  test("messages about what is no longer there come last", () => {
    const gone: LedgerMessage = { ...rowFor(ledger, "check-in"), id: "x", step: "old-step", state: "sent", sentAt: instantOf(early) };
    const shown = show({ ...base, messages: [gone, ...ledger] });
    expect(shown.at(-1)).toMatchObject({ step: "old-step", state: "sent", messageId: "x" });
    expect(shown).toHaveLength(6);
  });

  test("says at once what is too late", () => {
    expect(line(base, "dispatch-notice", "2026-01-23T00:00:00Z")).toMatchObject({ state: "stale", reason: "stale" });
  });
});

describe("the timetable of a closed order", () => {
  const closed = { at: instantOf("2026-01-25T23:30:00Z"), timeZone: "Asia/Shanghai" };
  const showClosed = (input: PlanInput) => viewClosedTimetable(plan(input), input.messages, closed);

  test("promises nothing: steps without a message are closed with the order, and so is what would be tried again", () => {
    const messages = withSent(ledger, "dispatch-notice", early);
    const shown = showClosed({ ...base, messages });
    expect(shown.map(({ step, state, reason }) => [step, state, reason ?? null])).toEqual([
      ["dispatch-notice", "sent", null],
      ["check-in", "cancelled", "order-closed"],
      ["feedback-reminder", "excluded", "order-closed"],
      ["review-thanks", "excluded", "order-closed"],
      ["holiday-delay", "excluded", "order-closed"],
    ]);
    for (const entry of shown.slice(1)) {
      expect(entry).not.toHaveProperty("dueAt");
      expect(entry.because[0]?.detail).toBe("the order was closed on 2026-01-26: nothing more is planned for it");
    }
  });

  test("still says what kept a step from being sent before, and shows messages as they ended", () => {
    const gone: LedgerMessage = { ...rowFor(ledger, "check-in"), id: "x", step: "old-step", state: "cancelled", reason: "suppressed" };
    const shown = showClosed({ ...base, messages: [gone] });
    expect(shown.find(({ step }) => step === "holiday-delay")?.because.at(-1)?.rule).toBe("closure");
    expect(shown.at(-1)).toMatchObject({ step: "old-step", state: "cancelled", reason: "suppressed" });
  });
});
