import { describe, expect, test } from "vitest";
import { instantOf, iso } from "../../src/core/instant.ts";
import { plan } from "../../src/core/plan.ts";
import {
  closureOf,
  dispatchedOrder,
  entriesOf,
  entryOf,
  local,
  paidOrder,
  planned,
  plannedOf,
  reasonOf,
  scheduleOf,
  tell,
  withSent,
  worldOf,
} from "./planner-world.ts";

const day = (at: Parameters<typeof local>[0], zone?: string) => local(at, zone).slice(0, 10);
const step = (extra: object) =>
  scheduleOf({ name: "S", steps: [{ key: "one", template: "one", category: "care", on: "order.paid", ...extra }] });

describe("every step of the schedule has its place in the timetable", () => {
  test("an order that was only paid waits for its parcel and says so", () => {
    const timetable = plan(worldOf(paidOrder));
    expect(timetable.entries.map(({ step, kind, ...rest }) => [step, kind, "reason" in rest ? rest.reason : null])).toEqual([
      ["dispatch-notice", "waiting", "not-started"],
      ["check-in", "waiting", "not-started"],
      ["feedback-reminder", "waiting", "prior-not-sent-yet"],
      ["review-thanks", "waiting", "not-started"],
      ["holiday-delay", "excluded", "no-closure"],
    ]);
    for (const entry of timetable.entries) {
      expect(entry.occurrence).toEqual({ kind: "order", id: "1001" });
      expect(entry.because.length).toBeGreaterThan(0);
    }
  });

  test("a step switched off is there, and not sent; what follows it is not sent either", () => {
    const schedule = scheduleOf({
      name: "S",
      steps: [
        { key: "first", template: "t", category: "care", on: "order.paid", enabled: false },
        { key: "second", template: "t", category: "care", after: "first" },
      ],
    });
    const input = worldOf(paidOrder, { schedule });
    expect([reasonOf(input, "first"), reasonOf(input, "second")]).toEqual(["step-off", "prior-not-sent"]);
  });

  test("an order in which nothing travels plans nothing about parcels", () => {
    const input = worldOf([...paidOrder.slice(1), tell.order({ nothingShips: true })], {
      closures: [closureOf("2026-02-15", "2026-02-23", "2026-02-24")],
    });
    expect(["dispatch-notice", "check-in", "holiday-delay"].map((key) => reasonOf(input, key))).toEqual([
      "nothing-ships",
      "nothing-ships",
      "nothing-ships",
    ]);
  });
});

describe("P6: a step after another counts from its sending", () => {
  const base = worldOf(dispatchedOrder);
  const ledger = planned(base, "2026-01-21T00:00:00Z");

  test("until then it is provisional, with a projected time", () => {
    const entry = entryOf({ ...base, messages: ledger }, "feedback-reminder");
    expect(entry).toMatchObject({ kind: "waiting", reason: "prior-not-sent-yet" });
    if (entry.kind !== "waiting" || entry.dueAt === null) throw new Error("no projection");
    expect(day(entry.dueAt) >= "2026-02-09" && day(entry.dueAt) <= "2026-02-14").toBe(true);
  });

  test.each(["sent", "delivered", "bounced", "complained", "unsure"] as const)("a check-in that is %s counts as sent", (state) => {
    expect(reasonOf({ ...base, messages: withSent(ledger, "check-in", "2026-01-30T18:00:00Z", state) }, "feedback-reminder")).toBe(
      "planned",
    );
  });

  test.each(["failed", "stale"] as const)("a check-in that is %s ends it", (state) => {
    const messages = ledger.map((row) => (row.step === "check-in" ? { ...row, state } : row));
    expect(reasonOf({ ...base, messages }, "feedback-reminder")).toBe("prior-not-sent");
  });

  test("a check-in that an operator cancelled ends it", () => {
    const moves = [
      { step: "check-in", occurrence: { kind: "order", id: "1001" }, move: "cancel", at: instantOf("2026-01-21T00:00:00Z") },
    ] as const;
    expect([reasonOf({ ...base, moves }, "check-in"), reasonOf({ ...base, moves }, "feedback-reminder")]).toEqual([
      "operator-cancelled",
      "prior-not-sent",
    ]);
  });

  test("chains project through every step", () => {
    const schedule = scheduleOf({
      name: "S",
      steps: [
        { key: "third", template: "t", category: "care", after: "second", wait: { days: 1 } },
        { key: "second", template: "t", category: "care", after: "first", wait: { days: 1 } },
        { key: "first", template: "t", category: "care", on: "order.paid", wait: { days: 1 } },
      ],
    });
    const third = entryOf(worldOf(paidOrder, { schedule }), "third");
    // The 19th, a public holiday where the buyer lives, is passed over.
    expect(third.kind === "waiting" && third.dueAt !== null && day(third.dueAt)).toBe("2026-01-22");
  });

  test("what follows a step that is sent per parcel is too", () => {
    const schedule = scheduleOf({
      name: "S",
      steps: [
        { key: "gone", template: "t", category: "order", on: "shipment.dispatched", per: "shipment" },
        { key: "soon", template: "t", category: "care", after: "gone", wait: { days: 2 } },
      ],
    });
    const input = worldOf([...dispatchedOrder, tell.shipment({ id: "s2", dispatchedAt: null })], { schedule });
    expect(entriesOf(plan(input), "soon").map(({ occurrence, kind }) => [occurrence.id, kind])).toEqual([
      ["s1", "waiting"],
      ["s2", "waiting"],
    ]);
  });
});

