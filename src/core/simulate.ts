import { formatCivilDay } from "./civil-day.ts";
import { lastArrival } from "./conditions.ts";
import { type Instant, iso } from "./instant.ts";
import { localDay } from "./local-time.ts";
import type { Order } from "./order.ts";
import type { PlanInput } from "./plan-input.ts";
import { type Rehearsed, rehearse, type Script, scriptOf, whyNot } from "./rehearse.ts";
import type { Schedule } from "./schedule.ts";
import type { Because, Occurrence } from "./timetable.ts";

/** What another schedule would have changed. */
export interface Simulation {
  readonly orders: number;
  readonly messages: Pair;
  /** Mails only the new schedule sends, only the old one, and both at different times. */
  readonly added: number;
  readonly removed: number;
  readonly moved: number;
  readonly earlier: number;
  readonly later: number;
  /** Care and review mail that goes before everything has arrived, as far as the parcels' scans tell. */
  readonly beforeDelivery: Pair;
  /** In the order in which steps were met. */
  readonly steps: readonly StepChange[];
  /** Days in the shop's zone, `2026-10-01`, in order; those without mail are left out. */
  readonly byDay: readonly (Pair & { readonly day: string })[];
  /** At most ten, of as many kinds as there are. */
  readonly samples: readonly Sample[];
}

export interface Pair {
  readonly before: number;
  readonly after: number;
}

export interface StepChange extends Pair {
  readonly step: string;
  readonly added: number;
  readonly removed: number;
  readonly moved: number;
}

export interface Sample {
  readonly orderId: string;
  readonly number: string;
  readonly step: string;
  readonly occurrence: Occurrence;
  readonly change: "added" | "removed" | "earlier" | "later";
  /** ISO 8601; `null`: not sent. */
  readonly before: string | null;
  readonly after: string | null;
  /** Why the new schedule sends it then, or why it does not. */
  readonly because: readonly Because[];
}

const mostSamples = 10;

/**
 * Compares two schedules on orders, one after the other. What it keeps are counters and a few samples, however many orders there are.
 *
 * Both schedules are rehearsed on the same facts (`rehearse`), so whatever differs comes from the schedules.
 */
export class Comparison {
  readonly #before: Script;
  readonly #after: Script;
  readonly #zone: string;
  #orders = 0;
  readonly #steps = new Map<string, Mutable<StepChange>>();
  readonly #days = new Map<string, Mutable<Pair>>();
  readonly #moved = { earlier: 0, later: 0 };
  readonly #beforeDelivery = { before: 0, after: 0 };
  /** By change and step. */
  readonly #samples = new Map<string, Sample[]>();

  /** `zone` is the shop's. */
  constructor({ before, after, zone }: { readonly before: Schedule; readonly after: Schedule; readonly zone: string }) {
    this.#before = scriptOf(before);
    this.#after = scriptOf(after);
    this.#zone = zone;
  }

  /** Counts one order in; `input.schedule`, its messages and moves do not matter. */
  add(input: PlanInput): void {
    this.#orders += 1;
    const old = rehearse(input, this.#before);
    const left = new Map(rehearse(input, this.#after).map((mail) => [nameOf(mail), mail]));
    for (const mail of old) {
      const now = left.get(nameOf(mail));
      left.delete(nameOf(mail));
      this.#count(input, mail, now ?? null);
    }
    for (const mail of left.values()) this.#count(input, null, mail);
  }

  result(): Simulation {
    const steps = [...this.#steps.values()];
    const sum = (field: "before" | "after" | "added" | "removed" | "moved"): number => steps.reduce((all, step) => all + step[field], 0);
    return {
      orders: this.#orders,
      messages: { before: sum("before"), after: sum("after") },
      added: sum("added"),
      removed: sum("removed"),
      moved: sum("moved"),
      ...this.#moved,
      beforeDelivery: this.#beforeDelivery,
      steps,
      byDay: [...this.#days].map(([day, pair]) => ({ day, ...pair })).sort((a, b) => (a.day < b.day ? -1 : 1)),
      samples: spread([...this.#samples.values()]),
    };
  }

  #count(input: PlanInput, before: Rehearsed | null, after: Rehearsed | null): void {
    const mail = after ?? before;
    if (mail === null) return;
    const step = kept(this.#steps, mail.step, () => ({ step: mail.step, before: 0, after: 0, added: 0, removed: 0, moved: 0 }));
    for (const [side, sent] of [
      ["before", before],
      ["after", after],
    ] as const) {
      if (sent === null) continue;
      step[side] += 1;
      kept(this.#days, formatCivilDay(localDay(this.#zone, sent.at)), () => ({ before: 0, after: 0 }))[side] += 1;
      if (tooSoon(sent, input.order)) this.#beforeDelivery[side] += 1;
    }
    const change = changeOf(before?.at ?? null, after?.at ?? null);
    if (change === null) return;
    if (change === "earlier" || change === "later") {
      step.moved += 1;
      this.#moved[change] += 1;
    } else step[change] += 1;
    this.#sample(input, mail, change, before, after);
  }

  #sample(input: PlanInput, mail: Rehearsed, change: Sample["change"], before: Rehearsed | null, after: Rehearsed | null): void {
    const bucket = kept(this.#samples, `${change} ${mail.step}`, () => []);
    if (bucket.length >= mostSamples) return;
    bucket.push({
      orderId: input.order.id,
      number: input.order.number,
      step: mail.step,
      occurrence: mail.occurrence,
      change,
      before: before === null ? null : iso(before.at),
      after: after === null ? null : iso(after.at),
      because: after?.because ?? whyNot(input, this.#after, mail),
    });
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function changeOf(before: Instant | null, after: Instant | null): Sample["change"] | null {
  if (before === null) return "added";
  if (after === null) return "removed";
  if (before === after) return null;
  return after < before ? "earlier" : "later";
}

/** Whether it asks about something that had not arrived; `false` where no scan tells. */
function tooSoon({ category, at }: Rehearsed, order: Order): boolean {
  if (category !== "care" && category !== "review") return false;
  const arrived = lastArrival(order, null);
  return arrived !== null && at < arrived;
}

function nameOf({ step, occurrence }: Rehearsed): string {
  return JSON.stringify([step, occurrence.kind, occurrence.id]);
}

/** The first of every kind, then the second of every kind, and so on. */
function spread(buckets: readonly (readonly Sample[])[]): readonly Sample[] {
  const rounds = Array.from({ length: mostSamples }, (_, round) => buckets.flatMap((bucket) => bucket[round] ?? []));
  return rounds.flat().slice(0, mostSamples);
}

function kept<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
