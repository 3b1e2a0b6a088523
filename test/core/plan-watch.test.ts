import { describe, expect, test } from "vitest";
import { parseCivilDay } from "../../src/core/civil-day.ts";
import type { Fact } from "../../src/core/facts.ts";
import { instantOf, iso } from "../../src/core/instant.ts";
import { plan } from "../../src/core/plan.ts";
import {
  dispatched,
  dispatchedOrder,
  disruptionOf,
  entriesOf,
  entryOf,
  local,
  paidOrder,
  placed,
  planned,
  plannedOf,
  reasonOf,
  rowFor,
  scheduleOf,
  tell,
  withSent,
  worldOf,
} from "./planner-world.ts";

const schedule = scheduleOf({
  name: "Watch",
  steps: [
    { key: "late-start", template: "t", category: "order", on: "order.promise-passed", unless: ["order.cancelled", "shipment.dispatched"] },
    { key: "quiet", template: "t", category: "order", on: "shipment.quiet", wait: { days: 5 } },
    { key: "customs", template: "t", category: "order", on: "shipment.customs", per: "shipment" },
    { key: "half", template: "t", category: "order", on: "shipment.half-way" },
    { key: "late", template: "t", category: "order", on: "shipment.overdue", unless: ["choice.open"] },
    { key: "late-reminder", template: "t", category: "order", after: "late", wait: { days: 3 }, unless: ["choice.made"] },
    { key: "back", template: "t", category: "order", on: "shipment.returned", per: "shipment" },
    { key: "refund", template: "t", category: "order", on: "order.refunded", per: "refund" },
    { key: "proposal", template: "t", category: "order", on: "action.dispute-proposal" },
    { key: "storm", template: "t", category: "order", on: "disruption" },
    { key: "check-in", template: "t", category: "care", on: "shipment.dispatched", wait: { days: 10 } },
  ],
});

const scanned = "2026-01-24T14:40:00.000Z";
const tracked: readonly Fact[] = [...dispatchedOrder, tell.scan("in_transit", scanned)];
const slow = (facts: readonly Fact[] = []): readonly Fact[] => [
  ...paidOrder,
  tell.shipment({ service: "registered-small-packet" }),
  tell.scan("in_transit", scanned),
  ...facts,
];
const world = (facts: readonly Fact[], more: Parameters<typeof worldOf>[1] = {}) => worldOf(facts, { schedule, ...more });

describe("the promised day of dispatch", () => {
  const promised = [...paidOrder, tell.order({ promisedDispatchBy: "2026-01-22T15:00:00.000Z" }, dispatched)];

  test("starts a mail the moment it passes, and none where nobody promised", () => {
    expect(iso(plannedOf(world(promised), "late-start").dueAt)).toBe("2026-01-22T15:00:00.000Z");
    expect(entryOf(world(paidOrder), "late-start")).toMatchObject({ kind: "waiting", reason: "not-started" });
  });

  test("a dispatch withdraws it, and a later promise moves it", () => {
    expect(reasonOf(world([...promised, tell.shipment()]), "late-start")).toBe("already-dispatched");
    const moved = [...promised, tell.order({ promisedDispatchBy: "2026-01-29T15:00:00.000Z" }, "2026-01-21T00:00:00.000Z")];
    expect(iso(plannedOf(world(moved), "late-start").dueAt)).toBe("2026-01-29T15:00:00.000Z");
  });
});

describe("a parcel of which no scan has ever come", () => {
  test("gets none of the mails that speak of tracking, and says so", () => {
    for (const step of ["quiet", "customs", "half", "late", "back"]) {
      expect(entryOf(world(dispatchedOrder), step), step).toMatchObject({ kind: "excluded", reason: "no-tracking" });
    }
  });

  test("before anything is dispatched, they wait", () => {
    for (const step of ["quiet", "customs", "half", "late", "back"]) {
      expect(entryOf(world(paidOrder), step), step).toMatchObject({ kind: "waiting", reason: "not-started" });
    }
  });

  test("of two parcels only the tracked one is late", () => {
    const two = [...tracked, tell.shipment({ id: "s2" })];
    expect(entriesOf(plan(world(two)), "late").map((entry) => [entry.occurrence.id, entry.kind])).toEqual([
      ["s1", "planned"],
      ["s2", "excluded"],
    ]);
  });
});

