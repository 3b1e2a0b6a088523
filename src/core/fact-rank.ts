import type { Saying } from "./facts.ts";

/** A fact with what decides whether it holds. */
export interface Ranked {
  /** ISO 8601 UTC or any string that sorts by time. */
  readonly at: string;
  readonly weight: number;
  readonly hash: string;
}

/** Whether `a` replaces `b` in the slot both fill: the newer wins, then the one that says something happened, then the greater hash. */
export function beats(a: Ranked, b: Ranked): boolean {
  if (a.at !== b.at) return a.at > b.at;
  if (a.weight !== b.weight) return a.weight > b.weight;
  return a.hash > b.hash;
}

/**
 * Says whether a fact reports something that happened (1) or only that it has not (0); of a list, how much it names (up to 1,000).
 *
 * Senders stamp to the second: "cancelled" and "not cancelled" of one second are told apart by this before the content hash
 * decides, so that what happened is never lost to a coin toss.
 */
export function weightOf(says: Saying): number {
  switch (says.kind) {
    case "deletion":
      return says.deleted ? 1 : 0;
    case "list":
      return Math.min(says.ids.length, 1_000);
    case "payment":
      return says.paidAt === null ? 0 : 1;
    case "cancellation":
      return says.cancelledAt === null ? 0 : 1;
    case "shipment":
      return says.void ? 1 : 0;
    case "review":
      return says.removed ? 1 : 0;
    case "case":
      return says.state === "closed" ? 1 : 0;
    case "choice":
      return says.settledAt === undefined ? 0 : 1;
    case "report":
      return says.answeredAt === undefined ? 0 : 1;
    case "buyer":
      return says.email === null ? 0 : 1;
    case "address":
      return says.country === null ? 0 : 1;
    default:
      return 0;
  }
}
