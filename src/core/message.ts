import type { Instant } from "./instant.ts";
import type { Because, Category, MessageState, Occurrence, Reason } from "./timetable.ts";

/** One message of an order as the ledger has it, as far as planning needs to know. */
export interface LedgerMessage {
  readonly id: string;
  readonly step: string;
  readonly occurrence: Occurrence;
  readonly template: string;
  readonly category: Category;
  readonly state: MessageState;
  /** The slot the facts gave when it was last planned (`PlannedEntry.dueAt`). */
  readonly slotAt: Instant;
  /** When it goes out: `slotAt`, or later when it was moved (late facts, a deferral, a retry). */
  readonly dueAt: Instant;
  readonly staleAt: Instant;
  /** When its sending was accepted, or was in doubt (`unsure` counts as sent, P6). */
  readonly sentAt: Instant | null;
  /** Care mail that invited feedback: the order's one request for a review (LAW-03). Says so of what has gone only. */
  readonly invited: boolean;
  /** The buyer's cap was taken by another message: not before then (P10). */
  readonly deferredUntil: Instant | null;
  readonly reason: Reason | null;
  readonly scheduleVersion: number;
  readonly because: readonly Because[];
}

/** An operator's move on one message. Of several the last by `at` holds (ties: the later in the list of `moves` words). */
export interface Move {
  readonly step: string;
  readonly occurrence: Occurrence;
  readonly move: "release" | "hold" | "send-now" | "cancel";
  readonly at: Instant;
}

/** What `reconcile` wants done to the ledger. */
export type Change =
  | {
      readonly kind: "add";
      readonly step: string;
      readonly occurrence: Occurrence;
      readonly template: string;
      readonly category: Category;
      readonly next: NextState;
    }
  | { readonly kind: "set"; readonly id: string; readonly from: MessageState; readonly next: NextState };

export interface NextState {
  readonly state: "planned" | "held" | "cancelled" | "stale";
  readonly slotAt: Instant;
  readonly dueAt: Instant;
  readonly staleAt: Instant;
  readonly deferredUntil: Instant | null;
  readonly reason: Reason | null;
  readonly scheduleVersion: number;
  readonly because: readonly Because[];
}