describe("a quiet spell", () => {
  test("is of its last scan: five days later the mail goes, once", () => {
    const entry = plannedOf(world(tracked), "quiet");
    expect(entry.occurrence).toEqual({ kind: "quiet-spell", id: `s1:${scanned}` });
    expect(local(entry.dueAt)).toBe("2026-01-29 06:40");
  });

  test("ends with another scan, which begins another: the first is withdrawn, a second message is planned", () => {
    const before = planned(world(tracked), "2026-01-25T00:00:00Z");
    const again = [...tracked, tell.scan("in_transit", "2026-01-27T10:00:00.000Z")];
    const after = planned(world(again, { messages: before }), "2026-01-27T11:00:00Z").filter(({ step }) => step === "quiet");
    expect(after.map(({ occurrence, state, reason }) => [occurrence.id, state, reason])).toEqual([
      [`s1:${scanned}`, "cancelled", "occurrence-gone"],
      ["s1:2026-01-27T10:00:00.000Z", "planned", null],
    ]);
    expect(after[0]?.because).toEqual([{ rule: "anchor", detail: "a later scan ended the quiet spell it was about" }]);
  });

  test("a scan that comes late but is older changes nothing", () => {
    const older = [...tracked, tell.scan("in_transit", "2026-01-22T10:00:00.000Z")];
    expect(plannedOf(world(older), "quiet").occurrence.id).toBe(`s1:${scanned}`);
  });

  test("there is none of a parcel that arrived, came back, or waits to be picked up", () => {
    const then = "2026-01-26T10:00:00.000Z";
    expect(reasonOf(world([...tracked, tell.scan("delivered", then)]), "quiet")).toBe("already-delivered");
    expect(reasonOf(world([...tracked, tell.scan("returned", then)]), "quiet")).toBe("parcel-returned");
    expect(reasonOf(world([...tracked, tell.scan("ready_for_pickup", then)]), "quiet")).toBe("already-delivered");
  });
});

describe("half of the usual time", () => {
  test("is news only of parcels that may travel for longer than 30 days", () => {
    const entry = plannedOf(world(slow()), "half");
    // Registered small packets take up to 39 days.
    expect(iso(entry.dueAt)).toBe("2026-02-08T20:00:00.000Z");
    expect(reasonOf(world(tracked), "half")).toBe("condition-not-met");
  });

  test("a delivery withdraws it", () => {
    expect(reasonOf(world(slow([tell.scan("delivered", "2026-02-01T10:00:00.000Z")])), "half")).toBe("already-delivered");
  });
});

describe("a late parcel", () => {
  test("is late on the day after the last of its usual transit, where the buyer lives", () => {
    expect(local(plannedOf(world(slow()), "late").dueAt)).toBe("2026-03-01 00:00");
  });

  test("is not late before its tracking began", () => {
    const late = [...paidOrder, tell.shipment({ service: "registered-small-packet" }), tell.scan("in_transit", "2026-03-20T10:00:00.000Z")];
    expect(iso(plannedOf(world(late), "late").dueAt)).toBe("2026-03-20T10:00:00.000Z");
  });

  test("arrived, came back or was sent again in another parcel: nothing is late any more", () => {
    expect(reasonOf(world(slow([tell.scan("delivered", "2026-02-20T10:00:00.000Z")])), "late")).toBe("already-delivered");
    const back = slow([tell.scan("returned", "2026-02-20T10:00:00.000Z")]);
    expect(reasonOf(world(back), "late")).toBe("parcel-returned");
    const again = slow([
      tell.choice({ choice: "resend", chosenAt: "2026-02-20T10:00:00.000Z" }),
      tell.shipment({ id: "s2", dispatchedAt: "2026-02-21T10:00:00.000Z" }),
    ]);
    const [first] = entriesOf(plan(world(again)), "late");
    expect(first).toMatchObject({ occurrence: { id: "s1" }, kind: "excluded", reason: "already-dispatched" });
  });

  test("a buyer who has chosen is not reminded to choose", () => {
    const sent = withSent(planned(world(slow()), "2026-02-28T00:00:00Z"), "late", "2026-03-01T08:00:00Z");
    expect(plannedOf(world(slow(), { messages: sent }), "late-reminder").occurrence).toEqual({ kind: "shipment", id: "s1" });
    const chosen = slow([tell.choice({ choice: "refund", chosenAt: "2026-03-02T10:00:00.000Z" })]);
    expect(entryOf(world(chosen, { messages: sent }), "late-reminder")).toMatchObject({ kind: "excluded", reason: "choice-made" });
  });

  test("once told, no review is asked for until it arrives (LAW-04)", () => {
    const permission = { consents: [{ scope: "review" as const, at: instantOf(placed), withdrawn: null }] };
    const ask = { key: "ask", template: "t", category: "review", on: "shipment.dispatched", wait: { days: 10 } };
    const asking = scheduleOf({ name: "Ask", steps: [{ key: "late", template: "t", category: "order", on: "shipment.overdue" }, ask] });
    const told = withSent(planned(world(slow(), { schedule: asking, permission }), "2026-02-28T00:00:00Z"), "late", "2026-03-01T08:00:00Z");
    const after = (facts: readonly Fact[]) => world(facts, { schedule: asking, permission, messages: told });
    expect(entryOf(after(slow()), "ask")).toMatchObject({ kind: "waiting", reason: "not-started" });
    const arrived = after(slow([tell.scan("delivered", "2026-03-04T10:00:00.000Z")]));
    expect(local(plannedOf(arrived, "ask").dueAt).slice(0, 10)).toBe("2026-03-06");
  });

  test("a disruption that is known to end moves it by the days for which it holds the parcel up", () => {
    const strike = disruptionOf({ expectedEnd: "2026-02-03" });
    // The first three days of February, and the last two of January.
    expect(local(plannedOf(world(slow(), { disruptions: [strike] }), "late").dueAt)).toBe("2026-03-06 00:00");
  });
});

