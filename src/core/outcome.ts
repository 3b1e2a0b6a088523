import { type Instant, plus } from "./instant.ts";
import { backoffMs, greylistMs, mailboxFullMs, maxAttempts, resendMs, throttleMs, transportDownMs } from "./retry.ts";
import { classifyRefusal, type Phase, type Refusal, type RefusalClass, type SendResult } from "./smtp-reply.ts";
import type { Category } from "./timetable.ts";
import { unreachable } from "./unreachable.ts";

/** What is to be done with a message after an attempt. `detail` is a sentence for operators, `text` of servers included. */
export type Outcome =
  | { readonly kind: "sent"; readonly answer: string }
  /** Our gate said no at the last moment; what it decided stands, nothing is to be done. */
  | { readonly kind: "withdrawn" }
  /** Try again at `at`. Same Message-ID, same Date. */
  | {
      readonly kind: "later";
      readonly at: Instant;
      readonly countsAsAttempt: boolean;
      readonly class: RefusalClass | "lost";
      readonly detail: string;
    }
  /** Not again. `dead`: suppress the address for this shop at once; `fine`: the address is not to blame. `policy` refusals are to be counted per shop. */
  | {
      readonly kind: "refused";
      readonly reason: "refused" | "too-many-attempts";
      readonly address: "dead" | "fine";
      readonly class: RefusalClass | "lost" | "unsendable";
      readonly detail: string;
    }
  /** A full mailbox: try again at `at`; `fullTooLong` says when the address is to be suppressed. */
  | { readonly kind: "mailbox-full"; readonly at: Instant; readonly countsAsAttempt: true; readonly detail: string }
  /** The next try would come after `staleAt`: of no use any more. A mailbox that was full still counts as full. */
  | { readonly kind: "stale"; readonly class: RefusalClass | "lost"; readonly detail: string }
  /** It may have arrived. `resendAt`: send once more then, with the same Message-ID and Date, and flag it; `null`: never again. */
  | { readonly kind: "unsure"; readonly resendAt: Instant | null; readonly detail: string }
  /** Our own fault or our relay's: the message waits, no attempt is consumed, the transport rests until `retryAt`. */
  | { readonly kind: "transport-down"; readonly retryAt: Instant; readonly detail: string };

export interface OutcomeContext {
  readonly category: Category;
  /** Counted attempts of this message, this one included: 1 or more. */
  readonly attempts: number;
  readonly firstAttemptAt: Instant;
  readonly now: Instant;
  readonly staleAt: Instant;
  /** Whether this attempt was itself the one resend of a message in doubt. */
  readonly resent: boolean;
  /** In [0, 1), from a hash of message and attempt. */
  readonly random: number;
  /** How many times shorter than usual all waits are: 1, except in test runs. */
  readonly haste: number;
}

/**
 * Says what becomes of a message after an attempt: the table of standards 2.4 and REL-02. Pure.
 *
 * What was lost before the final dot is tried again without harm. What was lost after it may have arrived: order mail is sent once
 * more, anything else never.
 */
export function outcomeOf(result: SendResult, context: OutcomeContext): Outcome {
  switch (result.kind) {
    case "accepted":
      return { kind: "sent", answer: result.answer };
    case "withdrawn":
      return { kind: "withdrawn" };
    case "unsendable":
      return { kind: "refused", reason: "refused", address: "fine", class: "unsendable", detail: result.reason };
    case "lost":
      return lost(result.phase, result.reason, context);
    case "replied":
      return replied(result, context);
    default:
      return unreachable(result);
  }
}

/** What to do with a message of which only is known that its sending had begun: the worker died, or its lease ran out (REL-02). */
export function outcomeOfDeath(context: OutcomeContext): Outcome {
  return unsure("the worker stopped between handing the mail over and hearing the answer", context);
}

function lost(phase: Phase, reason: string, context: OutcomeContext): Outcome {
  const detail = `connection lost ${phaseInWords[phase]}: ${reason}`;
  switch (phase) {
    case "connect":
    case "greeting":
    case "tls":
    case "auth":
      return transportDown(detail, context);
    case "mail-from":
    case "rcpt-to":
    case "data":
    case "body":
      return later(backoffMs(context.attempts, context.random), "lost", detail, context);
    case "after-dot":
      return unsure(detail, context);
    default:
      return unreachable(phase);
  }
}

const phaseInWords: Readonly<Record<Phase, string>> = {
  connect: "while connecting",
  greeting: "before the server greeted",
  tls: "while switching to TLS",
  auth: "while signing in",
  "mail-from": "after MAIL FROM",
  "rcpt-to": "after RCPT TO",
  data: "after DATA",
  body: "in the middle of the mail",
  "after-dot": "after the mail was handed over, before the answer",
};

function replied(refusal: Refusal, context: OutcomeContext): Outcome {
  const found = classifyRefusal(refusal);
  const detail = refusal.text;
  const { attempts, random } = context;
  switch (found) {
    case "ours":
      return transportDown(detail, context);
    case "throttled":
      return later(throttleMs(context.now - context.firstAttemptAt, random), found, detail, context);
    case "greylisted":
      return later(greylistMs(attempts, random), found, detail, context);
    case "temporary":
      return later(backoffMs(attempts, random), found, detail, context);
    case "mailbox-full": {
      const again = later(mailboxFullMs(random), found, detail, context);
      return again.kind === "later" ? { kind: "mailbox-full", at: again.at, countsAsAttempt: true, detail } : again;
    }
    case "no-such-user":
      return { kind: "refused", reason: "refused", address: "dead", class: found, detail };
    case "content":
    case "policy":
    case "permanent":
      return { kind: "refused", reason: "refused", address: "fine", class: found, detail };
    default:
      return unreachable(found);
  }
}

function later(
  waitMs: number,
  found: RefusalClass | "lost",
  detail: string,
  context: OutcomeContext,
): Outcome & { kind: "later" | "stale" | "refused" } {
  const at = plus(context.now, waitMs / context.haste);
  if (at >= context.staleAt) return { kind: "stale", class: found, detail };
  const countsAsAttempt = found !== "throttled";
  if (countsAsAttempt && context.attempts >= maxAttempts) {
    return { kind: "refused", reason: "too-many-attempts", address: "fine", class: found, detail };
  }
  return { kind: "later", at, countsAsAttempt, class: found, detail };
}

function unsure(detail: string, context: OutcomeContext): Outcome {
  const at = plus(context.now, resendMs(context.random) / context.haste);
  const again = context.category === "order" && !context.resent && at < context.staleAt;
  return { kind: "unsure", resendAt: again ? at : null, detail };
}

function transportDown(detail: string, { now, random, haste }: OutcomeContext): Outcome {
  return { kind: "transport-down", retryAt: plus(now, transportDownMs(random) / haste), detail };
}
