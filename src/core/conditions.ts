import { carriedOutAt, choiceWords, openChoice, openReport, reportAnsweredAt } from "./buyer-waits.ts";
import type { Instant } from "./instant.ts";
import { compareMoney, isMoney } from "./money.ts";
import type { Case, OperatorAction, Order, Review, Shipment } from "./order.ts";
import { allItemsRefundedAt, deliveredAt, dispatchedOf, fullyRefundedAt, isReturned, openCase, standingReview } from "./order-state.ts";
import { dayText } from "./plain-time.ts";
import { awaitedOf, replacementOf } from "./replacement.ts";
import type { Condition } from "./schedule-step.ts";
import type { Exit } from "./schedule-words.ts";
import type { Reason } from "./timetable.ts";
import { sameService } from "./transit.ts";
import { unreachable } from "./unreachable.ts";

/** What a message is about, where it is about one thing of its order; all `null` for one about the order as a whole. */
export interface Subject {
  readonly shipment: Shipment | null;
  readonly review: Review | null;
  readonly case: Case | null;
  readonly action: OperatorAction | null;
}

export const wholeOrder: Subject = { shipment: null, review: null, case: null, action: null };

export interface Exited {
  readonly reason: Reason;
  /** What happened, with its date in `zone`, in words for an operator. */
  readonly detail: string;
}

/**
 * The first of `exits` that holds, or `null`. They are in the order of precedence, so that the answer does not depend on how
 * an operator lists them.
 */
export function exitOf(exits: readonly Exit[], order: Order, subject: Subject, zone: string): Exited | null {
  for (const exit of exits) {
    const exited = tryExit(exit, order, subject, zone);
    if (exited !== null) return exited;
  }
  return null;
}

function tryExit(exit: Exit, order: Order, subject: Subject, zone: string): Exited | null {
  const { shipment } = subject;
  switch (exit) {
    case "order.cancelled":
      return since("order-cancelled", "the order was cancelled", order.cancelled?.at ?? null, zone);
    case "order.refunded":
      return since("order-refunded", "the order was refunded in full", fullyRefundedAt(order), zone);
    case "items.refunded":
      return since("nothing-to-review", "the last item was refunded", allItemsRefundedAt(order), zone);
    case "review.posted":
      return since("review-posted", "a review was posted", standingReview(order)?.postedAt ?? null, zone);
    case "case.open": {
      const open = openCase(order);
      return open === null ? null : since("case-open", `a ${open.type} is open`, open.changedAt, zone);
    }
    case "buyer.waiting":
      return buyerWaits(order, zone);
    case "choice.open": {
      const open = openChoice(order, shipment);
      return open === null ? null : since("choice-open", choiceWords(open), open.chosenAt, zone);
    }
    case "choice.made": {
      const made = order.choices.find(({ about }) => about === aboutOf(subject, order));
      return made === undefined ? null : since("choice-made", choiceWords(made), made.chosenAt, zone);
    }
    case "order.paid":
      return since("already-paid", "the order was paid", order.paidAt, zone);
    case "shipment.delivered":
      return since("already-delivered", "everything dispatched was delivered", lastArrival(order, shipment), zone);
    case "shipment.dispatched":
      return since("already-dispatched", "a parcel was dispatched", (shipment ?? dispatchedOf(order)[0])?.dispatchedAt ?? null, zone);
    case "shipment.returned": {
      const lost = (one: Shipment) => isReturned(one) && replacementOf(order, one) === null;
      const back = shipment === null ? order.shipments.find(lost) : isReturned(shipment) ? shipment : undefined;
      return back === undefined ? null : { reason: "parcel-returned", detail: "a parcel came back" };
    }
    default:
      return unreachable(exit);
  }
}

function buyerWaits(order: Order, zone: string): Exited | null {
  if (order.waitingSince !== null) return since("buyer-waiting", "the buyer waits for an answer", order.waitingSince, zone);
  const report = openReport(order);
  if (report === null) return null;
  const what = report.topic === "not-arrived" ? "that it has not arrived" : "that something is wrong";
  return { reason: "buyer-waiting", detail: `the buyer said on ${dayText(zone, report.reportedAt)} ${what}, and waits for an answer` };
}

