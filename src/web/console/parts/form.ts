import { html } from "hono/html";
import { z } from "zod";
import type { Html } from "../../html.ts";
import type { Visit } from "../route.ts";
import { fieldErrorIn } from "../words/field-errors.ts";
import { frameWords } from "../words/frame.ts";

/** A form as it was filled in: what was typed, and what is wrong with it, field by field. */
export interface Filled {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
}

export const emptyForm: Filled = { values: {}, errors: {} };

export type FormReading<Value> = { readonly ok: true; readonly value: Value } | ({ readonly ok: false } & Filled);

/**
 * Checks what was posted. A field that was left empty counts as absent (`undefined`); of several of one name the last counts (lists are
 * read with `visit.form.getAll`). Values are kept, so that nobody types them twice.
 */
export function readForm<Value>(visit: Pick<Visit, "form" | "language">, schema: z.ZodType<Value>): FormReading<Value> {
  const values = Object.fromEntries([...visit.form].filter(([name]) => !name.startsWith("_")));
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
  const parsed = schema.safeParse(given, { error: (issue) => (issue.input === undefined ? "is missing" : undefined) });
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? "")] ??= fieldErrorIn(visit.language, issue.message);
  return { ok: false, values, errors };
}

/** A tick box: absent is off. */
export const ticked = z
  .string()
  .optional()
  .transform((value) => value === "on");

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | Html;
  /** What it holds before anybody typed. */
  readonly value?: string;
  readonly required?: boolean;
}

export interface TextField extends Field {
  readonly type?: "text" | "email" | "password" | "url" | "date" | "number" | "time" | "color" | "search";
  readonly autocomplete?: string;
  /** Lines, for a long text. */
  readonly rows?: number;
  readonly placeholder?: string;
  readonly list?: readonly string[];
}

/** A line to fill in, its label above, what is wrong beneath. */
export function textField(filled: Filled, field: TextField): Html {
  const { name, label, type = "text", rows } = field;
  const value = type === "password" ? "" : (filled.values[name] ?? field.value ?? "");
  const common = html`id="f-${name}" name="${name}"${field.required === true ? html` required` : ""}${field.autocomplete === undefined ? "" : html` autocomplete="${field.autocomplete}"`}${field.placeholder === undefined ? "" : html` placeholder="${field.placeholder}"`}${described(filled, field)}`;
  const control =
    rows === undefined
      ? html`<input type="${type}" value="${value}"${field.list === undefined ? "" : html` list="f-${name}-list"`} ${common}>`
      : html`<textarea rows="${rows}" ${common}>${value}</textarea>`;
  const list =
    field.list === undefined
      ? ""
      : html`<datalist id="f-${name}-list">${field.list.map((one) => html`<option value="${one}">`)}</datalist>`;
  return around(filled, field, html`<label for="f-${name}">${label}</label>${control}${list}`);
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function selectField(filled: Filled, field: Field & { readonly options: readonly Option[] }): Html {
  const chosen = filled.values[field.name] ?? field.value ?? "";
  return around(
    filled,
    field,
    html`<label for="f-${field.name}">${field.label}</label><select id="f-${field.name}" name="${field.name}"${described(filled, field)}>
      ${field.options.map(({ value, label }) => html`<option value="${value}"${value === chosen ? html` selected` : ""}>${label}</option>`)}
    </select>`,
  );
}

export function tickField(filled: Filled, field: Omit<Field, "value"> & { readonly checked: boolean }): Html {
  const posted = Object.keys(filled.values).length > 0;
  const on = posted ? filled.values[field.name] === "on" : field.checked;
  return around(
    filled,
    field,
    html`<label class="tick"><input type="checkbox" id="f-${field.name}" name="${field.name}" value="on"${on ? html` checked` : ""}${described(filled, field)}> ${field.label}</label>`,
  );
}

/** One of a few, all in sight. */
export function choiceField(filled: Filled, field: Field & { readonly options: readonly (Option & { readonly hint?: string })[] }): Html {
  const chosen = filled.values[field.name] ?? field.value ?? "";
  const error = filled.errors[field.name];
  return html`<fieldset class="field choice${error === undefined ? "" : " wrong"}"><legend>${field.label}</legend>
    ${field.options.map(
      ({ value, label, hint }) =>
        html`<label class="tick"><input type="radio" name="${field.name}" value="${value}"${value === chosen ? html` checked` : ""}> <span>${label}${hint === undefined ? "" : html`<span class="hint">${hint}</span>`}</span></label>`,
    )}
    ${error === undefined ? "" : html`<p class="error">${error}</p>`}</fieldset>`;
}

/** Says above a form that something in it is wrong; nothing when nothing is. */
export function formErrors(visit: Pick<Visit, "say">, filled: Filled): Html | "" {
  const wrong = Object.keys(filled.errors);
  if (wrong.length === 0) return "";
  return html`<div class="notice bad" role="alert"><p>${visit.say(frameWords).errors(wrong.length)}</p></div>`;
}

function around(filled: Filled, { name, hint }: Field | Omit<Field, "value">, control: Html): Html {
  const error = filled.errors[name];
  return html`<div class="field${error === undefined ? "" : " wrong"}">${control}
    ${error === undefined ? "" : html`<p class="error" id="f-${name}-error">${error}</p>`}
    ${hint === undefined ? "" : html`<p class="hint" id="f-${name}-hint">${hint}</p>`}</div>`;
}

function described(filled: Filled, { name, hint }: Field | Omit<Field, "value">): Html | "" {
  const error = filled.errors[name] !== undefined;
  const ids = [...(error ? [`f-${name}-error`] : []), ...(hint === undefined ? [] : [`f-${name}-hint`])];
  return ids.length === 0 ? "" : html` aria-describedby="${ids.join(" ")}"${error ? html` aria-invalid="true"` : ""}`;
}
