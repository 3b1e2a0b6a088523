import type { WrittenSchedule, WrittenStep } from "../../../core/schedule-shape.ts";
import { lineOf, readLine } from "./condition-lines.ts";

/*
 * A schedule as a form holds it, and back. Nothing is kept on the server while somebody edits: the form is the draft, so it can be left,
 * gone back to, and lost to nobody else. What is said in no field is left out, so that a draft nobody changed equals what was published.
 */

/** A step's fields by name, each with all its values; step `i`'s are called `s<i>-<name>` in the form. */
export type StepFields = Readonly<Record<StepField, readonly string[]>>;

export const stepFields = [
  "key",
  "template",
  "category",
  "start",
  "per",
  "unit",
  "from",
  "to",
  "services",
  "hours",
  "window-from",
  "window-to",
  "window-zone",
  "window-days",
  "window-holidays",
  "unless",
  "only",
  "delivered",
  "transit",
  "stale",
  "stale-unit",
  "enabled",
] as const;
export type StepField = (typeof stepFields)[number];

/** The fields of a step as it was published, or as it is in a draft. */
export function fieldsOf(step: WrittenStep): StepFields {
  const { wait, window, notBefore, staleAfter } = step;
  const [unit, value] =
    wait === undefined
      ? ["none", undefined]
      : "hours" in wait
        ? ["hours", wait.hours]
        : "days" in wait
          ? ["days", wait.days]
          : ["businessDays", wait.businessDays];
  const [from, to] = Array.isArray(value) ? value : [value, undefined];
  const services = wait !== undefined && "days" in wait ? Object.entries(wait.byService ?? {}) : [];
  const stale = staleAfter === undefined ? undefined : "hours" in staleAfter ? staleAfter.hours : staleAfter.days;
  return {
    key: [step.key],
    template: [step.template],
    category: [step.category],
    start: [step.on !== undefined ? `on:${step.on}` : `after:${step.after ?? ""}`],
    per: one(step.per),
    unit: [unit ?? "none"],
    from: one(from),
    to: one(to),
    services: [services.map(([name, days]) => `${name}: ${days}`).join("\n")],
    hours: [window === undefined ? "usual" : "own"],
    "window-from": one(window?.from),
    "window-to": one(window?.to),
    "window-zone": one(window?.zone),
    "window-days": window?.days ?? [],
    "window-holidays": one(window?.holidays),
    unless: step.unless ?? [],
    only: [(step.only ?? []).map(lineOf).join("\n")],
    delivered: one(notBefore?.delivered === null ? "none" : notBefore?.delivered),
    transit: one(notBefore?.transitEnd),
    stale: one(stale),
    "stale-unit": [staleAfter !== undefined && "hours" in staleAfter ? "hours" : "days"],
    enabled: step.enabled === false ? [] : ["on"],
  };
}

/** A step's fields as they were posted. */
export function postedFields(form: URLSearchParams, index: number): StepFields {
  return Object.fromEntries(stepFields.map((name) => [name, form.getAll(`s${index}-${name}`)])) as unknown as StepFields;
}

/** How many steps a posted draft has. */
export function countSteps(form: URLSearchParams): number {
  let count = 0;
  while (count < 60 && form.has(`s${count}-key`)) count += 1;
  return count;
}

/** The schedule that a posted draft says, to be judged by `parseSchedule`: whatever was typed is in it, sense or not. */
export function scheduleOf(form: URLSearchParams): { readonly name: string; readonly steps: readonly unknown[] } {
  const steps = Array.from({ length: countSteps(form) }, (_, index) => stepOf(postedFields(form, index)));
  return { name: form.get("name")?.trim() ?? "", steps };
}

/** The fields of a whole schedule, as a form posts them. */
export function formOf({ name, steps }: Pick<WrittenSchedule, "name" | "steps">): URLSearchParams {
  const form = new URLSearchParams({ name });
  steps.forEach((step, index) => {
    for (const [field, values] of Object.entries(fieldsOf(step))) for (const value of values) form.append(`s${index}-${field}`, value);
  });
  return form;
}

function stepOf(fields: StepFields): unknown {
  const text = (field: StepField): string => fields[field][0]?.trim() ?? "";
  const [startKind, ...startWords] = text("start").split(":");
  const start = startWords.join(":");
  const only = lines(text("only")).map(readLine);
  return {
    key: text("key"),
    template: text("template"),
    category: text("category"),
    ...(startKind === "after" ? { after: start } : { on: start }),
    ...present("per", text("per")),
    ...waitOf(text, text("unit")),
    ...(text("hours") === "own" ? { window: windowOf(text, fields["window-days"]) } : {}),
    ...(fields.unless.length > 0 ? { unless: fields.unless } : {}),
    ...(only.length > 0 ? { only } : {}),
    ...notBeforeOf(text("delivered"), text("transit")),
    ...(text("stale") === "" ? {} : { staleAfter: { [text("stale-unit") === "hours" ? "hours" : "days"]: number(text("stale")) } }),
    ...(fields.enabled.includes("on") ? {} : { enabled: false }),
  };
}

function waitOf(text: (field: StepField) => string, unit: string): object {
  if (unit === "none" || unit === "") return {};
  const [from, to] = [text("from"), text("to")];
  const value = to === "" ? number(from) : [number(from), number(to)];
  const services = lines(text("services")).map((line) => {
    const colon = line.lastIndexOf(":");
    return colon === -1 ? [line, Number.NaN] : [line.slice(0, colon).trim(), number(line.slice(colon + 1))];
  });
  return { wait: { [unit]: value, ...(services.length > 0 ? { byService: Object.fromEntries(services) } : {}) } };
}

function windowOf(text: (field: StepField) => string, days: readonly string[]): object {
  return {
    from: text("window-from"),
    to: text("window-to"),
    ...present("zone", text("window-zone")),
    ...(days.length > 0 ? { days } : {}),
    ...present("holidays", text("window-holidays")),
  };
}

function notBeforeOf(delivered: string, transit: string): object {
  const bounds = {
    ...(delivered === "" ? {} : { delivered: delivered === "none" ? null : number(delivered) }),
    ...(transit === "" ? {} : { transitEnd: transit === "true" }),
  };
  return Object.keys(bounds).length === 0 ? {} : { notBefore: bounds };
}

function present(name: string, value: string): object {
  return value === "" ? {} : { [name]: value };
}

/** What is no number stays what was typed, so that the complaint can name it. */
function number(text: string): number | string {
  const trimmed = text.trim();
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function lines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function one(value: string | number | boolean | undefined): readonly string[] {
  return [value === undefined ? "" : String(value)];
}
