import { describe, expect, test } from "vitest";
import { beats, type Ranked, weightOf } from "../../src/core/fact-rank.ts";
import { type Fact, hashOf, type Saying, slotOf } from "../../src/core/facts.ts";
import { deliver, type Subject, subjects } from "./support/subjects.ts";

interface Held extends Ranked {
  readonly slot: string;
  readonly says: Saying;
}

/** What is left of facts that come in this order: in each slot, the one that no later comer beats. */
function fold(deliveries: readonly (readonly Held[])[]): ReadonlyMap<string, Held> {
  const slots = new Map<string, Held>();
  for (const fact of deliveries.flat()) {
    const held = slots.get(fact.slot);
    if (held === undefined || beats(fact, held)) slots.set(fact.slot, fact);
  }
  return slots;
}

function heldBy(subject: Subject): readonly (readonly Held[])[] {
  return subject.seven.map((message) => {
    const reading = subject.adapter.read(deliver(subject, message));
    if (reading.kind !== "facts") throw new Error(`${message.topic} was not read`);
    return reading.facts.map(rank);
  });
}

function rank(fact: Fact): Held {
  return { at: fact.at, weight: weightOf(fact.says), hash: hashOf(fact.says), slot: slotOf(fact.says), says: fact.says };
}

function* permutations<T>(all: readonly T[]): Generator<readonly T[]> {
  if (all.length < 2) yield all;
  for (const [at, first] of all.entries()) {
    if (all.length < 2) return;
    for (const rest of permutations([...all.slice(0, at), ...all.slice(at + 1)])) yield [first, ...rest];
  }
}

/** One line a slot, sorted: equal exactly when the same facts hold. */
function summary(slots: ReadonlyMap<string, Held>): string {
  return [...slots.values()]
    .map(({ slot, at, hash }) => `${slot} ${at} ${hash}`)
    .sort()
    .join("\n");
}

const expected = {
  shopify: {
    payment: { kind: "payment", paidAt: "2026-01-05T08:00:00.000Z" },
    cancellation: { kind: "cancellation", cancelledAt: "2026-01-16T07:00:00.000Z", reason: "customer" },
    shipment: { dispatchedAt: "2026-01-06T09:00:00.000Z", void: false },
    scans: ["delivered 2026-01-15T14:30:00.000Z", "in_transit 2026-01-08T11:00:00.000Z"],
    refund: { refundedAt: "2026-01-16T07:00:05.000Z", amount: "41.94" },
  },
  woocommerce: {
    payment: { kind: "payment", paidAt: "2026-01-05T08:00:00.000Z" },
    cancellation: { kind: "cancellation", cancelledAt: "2026-01-16T07:00:05.000Z", reason: "cancelled" },
    shipment: { dispatchedAt: "2026-01-06T09:00:00.000Z", void: false },
    scans: [],
    refund: { refundedAt: "2026-01-16T07:00:05.000Z", amount: "29.35" },
  },
  standard: {
    payment: { kind: "payment", paidAt: "2026-01-05T08:01:00.000Z" },
    cancellation: { kind: "cancellation", cancelledAt: "2026-01-16T07:00:00.000Z", reason: "changed my mind" },
    shipment: { dispatchedAt: "2026-01-06T09:00:00.000Z", void: false },
    scans: ["delivered 2026-01-15T14:30:00.000Z", "in_transit 2026-01-08T11:00:00.000Z"],
    refund: { refundedAt: "2026-01-16T07:00:05.000Z", amount: "49.90" },
  },
};

describe.each(subjects)("of $platform", (subject) => {
  const deliveries = heldBy(subject);

  test("all 5,040 orders in which created, paid, fulfilled, two words of its way, cancelled and refunded can come leave the same facts (IN-07)", () => {
    const inOrder = summary(fold(deliveries));
    let count = 0;
    for (const permutation of permutations(deliveries)) {
      count++;
      if (summary(fold(permutation)) !== inOrder) expect(summary(fold(permutation))).toBe(inOrder);
    }
    expect(count).toBe(5_040);
  });

  test("the seven in the worst order, each three times, leave what truly happened (IN-07)", () => {
    const worst = [...deliveries].reverse();
    const says = [...fold([...worst, ...deliveries, ...worst]).values()].map((held) => held.says);
    const one = (kind: Saying["kind"]) => says.find((saying) => saying.kind === kind);
    const wanted = expected[subject.platform];
    expect(one("payment")).toEqual(wanted.payment);
    expect(one("cancellation")).toEqual(wanted.cancellation);
    expect(says.find((saying) => saying.kind === "shipment" && saying.standIn !== true)).toMatchObject(wanted.shipment);
    expect(one("refund")).toMatchObject(wanted.refund);
    expect(says.flatMap((saying) => (saying.kind === "scan" ? `${saying.status} ${saying.occurredAt}` : [])).sort()).toEqual(wanted.scans);
    expect(says.filter((saying) => saying.kind === "order")).toHaveLength(1);
  });
});
