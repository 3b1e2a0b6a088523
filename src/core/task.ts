import type { Instant } from "./instant.ts";
import type { Change, LedgerMessage } from "./message.ts";
import type { Order } from "./order.ts";
import { type OrderEnd, orderEndAfter } from "./order-end.ts";
import { fullyDispatchedAt } from "./order-state.ts";
import type { Occurrence, Timetable } from "./timetable.ts";
import { unreachable } from "./unreachable.ts";

/** What choices of a buyer ask of a person. */
export const choiceTaskKinds = ["delivery-late", "dispatch-late", "review-recovery", "dispute-proposal"] as const;
/** What buyers tell on their page. */
export const reportTaskKinds = ["not-arrived", "problem"] as const;
/** What planning notices by itself. */
export const watchedTaskKinds = ["message-unsure", "message-failed", "needs-attention"] as const;

/** Why there is something for a person to do. Closed: each word is explained in `docs/buyers-pages.md`. */
export const taskKinds = [...choiceTaskKinds, ...reportTaskKinds, ...watchedTaskKinds] as const;
export type TaskKind = (typeof taskKinds)[number];

/** How a task can end. `no-longer-needed` is also what the service says when the need is gone. */
export const taskResolutions = ["done", "resent", "refunded", "answered", "declined", "no-longer-needed"] as const;
export type TaskResolution = (typeof taskResolutions)[number];

/** What planning finds in an order that a person must look at. */
export interface WantedTask {
  readonly kind: (typeof watchedTaskKinds)[number];
  /** What tells two of one kind apart. */
  readonly about: string;
  readonly messageId: string | null;
  readonly step: string;
  readonly occurrence: Occurrence;
}

/** An open task, as far as an order's facts can end it. */
export interface OpenTask {
  readonly id: string;
  readonly kind: TaskKind;
  readonly about: string;
  readonly choice: string | null;
  readonly updatedAt: Instant;
}

/** How a task ends without anybody's word. */
export interface TaskEnd {
  readonly resolution: TaskResolution;
  /** Why, in a sentence of English; `null`: the resolution says it all. */
  readonly note: string | null;
  /** Whether what the buyer told or chose is settled by it, so that nothing need wait for it any more. */
  readonly settles: boolean;
}

/** What planning knows of an order that may need a person. */
export interface PlannedOrder {
  readonly order: Order;
  readonly timetable: Timetable;
  readonly messages: readonly LedgerMessage[];
  readonly changes: readonly Change[];
}

/**
 * Says what an order's timetable and ledger need a person for: messages of which nobody knows whether they arrived (an order mail goes once
 * more by itself, and after the order's end it is all one), mails that could not be made, entries for which no hour could be found. Pure.
 */
export function wantedTasks({ order, timetable, messages, changes }: PlannedOrder): readonly WantedTask[] {
  const next = new Map(changes.flatMap((change) => (change.kind === "set" ? [[change.id, change.next] as const] : [])));
  const fromLedger = messages.flatMap(({ id, step, occurrence, category, state, reason, sentAt, dueAt }): WantedTask[] => {
    const about = { about: id, messageId: id, step, occurrence };
    if (state === "unsure" && category !== "order")
      return orderEndAfter(order, sentAt ?? dueAt) === null ? [{ kind: "message-unsure", ...about }] : [];
    return state === "failed" && (reason === "render-failed" || reason === "lint-blocked") ? [{ kind: "message-failed", ...about }] : [];
  });
  const shut = [
    ...timetable.entries.filter((entry) => entry.kind === "excluded" && entry.reason === "needs-attention"),
    ...changes.flatMap((change) => (change.kind === "add" && change.next.reason === "needs-attention" ? [change] : [])),
    ...messages.filter((message) => isShut(next.get(message.id) ?? message)),
  ];
  return [...fromLedger, ...shut.map(withoutHour)];
}

function isShut({ state, reason }: Pick<LedgerMessage, "state" | "reason">): boolean {
  return state === "cancelled" && reason === "needs-attention";
}

function withoutHour({ step, occurrence }: Pick<LedgerMessage, "step" | "occurrence">): WantedTask {
  return { kind: "needs-attention", about: `${step} ${occurrence.kind} ${occurrence.id}`, messageId: null, step, occurrence };
}

