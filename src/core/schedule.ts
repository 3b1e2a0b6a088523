import type { Instant } from "./instant.ts";
import { checkSchedule } from "./schedule-check.ts";
import { compileSteps } from "./schedule-compile.ts";
import { errorsOf, type ScheduleError } from "./schedule-errors.ts";
import { scheduleShape, type WrittenSchedule } from "./schedule-shape.ts";
import type { Step } from "./schedule-step.ts";

/** A schedule ready for planning: every default resolved, every reference checked. Made by `parseSchedule` only. */
export interface Schedule {
  readonly name: string;
  /** In the order written, which is the order of the timetable. */
  readonly steps: readonly Step[];
}

/** A schedule in force. */
export interface PublishedSchedule {
  readonly version: number;
  readonly steps: readonly Step[];
  /**
   * By step key: when the version that brought the step was published, `null` (or no entry) for a step of the shop's first
   * version. What would have been due earlier is not planned (P4).
   */
  readonly since: Readonly<Record<string, Instant | null>>;
}

export type ParsedSchedule =
  | { readonly ok: true; readonly schedule: Schedule; readonly written: WrittenSchedule }
  | { readonly ok: false; readonly errors: readonly ScheduleError[] };

/**
 * Reads a schedule as an operator wrote it (an object from JSON or YAML), or says everything that is wrong with it.
 *
 * Refused besides ill-formed fields: unknown keys, repeated step keys, `after` a missing step or in a circle, and a review request that
 * depends on how happy the buyer is, directly or through the steps it follows (review gating, standards 3.3). Never throws.
 */
export function parseSchedule(input: unknown): ParsedSchedule {
  const shape = scheduleShape.safeParse(input);
  if (!shape.success) return { ok: false, errors: shape.error.issues.flatMap((issue) => errorsOf(issue, [])) };
  const errors = checkSchedule(shape.data);
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, schedule: { name: shape.data.name, steps: compileSteps(shape.data) }, written: shape.data };
}

/** A schedule version in force, for planning. `since` may leave out steps of the first version. */
export function publish(schedule: Schedule, version: number, since: PublishedSchedule["since"]): PublishedSchedule {
  return { version, steps: schedule.steps, since };
}
