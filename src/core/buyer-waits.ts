import type { Instant } from "./instant.ts";
import type { BuyerChoice, Order, Report, Shipment } from "./order.ts";
import { dispatchedOf } from "./order-state.ts";
import { unreachable } from "./unreachable.ts";

/* What a buyer waits for: an answer to a letter or a report, or that the shop does what the buyer chose. */

/** The buyer's oldest report without an answer; `null` when none is. */
export function openReport(order: Order): Report | null {
  return order.reports.find((report) => reportAnsweredAt(report, order) === null) ?? null;
}

/** When a report was answered: by itself, or with everything else the buyer had told until then. */
export function reportAnsweredAt({ answeredAt, reportedAt }: Report, order: Order): Instant | null {
  if (answeredAt !== null) return answeredAt;
  return order.answeredAt !== null && order.answeredAt >= reportedAt ? order.answeredAt : null;
}

/** The oldest choice the shop has not carried out: one about this parcel or about no parcel, of any when `shipment` is `null`. */
export function openChoice(order: Order, shipment: Shipment | null): BuyerChoice | null {
  return (
    order.choices.find((choice) => concerns(choice, shipment) && choice.choice !== "wait" && carriedOutAt(choice, order) === null) ?? null
  );
}

function concerns({ of, about }: BuyerChoice, shipment: Shipment | null): boolean {
  return shipment === null || of !== "delivery-late" || about === shipment.id;
}

/**
 * When the shop did what the buyer chose, as the order shows it: a refund, a new parcel, a cancellation after the choice; else when it answered.
 * `null`: not yet.
 */
export function carriedOutAt(choice: BuyerChoice, order: Order): Instant | null {
  return choice.settledAt ?? earliest(doneAt(choice, order), order.answeredAt, choice.chosenAt);
}

function doneAt({ choice, chosenAt }: BuyerChoice, order: Order): Instant | null {
  const refunded = () => order.refunds.find(({ at }) => at >= chosenAt)?.at ?? null;
  const cancelled = () => order.cancelled?.at ?? null;
  const sent = () => dispatchedOf(order).find(({ dispatchedAt }) => dispatchedAt >= chosenAt)?.dispatchedAt ?? null;
  switch (choice) {
    case "refund":
      return refunded() ?? cancelled();
    case "resend":
      return sent() ?? refunded() ?? cancelled();
    case "cancel":
      return cancelled() ?? refunded() ?? sent();
    case "accept":
      return order.cases.find(({ state, changedAt }) => state === "closed" && changedAt >= chosenAt)?.changedAt ?? refunded();
    case "talk":
    case "wait":
      return null;
    default:
      return unreachable(choice);
  }
}

/** The earlier of two times, of which the second counts only from `since` on. */
function earliest(one: Instant | null, other: Instant | null, since: Instant): Instant | null {
  const counts = other !== null && other >= since ? other : null;
  if (one === null || counts === null) return one ?? counts;
  return one < counts ? one : counts;
}

/** What a choice asks of the shop, in words that go on with “on <date>”. */
export function choiceWords({ choice }: BuyerChoice): string {
  switch (choice) {
    case "refund":
      return "the buyer chose a refund";
    case "resend":
      return "the buyer chose to have it sent again";
    case "cancel":
      return "the buyer chose to cancel";
    case "accept":
      return "the buyer accepted the proposal";
    case "talk":
      return "the buyer chose to talk about it";
    case "wait":
      return "the buyer chose to wait";
    default:
      return unreachable(choice);
  }
}
