import type { LedgerMessage } from "./message.ts";
import { goneStates } from "./timetable.ts";

/** One request for a review and one reminder (LAW-03), whatever the schedule says, and whichever schedules the order has had. */
export const reviewAsksPerOrder = 2;

/** The mails that have asked the order's buyer for a review: review mail, and care mail that invited feedback. */
export function reviewAsksGone(messages: readonly LedgerMessage[]): readonly LedgerMessage[] {
  return messages.filter(
    ({ category, invited, state }) => goneStates.has(state) && (category === "review" || (category === "care" && invited)),
  );
}

/** Whether a mail that asks for a review is on its way at this moment. */
export function reviewAskInHand(messages: readonly LedgerMessage[]): boolean {
  return messages.some(({ category, state }) => category === "review" && (state === "queued" || state === "sending"));
}
