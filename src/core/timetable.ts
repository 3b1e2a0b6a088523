import type { HolidayCalendar } from "./holidays.ts";
import type { Instant } from "./instant.ts";

export const categories = ["order", "care", "review", "offer"] as const;
/** What a message is for the law: see `docs/glossary.md`. Everything but `order` needs a way out and a decent hour. */
export type Category = (typeof categories)[number];

export const occurrenceKinds = ["order", "shipment", "review", "closure", "disruption", "case", "quiet-spell", "refund", "action"] as const;
export type OccurrenceKind = (typeof occurrenceKinds)[number];

/** What a message is about. With order and step it is the message's identity (planner rule P3). */
export interface Occurrence {
  readonly kind: OccurrenceKind;
  /**
   * The shipment's, review's or refund's id at the sender; a case's with its type before it (`dispute:7`); the closure's, disruption's or action's id; of a quiet spell the scan it began with;
   * or the order's own id for `order`.
   */
  readonly id: string;
}

export const messageStates = [
  "planned",
  "queued",
  "sending",
  "sent",
  "delivered",
  "bounced",
  "complained",
  "cancelled",
  "stale",
  "held",
  "failed",
  "unsure",
] as const;
export type MessageState = (typeof messageStates)[number];

/** States in which a message has left us, or may have: never planned again (planner rule P2). */
export const goneStates: ReadonlySet<MessageState> = new Set(["sent", "delivered", "bounced", "complained", "unsure"]);

/** Why an entry will not be sent, waits, or is held. Closed: each word is explained in `docs/message-states.md`. */
export const reasons = [
  // the start has not happened
  "not-started",
  "prior-not-sent-yet",
  // exits of the step (`unless`, `only`)
  "order-cancelled",
  "order-refunded",
  "review-posted",
  "review-removed",
  "case-open",
  "buyer-waiting",
  "choice-open",
  "choice-made",
  "already-delivered",
  "already-dispatched",
  "already-paid",
  "parcel-returned",
  "nothing-to-review",
  "condition-not-met",
  "prior-not-sent",
  "occurrence-gone",
  "no-closure",
  "no-disruption",
  "no-tracking",
  "step-removed",
  "step-off",
  // may not
  "no-address",
  "bad-address",
  "relay-address",
  "test-order",
  "suppressed",
  "no-consent",
  "cap-reached",
  "before-live-from",
  "before-step-published",
  "nothing-ships",
  "order-unknown",
  "order-closed",
  // too late, or held
  "stale",
  "operator-cancelled",
  "operator-held",
  "shop-not-sending",
  "instance-held",
  "needs-attention",
  // what became of a sending
  "refused",
  "render-failed",
  "lint-blocked",
  "too-many-attempts",
  "answer-unknown",
  "transport-paused",
] as const;
export type Reason = (typeof reasons)[number];

/** One sentence of the explanation: which rule spoke, and what it said of this order, in English. Rules are a closed list, documented beside the reasons. */
export interface Because {
  readonly rule: Rule;
  readonly detail: string;
}

export const rules = [
  "anchor",
  "wait",
  "lane",
  "range",
  "window",
  "weekday",
  "holiday",
  "spread",
  "zone",
  "transit",
  "delivered-scan",
  "only",
  "unless",
  "permit",
  "consent",
  "suppression",
  "cap",
  "late",
  "stale",
  "after",
  "closure",
  "disruption",
  "tracking",
  "retime",
  "move",
  "live-from",
  "published",
  "address",
  "sending",
  "attempt",
] as const;
export type Rule = (typeof rules)[number];

/** What the schedule makes of one step for one occurrence of one order. */
export type Entry = PlannedEntry | WaitingEntry | ExcludedEntry;

interface EntryBase {
  readonly step: string;
  readonly template: string;
  readonly category: Category;
  readonly occurrence: Occurrence;
  readonly because: readonly Because[];
}

/** It will go out at `dueAt`, the slot the facts alone give; where the present comes in, `reconcile` may move it. */
export interface PlannedEntry extends EntryBase {
  readonly kind: "planned";
  readonly dueAt: Instant;
  /** From then on it is of no use and is not sent. */
  readonly staleAt: Instant;
  /** Milliseconds from a slot to its being stale, for a slot that `reconcile` moves. */
  readonly staleAfterMs: number;
  /** The slots it may keep (P7) or be moved to (P8, P4, P10). */
  readonly slots: Slots;
  /** Why it is held back at its time, else `null`. */
  readonly held: "operator-held" | "shop-not-sending" | null;
  /** An operator wants it now: windows and caps do not count. */
  readonly sendNow: boolean;
}

/** Its start has not happened, or it counts from a step that was not sent yet; `dueAt` is then a projection (P6) or absent. */
export interface WaitingEntry extends EntryBase {
  readonly kind: "waiting";
  readonly dueAt: Instant | null;
  readonly reason: Reason;
}

/** It will not be sent. */
export interface ExcludedEntry extends EntryBase {
  readonly kind: "excluded";
  readonly reason: Reason;
}

/** When an entry may go out besides its first choice; what `reconcile` needs to move it without planning again. */
export interface Slots {
  /** The zones (IANA) in which the window must hold: the buyer's, and the shop's too where the buyer's is not certain (SCH-04). */
  readonly zones: readonly string[];
  /** The step's window; `null`: at any hour. */
  readonly window: Window | null;
  /** Whose holidays are avoided; `null`: none are. */
  readonly holidays: HolidayCalendar | null;
  /** Slots before it are not allowed: the anchor, the first day of the range, the end of the transit window. */
  readonly earliest: Instant;
  /** The last instant of the range; `null` when the step has no range or a bound pushed it past the range. */
  readonly latest: Instant | null;
}

/** Hours of a day, `[from, to)` in minutes after midnight, and the days on which they hold. */
export interface Window {
  readonly fromMinute: number;
  readonly toMinute: number;
  /** ISO weekdays 1 (Monday) … 7; `null`: every day. */
  readonly days: readonly number[] | null;
}

/** The whole timetable of one order: every step is in it, also those that will not be sent. */
export interface Timetable {
  readonly orderId: string;
  readonly scheduleVersion: number;
  readonly entries: readonly Entry[];
}
