import { describe, expect, test } from "vitest";
import { day24, hour, instantOf, iso, plus } from "../../src/core/instant.ts";
import type { LedgerMessage } from "../../src/core/message.ts";
import { type PlanInput, plan } from "../../src/core/plan.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import type { MessageState } from "../../src/core/timetable.ts";
import {
  closureOf,
  dispatchedOrder,
  fiveSteps,
  local,
  paidOrder,
  planned,
  rowFor,
  scheduleOf,
  tell,
  withSent,
  worldOf,
} from "./planner-world.ts";

const early = "2026-01-20T09:00:00Z";
const base = worldOf(dispatchedOrder);
const ledger = planned(base, early);
const checkIn = rowFor(ledger, "check-in");

const changesOf = (input: PlanInput, now: string) => reconcile(plan(input), input.messages, instantOf(now));
const with_ = (messages: readonly LedgerMessage[], step: string, patch: Partial<LedgerMessage>) =>
  messages.map((row) => (row.step === step ? { ...row, ...patch } : row));
const moveOn = (move: "cancel" | "hold" | "release" | "send-now", at: string) =>
  ({ step: "check-in", occurrence: { kind: "order", id: "1001" }, move, at: instantOf(at) }) as const;
const after = (input: PlanInput, now: string) => rowFor(planned(input, now), "check-in");

describe("a first planning", () => {
  test("adds what is planned, and nothing that waits or is excluded", () => {
    expect(ledger.map(({ step, state, slotAt, dueAt }) => [step, state, iso(slotAt), iso(dueAt)])).toEqual([
      ["dispatch-notice", "planned", "2026-01-20T08:00:00.000Z", "2026-01-20T09:00:00.000Z"],
      ["check-in", "planned", iso(checkIn.slotAt), iso(checkIn.slotAt)],
    ]);
    expect(local(checkIn.dueAt)).toMatch(/^2026-01-30 (09|1[01]):/);
  });

  test("told too late, a message is stale from the start; a little late, it goes at the next slot allowed", () => {
    const later = planned(base, "2026-01-22T08:00:00Z");
    expect(rowFor(later, "dispatch-notice")).toMatchObject({ state: "stale", reason: "stale" });
    // The check-in's slot is of the 30th; at 04:00 in the night of the 2nd it waits for the morning.
    const night = rowFor(planned(base, "2026-02-02T12:00:00Z"), "check-in");
    expect(local(night.dueAt)).toMatch(/^2026-02-02 (09|1[01]):/);
    expect(night).toMatchObject({ state: "planned", staleAt: checkIn.staleAt, slotAt: checkIn.slotAt });
    expect(night.because.at(-1)?.rule).toBe("late");
    expect(rowFor(planned(base, "2026-02-05T00:00:00Z"), "check-in").state).toBe("stale");
  });
});

describe("planning again", () => {
  test("changes nothing when nothing has changed", () => {
    expect(changesOf({ ...base, messages: ledger }, early)).toEqual([]);
    expect(
      changesOf({ ...base, messages: ledger }, "2026-01-22T08:00:00Z").map((change) => change.kind === "set" && change.next.state),
    ).toEqual(["stale"]);
  });

  test("leaves a retry, a deferral or an earlier move where it is", () => {
    const retry = plus(checkIn.dueAt, 30 * 60_000);
    const messages = with_(ledger, "check-in", {
      dueAt: retry,
      because: [...checkIn.because, { rule: "attempt", detail: "451 try again" }],
    });
    expect(changesOf({ ...base, messages }, "2026-01-21T00:00:00Z")).toEqual([]);
  });

  test("writes the new version on what it leaves where it is", () => {
    const input = { ...base, schedule: { ...base.schedule, version: 2 }, messages: with_(ledger, "dispatch-notice", { state: "sent" }) };
    const changes = changesOf(input, early);
    expect(changes).toMatchObject([{ kind: "set", from: "planned", next: { scheduleVersion: 2, dueAt: checkIn.dueAt } }]);
  });

  test.each(["sending", "sent", "delivered", "bounced", "complained", "unsure", "failed"] as const)(
    "P2: never touches what is %s",
    (state) => {
      const messages = ledger.map((row) => ({ ...row, state, sentAt: row.dueAt }));
      const cancelled = worldOf([...dispatchedOrder, tell.cancelled("2026-01-21T00:00:00.000Z")], { messages });
      expect(changesOf(cancelled, "2026-02-10T00:00:00Z")).toEqual([]);
    },
  );
});

