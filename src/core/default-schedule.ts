import type { WrittenSchedule } from "./schedule-shape.ts";

/** The schedule of a new shop: the five messages of the handbook, each with all its exits. Every wait is an operator's to change. */
export const defaultSchedule: WrittenSchedule = {
  name: "Default",
  steps: [
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
      unless: ["review.posted", "order.cancelled", "order.refunded", "case.open", "buyer.waiting"],
      notBefore: { delivered: 2 },
    },
    {
      key: "feedback-reminder",
      template: "feedback-reminder",
      category: "review",
      after: "check-in",
      wait: { days: [10, 15] },
      window: { from: "09:00", to: "18:00", zone: "buyer", days: ["mon", "tue", "wed", "thu", "fri"] },
      unless: ["review.posted", "order.cancelled", "order.refunded", "items.refunded", "case.open", "buyer.waiting"],
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
  ],
};
