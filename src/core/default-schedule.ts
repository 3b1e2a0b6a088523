import type { WrittenSchedule, WrittenStep } from "./schedule-shape.ts";

/*
 * Every message of the handbook, each with all its exits; off are those that a shop's platform usually sends itself, or that advertise. A timetable
 * lists them in this order: as an order goes, then what may happen to it.
 */

const daytime: WrittenStep["window"] = { from: "09:00", to: "18:00", zone: "buyer" };

const toPay: readonly WrittenStep[] = [
  {
    key: "payment-nudge",
    template: "payment-nudge",
    category: "order",
    on: "order.placed",
    wait: { hours: 1 },
    unless: ["order.cancelled", "order.paid"],
    staleAfter: { hours: 12 },
    enabled: false,
  },
  {
    key: "payment-nudge-2",
    template: "payment-nudge",
    category: "order",
    on: "order.placed",
    wait: { hours: 22 },
    unless: ["order.cancelled", "order.paid"],
    staleAfter: { hours: 24 },
    enabled: false,
  },
  {
    key: "order-confirmed",
    template: "order-confirmed",
    category: "order",
    on: "order.paid",
    unless: ["order.cancelled", "order.refunded"],
    enabled: false,
  },
];

/** The five of the handbook that every order meets. */
const usual: readonly WrittenStep[] = [
  {
    key: "dispatch-notice",
    template: "dispatch-notice",
    category: "order",
    on: "shipment.dispatched",
    per: "shipment",
    unless: ["order.cancelled", "shipment.delivered"],
  },
  {
    key: "check-in",
    template: "check-in",
    category: "care",
    on: "shipment.dispatched",
    wait: {
      days: 10,
      byService: { ePacket: 14, "standard-line": 25, "registered-small-packet": 30, "air-mail": 30, sea: 60 },
    },
    unless: ["review.posted", "order.cancelled", "order.refunded", "case.open", "buyer.waiting", "choice.open", "shipment.returned"],
    notBefore: { delivered: 2 },
  },
  {
    key: "feedback-reminder",
    template: "feedback-reminder",
    category: "review",
    after: "check-in",
    wait: { days: [10, 15] },
    window: { from: "09:00", to: "18:00", zone: "buyer", days: ["mon", "tue", "wed", "thu", "fri"] },
    unless: ["review.posted", "order.cancelled", "order.refunded", "items.refunded", "case.open", "buyer.waiting", "choice.open"],
    notBefore: { delivered: 2, transitEnd: true },
  },
  {
    key: "review-thanks",
    template: "review-thanks",
    category: "care",
    on: "review.posted",
    per: "review",
    only: [{ fact: "review.rating", atLeast: 4 }],
    wait: { hours: 1 },
  },
  {
    key: "holiday-delay",
    template: "holiday-delay",
    category: "order",
    on: "closure",
    per: "closure",
    wait: { days: -3 },
    unless: ["order.cancelled", "shipment.delivered"],
  },
];

const underWay: readonly WrittenStep[] = [
  {
    key: "dispatch-late",
    template: "dispatch-late",
    category: "order",
    on: "order.promise-passed",
    unless: ["order.cancelled", "order.refunded", "shipment.dispatched"],
  },
  {
    key: "tracking-quiet",
    template: "tracking-quiet",
    category: "order",
    on: "shipment.quiet",
    wait: { days: 5 },
    unless: ["order.cancelled", "order.refunded", "choice.open", "shipment.delivered", "shipment.returned"],
  },
  {
    key: "in-customs",
    template: "in-customs",
    category: "order",
    on: "shipment.customs",
    per: "shipment",
    unless: ["order.cancelled", "order.refunded", "shipment.delivered", "shipment.returned"],
  },
  {
    key: "still-on-its-way",
    template: "still-on-its-way",
    category: "order",
    on: "shipment.half-way",
    window: daytime,
    unless: ["order.cancelled", "order.refunded", "choice.open", "shipment.delivered", "shipment.returned"],
  },
  {
    key: "delivery-late",
    template: "delivery-late",
    category: "order",
    on: "shipment.overdue",
    window: daytime,
    unless: ["order.cancelled", "order.refunded", "choice.open", "shipment.delivered", "shipment.returned"],
  },
  {
    key: "out-for-delivery",
    template: "out-for-delivery",
    category: "order",
    on: "shipment.out_for_delivery",
    per: "shipment",
    unless: ["order.cancelled", "shipment.delivered", "shipment.returned"],
    enabled: false,
  },
  {
    key: "delivered",
    template: "delivered",
    category: "order",
    on: "shipment.delivered",
    per: "shipment",
    unless: ["order.cancelled"],
    enabled: false,
  },
  {
    key: "parcel-returned",
    template: "parcel-returned",
    category: "order",
    on: "shipment.returned",
    per: "shipment",
    unless: ["order.cancelled", "order.refunded", "shipment.delivered"],
  },
  {
    key: "disruption-delay",
    template: "disruption-delay",
    category: "order",
    on: "disruption",
    per: "disruption",
    unless: ["order.cancelled", "order.refunded", "shipment.delivered"],
  },
];

const troubles: readonly WrittenStep[] = [
  {
    key: "review-recovery",
    template: "review-recovery",
    category: "care",
    on: "review.posted",
    per: "review",
    only: [{ fact: "review.rating", atMost: 3 }],
    wait: { hours: 1 },
    unless: ["order.cancelled", "order.refunded"],
  },
  {
    key: "dispute-opened",
    template: "dispute-opened",
    category: "order",
    on: "case.opened",
    per: "case",
    only: [{ fact: "case.type", is: "dispute" }],
  },
  { key: "dispute-proposal", template: "dispute-proposal", category: "order", on: "action.dispute-proposal", per: "action" },
  {
    key: "dispute-resolved",
    template: "dispute-resolved",
    category: "order",
    on: "case.closed",
    per: "case",
    only: [{ fact: "case.type", is: "dispute" }],
  },
  { key: "return-instructions", template: "return-instructions", category: "order", on: "action.return-instructions", per: "action" },
  { key: "exchange-instructions", template: "exchange-instructions", category: "order", on: "action.exchange-instructions", per: "action" },
  { key: "refund-issued", template: "refund-issued", category: "order", on: "order.refunded", per: "refund" },
  {
    key: "win-back",
    template: "win-back",
    category: "offer",
    on: "shipment.delivered",
    wait: { days: 60 },
    unless: ["order.cancelled", "order.refunded", "case.open", "buyer.waiting", "choice.open"],
    enabled: false,
  },
];

/** The schedule of a new shop. Every wait, and whether a step is on, is an operator's to change. */
export const defaultSchedule: WrittenSchedule = { name: "Default", steps: [...toPay, ...usual, ...underWay, ...troubles] };