describe("P5: withdrawn and planned again", () => {
  const at = "2026-01-21T00:00:00.000Z";
  const cancelledOrder = worldOf([...dispatchedOrder, tell.cancelled(at)], { messages: ledger });

  test.each(["planned", "queued", "held"] as const)(
    "a message that is %s is cancelled with the reason, naming the state it was in",
    (state) => {
      const messages = with_(ledger, "check-in", { state });
      const change = changesOf({ ...cancelledOrder, messages }, at).find((one) => one.kind === "set" && one.id === checkIn.id);
      expect(change).toMatchObject({ from: state, next: { state: "cancelled", reason: "order-cancelled" } });
    },
  );

  test("cancelled by the planner it comes back when the facts do", () => {
    const messages = planned(cancelledOrder, at);
    expect(rowFor(messages, "check-in")).toMatchObject({ state: "cancelled", reason: "order-cancelled" });
    const back = worldOf([...dispatchedOrder, tell.cancelled(at), tell.cancelled(null, "2026-01-22T00:00:00.000Z")], { messages });
    expect(after(back, "2026-01-22T00:00:00Z")).toMatchObject({ state: "planned", reason: null, dueAt: checkIn.dueAt });
    expect(local(after(back, "2026-02-02T12:00:00Z").dueAt)).toMatch(/^2026-02-02 (09|1[01]):/);
    expect(after(back, "2026-02-10T12:00:00Z").state).toBe("stale");
  });

  test("cancelled by an operator it stays so, also when the facts say so too, and then do not", () => {
    const moves = [moveOn("cancel", at)];
    const messages = planned({ ...base, moves, messages: ledger }, at);
    expect(rowFor(messages, "check-in")).toMatchObject({ state: "cancelled", reason: "operator-cancelled" });
    const both = planned({ ...cancelledOrder, moves, messages }, at);
    expect(after({ ...base, moves, messages: both }, at)).toMatchObject({ state: "cancelled", reason: "operator-cancelled" });
    expect(after({ ...base, messages: both }, at)).toMatchObject({ state: "cancelled", reason: "operator-cancelled" });
  });

  test("what is about a thing or a step that is gone is cancelled", () => {
    const noParcel = worldOf([...paidOrder, tell.shipment({ void: true }, "2026-01-21T00:00:00.000Z")], { messages: ledger });
    expect(rowFor(planned(noParcel, at), "dispatch-notice")).toMatchObject({ state: "cancelled", reason: "occurrence-gone" });
    expect(rowFor(planned(noParcel, at), "check-in")).toMatchObject({ state: "cancelled", reason: "not-started" });
    const steps = fiveSteps.steps.filter(({ key }) => key === "dispatch-notice");
    const fewer = { ...base, schedule: scheduleOf({ name: "S", steps }, 2), messages: ledger };
    expect(after(fewer, at)).toMatchObject({ state: "cancelled", reason: "step-removed" });
  });
});

describe("P8: late facts", () => {
  const redated = (dispatchedAt: string) =>
    worldOf([...paidOrder, tell.shipment({ dispatchedAt }, "2026-01-21T00:00:00.000Z")], { messages: ledger });

  test("move an unsent message to its new slot", () => {
    expect(local(after(redated("2026-01-23T08:00:00.000Z"), "2026-01-21T00:00:00Z").dueAt)).toMatch(/^2026-02-02 /);
  });

  test("or, when that has passed, to the next one allowed, never straight to stale", () => {
    const row = after(redated("2025-11-20T08:00:00.000Z"), "2026-01-24T11:00:00Z");
    expect(row.state).toBe("planned");
    expect(local(row.dueAt)).toMatch(/^2026-01-24 (09|1[01]):/);
    expect(row.staleAt).toBe(plus(row.dueAt, 5 * day24));
    expect(
      planned({ ...redated("2025-11-20T08:00:00.000Z"), messages: [row] }, "2026-01-24T11:00:00Z").find(({ step }) => step === "check-in"),
    ).toEqual(row);
  });
});

describe("P4: a new version", () => {
  test("re-times what is queued up, and spreads over 24 hours what it puts into the past", () => {
    const steps = fiveSteps.steps.map((step) => (step.key === "check-in" ? { ...step, wait: { days: 1 } } : step));
    const schedule = scheduleOf({ name: "S", steps }, 2);
    const now = instantOf("2026-01-27T10:00:00Z");
    const due = Array.from({ length: 200 }, (_, index) => {
      const order = { ...base.order, id: `o${index}`, externalId: String(index) };
      const messages = planned({ ...base, order }, early);
      const row = rowFor(planned({ ...base, order, schedule, messages }, iso(now)), "check-in");
      expect(row.state).toBe("planned");
      return row.dueAt;
    });
    // Ten in the morning UTC is two at night in Oregon: the hours of this day's window, and none after.
    for (const at of due) expect(local(at) >= "2026-01-27 09:00" && local(at) < "2026-01-27 18:00").toBe(true);
    expect(new Set(due.map((at) => local(at).slice(11, 13))).size).toBeGreaterThanOrEqual(8);
  });
});

