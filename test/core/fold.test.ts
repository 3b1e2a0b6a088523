import { describe, expect, test } from "vitest";
import { foldFacts } from "../../src/core/fold.ts";
import { instantOf } from "../../src/core/instant.ts";
import { dispatched, orderOf, placed, tell } from "./planner-world.ts";

const later = "2026-01-25T00:00:00.000Z";

describe("folding facts into an order", () => {
  test("leaves unknown what nobody has said", () => {
    expect(foldFacts({ id: "u", externalId: "1" }, [])).toMatchObject({
      id: "u",
      externalId: "1",
      known: false,
      placedAt: null,
      paidAt: null,
      cancelled: null,
      buyer: { email: null },
      address: { country: null },
      shipments: [],
      waitingSince: null,
    });
  });

  test("an order of which only a shipment or a refund has come is not known yet (IN-08)", () => {
    const order = orderOf([tell.shipment(), tell.refund({ refundedAt: later, amount: "1.00" })]);
    expect(order.known).toBe(false);
    expect(order.shipments).toHaveLength(1);
    expect(orderOf([tell.order()]).known).toBe(true);
  });

  test("takes back what the sender takes back", () => {
    const order = orderOf([
      tell.payment(placed),
      tell.payment(null, later),
      tell.cancelled(later, later),
      tell.cancelled(null, "2026-01-26T00:00:00.000Z"),
      tell.conversation(true, placed),
      tell.conversation(false, later),
    ]);
    expect(order).toMatchObject({ paidAt: null, cancelled: null, waitingSince: null });
    expect(orderOf([tell.conversation(true, later)]).waitingSince).toBe(instantOf(later));
  });

  test("sorts parcels by dispatch, announced ones last, void ones gone, each with its own scans, the oldest first", () => {
    const order = orderOf([
      tell.shipment({ id: "b", dispatchedAt: later }),
      tell.shipment({ id: "a", dispatchedAt: later }),
      tell.shipment({ id: "z", dispatchedAt: null }),
      tell.shipment({ id: "c" }),
      tell.shipment({ id: "v", void: true }),
      tell.scan("delivered", later, "c"),
      tell.scan("in_transit", dispatched, "c"),
      tell.scan("delivered", later, "v"),
      tell.scan("delivered", later, "unheard-of"),
    ]);
    expect(order.shipments.map(({ id, scans }) => [id, scans.map(({ status }) => status)])).toEqual([
      ["c", ["in_transit", "delivered"]],
      ["a", []],
      ["b", []],
      ["z", []],
    ]);
  });

  test("keeps a review that was taken back, and says so", () => {
    const order = orderOf([tell.review(5, placed), tell.review(null, later, { postedAt: placed, rating: null })]);
    expect(order.reviews).toMatchObject([{ id: "v1", removed: true, rating: null }]);
  });

  test("a dispute and a return of one id are two cases", () => {
    const order = orderOf([tell.case("open", placed, "dispute"), tell.case("open", later, "return")]);
    expect(order.cases.map(({ type }) => type)).toEqual(["dispute", "return"]);
  });

  test("keeps what the buyer chose and reported and what operators decided, the oldest first", () => {
    const order = orderOf([
      tell.report({ id: "p2", reportedAt: later }),
      tell.report({ id: "p1", reportedAt: dispatched }),
      tell.choice({ choice: "resend", chosenAt: dispatched }),
      tell.choice({ choice: "refund", chosenAt: later }),
      tell.action({ id: "a1", at: later }),
    ]);
    expect(order.reports.map(({ id, answeredAt }) => [id, answeredAt])).toEqual([
      ["p1", null],
      ["p2", null],
    ]);
    expect(order.choices).toMatchObject([{ of: "delivery-late", about: "s1", choice: "refund", chosenAt: instantOf(later) }]);
    expect(order.actions).toMatchObject([{ id: "a1", type: "dispute-proposal", at: instantOf(later) }]);
  });

  test("an answer to a report holds against the report itself, told in the same second", () => {
    const open = tell.report({ id: "p1", reportedAt: later });
    const answered = { ...open, says: { ...open.says, answeredAt: later } } as typeof open;
    for (const facts of [
      [open, answered],
      [answered, open],
    ]) {
      expect(orderOf(facts).reports).toMatchObject([{ id: "p1", answeredAt: instantOf(later) }]);
    }
  });
});
