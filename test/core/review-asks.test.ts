import { describe, expect, test } from "vitest";
import { mayInviteFeedback } from "../../src/core/feedback-invitation.ts";
import { instantOf } from "../../src/core/instant.ts";
import type { LedgerMessage } from "../../src/core/message.ts";
import { rehearse, scriptOf } from "../../src/core/rehearse.ts";
import type { MessageState } from "../../src/core/timetable.ts";
import { dispatchedOrder, entryOf, planned, reasonOf, scheduleOf, tell, worldOf } from "./planner-world.ts";

const arrivedOrder = [...dispatchedOrder, tell.scan("delivered", "2026-01-28T15:00:00.000Z")];
const later = instantOf("2026-02-02T12:00:00Z");

/** A check-in and two review steps, of which an order may get one after its check-in invited feedback. */
const schedule = scheduleOf({
  name: "S",
  steps: [
    { key: "check-in", template: "check-in", category: "care", on: "shipment.dispatched", wait: { days: 10 } },
    { key: "ask", template: "feedback-reminder", category: "review", on: "shipment.dispatched", wait: { days: 30 } },
    { key: "reminder", template: "feedback-reminder", category: "review", on: "shipment.dispatched", wait: { days: 40 } },
  ],
});
const world = worldOf(arrivedOrder, { schedule });
const ledger = planned(world, "2026-01-21T00:00:00Z");

function checkedIn(change: Partial<LedgerMessage> & { readonly step?: string }, of = "check-in"): readonly LedgerMessage[] {
  return ledger.map((row) => (row.step === of ? { ...row, state: "sent", sentAt: row.dueAt, ...change } : row));
}

const reasons = (messages: readonly LedgerMessage[]) => ["ask", "reminder"].map((key) => reasonOf({ ...world, messages }, key));

describe("LAW-03: one request for a review and one reminder an order, whatever the schedule", () => {
  test("a check-in that invited feedback was the request: one review mail may follow, the reminder, and no third", () => {
    expect(reasons(checkedIn({ invited: false }))).toEqual(["planned", "planned"]);
    expect(reasons(checkedIn({ invited: true }))).toEqual(["planned", "cap-reached"]);
    expect(entryOf({ ...world, messages: checkedIn({ invited: true }) }, "reminder").because).toEqual([
      {
        rule: "permit",
        detail:
          "the order has its request for a review and its reminder: an invitation to leave feedback counts, and there may be no third",
      },
    ]);
  });

  test("also when it was of a step that a newer version of the schedule has no more", () => {
    expect(reasons(checkedIn({ invited: true, step: "old-check-in" }))).toEqual(["planned", "cap-reached"]);
  });

  test("an invitation planned or withdrawn counts for nothing, one in doubt counts", () => {
    expect(reasons(checkedIn({ invited: true, state: "cancelled", reason: "operator-cancelled", sentAt: null }))).toEqual([
      "planned",
      "planned",
    ]);
    expect(reasons(checkedIn({ invited: true, state: "unsure", reason: "answer-unknown" }))).toEqual(["planned", "cap-reached"]);
  });

  test.each(["failed", "stale"] as const)("a request that ended %s takes nobody's place", (state: MessageState) => {
    const both = checkedIn({ invited: true }).map((row) => (row.step === "ask" ? { ...row, state, reason: "stale" as const } : row));
    expect(reasonOf({ ...world, messages: both }, "reminder")).toBe("planned");
  });
});

describe("a check-in invites feedback where a review request would be allowed now", () => {
  const may = (change: Partial<typeof world> = {}) => mayInviteFeedback({ ...world, ...change }, later);

  test("and nobody has asked about the order before", () => {
    expect(may()).toBe(true);
    expect(may({ messages: checkedIn({}, "ask") })).toBe(false);
    expect(may({ messages: checkedIn({ invited: true }) })).toBe(false);
    expect(may({ messages: checkedIn({ invited: false }) })).toBe(true);
  });

  test("nor is about to", () => {
    expect(may({ messages: checkedIn({ state: "sending", sentAt: null }, "ask") })).toBe(false);
    expect(may({ messages: checkedIn({ state: "planned", sentAt: null }, "ask") })).toBe(true);
  });
});

test("LAW-03: a rehearsal of the schedule asks no oftener: the check-in that could invite counts", () => {
  const steps = (facts: typeof arrivedOrder) => rehearse(worldOf(facts), scriptOf(schedule)).map(({ step }) => step);
  expect(steps(arrivedOrder)).toEqual(["check-in", "ask"]);
  // On its day the parcel is not due yet: this check-in invites nobody.
  expect(steps([...dispatchedOrder])).toEqual(["check-in", "ask", "reminder"]);
});
