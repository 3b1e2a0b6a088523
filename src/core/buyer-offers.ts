import { type ChoiceOf, type ChoiceWord, choicesOf } from "./choice.ts";
import { addDays, type CivilDay, parseCivilDay } from "./civil-day.ts";
import type { Instant } from "./instant.ts";
import { localDay } from "./local-time.ts";
import type { LedgerMessage } from "./message.ts";
import type { BuyerChoice, OperatorAction, Order } from "./order.ts";
import { deliveredAt, fullyDispatchedAt, fullyRefundedAt, isReturned } from "./order-state.ts";
import { goneStates } from "./timetable.ts";

/** Days a buyer of a late parcel has to choose, counted from the day the mail went. */
export const daysToChoose = 10;

/** Something a mail has put to the buyer's choice, and how it stands. */
export interface Offer {
  readonly of: ChoiceOf;
  /** The id of the occurrence the mail was about. */
  readonly about: string;
  /** The mail that offered it. */
  readonly mail: Pick<LedgerMessage, "id" | "step" | "occurrence">;
  /** The first one is recommended. */
  readonly options: readonly ChoiceWord[];
  /** The last day to choose where the buyer lives; `null`: as long as it makes sense. */
  readonly by: CivilDay | null;
  readonly chosen: BuyerChoice | null;
  /** `open` and `chosen` may be chosen (anew); `settled`: a person has carried it out; `over`: the last day has passed. */
  readonly stand: "open" | "chosen" | "settled" | "over";
  /** What an operator proposed, for a choice about that. */
  readonly proposal: OperatorAction | null;
}

export interface OfferInput {
  readonly order: Order;
  readonly messages: readonly LedgerMessage[];
  /** Whether the choice was carried out, or ended otherwise: its task is resolved. */
  readonly settled: (of: ChoiceOf, about: string) => boolean;
  /** Where the buyer lives, IANA. */
  readonly zone: string;
}

/**
 * Says what a buyer may choose at `now`, newest first: what mails that went out have offered, as long as it makes sense. Pure.
 *
 * What was chosen is shown for good; what was not, only until the facts overtake it (the parcel has arrived, the case is closed).
 */
export function offersOf(input: OfferInput, now: Instant): readonly Offer[] {
  const { order, messages, zone } = input;
  const sent = messages
    .filter(({ state, template }) => goneStates.has(state) && Object.hasOwn(choicesOf, template))
    .toSorted((a, b) => (b.sentAt ?? 0) - (a.sentAt ?? 0));
  const offers = new Map<string, Offer>();
  for (const mail of sent) {
    const { template, occurrence, sentAt } = mail;
    // Its keys were just looked at.
    const of = template as ChoiceOf;
    const about = occurrence.id;
    const key = `${of} ${about}`;
    if (offers.has(key)) continue;
    const chosen = order.choices.find((choice) => choice.of === of && choice.about === about) ?? null;
    if (chosen === null && isMoot(of, about, order)) continue;
    const proposal = order.actions.find(({ id, type }) => of === "dispute-proposal" && type === of && id === about) ?? null;
    const by = lastDay(of, sentAt === null ? null : localDay(zone, sentAt), proposal);
    const stand = standOf(input, of, about, chosen, by !== null && by < localDay(zone, now));
    offers.set(key, { of, about, mail, options: choicesOf[of], by, chosen, stand, proposal });
  }
  return [...offers.values()];
}

function standOf(input: OfferInput, of: ChoiceOf, about: string, chosen: BuyerChoice | null, passed: boolean): Offer["stand"] {
  if (input.settled(of, about)) return "settled";
  if (chosen !== null) return "chosen";
  return passed ? "over" : "open";
}

function lastDay(of: ChoiceOf, sentOn: CivilDay | null, proposal: OperatorAction | null): CivilDay | null {
  switch (of) {
    case "delivery-late":
      return sentOn === null ? null : addDays(sentOn, daysToChoose);
    case "dispute-proposal":
      return parseCivilDay(proposal?.fields["replyBy"] ?? "");
    case "dispatch-late":
    case "review-recovery":
      return null;
  }
}

/** Whether there is nothing left to choose. */
function isMoot(of: ChoiceOf, about: string, order: Order): boolean {
  if (order.cancelled !== null || fullyRefundedAt(order) !== null) return true;
  switch (of) {
    case "delivery-late": {
      const parcel = order.shipments.find(({ id }) => id === about);
      return parcel === undefined || deliveredAt(parcel) !== null || isReturned(parcel);
    }
    case "dispatch-late":
      return fullyDispatchedAt(order) !== null;
    case "review-recovery":
      return !order.reviews.some(({ id, removed }) => id === about && !removed);
    case "dispute-proposal": {
      const action = order.actions.find(({ id }) => id === about);
      return action === undefined || order.cases.some(({ id, state }) => id === action.caseId && state === "closed");
    }
  }
}
