import { html } from "hono/html";
import { type Exit, exits, perOf, type Trigger, triggers, weekdayNames } from "../../../core/schedule-words.ts";
import { categories, type OccurrenceKind } from "../../../core/timetable.ts";
import type { Html } from "../../html.ts";
import { type Filled, selectField, textField, tickField } from "../parts/form.ts";
import type { Visit } from "../route.ts";
import { badgeWords } from "../words/badges.ts";
import { exitText } from "../words/exits.ts";
import { stepName } from "../words/steps.ts";
import { triggerText } from "../words/triggers.ts";
import type { StepField, StepFields } from "./draft.ts";
import { formWords } from "./form-words.ts";
import { scheduleWords } from "./words.ts";

export interface StepForm {
  readonly index: number;
  readonly count: number;
  readonly fields: StepFields;
  /** Keys of all steps of the draft. */
  readonly keys: readonly string[];
  readonly templates: readonly string[];
  /** What is wrong, by the step's field as the schedule calls it: `wait`, `window`, `on`, … */
  readonly errors: Readonly<Record<string, string>>;
}

/** Which fields of the form a field of the schedule is said in; the first shows what is wrong. */
const saidIn: Readonly<Record<string, StepField>> = {
  key: "key",
  template: "template",
  category: "category",
  on: "start",
  after: "start",
  per: "per",
  wait: "from",
  window: "window-from",
  unless: "unless",
  only: "only",
  notBefore: "delivered",
  staleAfter: "stale",
};

/** All options of one step. */
export function stepForm(visit: Visit, { index, count, fields, keys, templates, errors }: StepForm): Html {
  const w = visit.say(formWords);
  const said = visit.say(scheduleWords);
  const name = (field: StepField) => `s${index}-${field}`;
  const value = (field: StepField) => fields[field][0] ?? "";
  const filled: Filled = {
    values: {},
    errors: Object.fromEntries(Object.entries(errors).map(([field, detail]) => [name(saidIn[field] ?? "key"), detail])),
  };
  const text = (field: StepField, label: string, more: { hint?: string; rows?: number; type?: "time" | "text" } = {}) =>
    textField(filled, { name: name(field), label, value: value(field), ...more });
  const choice = (field: StepField, label: string, options: readonly (readonly [string, string])[]) =>
    selectField(filled, {
      name: name(field),
      label,
      value: value(field),
      options: options.map(([key, shown]) => ({ value: key, label: shown })),
    });
  const usual = ["", w.usual] as const;
  const yesNo = [usual, ["true", w.yes], ["false", w.no]] as const;
  const weekday = new Intl.DateTimeFormat(visit.language, { weekday: "short", timeZone: "UTC" });

  return html`<div class="step-form">
    <div class="fields">
      ${text("key", w.key, { hint: w.keyHint })}
      ${choice(
        "template",
        w.template,
        templates.map((one) => [one, one] as const),
      )}
      ${choice(
        "category",
        w.category,
        categories.map((one) => [one, visit.say(badgeWords).categories[one]] as const),
      )}
      ${choice("start", w.start, [
        ...triggers.map((one) => [`on:${one}`, triggerText(one, visit.language)] as const),
        ...keys.filter((key) => key !== value("key")).map((key) => [`after:${key}`, w.after(stepName(key, visit.language))] as const),
      ])}
    </div>
    <div class="fields">
      ${choice("unit", w.unit, [
        ["none", w.units.none],
        ["days", w.units.days],
        ["businessDays", w.units.businessDays],
        ["hours", w.units.hours],
      ])}
      ${text("from", w.from)}${text("to", w.to, { hint: w.toHint })}
    </div>
    ${ticks(w.unless, name("unless"), exits, fields.unless, (exit: Exit) => exitText(exit, visit.language), filled.errors[name("unless")])}
    <div class="fields">${tickField(filled, { name: name("enabled"), label: w.enabled, checked: fields.enabled.includes("on") })}</div>
    <details class="advanced"${filled.errors[name("window-from")] !== undefined || filled.errors[name("only")] !== undefined ? html` open` : ""}><summary>${w.advanced}</summary>
      <div class="fields">
        ${choice("per", w.per, [usual, ...perChoices(value("start")).map((kind) => [kind, said.sentenceOf.per[kind] ?? kind] as const)])}
        ${text("services", w.services, { hint: w.servicesHint, rows: 3 })}
      </div>
      <div class="fields">
        ${choice("hours", w.hours, [
          ["usual", w.hoursUsual],
          ["own", w.hoursOwn],
        ])}
        ${text("window-from", w.windowFrom, { type: "time" })}${text("window-to", w.windowTo, { type: "time" })}
        ${choice("window-zone", w.zone, [usual, ["buyer", w.zones.buyer], ["shop", w.zones.shop]])}
        ${choice("window-holidays", w.holidays, [usual, ["avoid", w.holidayChoices.avoid], ["ignore", w.holidayChoices.ignore]])}
      </div>
      ${ticks(w.days, name("window-days"), weekdayNames, fields["window-days"], (day) => weekday.format(Date.UTC(2024, 0, 1 + weekdayNames.indexOf(day))), undefined)}
      <div class="fields">
        ${text("only", w.only, { hint: w.onlyHint, rows: 2 })}
        ${text("delivered", w.delivered, { hint: w.deliveredHint })}${choice("transit", w.transit, yesNo)}
        ${text("stale", w.stale, { hint: w.staleHint })}${choice("stale-unit", w.unit, [
          ["days", w.units.days],
          ["hours", w.units.hours],
        ])}
      </div>
    </details>
    <p class="acts">
      ${index === 0 ? "" : html`<button class="button" name="act" value="up:${index}">${w.up}</button>`}
      ${index === count - 1 ? "" : html`<button class="button" name="act" value="down:${index}">${w.down}</button>`}
      <button class="button danger" name="act" value="remove:${index}">${w.remove}</button>
    </p></div>`;
}

function perChoices(start: string): readonly OccurrenceKind[] {
  const trigger = triggers.find((one): one is Trigger => start === `on:${one}`);
  return trigger === undefined ? [] : perOf(trigger);
}

function ticks<Word extends string>(
  legend: string,
  name: string,
  all: readonly Word[],
  chosen: readonly string[],
  words: (word: Word) => string,
  error: string | undefined,
): Html {
  return html`<fieldset class="field ticks${error === undefined ? "" : " wrong"}"><legend>${legend}</legend>
    ${all.map((word) => html`<label class="tick"><input type="checkbox" name="${name}" value="${word}"${chosen.includes(word) ? html` checked` : ""}> ${words(word)}</label>`)}
    ${error === undefined ? "" : html`<p class="error">${error}</p>`}</fieldset>`;
}