describe("P7: a slot from a range is kept while the range allows it", () => {
  const sent = withSent(ledger, "check-in", "2026-01-30T18:00:00Z");
  const input = { ...base, messages: sent };
  const messages = planned(input, "2026-01-30T19:00:00Z");
  const reminder = rowFor(messages, "feedback-reminder");
  const afterwards = (facts: Parameters<typeof worldOf>[0], rows = messages) =>
    rowFor(planned(worldOf([...dispatchedOrder, ...facts], { messages: rows }), "2026-01-31T00:00:00Z"), "feedback-reminder");

  test("though the facts would now choose another", () => {
    const moved = new Set<string>();
    for (let index = 0; index < 40; index++) {
      const order = { ...base.order, externalId: String(index) };
      const own = sent.map((row) =>
        row.step === "check-in" ? { ...row, occurrence: { kind: "order", id: String(index) } as const } : row,
      );
      const before = rowFor(planned({ ...base, order, messages: own }, "2026-01-30T19:00:00Z"), "feedback-reminder");
      // A delivered scan opens Monday the 9th too, so the hash would choose among five days instead of four.
      const delivered = worldOf([...dispatchedOrder, tell.scan("delivered", "2026-01-25T20:00:00.000Z")]);
      const next = { ...delivered, order: { ...delivered.order, externalId: String(index) }, messages: [...own, before] };
      const kept = rowFor(planned(next, "2026-01-31T00:00:00Z"), "feedback-reminder");
      expect(kept.dueAt).toBe(before.dueAt);
      if (kept.slotAt !== kept.dueAt) moved.add(kept.because.at(-1)?.detail ?? "");
      expect(
        reconcile(plan(next), [...own, kept], instantOf("2026-01-31T00:00:00Z")).filter(({ kind }) => kind === "set"),
      ).not.toContainEqual(expect.objectContaining({ id: kept.id }));
    }
    expect(moved.size).toBeGreaterThan(0);
    for (const words of moved) expect(words).toContain("which the range still allows");
  });

  test("and given up when it no longer does", () => {
    // Delivered late: not before two days after the scan, which is a Saturday before Presidents' Day.
    const row = afterwards([tell.scan("delivered", "2026-02-12T20:00:00.000Z")]);
    expect(local(reminder.dueAt) < "2026-02-14").toBe(true);
    expect(local(row.dueAt).slice(0, 10)).toBe("2026-02-17");
  });
});

describe("hours", () => {
  test("a message missed by day does not go by night (SCH-06)", () => {
    const midnight = "2026-01-31T08:00:00Z";
    for (const state of ["planned", "queued"] as const) {
      const row = after({ ...base, messages: with_(ledger, "check-in", { state }) }, midnight);
      expect(local(row.dueAt)).toMatch(/^2026-01-31 (09|1[01]):/);
      expect(row).toMatchObject({ state: "planned", staleAt: checkIn.staleAt });
    }
    const noon = "2026-01-31T20:00:00Z";
    expect(
      changesOf({ ...base, messages: with_(ledger.slice(1), "check-in", { state: "queued" }) }, noon).filter(({ kind }) => kind === "set"),
    ).toEqual([]);
  });

  test("a retry that falls outside the window waits for it", () => {
    const row = after(
      { ...base, messages: with_(ledger, "check-in", { dueAt: instantOf("2026-01-31T03:00:00Z") }) },
      "2026-01-31T01:50:00Z",
    );
    expect(local(row.dueAt)).toMatch(/^2026-01-31 (09|1[01]):/);
  });

  test("what is left undone goes stale, counted from its slot", () => {
    expect(after({ ...base, messages: ledger }, "2026-02-04T17:00:00Z").state).toBe("planned");
    expect(after({ ...base, messages: ledger }, iso(checkIn.staleAt))).toMatchObject({ state: "stale", reason: "stale" });
  });

  test("and comes back only for a later slot that is of use", () => {
    const messages = with_(ledger, "check-in", { state: "stale", reason: "stale" });
    expect(
      changesOf({ ...base, messages }, "2026-01-21T00:00:00Z").filter((change) => change.kind === "set" && change.id === checkIn.id),
    ).toEqual([]);
    const scanned = worldOf([...dispatchedOrder, tell.scan("delivered", "2026-02-20T20:00:00.000Z")], { messages });
    expect(local(after(scanned, "2026-02-21T00:00:00Z").dueAt)).toMatch(/^2026-02-22 /);
    expect(after(scanned, "2026-03-21T00:00:00Z").state).toBe("stale");
  });
});

