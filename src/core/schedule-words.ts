import type { OccurrenceKind } from "./timetable.ts";

/** What may start a step. Closed: each word is a fact the planner can find in an order, or a day the shop declares. */
export const triggers = [
  "order.placed",
  "order.paid",
  "order.cancelled",
  "order.refunded",
  "order.promise-passed",
  "shipment.dispatched",
  "shipment.in_transit",
  "shipment.customs",
  "shipment.out_for_delivery",
  "shipment.ready_for_pickup",
  "shipment.delivered",
  "shipment.exception",
  "shipment.returned",
  "shipment.quiet",
  "shipment.half-way",
  "shipment.overdue",
  "review.posted",
  "case.opened",
  "case.closed",
  "closure",
  "disruption",
  "action.dispute-proposal",
  "action.return-instructions",
  "action.exchange-instructions",
] as const;
export type Trigger = (typeof triggers)[number];

/** What one message of a step can be about; the first is taken when `per` is absent. */
export function perOf(trigger: Trigger): readonly OccurrenceKind[] {
  if (trigger === "order.refunded") return ["order", "refund"];
  if (trigger.startsWith("order.")) return ["order"];
  if (trigger === "shipment.quiet") return ["quiet-spell"];
  if (trigger === "shipment.half-way" || trigger === "shipment.overdue") return ["shipment"];
  if (trigger.startsWith("shipment.")) return ["order", "shipment"];
  if (trigger === "review.posted") return ["order", "review"];
  if (trigger.startsWith("case.")) return ["case"];
  if (trigger === "closure" || trigger === "disruption") return [trigger];
  return ["action"];
}

/**
 * Triggers that speak of what tracking says, or fails to say: a parcel of which no scan has ever come starts none of them. Silence from a shop
 * that sends no scans is not a late parcel (messages.md, Timing).
 */
export const trackedTriggers: ReadonlySet<Trigger> = new Set<Trigger>([
  "shipment.customs",
  "shipment.returned",
  "shipment.quiet",
  "shipment.half-way",
  "shipment.overdue",
]);

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
  "choice.open",
  "choice.made",
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