/** The id by which a buyer's choice names what a message is about. */
function aboutOf({ shipment, review, action }: Subject, order: Order): string {
  return shipment?.id ?? review?.id ?? action?.id ?? order.externalId;
}

/**
 * When the last of the pauses that `exits` ask for ended, and what ended it, in words that go on with “on <date>”; `null` when there was none.
 *
 * A case that is open, a choice to be carried out and a buyer who waits do not end a message for good, they keep it back (contract: `buyer.wrote` pauses until `buyer.answered`).
 */
export function pauseEnd(exits: readonly Exit[], order: Order): { readonly at: Instant; readonly what: string } | null {
  let last: { readonly at: Instant; readonly what: string } | null = null;
  const end = (at: Instant | null, what: string) => {
    if (at !== null && (last === null || at > last.at)) last = { at, what };
  };
  if (exits.includes("buyer.waiting")) {
    end(order.answeredAt, "the buyer was answered");
    for (const report of order.reports) end(reportAnsweredAt(report, order), "the buyer was answered");
  }
  if (exits.includes("choice.open")) {
    for (const choice of order.choices) if (choice.choice !== "wait") end(carriedOutAt(choice, order), "what the buyer chose was settled");
  }
  if (exits.includes("case.open")) {
    for (const { state, type, changedAt } of order.cases) if (state === "closed") end(changedAt, `the ${type} was closed`);
  }
  return last;
}

function since(reason: Reason, what: string, at: Instant | null, zone: string): Exited | null {
  return at === null ? null : { reason, detail: `${what} on ${dayText(zone, at)}` };
}

/** When the shipment arrived, or, for a whole order, the last of those that left and none replaced; `null` while one has not. */
export function lastArrival(order: Order, shipment: Shipment | null): Instant | null {
  if (shipment !== null) return deliveredAt(shipment);
  let last: Instant | null = null;
  for (const parcel of awaitedOf(order)) {
    const at = deliveredAt(parcel);
    if (at === null) return null;
    if (last === null || at > last) last = at;
  }
  return last;
}

/** Says why a condition does not hold, or `null` when it does. */
export function failureOf({ fact, atLeast, atMost, is }: Condition, order: Order, subject: Subject): string | null {
  const found = valuesOf(fact, order, subject);
  const shown = found.length === 0 ? "not known" : found.join(", ");
  if (is !== null) {
    const loose = fact === "shipment.carrier" || fact === "shipment.service";
    const holds = found.some((value) => is.some((wanted) => (loose ? sameService(wanted, value) : sameWord(wanted, value))));
    return holds ? null : `${fact} is ${shown}, wanted ${is.join(" or ")}`;
  }
  const value = found[0];
  const known = value !== undefined && isMoney(value);
  if (atLeast !== null && !(known && compareMoney(value, plainNumber(atLeast)) >= 0))
    return `${fact} is ${shown}, wanted at least ${atLeast}`;
  if (atMost !== null && !(known && compareMoney(value, plainNumber(atMost)) <= 0)) return `${fact} is ${shown}, wanted at most ${atMost}`;
  return null;
}

function valuesOf(fact: Condition["fact"], order: Order, subject: Subject): readonly string[] {
  switch (fact) {
    case "review.rating": {
      const rating = (subject.review ?? standingReview(order))?.rating ?? null;
      return rating === null ? [] : [plainNumber(rating)];
    }
    case "order.total":
      return [order.total];
    case "order.currency":
      return known(order.currency);
    case "order.country":
      return known(order.address.country);
    case "order.tags":
      return order.tags;
    case "shipment.carrier":
      return shipmentsOf(order, subject).flatMap(({ carrier }) => known(carrier));
    case "shipment.service":
      return shipmentsOf(order, subject).flatMap(({ service }) => known(service));
    case "case.type":
      return known(subject.case?.type ?? null);
    case "buyer.locale":
      return known(order.buyer.locale);
    default:
      return unreachable(fact);
  }
}

function shipmentsOf(order: Order, { shipment }: Subject): readonly Shipment[] {
  return shipment === null ? order.shipments : [shipment];
}

function known(value: string | null): readonly string[] {
  return value === null || value === "" ? [] : [value];
}

function sameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A number in plain decimal digits, never in exponents. */
function plainNumber(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, "");
}
