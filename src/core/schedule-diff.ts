import { isDeepStrictEqual } from "node:util";
import type { WrittenSchedule } from "./schedule-shape.ts";

/** How one schedule differs from another: by its steps, whose keys are their identity. */
export interface ScheduleDiff {
  readonly same: boolean;
  readonly name: { readonly before: string; readonly after: string } | null;
  /** Keys of steps. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly step: string; readonly fields: readonly FieldDiff[] }[];
  /** Steps that both have stand in another order. */
  readonly reordered: boolean;
}

export interface FieldDiff {
  /** As `wait.days`. */
  readonly field: string;
  /** Absent: not there. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Compares what two schedules say, not how they are written. */
export function diffSchedules(before: WrittenSchedule, after: WrittenSchedule): ScheduleDiff {
  const old = new Map(before.steps.map((step) => [step.key, step]));
  const next = new Map(after.steps.map((step) => [step.key, step]));
  const added = [...next.keys()].filter((key) => !old.has(key));
  const removed = [...old.keys()].filter((key) => !next.has(key));
  const changed = [...next].flatMap(([key, step]) => {
    const earlier = old.get(key);
    const fields = earlier === undefined ? [] : diffFields(earlier, step, "");
    return fields.length === 0 ? [] : [{ step: key, fields }];
  });
  const common = (keys: Iterable<string>): string[] => [...keys].filter((key) => old.has(key) && next.has(key));
  const reordered = !isDeepStrictEqual(common(old.keys()), common(next.keys()));
  const name = before.name === after.name ? null : { before: before.name, after: after.name };
  const same = name === null && !reordered && added.length + removed.length + changed.length === 0;
  return { same, name, added, removed, changed, reordered };
}

function diffFields(before: object, after: object, at: string): readonly FieldDiff[] {
  const old = new Map<string, unknown>(Object.entries(before));
  const next = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...old.keys(), ...next.keys()])].flatMap((key): readonly FieldDiff[] => {
    const field = `${at}${key}`;
    const [was, is] = [old.get(key), next.get(key)];
    if (isDeepStrictEqual(was, is) || (sets.has(field) && isDeepStrictEqual(sorted(was), sorted(is)))) return [];
    if (isFields(was) && isFields(is)) return diffFields(was, is, `${field}.`);
    return [{ field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

/** Lists whose order says nothing. */
const sets: ReadonlySet<string> = new Set(["unless", "window.days"]);

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}

function isFields(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