describe("exits", () => {
  const reasons = (...facts: Parameters<typeof worldOf>[0]) => {
    const input = worldOf([...dispatchedOrder, ...facts]);
    return ["dispatch-notice", "check-in", "feedback-reminder"].map((key) => reasonOf(input, key));
  };
  const at = "2026-01-21T12:00:00.000Z";

  test("each withdraws what it should, with its reason", () => {
    expect(reasons()).toEqual(["planned", "planned", "prior-not-sent-yet"]);
    expect(reasons(tell.cancelled(at))).toEqual(["order-cancelled", "order-cancelled", "order-cancelled"]);
    expect(reasons(tell.refund({ refundedAt: at, amount: "49.90" }))).toEqual(["planned", "order-refunded", "order-refunded"]);
    expect(reasons(tell.review(5, at))).toEqual(["planned", "review-posted", "review-posted"]);
    expect(reasons(tell.case("open", at))).toEqual(["planned", "case-open", "case-open"]);
    expect(reasons(tell.conversation(true, at))).toEqual(["planned", "buyer-waiting", "buyer-waiting"]);
    expect(reasons(tell.scan("delivered", at))).toEqual(["already-delivered", "planned", "prior-not-sent-yet"]);
  });

  test("and gives it back when it no longer holds (P5)", () => {
    const later = "2026-01-22T12:00:00.000Z";
    expect(reasons(tell.cancelled(at), tell.cancelled(null, later))[1]).toBe("planned");
    expect(reasons(tell.review(5, at), tell.review(null, later))[1]).toBe("planned");
    expect(reasons(tell.case("open", at), tell.case("closed", later))[1]).toBe("planned");
    expect(reasons(tell.conversation(true, at), tell.conversation(false, later))[1]).toBe("planned");
  });

  test("a partial refund withdraws nothing; amounts that reach the total, or all items, do", () => {
    expect(reasons(tell.refund({ refundedAt: at, amount: "49.89" }))[1]).toBe("planned");
    const rest = {
      ...tell.refund({ refundedAt: at, amount: "0.01" }),
      says: { ...tell.refund({ refundedAt: at, amount: "0.01" }).says, id: "r2" },
    } as ReturnType<typeof tell.refund>;
    expect(reasons(tell.refund({ refundedAt: at, amount: "49.89" }), rest)[1]).toBe("order-refunded");
    expect(reasons(tell.refund({ refundedAt: at, items: [{ id: "a", quantity: 1 }] }))[1]).toBe("planned");
    expect(
      reasons(
        tell.refund({
          refundedAt: at,
          items: [
            { id: "a", quantity: 1 },
            { id: "b", quantity: 2 },
          ],
        }),
      )[1],
    ).toBe("order-refunded");
  });

  test("of several that hold the same one is named, however the schedule lists them", () => {
    const facts = [...dispatchedOrder, tell.case("open", at), tell.review(5, at), tell.conversation(true, at), tell.cancelled(at)];
    const unless = ["case.open", "buyer.waiting", "order.cancelled", "review.posted"];
    const lists = [unless, unless.toReversed(), [unless[2], unless[0], unless[3], unless[1]]];
    expect(lists.map((list) => reasonOf(worldOf(facts, { schedule: step({ unless: list }) }), "one"))).toEqual([
      "order-cancelled",
      "order-cancelled",
      "order-cancelled",
    ]);
  });

  test("a review request never goes after a refund, a return or in a dispute, whatever the schedule says (LAW-04)", () => {
    const schedule = step({ category: "review", on: "shipment.dispatched", wait: { days: 25 } });
    const reason = (...facts: Parameters<typeof worldOf>[0]) => reasonOf(worldOf([...dispatchedOrder, ...facts], { schedule }), "one");
    expect(reason()).toBe("planned");
    expect(reason(tell.refund({ refundedAt: at, amount: "49.90" }))).toBe("order-refunded");
    expect(reason(tell.cancelled(at))).toBe("order-cancelled");
    expect(reason(tell.case("open", at, "return"))).toBe("case-open");
    expect(reason(tell.scan("returned", at))).toBe("parcel-returned");
    expect(reason(tell.scan("returned", at), tell.scan("delivered", "2026-01-25T12:00:00.000Z"))).toBe("planned");
    const items = [
      { id: "a", quantity: 1 },
      { id: "b", quantity: 2 },
    ];
    expect(reason(tell.order({ total: "100.00" }, at), tell.refund({ refundedAt: at, amount: "10", items }))).toBe("order-refunded");
  });

  test("a review request waits for a parcel, also when the schedule starts it elsewhere (LAW-04)", () => {
    const schedule = step({ category: "review", wait: { days: 5 } });
    expect(reasonOf(worldOf(paidOrder, { schedule }), "one")).toBe("not-started");
    expect(day(plannedOf(worldOf(dispatchedOrder, { schedule }), "one").dueAt)).toBe("2026-02-10");
  });
});

