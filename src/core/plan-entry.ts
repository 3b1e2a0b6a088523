import type { Closure } from "./closure.ts";
import { exitOf, failureOf, pauseEnd } from "./conditions.ts";
import { type Instant, plus } from "./instant.ts";
import type { Shipment } from "./order.ts";
import { deliveredAt, dispatchedOf } from "./order-state.ts";
import { permitCategory, permitOrder } from "./permit.ts";
import { timeText } from "./plain-time.ts";
import { arrivalBound } from "./plan-bounds.ts";
import { closureSlot } from "./plan-closures.ts";
import { type Standing, standingMoves } from "./plan-moves.ts";
import type { Scene } from "./plan-scene.ts";
import { type FoundSlot, findSlot } from "./plan-slot.ts";
import { parcelName, type Start } from "./plan-starts.ts";
import { waitFor } from "./plan-wait.ts";
import { awaitedOf } from "./replacement.ts";
import type { Step } from "./schedule-step.ts";
import { type Hours, nextOpen, primary } from "./slots.ts";
import { seedOf } from "./spread.ts";
import {
  type Because,
  type Entry,
  type ExcludedEntry,
  goneStates,
  type PlannedEntry,
  type Reason,
  type WaitingEntry,
} from "./timetable.ts";

/**
 * Plans one message: says when it goes, what it waits for, or why it will not go.
 *
 * What forbids it is asked before what it waits for, so that the reason shown is the one that counts. Of several reasons the first in the
 * order of this function is given, which does not depend on anything but the facts.
 */
export function planEntry(step: Step, start: Start, closure: Closure | null, scene: Scene): Entry {
  const { order, input } = scene;
  const { occurrence, subject, state } = start;
  const base = { step: step.key, template: step.template, category: step.category, occurrence };
  const exclude = (reason: Reason, ...because: readonly Because[]): ExcludedEntry => ({ ...base, kind: "excluded", reason, because });
  const wait = (reason: Reason, dueAt: Instant | null, ...because: readonly Because[]): WaitingEntry => ({
    ...base,
    kind: "waiting",
    reason,
    dueAt,
    because,
  });

  if (!step.enabled) return exclude("step-off", { rule: "published", detail: "the schedule has this step switched off" });
  const denied = permitOrder(order, input.shop, input.permission);
  if (denied !== null && !denied.ok) return exclude(denied.reason, ...denied.because);
  const permitted = permitCategory(order, step.category, input.shop, input.permission);
  const moves = standingMoves(input.moves, base);
  if (!permitted.ok && permitted.reason === "suppressed") return exclude(permitted.reason, ...permitted.because);
  if (moves.cancelled !== null) {
    return exclude("operator-cancelled", {
      rule: "move",
      detail: `an operator cancelled it on ${timeText(scene.zone, moves.cancelled.at)}`,
    });
  }
  if (state.kind === "over" && nothingToTell.has(state.reason)) return exclude(state.reason, state.because);
  const exit = exitOf(step.unless, order, subject, scene.zone);
  if (exit !== null) return exclude(exit.reason, { rule: "unless", detail: exit.detail });
  if (!permitted.ok) return exclude(permitted.reason, ...permitted.because);
  if (state.kind === "over") return exclude(state.reason, state.because);
  if (state.kind === "waiting") {
    return wait(state.reason, null, { rule: state.reason === "not-started" ? "anchor" : "after", detail: state.detail });
  }
  for (const condition of step.only) {
    const failure = failureOf(condition, order, subject);
    if (failure !== null) return exclude("condition-not-met", { rule: "only", detail: failure });
  }
  if (step.category === "review" && !order.nothingShips && dispatchedOf(order).length === 0) {
    return wait("not-started", null, { rule: "transit", detail: "nothing has been dispatched, so there is nothing to review yet" });
  }

  const late = step.category === "review" ? toldLate(scene) : null;
  if (late !== null) {
    const detail = `${parcelName(late)} is late, and the buyer was told so: no review is asked for before it arrives`;
    return wait("not-started", null, { rule: "tracking", detail });
  }

  const found = slotOf(step, start, closure, scene);
  if (found === null) return exclude("needs-attention", ...permitted.because, shutSentence(step, scene));
  const because = [...found.because, zoneSentence(step, scene), ...permitted.because];
  if (state.projected) {
    return wait("prior-not-sent-yet", found.dueAt, { rule: "after", detail: "a projection until the step before it is sent" }, ...because);
  }
  const since = input.schedule.since[step.key] ?? null;
  if (since !== null && found.dueAt < since) {
    const detail = `it would have been due on ${timeText(scene.zone, found.dueAt)}, before the step was published`;
    return exclude("before-step-published", { rule: "published", detail });
  }
  return moved({ ...base, kind: "planned", ...found, because, held: null, sendNow: false }, moves, scene);
}

/** There is nothing an exit could withdraw the message from. */
const nothingToTell: ReadonlySet<Reason> = new Set<Reason>(["no-closure", "no-disruption", "no-tracking", "nothing-ships"]);

