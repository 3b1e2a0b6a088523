import { type ActionType, actionTypes } from "./action.ts";
import { lastArrival, type Subject, wholeOrder } from "./conditions.ts";
import type { ScanStatus } from "./facts.ts";
import type { Instant } from "./instant.ts";
import type { Order, Shipment } from "./order.ts";
import { caseKey, deliveredAt, dispatchedOf, standingReview } from "./order-state.ts";
import type { WatchTrigger } from "./plan-watch.ts";
import type { Step } from "./schedule-step.ts";
import { type Trigger, trackedTriggers } from "./schedule-words.ts";
import type { Because, Occurrence, Reason } from "./timetable.ts";

/** What a webhook, a buyer or an operator told. */
export type ToldTrigger = Exclude<Trigger, "closure" | "disruption" | WatchTrigger>;

/** One thing of an order that a step is about, and whether its wait has begun. */
export interface Start {
  readonly occurrence: Occurrence;
  readonly subject: Subject;
  readonly state: StartState;
  /** When a message about it is of no use any more, whatever its slot; absent or `null`: so long after its slot as the step says. */
  readonly usefulUntil?: Instant | null;
}

export type StartState =
  /** `what` happened at `at`, in words that go on with “on <date>”; `projected`: it has not yet, but is planned for then (P6). */
  | { readonly kind: "begun"; readonly at: Instant; readonly what: string; readonly projected: boolean }
  | { readonly kind: "waiting"; readonly reason: "not-started" | "prior-not-sent-yet"; readonly detail: string }
  | { readonly kind: "over"; readonly reason: Reason; readonly because: Because };

/**
 * Finds what a step is about in an order, one start each: the order itself, or each shipment, review, case, refund or action.
 *
 * Never empty, because every step has its place in the timetable: while there is no shipment, review or case yet, the one start is the
 * order's and waits. (Closures, disruptions and what nobody tells are found by `plan-closures.ts`, `plan-disruptions.ts` and `plan-watch.ts`.)
 */
export function startsOf(step: Step, trigger: ToldTrigger, order: Order): readonly Start[] {
  if (trigger === "order.refunded" && step.per === "refund") return perRefund(order);
  if (trigger.startsWith("order.")) return [orderStart(order, orderState(trigger, order))];
  const action = actionTypes.find((type) => trigger === `action.${type}`);
  if (action !== undefined) return perAction(order, action);
  if (trigger === "review.posted") return step.per === "review" ? perReview(order) : [orderStart(order, firstReview(order))];
  if (trigger === "case.opened" || trigger === "case.closed") return perCase(order, trigger === "case.opened" ? "open" : "closed");
  const status = trigger === "shipment.dispatched" ? null : statusOf(trigger);
  if (step.per === "shipment" && order.shipments.length > 0) {
    return order.shipments.map((shipment) => ({
      occurrence: { kind: "shipment", id: shipment.id },
      subject: { ...wholeOrder, shipment },
      state: shipmentState(shipment, status, trigger),
    }));
  }
  return [orderStart(order, parcelsState(order, status, trigger))];
}

/** The occurrence of what is about the order as a whole, or about nothing yet. */
export function orderOccurrence(order: Order): Occurrence {
  return { kind: "order", id: order.externalId };
}

export function orderStart(order: Order, state: StartState): Start {
  return { occurrence: orderOccurrence(order), subject: wholeOrder, state };
}

function orderState(trigger: Trigger, order: Order): StartState {
  if (trigger === "order.placed") return begunOr(order.placedAt, "the order was placed", "the order has not been placed");
  if (trigger === "order.paid") return begunOr(order.paidAt, "the order was paid", "the order has not been paid");
  if (trigger === "order.cancelled") {
    return begunOr(order.cancelled?.at ?? null, "the order was cancelled", "the order has not been cancelled");
  }
  if (trigger === "order.promise-passed") {
    return begunOr(order.promisedDispatchBy, "the promised day of dispatch had passed", "nobody promised a day of dispatch");
  }
  return begunOr(order.refunds[0]?.at ?? null, "the first refund was made", "nothing has been refunded");
}

function shipmentState(shipment: Shipment, status: ScanStatus | null, trigger: Trigger): StartState {
  const name = parcelName(shipment);
  if (shipment.dispatchedAt !== null && shipment.scans.length === 0 && trackedTriggers.has(trigger)) return noTracking(name);
  if (status === null) return begunOr(shipment.dispatchedAt, `${name} was dispatched`, `${name} has not been dispatched`);
  return begunOr(
    scannedAt(shipment, status),
    `${name} was scanned as ${wordOf(status)}`,
    `${name} has not been scanned as ${wordOf(status)}`,
  );
}

