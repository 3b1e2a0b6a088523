import type { ActionType } from "./action.ts";
import type { ChoiceOf, ChoiceWord, ReportTopic } from "./choice.ts";
import type { Item, Quantity, ScanStatus } from "./facts.ts";
import type { Instant } from "./instant.ts";

/**
 * What is known of one order: all facts that hold, put together by `foldFacts`. The planner's view of the world.
 *
 * Everything the facts do not say is `null` or empty, never guessed.
 */
export interface Order {
  /** Our id. */
  readonly id: string;
  /** The order's id at the sender: what choices are hashed by, so that two installations with the same facts make the same timetable. */
  readonly externalId: string;
  /** `false` while only later facts (a shipment, a refund) have come and the order itself has not (IN-08): nothing is planned. */
  readonly known: boolean;
  readonly number: string;
  readonly placedAt: Instant | null;
  readonly currency: string;
  readonly total: string;
  readonly url: string | null;
  readonly tags: readonly string[];
  readonly promisedDispatchBy: Instant | null;
  readonly test: boolean;
  readonly nothingShips: boolean;
  readonly buyer: Buyer;
  readonly address: Address;
  readonly paidAt: Instant | null;
  readonly cancelled: { readonly at: Instant; readonly reason: string | null } | null;
  readonly items: readonly Item[];
  /** In the order of dispatch, then of id; void ones are left out. */
  readonly shipments: readonly Shipment[];
  readonly refunds: readonly Refund[];
  /** Those that stand, and those that were removed, which say so. */
  readonly reviews: readonly Review[];
  readonly cases: readonly Case[];
  /** What the buyer chose, one for each thing asked about, oldest first. */
  readonly choices: readonly BuyerChoice[];
  /** What operators decided to tell the buyer, oldest first. */
  readonly actions: readonly OperatorAction[];
  /** What the buyer reported on the buyer's page, oldest first. */
  readonly reports: readonly Report[];
  /** Since when the buyer waits for an answer; `null` when nobody waits. */
  readonly waitingSince: Instant | null;
  /** When the shop answered the buyer last; `null` while the buyer waits, and when there was nothing to answer. */
  readonly answeredAt: Instant | null;
}

export interface Buyer {
  readonly email: string | null;
  readonly name: string | null;
  readonly locale: string | null;
}

export interface Address {
  readonly country: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface Shipment {
  readonly id: string;
  /** `null` while it is only announced. */
  readonly dispatchedAt: Instant | null;
  readonly carrier: string | null;
  readonly service: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  /** `null`: everything of the order. */
  readonly items: readonly Quantity[] | null;
  /** Oldest first. */
  readonly scans: readonly Scan[];
}

export interface Scan {
  readonly status: ScanStatus;
  readonly at: Instant;
  readonly description: string | null;
  readonly location: string | null;
}

export interface Refund {
  readonly id: string;
  readonly at: Instant;
  readonly amount: string | null;
  readonly items: readonly Quantity[];
}

export interface Review {
  readonly id: string;
  readonly postedAt: Instant;
  /** 1 to 5; `null` once removed. */
  readonly rating: number | null;
  readonly removed: boolean;
  readonly text: string | null;
  readonly itemId: string | null;
  readonly url: string | null;
}

export interface Case {
  readonly id: string;
  readonly type: "dispute" | "return";
  readonly state: "open" | "closed";
  readonly changedAt: Instant;
  readonly reason: string | null;
  readonly outcome: string | null;
}

export interface BuyerChoice {
  readonly of: ChoiceOf;
  /** The id of the occurrence the mail was about. */
  readonly about: string;
  readonly choice: ChoiceWord;
  readonly note: string | null;
  readonly chosenAt: Instant;
  /** When a person said that it is settled; `null`: nobody has, though the order may show it. */
  readonly settledAt: Instant | null;
}

export interface OperatorAction {
  readonly id: string;
  readonly type: ActionType;
  /** The dispute's or return's id at the sender; `null` when it belongs to none. */
  readonly caseId: string | null;
  readonly at: Instant;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Report {
  readonly id: string;
  readonly topic: ReportTopic;
  readonly text: string | null;
  readonly reportedAt: Instant;
  /** When the shop answered this report by itself; `null`: not, though the conversation as a whole may have been (`Order.answeredAt`). */
  readonly answeredAt: Instant | null;
}
