import type { WrittenSchedule, WrittenStep } from "../../../core/schedule-shape.ts";
import { perOf } from "../../../core/schedule-words.ts";
import type { Language } from "../language.ts";
import { exitText } from "../words/exits.ts";
import { stepName } from "../words/steps.ts";
import { triggerText } from "../words/triggers.ts";
import { lineOf } from "./condition-lines.ts";
import { perText, scheduleWords } from "./words.ts";

/** A step in one sentence, without its name: when it goes, how often, and what keeps it back. */
export function stepSentence(step: WrittenStep, language: Language): string {
  const w = scheduleWords[language].sentenceOf;
  const parts = [
    `${waitText(step, language)} ${startText(step, language)}`,
    ...servicesText(step, language),
    windowText(step, language),
    ...(step.on === undefined ? [] : [perText(step.per ?? perOf(step.on)[0] ?? "order", w.per)]),
    ...(step.only === undefined ? [] : [w.only(step.only.map(lineOf).join(", "))]),
    ...(step.unless === undefined || step.unless.length === 0
      ? []
      : [w.unless(new Intl.ListFormat(language, { type: "disjunction" }).format(step.unless.map((exit) => exitText(exit, language))))]),
  ];
  const text = parts.join(language === "en" ? ", " : "，");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${language === "en" ? "." : "。"}`;
}

function waitText({ wait, on }: WrittenStep, language: Language): string {
  const w = scheduleWords[language].sentenceOf;
  if (wait === undefined) return w.at;
  const unit = "hours" in wait ? "hours" : "days" in wait ? "days" : "businessDays";
  const value = "hours" in wait ? wait.hours : "days" in wait ? wait.days : wait.businessDays;
  const [from, to] = Array.isArray(value) ? value : [value, value];
  const [single, plural] = w.unit[unit];
  const gap = language === "en" ? " " : "";
  const length = (count: number) => `${count}${gap}${count === 1 ? single : plural}`;
  if (on === "closure" && from < 0) return w.before(length(-from));
  return w.wait(from === to ? length(from) : `${from}–${to}${gap}${plural}`);
}

function startText({ on, after, per }: WrittenStep, language: Language): string {
  const w = scheduleWords[language].sentenceOf;
  if (on === undefined) return w.sent(stepName(after ?? "", language));
  return on === "shipment.dispatched" && per !== "shipment" ? w.last : triggerText(on, language);
}

function servicesText({ wait }: WrittenStep, language: Language): readonly string[] {
  const services = wait !== undefined && "days" in wait ? Object.entries(wait.byService ?? {}) : [];
  if (services.length === 0) return [];
  return [scheduleWords[language].sentenceOf.services(services.map(([name, days]) => `${name} ${days}`).join(", "))];
}

/** At which hours and on which days a step's mail may go. */
export function windowText({ window, category }: Pick<WrittenStep, "window" | "category">, language: Language): string {
  const w = scheduleWords[language].sentenceOf;
  if (window === undefined) return category === "order" ? w.anyHour : w.usual;
  const hours = w.window(window.from, window.to, w.where[window.zone ?? "buyer"]);
  if (window.days === undefined || window.days.length === 7) return hours;
  const format = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
  const names = window.days.map((day) => format.format(Date.UTC(2024, 0, 1 + weekdays.indexOf(day))));
  return `${hours}${language === "en" ? " " : "，"}${w.onDays(names.join(", "))}`;
}

/** 1 January 2024 was a Monday. */
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Steps that are on, and steps that are off. */
export function countOn({ steps }: Pick<WrittenSchedule, "steps">): { readonly on: number; readonly off: number } {
  const off = steps.filter(({ enabled }) => enabled === false).length;
  return { on: steps.length - off, off };
}