/** A parcel whose buyer was told that it is late, and that has not arrived since; `null`: there is none (LAW-04). */
function toldLate({ order, input }: Scene): Shipment | null {
  const told = input.messages.filter(({ state, occurrence, step }) => {
    if (occurrence.kind !== "shipment" || !goneStates.has(state)) return false;
    const start = input.schedule.steps.find(({ key }) => key === step)?.start;
    return start?.kind === "on" && start.trigger === "shipment.overdue";
  });
  if (told.length === 0) return null;
  return (
    awaitedOf(order).find((parcel) => deliveredAt(parcel) === null && told.some(({ occurrence }) => occurrence.id === parcel.id)) ?? null
  );
}

interface TimedSlot extends FoundSlot {
  readonly staleAt: Instant;
  readonly staleAfterMs: number;
}

function slotOf(step: Step, start: Start, closure: Closure | null, scene: Scene): TimedSlot | null {
  const { state, subject, occurrence } = start;
  if (state.kind !== "begun") return null;
  const seed = scene.seedOf(step, occurrence);
  if (closure !== null) {
    const slot = closureSlot(step, scene, closure, state.at, seed);
    return slot === null ? null : { ...slot, staleAfterMs: 0 };
  }
  const hours = scene.hoursOf(step);
  const chosen = waitFor(step, scene, subject, state.at);
  const bound = arrivalBound(step, scene, primary(hours));
  const calendar = scene.calendarOf(step);
  const slot = findSlot({ anchor: state.at, what: state.what, wait: chosen.wait, bound, hours, calendar, seed });
  if (slot === null) return null;
  const resumed = afterPause({ ...slot, because: [...chosen.because, ...slot.because] }, step, hours, seed, scene);
  if (resumed === null) return null;
  return { ...resumed, staleAt: start.usefulUntil ?? plus(resumed.dueAt, step.staleAfterMs), staleAfterMs: step.staleAfterMs };
}

/** A message whose slot passed while a case was open or the buyer waited for an answer goes at the first hour allowed after that. */
function afterPause(slot: FoundSlot, step: Step, hours: Hours, seed: number, { order, zone }: Scene): FoundSlot | null {
  const pause = step.category === "order" ? null : pauseEnd(step.unless, order);
  if (pause === null || pause.at <= slot.dueAt) return slot;
  const dueAt = nextOpen(hours, pause.at, seed);
  if (dueAt === null) return null;
  const detail = `${pause.what} on ${timeText(zone, pause.at)}, after its slot: it goes on ${timeText(zone, dueAt)}`;
  return { dueAt, slots: { ...hours, earliest: pause.at, latest: null }, because: [...slot.because, { rule: "unless", detail }] };
}

/** What operators and the shop's switch make of a planned message. */
function moved(entry: PlannedEntry, { last }: Standing, { input, zone, order }: Scene): PlannedEntry {
  const sendNow = last?.move === "send-now";
  const usefulMs = (from: Instant) => Math.max(entry.staleAfterMs, entry.staleAt - from);
  let now: Partial<PlannedEntry> = sendNow ? { sendNow, dueAt: last.at, staleAt: plus(last.at, usefulMs(last.at)) } : {};
  const because = [...entry.because];
  if (last?.move === "release" && last.at > entry.dueAt) {
    // Held past its time and let go: somebody wants it sent, so it counts anew from there.
    const dueAt = nextOpen(entry.slots, last.at, seedOf(order.externalId, entry.step, entry.occurrence));
    if (dueAt !== null) {
      now = { dueAt, staleAt: plus(dueAt, usefulMs(dueAt)), slots: { ...entry.slots, earliest: last.at, latest: null } };
      because.push({ rule: "move", detail: `an operator let it go on ${timeText(zone, last.at)}, after its slot` });
    }
  }
  if (sendNow) because.push({ rule: "move", detail: `an operator wanted it sent at once on ${timeText(zone, last.at)}` });
  const byOperator = last?.move === "hold";
  if (byOperator) because.push({ rule: "move", detail: `an operator has held it back since ${timeText(zone, last.at)}` });
  if (!input.shop.sending) because.push({ rule: "sending", detail: "the shop does not send at present" });
  const held = byOperator ? "operator-held" : input.shop.sending ? null : "shop-not-sending";
  return { ...entry, ...now, because, held };
}

function zoneSentence(step: Step, scene: Scene): Because {
  const { buyerZone, input } = scene;
  if (step.windowZone === "shop") return { rule: "zone", detail: `${input.shop.timeZone}, the shop's zone` };
  const counts = primary(scene.hoursOf(step));
  if (counts !== buyerZone.zone) {
    const country = input.order.address.country ?? "the country";
    return {
      rule: "zone",
      detail: `${counts}: most of ${country} lives there, the region is unknown, and the shop's hours never meet the buyer's`,
    };
  }
  return { rule: "zone", detail: `${buyerZone.zone}: ${buyerZone.detail}` };
}

function shutSentence(step: Step, scene: Scene): Because {
  const zones = scene.hoursOf(step).zones.join(" and ");
  return { rule: "window", detail: `no hour within 30 days is allowed in ${zones}: someone must look at the schedule or the address` };
}
