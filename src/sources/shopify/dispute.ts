import type { Reading } from "../adapter.ts";
import { orNull } from "../fields.ts";
import type { Dispute } from "./payloads.ts";

/**
 * Reads a dispute: whether it is open, and how it ended.
 *
 * Its body tells the state without the time since when, so the newest time it names or `happenedAt`, the event's own (ISO 8601 UTC or
 * `null`), says which of two statements is the newer. An unknown state is taken for open: asking a buyer in a dispute for a review
 * is worse than not asking one.
 */
export function disputeReading(dispute: Dispute, happenedAt: string | null): Reading {
  if (dispute.order_id == null) return { kind: "ignored", reason: "the dispute names no order" };
  const status = dispute.status.trim().toLowerCase();
  const closed = ends.has(status);
  const later = [dispute.evidence_sent_on, dispute.finalized_on, happenedAt].flatMap((time) => time ?? []);
  const newest = [dispute.initiated_at, ...later].sort().at(-1) ?? dispute.initiated_at;
  return {
    kind: "facts",
    facts: [
      {
        order: dispute.order_id,
        at: newest,
        says: {
          kind: "case",
          id: dispute.id,
          type: "dispute",
          state: closed ? "closed" : "open",
          changedAt: closed ? (dispute.finalized_on ?? newest) : dispute.initiated_at,
          reason: orNull(dispute.reason),
          outcome: closed ? status : null,
        },
      },
    ],
  };
}

/** Open are `needs_response` and `under_review`. */
const ends: ReadonlySet<string> = new Set(["accepted", "charge_refunded", "won", "lost", "prevented"]);
