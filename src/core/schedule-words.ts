import type { OccurrenceKind } from "./timetable.ts";

/** What may start a step. Closed: each word is a fact the planner can find in an order, or a day the shop declares. */
export const triggers = [
  "order.placed",
  "order.paid",
  "order.cancelled",
  "order.refunded",
  "shipment.dispatched",
  "shipment.in_transit",
  "shipment.customs",
  "shipment.out_for_delivery",
  "shipment.ready_for_pickup",
  "shipment.delivered",
  "shipment.exception",
  "shipment.returned",
  "review.posted",
  "case.opened",
  "case.closed",
  "closure",
] as const;
export type Trigger = (typeof triggers)[number];

/** What one message of a step can be about; the first is taken when `per` is absent. */
export function perOf(trigger: Trigger): readonly OccurrenceKind[] {
  if (trigger.startsWith("order.")) return ["order"];
  if (trigger.startsWith("shipment.")) return ["order", "shipment"];
  if (trigger === "review.posted") return ["order", "review"];
  return trigger === "closure" ? ["closure"] : ["case"];
}

/**
 * What withdraws a step (`unless`), in the order of precedence: of several that hold, the first here gives the reason, so
 * that the order in which an operator lists them changes nothing.
 */
export const exits = [
  "order.cancelled",
  "order.refunded",
  "items.refunded",
  "review.posted",
  "case.open",
  "buyer.waiting",
  "order.paid",
  "shipment.delivered",
  "shipment.dispatched",
  "shipment.returned",
] as const;
export type Exit = (typeof exits)[number];

/** What a step can be made to depend on (`only`). */
export const conditionFacts = [
  "review.rating",
  "order.total",
  "order.currency",
  "order.country",
  "order.tags",
  "shipment.carrier",
  "shipment.service",
  "case.type",
  "buyer.locale",
] as const;
export type ConditionFact = (typeof conditionFacts)[number];

/** Facts by which happy buyers could be told from unhappy ones: a review request may not depend on them (review gating, standards 3.3). */
export const sentimentFacts: ReadonlySet<ConditionFact> = new Set(["review.rating", "order.tags", "case.type"]);

export const numberFacts: ReadonlySet<ConditionFact> = new Set(["review.rating", "order.total"]);

export const weekdayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
