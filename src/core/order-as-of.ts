import type { Instant } from "./instant.ts";
import type { Order, Shipment } from "./order.ts";

/**
 * The order as its facts told it at `at`: what happened later has not happened yet.
 *
 * Only happenings are taken back; what the order is (its address, its items) counts as it is known now. Of a case, or a conversation, the
 * latest word alone is kept by the facts, so before that word there was none.
 */
export function orderAsOf(order: Order, at: Instant): Order {
  const before = <T>(all: readonly T[], timeOf: (one: T) => Instant): readonly T[] => all.filter((one) => timeOf(one) <= at);
  return {
    ...order,
    paidAt: notAfter(order.paidAt, at),
    cancelled: order.cancelled !== null && order.cancelled.at <= at ? order.cancelled : null,
    shipments: order.shipments.map((shipment) => shipmentAsOf(shipment, at)),
    refunds: before(order.refunds, (refund) => refund.at),
    reviews: before(order.reviews, (review) => review.postedAt),
    cases: before(order.cases, (one) => one.changedAt),
    choices: before(order.choices, (choice) => choice.chosenAt).map((choice) => ({ ...choice, settledAt: notAfter(choice.settledAt, at) })),
    actions: before(order.actions, (action) => action.at),
    reports: before(order.reports, (report) => report.reportedAt).map((report) => ({
      ...report,
      answeredAt: notAfter(report.answeredAt, at),
    })),
    waitingSince: notAfter(order.waitingSince, at),
    answeredAt: notAfter(order.answeredAt, at),
  };
}

/**
 * When something happened that may withdraw or move a mail planned before, oldest first, each once. Not the start of the order nor its first
 * parcel's leaving, unless `dispatch` withdraws something: what they start comes after them.
 */
export function turningPoints(order: Order, { dispatch, scans: everyScan }: Turns): readonly Instant[] {
  const found = new Set<Instant>();
  const add = (at: Instant | null): void => {
    if (at !== null) found.add(at);
  };
  add(order.paidAt);
  add(order.cancelled?.at ?? null);
  add(order.waitingSince);
  add(order.answeredAt);
  for (const { at } of order.refunds) add(at);
  for (const { postedAt } of order.reviews) add(postedAt);
  for (const { changedAt } of order.cases) add(changedAt);
  for (const { chosenAt, settledAt } of order.choices) for (const at of [chosenAt, settledAt]) add(at);
  for (const { reportedAt, answeredAt } of order.reports) for (const at of [reportedAt, answeredAt]) add(at);
  for (const [index, { dispatchedAt, scans }] of order.shipments.entries()) {
    if (index > 0 || dispatch) add(dispatchedAt);
    for (const { status, at } of scans) if (everyScan || status === "delivered" || status === "returned") add(at);
  }
  if (order.placedAt !== null) for (const at of found) if (at <= order.placedAt) found.delete(at);
  return [...found].sort((a, b) => a - b);
}

/** What withdraws mails besides. */
export interface Turns {
  /** The leaving of the first parcel. */
  readonly dispatch: boolean;
  /** Any scan: it ends a quiet spell. */
  readonly scans: boolean;
}

function shipmentAsOf(shipment: Shipment, at: Instant): Shipment {
  const scans = shipment.scans.filter((scan) => scan.at <= at);
  return { ...shipment, dispatchedAt: notAfter(shipment.dispatchedAt, at), scans };
}

function notAfter(time: Instant | null, at: Instant): Instant | null {
  return time !== null && time <= at ? time : null;
}
