import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beats, type Ranked, weightOf } from "../../src/core/fact-rank.ts";
import { hashOf, type Saying, slotOf } from "../../src/core/facts.ts";

const cancelled: Saying = { kind: "cancellation", cancelledAt: "2026-01-20T08:00:00.000Z", reason: null };
const notCancelled: Saying = { kind: "cancellation", cancelledAt: null, reason: null };
const quantity = { id: "i", quantity: 1 };
const shipment: Saying = {
  kind: "shipment",
  id: "7",
  dispatchedAt: "2026-01-20T08:00:00.000Z",
  void: false,
  carrier: null,
  service: null,
  trackingNumber: null,
  trackingUrl: null,
  items: [quantity],
};
const scan: Saying = {
  kind: "scan",
  shipment: "7",
  status: "delivered",
  occurredAt: "2026-01-28T08:00:00.000Z",
  description: null,
  location: null,
};

function ranked(says: Saying, at: string): Ranked {
  return { at, weight: weightOf(says), hash: hashOf(says) };
}

describe("of two facts in one slot (P1)", () => {
  test("the newer by the sender's time holds, though the older one says something happened", () => {
    const early = "2026-01-20T08:00:00.000Z";
    const late = "2026-01-20T08:00:01.000Z";
    expect(beats(ranked(notCancelled, late), ranked(cancelled, early))).toBe(true);
    expect(beats(ranked(cancelled, early), ranked(notCancelled, late))).toBe(false);
  });

  test("of one second, the one that says something happened holds: a coin toss must not un-cancel an order", () => {
    const at = "2026-01-20T08:00:00.000Z";
    expect(beats(ranked(cancelled, at), ranked(notCancelled, at))).toBe(true);
    expect(beats(ranked(notCancelled, at), ranked(cancelled, at))).toBe(false);
  });

  test("exactly one holds, and the same of any number, in whatever order they come", () => {
    const word = fc.record({
      at: fc.constantFrom("2026-01-20T08:00:00.000Z", "2026-01-20T08:00:01.000Z"),
      weight: fc.constantFrom(0, 1),
      hash: fc.constantFrom("0a", "0b", "ff"),
    });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (facts, keys) => {
        const shuffled = facts.map((fact, index) => ({ fact, key: keys[index] ?? 0 })).sort((a, b) => a.key - b.key);
        const winner = (all: readonly Ranked[]) => all.reduce((held, fact) => (beats(fact, held) ? fact : held));
        expect(winner(shuffled.map(({ fact }) => fact))).toEqual(winner(facts));
        for (const a of facts) for (const b of facts) expect(beats(a, b) && beats(b, a)).toBe(false);
      }),
    );
  });

  test("a fact does not replace itself: the same delivery twice changes nothing", () => {
    expect(beats(ranked(shipment, "2026-01-20T08:00:00.000Z"), ranked(shipment, "2026-01-20T08:00:00.000Z"))).toBe(false);
  });
});

describe("a content hash", () => {
  test("is the same whatever the order of keys, and another for another content", () => {
    const { kind, id, ...rest } = shipment;
    const turned = { ...rest, id, kind } as Saying; // the same fields in another order
    expect(hashOf(turned)).toBe(hashOf(shipment));
    expect(hashOf({ ...shipment, carrier: "EMS" })).not.toBe(hashOf(shipment));
    expect(hashOf(shipment)).toMatch(/^[0-9a-f]{32}$/);
  });

  test("tells lists of another order and texts that look alike apart", () => {
    const two = { id: "j", quantity: 2 };
    expect(hashOf({ ...shipment, items: [quantity, two] })).not.toBe(hashOf({ ...shipment, items: [two, quantity] }));
    expect(hashOf({ ...shipment, carrier: "null" })).not.toBe(hashOf(shipment));
  });
});

describe("a slot", () => {
  test("is one for what competes and another for what adds up", () => {
    expect(slotOf(cancelled)).toBe(slotOf(notCancelled));
    expect(slotOf(shipment)).toBe("shipment:7");
    expect(slotOf({ ...shipment, id: "8" })).not.toBe(slotOf(shipment));
    expect(slotOf(scan)).toBe("scan:7:delivered:2026-01-28T08:00:00.000Z");
    expect(slotOf({ ...scan, occurredAt: "2026-01-28T08:00:01.000Z" })).not.toBe(slotOf(scan));
    expect(slotOf({ ...scan, description: "at the door" })).toBe(slotOf(scan));
  });

  test("of a return is not that of a dispute with the same id", () => {
    const base = { kind: "case", id: "1", state: "open", changedAt: "2026-01-28T08:00:00.000Z", reason: null, outcome: null } as const;
    expect(slotOf({ ...base, type: "return" })).not.toBe(slotOf({ ...base, type: "dispute" }));
  });

  test("of a choice is that of what was asked about: choosing again replaces, another parcel's choice stands beside it", () => {
    const choice = {
      kind: "choice",
      of: "delivery-late",
      about: "7",
      choice: "resend",
      note: null,
      chosenAt: "2026-02-20T08:00:00.000Z",
    } as const;
    expect(slotOf(choice)).toBe("choice:delivery-late:7");
    expect(slotOf({ ...choice, choice: "refund", chosenAt: "2026-02-21T08:00:00.000Z" })).toBe(slotOf(choice));
    expect(slotOf({ ...choice, about: "8" })).not.toBe(slotOf(choice));
  });
});
