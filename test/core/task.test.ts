import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/core/facts.ts";
import { type Instant, instantOf } from "../../src/core/instant.ts";
import { endedByFacts, type OpenTask } from "../../src/core/task.ts";
import { dispatchedOrder, orderOf, paidOrder, tell } from "./planner-world.ts";

const day = (number: number) => `2026-02-${String(number).padStart(2, "0")}T08:00:00.000Z`;

function taskOf(kind: OpenTask["kind"], choice: string | null = null): OpenTask {
  return { id: "t1", kind, about: "s1", choice, updatedAt: instantOf(day(10)) as Instant };
}

function endOf(task: OpenTask, facts: readonly Fact[]) {
  return endedByFacts(task, orderOf(facts), []);
}

const refunded = (at: string, amount = "49.90") => [...dispatchedOrder, tell.refund({ refundedAt: at, amount })];
const cancelled = (at: string) => [...paidOrder, tell.cancelled(at)];
const asks: readonly OpenTask[] = [
  taskOf("not-arrived"),
  taskOf("problem"),
  taskOf("dispute-proposal", "talk"),
  taskOf("dispute-proposal", "accept"),
  taskOf("review-recovery", "talk"),
  taskOf("delivery-late", "resend"),
  taskOf("dispatch-late", "cancel"),
];

describe("what a buyer told or chose", () => {
  test.each(asks)("before everything was refunded ends with the refund: $kind $choice", (task) => {
    expect(endOf(task, refunded(day(12)))).toEqual({ resolution: "refunded", note: "The order was refunded in full.", settles: true });
  });

  test.each(asks)("after it, or when a part was refunded, is for a person: $kind $choice", (task) => {
    expect(endOf(task, refunded(day(9)))).toBeNull();
    expect(endOf(task, refunded(day(12), "10.00"))).toBeNull();
  });

  test("before the order was cancelled ends with it when nothing was dispatched", () => {
    const note = "The order was cancelled before anything was dispatched.";
    for (const task of [taskOf("problem"), taskOf("not-arrived"), taskOf("review-recovery", "talk"), taskOf("delivery-late", "resend")]) {
      expect(endOf(task, cancelled(day(12)))).toEqual({ resolution: "no-longer-needed", note, settles: true });
      expect(endOf(task, cancelled(day(9)))).toBeNull();
      expect(endOf(task, [...dispatchedOrder, tell.cancelled(day(12))])).toBeNull();
    }
  });

  test("that asks for money outlives a cancellation, which gives nothing back, and ends with the refund", () => {
    for (const task of [taskOf("review-recovery", "refund"), taskOf("dispute-proposal", "accept")]) {
      expect(endOf(task, cancelled(day(12)))).toBeNull();
      const both = [...cancelled(day(12)), tell.refund({ refundedAt: day(13), amount: "49.90" })];
      expect(endOf(task, both)).toMatchObject({ resolution: "refunded" });
    }
  });

  test("is not taken for answered when a letter came after the end", () => {
    const letter = [...refunded(day(12)), tell.conversation(true, day(14))];
    expect(endOf(taskOf("problem"), letter)).toMatchObject({ resolution: "refunded", settles: false });
    const before = [...refunded(day(12)), tell.conversation(true, day(10))];
    expect(endOf(taskOf("problem"), before)).toMatchObject({ settles: true });
  });

  test("is carried out first of all when the order shows just that", () => {
    const sent = [...dispatchedOrder, tell.shipment({ id: "s2", dispatchedAt: day(11) })];
    expect(endOf(taskOf("delivery-late", "resend"), sent)).toEqual({ resolution: "resent", note: null, settles: false });
    expect(endOf(taskOf("delivery-late", "refund"), refunded(day(12), "10.00"))).toMatchObject({ resolution: "refunded", note: null });
    expect(endOf(taskOf("dispatch-late", "cancel"), cancelled(day(9)))).toMatchObject({ resolution: "done" });
  });
});
