import type { ConditionFact, Exit, Trigger } from "./schedule-words.ts";
import type { Category, OccurrenceKind, Window } from "./timetable.ts";

/** One step of a schedule with every default resolved, so that planning has nothing left to interpret. Made by `compileSteps` only. */
export interface Step {
  readonly key: string;
  readonly template: string;
  readonly category: Category;
  readonly enabled: boolean;
  readonly start: Start;
  readonly per: OccurrenceKind;
  readonly wait: Wait;
  /** `null`: at any hour. */
  readonly window: Window | null;
  readonly windowZone: "buyer" | "shop";
  readonly avoidHolidays: boolean;
  /** In the order of precedence, without repeats. */
  readonly unless: readonly Exit[];
  readonly only: readonly Condition[];
  readonly notBefore: NotBefore;
  readonly staleAfterMs: number;
}

export type Start = { readonly kind: "on"; readonly trigger: Trigger } | { readonly kind: "after"; readonly step: string };

export type Wait =
  | { readonly kind: "none" }
  | {
      readonly kind: "days";
      readonly from: number;
      readonly to: number;
      readonly range: boolean;
      /** Other waits by what the operator calls a service, lane or carrier; see `forService`. */
      readonly byService: Readonly<Record<string, number>>;
    }
  | { readonly kind: "business-days"; readonly from: number; readonly to: number; readonly range: boolean }
  | { readonly kind: "hours"; readonly fromMs: number; readonly toMs: number; readonly range: boolean };

export interface Condition {
  readonly fact: ConditionFact;
  readonly atLeast: number | null;
  readonly atMost: number | null;
  readonly is: readonly string[] | null;
}

/** Bounds on the date that follow from the parcels' way (LAW-04). */
export interface NotBefore {
  /** Days after the delivered scan, once all parcels have one; `null`: no such bound. */
  readonly deliveredDays: number | null;
  /** Never before the end of the transit window while no delivered scan is in. */
  readonly transitEnd: boolean;
}