/**
 * Says how an order's facts have ended a task without anybody's word, or `null` when they have not. Pure.
 *
 * A choice is carried out when the order shows it: a parcel that left after it, a refund after it, the cancellation. What planning noticed
 * ends when it is no longer wanted. What a buyer told or chose before the order's end (see `orderEndAfter`) ends with it; what came after it is
 * for a person, and so is, where nothing was refunded, whatever asks for money.
 */
export function endedByFacts(task: OpenTask, order: Order, wanted: readonly WantedTask[]): TaskEnd | null {
  const end = orderEndAfter(order, task.updatedAt);
  switch (task.kind) {
    case "message-unsure":
    case "message-failed":
    case "needs-attention": {
      if (wanted.some(({ kind, about }) => kind === task.kind && about === task.about)) return null;
      return { resolution: "no-longer-needed", note: end === null ? null : endWords[end.kind], settles: false };
    }
    case "delivery-late":
    case "review-recovery":
    case "dispatch-late":
    case "dispute-proposal": {
      const resolution = carriedOut(task, order);
      return resolution === null ? endedWith(end, task, order) : { resolution, note: null, settles: false };
    }
    case "not-arrived":
    case "problem":
      return endedWith(end, task, order);
    default:
      return unreachable(task.kind);
  }
}

function carriedOut({ kind, choice, updatedAt: since }: OpenTask, order: Order): TaskResolution | null {
  if (kind === "dispute-proposal") return null;
  switch (choice) {
    case "resend":
      return order.shipments.some(({ dispatchedAt }) => dispatchedAt !== null && dispatchedAt >= since) ? "resent" : null;
    case "refund":
      return order.refunds.some(({ at }) => at >= since) ? "refunded" : null;
    case "cancel":
      return order.cancelled === null ? null : "done";
    case "wait":
      return fullyDispatchedAt(order) === null && order.cancelled === null ? null : "no-longer-needed";
    default:
      return null;
  }
}

/** A cancellation alone gives nothing back: a refund, or a proposal that may promise one, is still owed. */
function endedWith(end: OrderEnd | null, { choice }: OpenTask, { waitingSince }: Order): TaskEnd | null {
  if (end === null || (end.kind === "cancelled" && (choice === "refund" || choice === "accept"))) return null;
  return {
    resolution: end.kind === "refunded" ? "refunded" : "no-longer-needed",
    note: endWords[end.kind],
    // A letter that came after the end is answered by a person, and everything older with it.
    settles: waitingSince === null || waitingSince <= end.at,
  };
}

const endWords: Readonly<Record<OrderEnd["kind"], string>> = {
  refunded: "The order was refunded in full.",
  cancelled: "The order was cancelled before anything was dispatched.",
};

/** What the person must do, in one or two sentences of English. */
export function toDoOf({
  kind,
  choice,
  step,
}: {
  readonly kind: TaskKind;
  readonly choice: string | null;
  readonly step: string | null;
}): string {
  switch (kind) {
    case "delivery-late":
    case "dispatch-late":
    case "review-recovery":
    case "dispute-proposal":
      return choiceWords[choice ?? ""] ?? `The buyer chose "${choice}". Do it, and tell the buyer.`;
    case "not-arrived":
      return "The buyer says that it has not arrived. Ask the carrier, and answer the buyer.";
    case "problem":
      return "The buyer says that something is wrong. Answer, and offer at least two ways to put it right.";
    case "message-unsure":
      return `It is unknown whether the mail "${step}" arrived; it is not sent again by itself. Ask the mail server, or leave it.`;
    case "message-failed":
      return `The mail "${step}" could not be made. Its message says why; mend the template.`;
    case "needs-attention":
      return `The schedule leaves no hour in which "${step}" may go to this buyer. Change its window.`;
    default:
      return unreachable(kind);
  }
}

const choiceWords: Readonly<Record<string, string>> = {
  resend: "The buyer wants it sent again. Send it, and add the new parcel to the order.",
  refund: "The buyer wants the money back. Refund it in the shop.",
  wait: "The buyer will wait. Send it as soon as you can.",
  cancel: "The buyer does not want to wait. Cancel the order and refund it.",
  talk: "The buyer wants to talk about it. Write to the buyer.",
  accept: "The buyer accepts the proposal. Do what it says.",
};
