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