describe("a parcel that came back", () => {
  const back = "2026-02-02T10:00:00.000Z";
  const again = "2026-02-05T10:00:00.000Z";
  const returned = [...tracked, tell.scan("returned", back)];

  test("is told of once for the parcel; one sent again takes its place", () => {
    expect(plannedOf(world(returned), "back").occurrence).toEqual({ kind: "shipment", id: "s1" });
    const replaced = [...returned, tell.shipment({ id: "s2", dispatchedAt: again })];
    const arrived = worldOf([...replaced, tell.scan("delivered", "2026-02-12T10:00:00.000Z", "s2")], {
      permission: { consents: [{ scope: "review", at: instantOf(placed), withdrawn: null }] },
    });
    expect(reasonOf(worldOf(returned), "feedback-reminder")).toBe("parcel-returned");
    // The reminder follows the check-in, which counts from the second parcel.
    expect(local(plannedOf(arrived, "check-in").dueAt).slice(0, 10)).toBe("2026-02-15");
    expect(entryOf(arrived, "feedback-reminder")).toMatchObject({ kind: "waiting", reason: "prior-not-sent-yet" });
  });

  test("a parcel with other things takes nobody's place", () => {
    const other = [
      ...paidOrder,
      tell.shipment({ items: [{ id: "a", quantity: 1 }] }),
      tell.scan("returned", back),
      tell.shipment({ id: "s2", dispatchedAt: again, items: [{ id: "b", quantity: 2 }] }),
    ];
    expect(reasonOf(worldOf(other), "feedback-reminder")).toBe("parcel-returned");
  });
});

describe("refunds and actions", () => {
  test("each refund is told of, each action too", () => {
    const facts = [
      ...dispatchedOrder,
      tell.refund({ id: "r1", refundedAt: "2026-01-25T10:00:00.000Z", amount: "5.00" }),
      tell.refund({ id: "r2", refundedAt: "2026-01-26T10:00:00.000Z", amount: "5.00" }),
      tell.action({ id: "a1", at: "2026-01-27T10:00:00.000Z" }),
      tell.action({ id: "a2", at: "2026-01-28T10:00:00.000Z", type: "return-instructions" }),
    ];
    const { entries } = plan(world(facts));
    const about = (wanted: string) => entries.filter(({ step }) => step === wanted).map(({ occurrence }) => occurrence);
    expect(about("refund")).toEqual([
      { kind: "refund", id: "r1" },
      { kind: "refund", id: "r2" },
    ]);
    expect(about("proposal")).toEqual([{ kind: "action", id: "a1" }]);
    expect(entryOf(world(dispatchedOrder), "proposal")).toMatchObject({ kind: "waiting", occurrence: { kind: "order" } });
  });
});