describe("review-thanks", () => {
  const postedAt = "2026-02-03T20:00:00.000Z";

  test("goes for four stars and more, once per review, an hour later", () => {
    const input = worldOf([...dispatchedOrder, tell.review(4, postedAt), tell.review(3, postedAt, { id: "v2" })]);
    const [first, second] = entriesOf(plan(input), "review-thanks");
    expect(first).toMatchObject({ kind: "planned", occurrence: { kind: "review", id: "v1" }, dueAt: instantOf("2026-02-03T21:00:00Z") });
    expect(second).toMatchObject({ kind: "excluded", reason: "condition-not-met" });
  });

  test("not for a review that was taken back", () => {
    const input = worldOf([...dispatchedOrder, tell.review(5, postedAt), tell.review(null, "2026-02-03T20:30:00.000Z")]);
    expect(reasonOf(input, "review-thanks")).toBe("review-removed");
  });
});

describe("LAW-03: one review request and one reminder an order", () => {
  const schedule = scheduleOf({
    name: "S",
    steps: ["one", "two", "three"].map((key, index) => ({
      key,
      template: "t",
      category: "review",
      on: "shipment.dispatched",
      wait: { days: 25 + 5 * index },
    })),
  });

  test("the third is not planned", () => {
    const input = worldOf(dispatchedOrder, { schedule });
    expect(["one", "two", "three"].map((key) => reasonOf(input, key))).toEqual(["planned", "planned", "cap-reached"]);
  });

  test("those sent count, also when the schedule has no such step any more", () => {
    const input = worldOf(dispatchedOrder, { schedule });
    const messages = planned(input, "2026-01-21T00:00:00Z").map(
      (row) => ({ ...row, state: "sent", step: `old-${row.step}`, sentAt: row.dueAt }) as const,
    );
    expect(["one", "two", "three"].map((key) => reasonOf({ ...input, messages }, key))).toEqual([
      "cap-reached",
      "cap-reached",
      "cap-reached",
    ]);
  });
});

