import { day24, hour } from "./instant.ts";
import type { WrittenSchedule, WrittenStep } from "./schedule-shape.ts";
import type { Condition, NotBefore, Start, Step, Wait } from "./schedule-step.ts";
import { type Exit, exits, perOf, type Trigger, weekdayNames } from "./schedule-words.ts";
import type { OccurrenceKind, Window } from "./timetable.ts";
import { unreachable } from "./unreachable.ts";

/** Resolves every default of a checked schedule, once, in the order written. */
export function compileSteps(schedule: WrittenSchedule): readonly Step[] {
  const byKey = new Map(schedule.steps.map((step) => [step.key, step]));
  return schedule.steps.map((step) => {
    const root = rootOf(step, byKey);
    return {
      key: step.key,
      template: step.template,
      category: step.category,
      enabled: step.enabled ?? true,
      start: startOf(step),
      per: root.per,
      wait: waitOf(step),
      window: windowOf(step),
      windowZone: step.window?.zone ?? "buyer",
      avoidHolidays: avoidsHolidays(step),
      unless: exits.filter((exit) => step.unless?.includes(exit) || alwaysExits(step).includes(exit)),
      only: (step.only ?? []).map(conditionOf),
      notBefore: notBeforeOf(step),
      staleAfterMs: staleAfterOf(step),
    };
  });
}

function rootOf(step: WrittenStep, byKey: ReadonlyMap<string, WrittenStep>): { per: OccurrenceKind } {
  let root = step;
  for (let next = step.after; next !== undefined; next = root.after) root = byKey.get(next) ?? { ...root, after: undefined };
  return { per: root.per ?? (root.on === undefined ? "order" : (perOf(root.on)[0] ?? "order")) };
}

function startOf(step: WrittenStep): Start {
  if (step.on !== undefined) return { kind: "on", trigger: step.on };
  return { kind: "after", step: step.after ?? step.key };
}

function waitOf({ wait }: WrittenStep): Wait {
  if (wait === undefined) return { kind: "none" };
  if ("days" in wait) return { kind: "days", ...boundsOf(wait.days), byService: wait.byService ?? {} };
  if ("businessDays" in wait) return { kind: "business-days", ...boundsOf(wait.businessDays) };
  const { from, to, range } = boundsOf(wait.hours);
  return { kind: "hours", fromMs: Math.round(from * hour), toMs: Math.round(to * hour), range };
}

function boundsOf(value: number | readonly [number, number]): { from: number; to: number; range: boolean } {
  return typeof value === "number" ? { from: value, to: value, range: false } : { from: value[0], to: value[1], range: true };
}

/** Nine to six, for everything that is not about the order itself (P9). */
const decentHours: Window = { fromMinute: 9 * 60, toMinute: 18 * 60, days: null };

function windowOf({ window, category }: WrittenStep): Window | null {
  if (window === undefined) return category === "order" ? null : decentHours;
  const days = window.days?.map((name) => weekdayNames.indexOf(name) + 1).sort((a, b) => a - b) ?? null;
  return { fromMinute: minuteOf(window.from), toMinute: minuteOf(window.to), days };
}

/** What does not speak of the order itself keeps off the buyer's public holidays, unless the step says otherwise (P9). */
function avoidsHolidays({ window, category }: WrittenStep): boolean {
  return window?.holidays === undefined ? category !== "order" : window.holidays === "avoid";
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/**
 * A review request never goes after a refund or a cancellation, while a dispute or return is open, or when the parcel came back, whatever
 * the schedule says (LAW-04), nor when nothing is left to review; a closure's notice never for a cancelled order. All mail that is not about the
 * order itself pauses while a case is open, and while the buyer waits for an answer or for what the buyer chose.
 */
function alwaysExits({ category, on }: WrittenStep): readonly Exit[] {
  switch (category) {
    case "order":
      return on === "closure" || on === "disruption" ? ["order.cancelled"] : [];
    case "care":
      return pauses;
    case "offer":
      return ["order.cancelled", "order.refunded", ...pauses];
    case "review":
      return ["order.cancelled", "order.refunded", "items.refunded", "shipment.returned", ...pauses];
    default:
      return unreachable(category);
  }
}

const pauses: readonly Exit[] = ["case.open", "buyer.waiting", "choice.open"];

function conditionOf(condition: NonNullable<WrittenStep["only"]>[number]): Condition {
  const { fact, atLeast = null, atMost = null, is = null } = condition;
  return { fact, atLeast, atMost, is: typeof is === "string" ? [is] : is };
}

/**
 * A check-in or review request that a dispatch starts goes two days after the delivered scan at the earliest, when there is one
 * (messages.md, Timing); a review request never before the parcel is known or due to have arrived (LAW-04), whatever the schedule says.
 */
function notBeforeOf(step: WrittenStep): NotBefore {
  const arrivalMatters = step.category === "review" || (step.category === "care" && step.on === "shipment.dispatched");
  const { delivered, transitEnd } = step.notBefore ?? {};
  return {
    deliveredDays: delivered === undefined ? (arrivalMatters ? 2 : null) : step.category === "review" ? (delivered ?? 0) : delivered,
    transitEnd: step.category === "review" || (transitEnd ?? false),
  };
}

/** Hours after its slot for which order mail is of use, where 48 would be wrong. */
const usefulHours: Partial<Readonly<Record<Trigger, number>>> = {
  "shipment.delivered": 72,
  "order.refunded": 72,
  "shipment.overdue": 5 * 24,
  // Where nobody knows when it ends; else until it does.
  disruption: 5 * 24,
};

function staleAfterOf(step: WrittenStep): number {
  if (step.staleAfter !== undefined) return "hours" in step.staleAfter ? step.staleAfter.hours * hour : step.staleAfter.days * day24;
  if (step.category !== "order") return 5 * day24;
  return ((step.on === undefined ? undefined : usefulHours[step.on]) ?? 48) * hour;
}
