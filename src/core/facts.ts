import { hash } from "node:crypto";
import type { ActionSaying } from "./action.ts";
import type { ChoiceSaying, ReportSaying } from "./choice.ts";
import type { DeletionSaying, ListSaying } from "./taken-back.ts";

/**
 * What a delivery says about one order, in the words of no platform.
 *
 * A fact fills one *slot* of its order (`slotOf`): the address, the payment, shipment 7, review 3. Of all facts that ever
 * fill the same slot one holds, and which one does not depend on the order in which they came: see `beats` in `fact-rank.ts`. That is what makes
 * the timetable the same for any permutation and repetition of deliveries (planner rule P1, standards IN-07).
 *
 * All values are JSON. Times are ISO 8601 UTC strings with milliseconds, money is a decimal string in major units, ids are strings.
 */
export interface Fact {
  /** The order's id at the sender. */
  readonly order: string;
  /** When the sender says this was so (`updated_at`, `occurredAt`, …); decides which of two facts is the newer. ISO 8601 UTC. */
  readonly at: string;
  readonly says: Saying;
}

export type Saying =
  | OrderSaying
  | BuyerSaying
  | AddressSaying
  | PaymentSaying
  | CancellationSaying
  | ItemsSaying
  | ShipmentSaying
  | ScanSaying
  | RefundSaying
  | ReviewSaying
  | CaseSaying
  | ConversationSaying
  | ConsentSaying
  | ChoiceSaying
  | ReportSaying
  | ActionSaying
  | DeletionSaying
  | ListSaying;

export interface OrderSaying {
  readonly kind: "order";
  /** As the buyer knows it, without `#`. */
  readonly number: string;
  readonly placedAt: string;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly total: string;
  /** The buyer's page at the shop. */
  readonly url: string | null;
  readonly tags: readonly string[];
  readonly promisedDispatchBy: string | null;
  /** The sender marks it as a test: it is shown, and never mailed (IN-16). */
  readonly test: boolean;
  /** `true` when nothing of it travels: point of sale, pickup, digital goods. */
  readonly nothingShips: boolean;
}

export interface BuyerSaying {
  readonly kind: "buyer";
  readonly id: string | null;
  /** As the sender gave it, trimmed; `null` when there is none (IN-15). Whether it can be mailed is `core/address.ts`'s to say. */
  readonly email: string | null;
  readonly name: string | null;
  /** BCP 47, as `de-AT`; `null` when unknown. */
  readonly locale: string | null;
}

export interface AddressSaying {
  readonly kind: "address";
  /** ISO 3166-1 alpha-2, upper case; `null` when the order has no shipping address. */
  readonly country: string | null;
  /** Subdivision as the sender writes it: `KY`, `Kentucky`, `US-KY`. */
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface PaymentSaying {
  readonly kind: "payment";
  /** `null`: the sender says it is not paid. A sender that does not speak of payment sends no such fact. */
  readonly paidAt: string | null;
}

export interface CancellationSaying {
  readonly kind: "cancellation";
  /** `null`: the sender says it is not cancelled. */
  readonly cancelledAt: string | null;
  readonly reason: string | null;
}

export interface ItemsSaying {
  readonly kind: "items";
  readonly items: readonly Item[];
}

export interface Item {
  readonly id: string;
  readonly sku: string | null;
  readonly title: string;
  readonly variant: string | null;
  /** How many were ordered, at least 0. */
  readonly quantity: number;
  /** Of one, in the order's currency. */
  readonly price: string;
  readonly imageUrl: string | null;
  readonly url: string | null;
  /** `false` for gift cards and downloads. */
  readonly ships: boolean;
}

export interface ShipmentSaying {
  readonly kind: "shipment";
  readonly id: string;
  /** `null` while it is only announced, or when it was made void. */
  readonly dispatchedAt: string | null;
  /** The sender took it back: it never was a parcel. */
  readonly void: boolean;
  readonly carrier: string | null;
  readonly service: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  /** What is in it; `null` when the sender does not say (then: everything). */
  readonly items: readonly Quantity[] | null;
  /** `true`: it stands only while the sender's list of shipments names it (`ListSaying`). */
  readonly listed?: true;
  /** `true`: the sender says that everything left, but knows of no parcel. It counts only while no parcel is known. */
  readonly standIn?: true;
}

export interface Quantity {
  readonly id: string;
  readonly quantity: number;
}

export const scanStatuses = [
  "in_transit",
  "customs",
  "out_for_delivery",
  "delivered",
  "exception",
  "returned",
  "ready_for_pickup",
] as const;
export type ScanStatus = (typeof scanStatuses)[number];

/** One scan of a parcel. Scans only add up: two different ones never replace each other. */
export interface ScanSaying {
  readonly kind: "scan";
  readonly shipment: string;
  readonly status: ScanStatus;
  readonly occurredAt: string;
  readonly description: string | null;
  readonly location: string | null;
}

export interface RefundSaying {
  readonly kind: "refund";
  readonly id: string;
  readonly refundedAt: string;
  /** In the order's currency; `null` when the sender gives items only. */
  readonly amount: string | null;
  readonly items: readonly Quantity[];
  /**
   * `true`: it stands only while the sender's list of refunds names it (`ListSaying`), and the sender does not say when it was made:
   * `refundedAt` is when it told of it. Such tellings add up, and the earliest is taken for the time of the refund.
   */
  readonly listed?: true;
}

export interface ReviewSaying {
  readonly kind: "review";
  readonly id: string;
  /** When the review was first posted, as far as this fact knows. */
  readonly postedAt: string;
  /** 1 to 5; `null` in a removal. */
  readonly rating: number | null;
  readonly removed: boolean;
  readonly text: string | null;
  readonly itemId: string | null;
  readonly url: string | null;
}

export interface CaseSaying {
  readonly kind: "case";
  readonly id: string;
  readonly type: "dispute" | "return";
  readonly state: "open" | "closed";
  readonly changedAt: string;
  readonly reason: string | null;
  readonly outcome: string | null;
}

/** Whether the buyer waits for an answer of the shop. */
export interface ConversationSaying {
  readonly kind: "conversation";
  readonly waiting: boolean;
  readonly changedAt: string;
}

/** What the buyer agreed to when ordering; kept as evidence with the address it was given for (LAW-02). */
export interface ConsentSaying {
  readonly kind: "consent";
  readonly scope: "review" | "offer";
  readonly text: string;
  readonly at: string;
}

/**
 * Names the slot of its order that a fact fills. Facts with the same slot compete, all others add up.
 *
 * Stable for good: it is part of a primary key.
 */
export function slotOf(says: Saying): string {
  switch (says.kind) {
    case "order":
    case "buyer":
    case "address":
    case "payment":
    case "cancellation":
    case "items":
    case "conversation":
    case "deletion":
      return says.kind;
    case "shipment":
    case "review":
    case "action":
    case "report":
      return `${says.kind}:${says.id}`;
    case "choice":
      return `choice:${says.of}:${says.about}`;
    case "refund":
      return says.listed === true ? `refund:${says.id}:${says.refundedAt}` : `refund:${says.id}`;
    case "list":
      return `list:${says.of}`;
    case "case":
      return `case:${says.type}:${says.id}`;
    case "scan":
      return `scan:${says.shipment}:${says.status}:${says.occurredAt}`;
    case "consent":
      return `consent:${says.scope}:${says.at}`;
  }
}

/** A hash over what is said, the same whatever the order of its keys: 32 hex digits. Breaks ties between facts of one time (P1). */
export function hashOf(says: Saying): string {
  return hash("sha256", canonical(says)).slice(0, 32);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