/** For the whole order: the last parcel's dispatch; the last arrival, once all that left have arrived; of other scans the first. */
function parcelsState(order: Order, status: ScanStatus | null, trigger: Trigger): StartState {
  const last = order.shipments.length === 0 ? undefined : dispatchedOf(order).at(-1);
  if (last === undefined) return parcelsToCome(order);
  if (status === null) return begun(last.dispatchedAt, `${parcelName(last)} was dispatched`);
  if (trackedTriggers.has(trigger) && order.shipments.every(({ scans }) => scans.length === 0)) return noTracking("what was dispatched");
  if (status === "delivered")
    return begunOr(lastArrival(order, null), "the last parcel was delivered", "not all parcels have been delivered");
  let first: Instant | null = null;
  for (const shipment of order.shipments) {
    const at = scannedAt(shipment, status);
    if (at !== null && (first === null || at < first)) first = at;
  }
  return begunOr(first, `a parcel was scanned as ${wordOf(status)}`, `no parcel has been scanned as ${wordOf(status)}`);
}

/** How things stand while nothing has been dispatched. */
export function parcelsToCome(order: Order): StartState {
  if (!order.nothingShips || order.shipments.length > 0) return waitingFor("nothing has been dispatched");
  return { kind: "over", reason: "nothing-ships", because: { rule: "anchor", detail: "nothing of this order is sent as a parcel" } };
}

export function noTracking(name: string): StartState {
  const detail = `no scan of ${name} has ever come: without tracking, silence says nothing`;
  return { kind: "over", reason: "no-tracking", because: { rule: "tracking", detail } };
}

function perReview(order: Order): readonly Start[] {
  if (order.reviews.length === 0) return [orderStart(order, waitingFor("no review has been posted"))];
  return order.reviews.map((review) => ({
    occurrence: { kind: "review", id: review.id },
    subject: { ...wholeOrder, review },
    state: review.removed ? reviewRemoved : begun(review.postedAt, "the review was posted"),
  }));
}

function firstReview(order: Order): StartState {
  const review = standingReview(order);
  if (review !== null) return begun(review.postedAt, "the review was posted");
  return order.reviews.length > 0 ? reviewRemoved : waitingFor("no review has been posted");
}

const reviewRemoved: StartState = {
  kind: "over",
  reason: "review-removed",
  because: { rule: "anchor", detail: "the review was taken back" },
};

function perCase(order: Order, wanted: "open" | "closed"): readonly Start[] {
  if (order.cases.length === 0) return [orderStart(order, waitingFor("there is no dispute and no return"))];
  return order.cases.map((one) => {
    const id = caseKey(one);
    const said = one.state === "open" ? "opened" : "closed";
    const state: StartState =
      one.state === wanted
        ? begun(one.changedAt, `the ${one.type} was ${said}`)
        : wanted === "closed"
          ? waitingFor(`the ${one.type} is still open`)
          : { kind: "over", reason: "condition-not-met", because: { rule: "anchor", detail: `the ${one.type} is closed already` } };
    return { occurrence: { kind: "case", id }, subject: { ...wholeOrder, case: one }, state };
  });
}

function perRefund(order: Order): readonly Start[] {
  if (order.refunds.length === 0) return [orderStart(order, waitingFor("nothing has been refunded"))];
  return order.refunds.map(({ id, at }) => ({
    occurrence: { kind: "refund", id },
    subject: wholeOrder,
    state: begun(at, "the refund was made"),
  }));
}

function perAction(order: Order, type: ActionType): readonly Start[] {
  const actions = order.actions.length === 0 ? order.actions : order.actions.filter((action) => action.type === type);
  if (actions.length === 0) {
    const what = type.replaceAll("-", " ");
    return [orderStart(order, waitingFor(`no ${what} ${what.endsWith("s") ? "have" : "has"} been written`))];
  }
  return actions.map((action) => ({
    occurrence: { kind: "action", id: action.id },
    subject: { ...wholeOrder, action },
    state: begun(action.at, "an operator wrote it"),
  }));
}

function begunOr(at: Instant | null, what: string, waiting: string): StartState {
  return at === null ? waitingFor(waiting) : begun(at, what);
}

export function begun(at: Instant, what: string): StartState {
  return { kind: "begun", at, what, projected: false };
}

export function waitingFor(detail: string): StartState {
  return { kind: "waiting", reason: "not-started", detail };
}

function scannedAt(shipment: Shipment, status: ScanStatus): Instant | null {
  if (status === "delivered") return deliveredAt(shipment);
  return shipment.scans.find((scan) => scan.status === status)?.at ?? null;
}

function statusOf(trigger: Trigger): ScanStatus {
  // Only `shipment.<status>` triggers come here: the others were told apart by the caller.
  return trigger.slice("shipment.".length) as ScanStatus;
}

function wordOf(status: ScanStatus): string {
  return status.replaceAll("_", " ");
}

/** What an operator knows a parcel by. */
export function parcelName({ trackingNumber, id }: Shipment): string {
  return `parcel ${trackingNumber ?? id}`;
}