describe("a disruption", () => {
  const storm = disruptionOf();

  test("is told to whose parcel it holds up, once it is declared, once", () => {
    const entry = plannedOf(world(dispatchedOrder, { disruptions: [storm] }), "storm");
    expect(entry.occurrence).toEqual({ kind: "disruption", id: "d1" });
    expect(iso(entry.dueAt)).toBe("2026-01-31T08:00:00.000Z");
    expect(reasonOf(world(dispatchedOrder), "storm")).toBe("no-disruption");
    expect(reasonOf(world(paidOrder, { disruptions: [storm] }), "storm")).toBe("no-disruption");
  });

  test("a delivery withdraws the notice with its reason; one before the disruption has nothing to do with it", () => {
    const arrived = (at: string) => world([...dispatchedOrder, tell.scan("delivered", at)], { disruptions: [storm] });
    expect(reasonOf(arrived("2026-01-31T09:00:00.000Z"), "storm")).toBe("already-delivered");
    expect(reasonOf(arrived("2026-01-25T09:00:00.000Z"), "storm")).toBe("no-disruption");
  });

  test("is of use until it ends, and over when the operator says so", () => {
    const known = world(dispatchedOrder, { disruptions: [disruptionOf({ expectedEnd: "2026-02-05" })] });
    expect(local(plannedOf(known, "storm").staleAt, "Asia/Shanghai")).toBe("2026-02-06 00:00");
    expect(local(plannedOf(world(dispatchedOrder, { disruptions: [storm] }), "storm").staleAt, "UTC")).toBe("2026-02-05 08:00");
    const ended = world(dispatchedOrder, { disruptions: [disruptionOf({ endedAt: "2026-01-31T08:00:00Z" })] });
    expect(reasonOf(ended, "storm")).toBe("no-disruption");
  });

  test("told anew it is another message, and the first is not sent twice", () => {
    const first = withSent(
      planned(world(dispatchedOrder, { disruptions: [storm] }), "2026-01-31T09:00:00Z"),
      "storm",
      "2026-01-31T09:00:00Z",
    );
    const anew = disruptionOf({ telling: 2, toldFrom: "2026-02-02T08:00:00Z" });
    const after = planned(world(dispatchedOrder, { disruptions: [anew], messages: first }), "2026-02-02T08:00:00Z");
    expect(after.filter(({ step }) => step === "storm").map(({ occurrence, state }) => [occurrence.id, state])).toEqual([
      ["d1", "sent"],
      ["d1:2", "planned"],
    ]);
  });
});

describe("a buyer who waits", () => {
  const chosenAt = "2026-01-25T10:00:00.000Z";

  test("for a refund gets no check-in until it is made, and then at the next decent hour", () => {
    const chosen = [...tracked, tell.choice({ choice: "refund", chosenAt })];
    expect(entryOf(world(chosen), "check-in")).toMatchObject({
      kind: "excluded",
      reason: "choice-open",
      because: [{ rule: "unless", detail: "the buyer chose a refund on 2026-01-25" }],
    });
    const refunded = [...chosen, tell.refund({ refundedAt: "2026-02-03T20:00:00.000Z", amount: "5.00" })];
    expect(local(plannedOf(world(refunded), "check-in").dueAt)).toMatch(/^2026-02-03 1[2-7]/);
  });

  test("a choice to wait pauses nothing; one that a person settled is over", () => {
    const waits = [...tracked, tell.choice({ of: "dispatch-late", about: "1001", choice: "wait", chosenAt })];
    expect(reasonOf(world(waits), "check-in")).toBe("planned");
    const settled = [...tracked, tell.choice({ choice: "refund", chosenAt, settledAt: "2026-01-26T10:00:00.000Z" })];
    expect(reasonOf(world(settled), "check-in")).toBe("planned");
  });

  test("for an answer to a report gets no care mail; answered, a check-in moves behind the end of the transit window", () => {
    const report = tell.report({ reportedAt: chosenAt });
    expect(entryOf(world([...tracked, report]), "check-in")).toMatchObject({ kind: "excluded", reason: "buyer-waiting" });
    const answered = [...tracked, report, tell.conversation(false, "2026-01-26T10:00:00.000Z")];
    const late = local(plannedOf(world(tracked), "late").dueAt);
    const asked = local(plannedOf(world(answered), "check-in").dueAt);
    expect(daysBetween(late, asked)).toBe(1);
    const arrived = [...answered, tell.scan("delivered", "2026-01-27T10:00:00.000Z")];
    expect(local(plannedOf(world(arrived), "check-in").dueAt).slice(0, 10)).toBe("2026-01-30");
  });
});

/** The window's last day is the day before it is late. */
function daysBetween(from: string, to: string): number {
  const day = (text: string) => parseCivilDay(text.slice(0, 10)) ?? Number.NaN;
  return day(to) - day(from);
}

test("a row of a step that is excluded for lack of tracking is withdrawn when its scans are void", () => {
  const before = planned(world(tracked), "2026-01-25T00:00:00Z");
  expect(rowFor(before, "late").state).toBe("planned");
  const gone = planned(
    world([...paidOrder, tell.shipment(), tell.shipment({ void: true }, scanned)], { messages: before }),
    "2026-01-26T00:00:00Z",
  );
  expect(rowFor(gone, "late")).toMatchObject({ state: "cancelled" });
});
