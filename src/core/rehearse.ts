import { type Instant, instant, plus } from "./instant.ts";
import type { LedgerMessage } from "./message.ts";
import { orderAsOf, type Turns, turningPoints } from "./order-as-of.ts";
import { permitOrder } from "./permit.ts";
import { plan } from "./plan.ts";
import { type Identity, type PlanInput, rowOf } from "./plan-input.ts";
import type { PublishedSchedule, Schedule } from "./schedule.ts";
import { nextOpen } from "./slots.ts";
import { seedOf } from "./spread.ts";
import type { Because, Category, Entry } from "./timetable.ts";

/** A mail that a schedule would have sent, or would send, for an order. */
export interface Rehearsed extends Identity {
  readonly category: Category;
  readonly at: Instant;
  readonly because: readonly Because[];
}

/** A schedule made ready for rehearsals. */
export interface Script {
  readonly schedule: PublishedSchedule;
  readonly turns: Turns;
}

export function scriptOf({ steps }: Pick<Schedule, "steps">): Script {
  // As if it had always been in force: no step is younger than the order.
  const schedule: PublishedSchedule = { version: 1, steps, since: {} };
  const turns = {
    dispatch: steps.some((step) => step.unless.includes("shipment.dispatched")),
    scans: steps.some(({ start }) => start.kind === "on" && start.trigger === "shipment.quiet"),
  };
  return { schedule, turns };
}

/**
 * Plays an order's facts through a schedule in the order in which they happened, and says which mails go out, when, and why.
 *
 * Each mail is planned on what was known when it was due: a review does not withdraw the reminder it answered. From facts alone, as if the
 * shop had always been live and no operator had touched anything; the buyer's wishes (suppressions, consents) count as they are now, and the
 * cap on asks over several orders is not applied.
 */
export function rehearse(input: PlanInput, script: Script): readonly Rehearsed[] {
  const shop = { ...input.shop, liveFrom: instant(0), sending: true };
  if (permitOrder(input.order, shop, input.permission) !== null) return [];
  const sent: LedgerMessage[] = [];
  const rehearsed: Rehearsed[] = [];
  let from = instant(0);
  for (const until of [...turningPoints(input.order, script.turns), null]) {
    const order = until === null ? input.order : orderAsOf(input.order, plus(until, -1));
    const timetable = plan({ ...input, order, shop, schedule: script.schedule, messages: sent, moves: [] });
    for (const entry of timetable.entries) {
      const at = goesAt(entry, from, order.externalId);
      if (at === null || (until !== null && at >= until) || rowOf(sent, entry) !== undefined) continue;
      sent.push(asSent(entry, at));
      const { step, occurrence, category, because } = entry;
      // What a step follows has gone out by now: its time is no projection any more.
      rehearsed.push({ step, occurrence, category, at, because: because.filter(({ rule }) => rule !== "after") });
    }
    from = until ?? from;
  }
  return rehearsed;
}

/** Why a schedule sends no such mail, with all that is known of the order. */
export function whyNot(input: PlanInput, script: Script, wanted: Identity): readonly Because[] {
  const shop = { ...input.shop, liveFrom: instant(0), sending: true };
  const { entries } = plan({ ...input, shop, schedule: script.schedule, messages: [], moves: [] });
  const ofStep = entries.filter((entry) => entry.step === wanted.step);
  const same = ofStep.find((entry) => entry.occurrence.id === wanted.occurrence.id && entry.occurrence.kind === wanted.occurrence.kind);
  const found = same ?? ofStep[0];
  if (found !== undefined) return found.because;
  return [{ rule: "published", detail: `the schedule has no step ${wanted.step}` }];
}

/** When an entry goes out, seen from `from`: what had its time before goes at the next hour allowed, unless it is of no use by then. */
function goesAt(entry: Entry, from: Instant, order: string): Instant | null {
  if (entry.kind === "excluded" || entry.dueAt === null) return null;
  if (entry.dueAt >= from || entry.kind === "waiting") return entry.dueAt >= from ? entry.dueAt : from;
  const next = entry.staleAt <= from ? null : nextOpen(entry.slots, from, seedOf(order, entry.step, entry.occurrence));
  return next !== null && next < entry.staleAt ? next : null;
}

function asSent({ step, occurrence, template, category }: Entry, at: Instant): LedgerMessage {
  return {
    id: `${step} ${occurrence.kind} ${occurrence.id}`,
    step,
    occurrence,
    template,
    category,
    state: "sent",
    slotAt: at,
    dueAt: at,
    staleAt: at,
    sentAt: at,
    deferredUntil: null,
    reason: null,
    scheduleVersion: 1,
    because: [],
  };
}
