import { mayInviteFeedback } from "./feedback-invitation.ts";
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
 * caps over several orders of a buyer are not applied.
 */
export function rehearse(input: PlanInput, script: Script): readonly Rehearsed[] {
  const shop = { ...input.shop, liveFrom: instant(0), sending: true };
  if (permitOrder(input.order, shop, input.permission) !== null) return [];
  const sent: LedgerMessage[] = [];
  const rehearsed: Rehearsed[] = [];
  let from = instant(0);
  for (const until of [...turningPoints(input.order, script.turns), null]) {
    const order = until === null ? input.order : orderAsOf(input.order, plus(until, -1));
    const standing = { ...input, order, shop, schedule: script.schedule, moves: [] };
    const next = (): readonly Timed[] =>
      plan({ ...standing, messages: sent })
        .entries.flatMap((entry): Timed[] => {
          const at = goesAt(entry, from, order.externalId);
          return at === null || (until !== null && at >= until) || rowOf(sent, entry) !== undefined ? [] : [{ entry, at }];
        })
        .sort((a, b) => a.at - b.at);
    for (let left = next(); left[0] !== undefined; ) {
      const { entry, at } = left[0];
      const invited = entry.category === "care" && mayInviteFeedback({ ...standing, messages: sent }, at);
      sent.push(asSent(entry, at, invited));
      const { step, occurrence, category, because } = entry;
      // What a step follows has gone out by now: its time is no projection any more.
      rehearsed.push({ step, occurrence, category, at, because: because.filter(({ rule }) => rule !== "after") });
      // An invitation leaves fewer requests for a review to come (LAW-03).
      left = invited ? next() : left.slice(1);
    }
    from = until ?? from;
  }
  return rehearsed;
}

interface Timed {
  readonly entry: Entry;
  readonly at: Instant;
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

function asSent({ step, occurrence, template, category }: Entry, at: Instant, invited: boolean): LedgerMessage {
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
    invited,
    deferredUntil: null,
    reason: null,
    scheduleVersion: 1,
    because: [],
  };
}
