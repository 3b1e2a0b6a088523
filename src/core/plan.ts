import type { Closure } from "./closure.ts";
import type { LedgerMessage } from "./message.ts";
import { closureStarts } from "./plan-closures.ts";
import { disruptionStarts } from "./plan-disruptions.ts";
import { planEntry } from "./plan-entry.ts";
import { type PlanInput, rowOf } from "./plan-input.ts";
import { type Scene, setScene } from "./plan-scene.ts";
import { type Start, type StartState, startsOf } from "./plan-starts.ts";
import { watchedStarts } from "./plan-watch.ts";
import { reviewAsksGone, reviewAsksPerOrder } from "./review-asks.ts";
import type { Step } from "./schedule-step.ts";
import type { Trigger } from "./schedule-words.ts";
import type { Entry, PlannedEntry, Timetable } from "./timetable.ts";
import { goneStates } from "./timetable.ts";
import { unreachable } from "./unreachable.ts";

export type { PlanInput } from "./plan-input.ts";

/**
 * Makes the timetable of one order: every step of the schedule with its time, or with the reason it has none.
 *
 * Pure, and blind to the present: the same facts, sends, schedule and calendar always give the same timetable (P1), and what has been sent is among
 * the inputs (P2). An entry is there for each thing a step is about (P3); one that was sent is planned again like any other, and it is
 * `reconcile` that never touches it.
 */
export function plan(input: PlanInput): Timetable {
  const scene = setScene(input);
  const { steps, version } = input.schedule;
  const planned = new Map<Step, readonly Asked[]>();
  const asks = { left: reviewAsksPerOrder - reviewAsksGone(input.messages).length };
  const entries = steps.flatMap((step) => planStep(step, scene, planned, asks).map(({ entry }) => entry));
  return { orderId: input.order.id, scheduleVersion: version, entries };
}

interface Asked {
  readonly start: Start;
  readonly entry: Entry;
}

function planStep(step: Step, scene: Scene, planned: Map<Step, readonly Asked[]>, asks: { left: number }): readonly Asked[] {
  const known = planned.get(step);
  if (known !== undefined) return known;
  const starts = allStarts(step, scene, planned, asks);
  const asked = starts.map((start) => ({ start, entry: limited(planEntry(step, start, start.closure, scene), scene, asks) }));
  planned.set(step, asked);
  return asked;
}

type AnyStart = Start & { readonly closure: Closure | null };

function allStarts(step: Step, scene: Scene, planned: Map<Step, readonly Asked[]>, asks: { left: number }): readonly AnyStart[] {
  const { start } = step;
  if (start.kind === "on") {
    if (start.trigger === "closure") return closureStarts(step, scene);
    return foundStarts(step, start.trigger, scene).map((one) => ({ ...one, closure: null }));
  }
  const prior = scene.input.schedule.steps.find(({ key }) => key === start.step);
  if (prior === undefined) throw new Error(`step ${step.key} follows ${start.step}, which a parsed schedule always has`);
  return planStep(prior, scene, planned, asks).map(({ start: earlier, entry }) => ({
    occurrence: earlier.occurrence,
    subject: earlier.subject,
    closure: null,
    state: stateAfter(entry, rowOf(scene.input.messages, entry)),
  }));
}

function foundStarts(step: Step, trigger: Exclude<Trigger, "closure">, scene: Scene): readonly Start[] {
  switch (trigger) {
    case "disruption":
      return disruptionStarts(scene);
    case "shipment.quiet":
    case "shipment.half-way":
    case "shipment.overdue":
      return watchedStarts(trigger, scene);
    default:
      return startsOf(step, trigger, scene.order);
  }
}

/** How the wait of a step stands that follows another (P6): it begins with the sending of that one, `unsure` counts as sent. */
function stateAfter(prior: Entry, row: LedgerMessage | undefined): StartState {
  const what = `${prior.step} was sent`;
  if (row !== undefined && goneStates.has(row.state)) return { kind: "begun", at: row.sentAt ?? row.dueAt, what, projected: false };
  if (row?.state === "failed") return unsent(`${prior.step} could not be sent`);
  if (row?.state === "stale" && (prior.kind !== "planned" || endedUnsent(prior, row)))
    return unsent(`${prior.step} was too late to be sent`);
  const projected = `${prior.step} is sent as planned`;
  switch (prior.kind) {
    case "excluded":
      return unsent(`${prior.step} is not sent: ${prior.reason}`);
    case "waiting":
      if (prior.dueAt === null) return { kind: "waiting", reason: "prior-not-sent-yet", detail: `${prior.step} has to be sent first` };
      return { kind: "begun", at: prior.dueAt, what: projected, projected: true };
    case "planned": {
      const at = row !== undefined && isLive(row) && row.slotAt === prior.dueAt ? row.dueAt : prior.dueAt;
      return { kind: "begun", at, what: projected, projected: true };
    }
    default:
      return unreachable(prior);
  }
}

function isLive({ state }: LedgerMessage): boolean {
  return state === "planned" || state === "queued" || state === "sending" || state === "held";
}

function unsent(detail: string): StartState {
  return { kind: "over", reason: "prior-not-sent", because: { rule: "after", detail } };
}

/** Takes one of the order's review requests for a planned entry, or excludes it when none is left; those sent were counted before. */
function limited(entry: Entry, { input }: Scene, asks: { left: number }): Entry {
  if (entry.kind !== "planned" || entry.category !== "review") return entry;
  const row = rowOf(input.messages, entry);
  // What has gone was counted, and what ended unsent asks for nothing.
  if (row !== undefined && (goneStates.has(row.state) || endedUnsent(entry, row))) return entry;
  if (asks.left > 0) {
    asks.left -= 1;
    return entry;
  }
  const { step, template, category, occurrence } = entry;
  const detail =
    "the order has its request for a review and its reminder: an invitation to leave feedback counts, and there may be no third";
  return { kind: "excluded", step, template, category, occurrence, reason: "cap-reached", because: [{ rule: "permit", detail }] };
}

function endedUnsent(entry: PlannedEntry, { state, slotAt }: LedgerMessage): boolean {
  // A stale message comes back only when its slot has moved to a later one: see `reconcile`.
  return state === "failed" || (state === "stale" && entry.dueAt <= slotAt);
}
