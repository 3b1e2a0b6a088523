import type { Instant } from "../src/core/instant.ts";
import type { Outcome } from "../src/core/outcome.ts";
import { unreachable } from "../src/core/unreachable.ts";
import type { Ending } from "../src/store/attempts.ts";

type Written = Pick<Ending, "outcome" | "answer" | "next">;

/** What the outcome of an attempt makes of its message, which was due at `dueAt` (standards 2.4, 5.2). */
export function endingOf(outcome: Outcome, now: Instant, dueAt: Instant): Written {
  switch (outcome.kind) {
    case "withdrawn":
      return {
        outcome: "later",
        answer: "it was let go, and its turn did not come in time: nothing was said of it",
        next: again(dueAt, false),
      };
    case "sent":
      return { outcome: "sent", answer: outcome.answer, next: { ...settled, state: "sent", sentAt: now } };
    case "later":
      return { outcome: "later", answer: outcome.detail, next: again(outcome.at, outcome.countsAsAttempt) };
    case "mailbox-full":
      return { outcome: "mailbox-full", answer: outcome.detail, next: again(outcome.at, true) };
    case "transport-down":
      return { outcome: "transport-down", answer: outcome.detail, next: again(outcome.retryAt, false) };
    case "refused":
      return { outcome: "refused", answer: outcome.detail, next: { ...settled, state: "failed", reason: outcome.reason } };
    case "stale":
      return { outcome: "stale", answer: outcome.detail, next: { ...settled, state: "stale", reason: "stale" } };
    case "unsure":
      if (outcome.resendAt === null) {
        return { outcome: "unsure", answer: outcome.detail, next: { ...settled, state: "unsure", reason: "answer-unknown", sentAt: now } };
      }
      return {
        outcome: "unsure",
        answer: outcome.detail,
        next: { state: "planned", reason: "answer-unknown", dueAt: outcome.resendAt, sentAt: now, resend: true, counts: true },
      };
    default:
      return unreachable(outcome);
  }
}

const settled = { reason: null, dueAt: null, sentAt: null, resend: false, counts: true } as const;

function again(dueAt: Instant, counts: boolean): Ending["next"] {
  return { state: "planned", reason: null, dueAt, sentAt: null, resend: false, counts };
}