describe("held", () => {
  test("by an operator, and let go: at its time, or at the next hour allowed", () => {
    const held = { ...base, moves: [moveOn("hold", "2026-01-21T00:00:00Z")], messages: ledger };
    const messages = planned(held, "2026-01-21T00:00:00Z");
    expect(rowFor(messages, "check-in")).toMatchObject({ state: "held", reason: "operator-held", dueAt: checkIn.dueAt });
    expect(
      changesOf({ ...held, messages }, "2026-01-31T08:00:00Z").filter((change) => change.kind === "set" && change.id === checkIn.id),
    ).toEqual([]);
    const soon = [...held.moves, moveOn("release", "2026-01-22T00:00:00Z")];
    expect(after({ ...held, moves: soon, messages }, "2026-01-22T00:00:00Z")).toMatchObject({
      state: "planned",
      reason: null,
      dueAt: checkIn.dueAt,
    });
    const moves = [...held.moves, moveOn("release", "2026-01-31T08:00:00Z")];
    expect(local(after({ ...held, moves, messages }, "2026-01-31T08:00:00Z").dueAt)).toMatch(/^2026-01-31 (09|1[01]):/);
  });

  test("by a shop that does not send, and let go when it does", () => {
    const silent = { ...base, shop: { ...base.shop, sending: false } };
    const messages = planned(silent, early);
    expect(messages.map(({ state, reason }) => [state, reason])).toEqual([
      ["held", "shop-not-sending"],
      ["held", "shop-not-sending"],
    ]);
    expect(planned({ ...base, messages }, "2026-01-20T10:00:00Z").map(({ state }) => state)).toEqual(["planned", "planned"]);
  });

  test("send-now goes at once at any hour, once", () => {
    const input = {
      ...base,
      moves: [moveOn("send-now", "2026-01-25T11:00:00Z")],
      messages: with_(ledger, "check-in", { deferredUntil: instantOf("2026-02-09T00:00:00Z") }),
    };
    const row = after(input, "2026-01-25T11:00:01Z");
    expect(row).toMatchObject({ state: "planned", dueAt: instantOf("2026-01-25T11:00:00Z"), deferredUntil: null });
    expect(after({ ...input, messages: [row] }, "2026-01-25T11:30:00Z")).toEqual(row);
  });
});

describe("P10: the loser of the buyer's cap", () => {
  test("goes at the next slot allowed after it, with the reason, and is of use from there", () => {
    const until = instantOf("2026-02-08T06:00:00Z");
    const input = { ...base, messages: with_(ledger, "check-in", { deferredUntil: until }) };
    const row = after(input, "2026-01-30T20:00:00Z");
    expect(row).toMatchObject({ state: "planned", reason: "cap-reached", deferredUntil: until });
    expect(local(row.dueAt)).toMatch(/^2026-02-08 (09|1[01]):/);
    expect(row.staleAt).toBe(plus(row.dueAt, 5 * day24));
    for (const now of ["2026-01-31T00:00:00Z", "2026-02-08T07:00:00Z"]) expect(after({ ...base, messages: [row] }, now)).toEqual(row);
  });
});

describe("closures", () => {
  const closures = [closureOf("2026-02-15", "2026-02-23", "2026-02-24")];
  const input = worldOf(paidOrder, { closures });

  test("a notice never outlives its closure", () => {
    const messages = planned(input, early);
    expect(rowFor(messages, "holiday-delay")).toMatchObject({ state: "planned", occurrence: { kind: "closure", id: "k1" } });
    const end = "2026-02-23T16:00:00.000Z";
    expect(iso(rowFor(messages, "holiday-delay").staleAt)).toBe(end);
    expect(rowFor(planned({ ...input, messages }, iso(plus(instantOf(end), -hour))), "holiday-delay").state).toBe("planned");
    expect(rowFor(planned({ ...input, messages }, end), "holiday-delay").state).toBe("stale");
  });

  test("a closure that was taken back takes its notice along", () => {
    const messages = planned(input, early);
    expect(rowFor(planned({ ...input, closures: [], messages }, early), "holiday-delay")).toMatchObject({
      state: "cancelled",
      reason: "occurrence-gone",
    });
  });
});

test("every state of a message is one that reconcile either follows or leaves alone", () => {
  const states: readonly MessageState[] = [
    "planned",
    "queued",
    "held",
    "cancelled",
    "stale",
    "sending",
    "sent",
    "delivered",
    "bounced",
    "complained",
    "failed",
    "unsure",
  ];
  for (const state of states) {
    const messages = ledger.map((row) => ({ ...row, state }));
    expect(() => changesOf({ ...base, messages }, early)).not.toThrow();
  }
});