describe("P4: versions", () => {
  test("a new step plans nothing that would have been due before it was published", () => {
    const since = (at: string) => ({ ...worldOf(dispatchedOrder).schedule, since: { "check-in": instantOf(at) } });
    expect(reasonOf(worldOf(dispatchedOrder, { schedule: since("2026-02-01T00:00:00Z") }), "check-in")).toBe("before-step-published");
    expect(reasonOf(worldOf(dispatchedOrder, { schedule: since("2026-01-29T00:00:00Z") }), "check-in")).toBe("planned");
  });

  test("orders placed before the shop went live plan nothing", () => {
    const input = worldOf(dispatchedOrder, { shop: { liveFrom: instantOf("2026-01-18T10:00:00.001Z") } });
    expect(new Set(plan(input).entries.map((entry) => (entry.kind === "planned" ? null : entry.reason)))).toEqual(
      new Set(["before-live-from"]),
    );
  });
});

describe("operators' moves", () => {
  const occurrence = { kind: "order", id: "1001" } as const;
  const move = (word: "cancel" | "hold" | "release" | "send-now", at: string) => ({
    step: "check-in",
    occurrence,
    move: word,
    at: instantOf(at),
  });
  const state = (...moves: ReturnType<typeof move>[]) => {
    const entry = entryOf(worldOf(dispatchedOrder, { moves }), "check-in");
    return entry.kind === "planned" ? (entry.held ?? (entry.sendNow ? iso(entry.dueAt) : "planned")) : entry.reason;
  };

  test("the last one holds, in whatever order they are given; a cancel holds for good (P5)", () => {
    const hold = move("hold", "2026-01-21T00:00:00Z");
    const release = move("release", "2026-01-22T00:00:00Z");
    const cancel = move("cancel", "2026-01-20T12:00:00Z");
    const now = move("send-now", "2026-01-23T00:00:00Z");
    expect(state(hold)).toBe("operator-held");
    expect([state(hold, release), state(release, hold)]).toEqual(["planned", "planned"]);
    expect(state(release, now, hold)).toBe("2026-01-23T00:00:00.000Z");
    expect([state(cancel, release), state(now, cancel)]).toEqual(["operator-cancelled", "operator-cancelled"]);
  });

  test("send-now passes over time, never over exits, suppression or consent", () => {
    const moves = [move("send-now", "2026-01-23T03:00:00Z")];
    expect(reasonOf(worldOf([...dispatchedOrder, tell.cancelled("2026-01-22T00:00:00.000Z")], { moves }), "check-in")).toBe(
      "order-cancelled",
    );
    expect(reasonOf(worldOf(dispatchedOrder, { moves, permission: { suppressed: new Set(["care"]) } }), "check-in")).toBe("suppressed");
  });

  test("a shop that does not send holds everything back", () => {
    const timetable = plan(worldOf(dispatchedOrder, { shop: { sending: false } }));
    expect(timetable.entries.flatMap((entry) => (entry.kind === "planned" ? [entry.held] : []))).toEqual([
      "shop-not-sending",
      "shop-not-sending",
    ]);
  });
});

describe("explanations", () => {
  test("are exact and local", () => {
    const facts = [...paidOrder, tell.shipment({ trackingNumber: "EE123456785CN", carrier: "China Post", service: "EMS" })];
    const details = plannedOf(worldOf(facts), "check-in").because.map(({ rule, detail }) => `${rule}: ${detail}`);
    expect(details[0]).toBe("wait: 10 days after parcel EE123456785CN was dispatched on 2026-01-20 → 2026-01-30");
    expect(details[1]).toMatch(/^spread: \d\d:\d\d of 09:00–18:00, so that not all mail goes out at once$/);
    expect(details[2]).toMatch(/^zone: America\/Los_Angeles: /);
  });

  test("say nothing of who the buyer is", () => {
    const facts = [
      ...dispatchedOrder,
      { ...tell.order(), says: { kind: "buyer", id: "77", email: "jo@buyer.example", name: "Jo Buyer", locale: "en" } } as const,
    ];
    const text = JSON.stringify(plan(worldOf(facts)));
    expect(text).not.toMatch(/jo@|Jo Buyer/);
  });
});
