import { html } from "hono/html";
import { type ParsedSchedule, parseSchedule } from "../../../core/schedule.ts";
import { diffSchedules, type FieldDiff } from "../../../core/schedule-diff.ts";
import type { WrittenSchedule } from "../../../core/schedule-shape.ts";
import { currentSchedule, findSchedule } from "../../../store/schedules.ts";
import type { Html } from "../../html.ts";
import { templateErrors } from "../../schedule-templates.ts";
import { emptyForm, textField } from "../parts/form.ts";
import { missing, page, part, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { countSteps, formOf, postedFields, scheduleOf } from "./draft.ts";
import { effectOf } from "./effect.ts";
import { formWords } from "./form-words.ts";
import { schedulePicture } from "./picture.ts";
import { stepSentence } from "./sentence.ts";
import { stepForm } from "./step-form.ts";
import { scheduleWords } from "./words.ts";

/** A draft begins as the version in force, or as an older one (`?from=2`). */
export const editDraft = shopRoute({
  method: "get",
  path: "/schedule/edit",
  role: "operator",
  section: "schedule",
  async handle(visit) {
    const asked = Number(visit.url.searchParams.get("from"));
    const current = await currentSchedule(visit.deps.db, visit.shop.id);
    const from = Number.isInteger(asked) && asked > 0 ? await findSchedule(visit.deps.db, visit.shop.id, asked) : current;
    const parsed = parseSchedule(from?.schedule ?? null);
    if (current === null || !parsed.ok) return missing();
    return draftPage(visit, formOf(parsed.written), current);
  },
});

/** The draft as it was typed: checked and drawn again; steps moved, added, removed. Nothing is saved. */
export const checkDraft = shopRoute({
  method: "post",
  path: "/schedule/edit",
  role: "operator",
  section: "schedule",
  async handle(visit) {
    const current = await currentSchedule(visit.deps.db, visit.shop.id);
    if (current === null) return missing();
    const form = arranged(visit.form);
    return visit.partial ? part(await draftView(visit, form, current)) : draftPage(visit, form, current);
  },
});

/** What a posted draft says, with everything that is wrong with it. */
export async function readDraft(visit: ShopVisit, form: URLSearchParams): Promise<ParsedSchedule> {
  const parsed = parseSchedule(scheduleOf(form));
  const errors = parsed.ok ? await templateErrors(visit.deps, visit.shop.id, parsed.written.steps) : [];
  return errors.length > 0 ? { ok: false, errors } : parsed;
}

type Current = NonNullable<Awaited<ReturnType<typeof currentSchedule>>>;

async function draftPage(visit: ShopVisit, form: URLSearchParams, current: Current): Promise<Reply> {
  const w = visit.say(scheduleWords);
  const f = visit.say(formWords);
  const draft = await readDraft(visit, form);
  const count = countSteps(form);
  const keys = Array.from({ length: count }, (_, index) => form.get(`s${index}-key`) ?? "");
  const templates = [...(visit.deps.templateKeys ?? new Set(keys))].sort();
  const steps = draft.ok ? draft.written.steps : null;
  return page({
    title: w.draft.title,
    sentence: w.draft.sentence(current.version),
    crumbs: [{ name: w.title, href: visit.link("/schedule") }],
    body: html`<form method="post" action="${visit.link("/schedule/edit")}" class="draft">${visit.formFields()}
      <div id="draft-view">${await draftView(visit, form, current)}</div>
      ${textField(emptyForm, { name: "name", label: f.name, value: form.get("name") ?? "" })}
      <ol class="steps" hx-post="${visit.link("/schedule/edit")}" hx-trigger="change delay:300ms" hx-target="#draft-view">${keys.map(
        (key, index) => {
          const errors = errorsOfStep(draft, index);
          const step = steps?.[index];
          return html`<li><details${Object.keys(errors).length > 0 ? html` open` : ""}><summary><strong>${stepName(key, visit.language)}</strong>
          <span class="quiet">${step === undefined ? "" : stepSentence(step, visit.language)}</span></summary>
          ${stepForm(visit, { index, count, fields: postedFields(form, index), keys, templates, errors })}</details></li>`;
        },
      )}</ol>
      <p class="acts"><button class="button" name="act" value="add">${f.add}</button></p>
    </form>`,
  });
}

/** The picture, what is wrong, what would change; drawn again after every change. */
async function draftView(visit: ShopVisit, form: URLSearchParams, current: Current): Promise<Html> {
  const w = visit.say(scheduleWords).draft;
  const draft = await readDraft(visit, form);
  if (!draft.ok) {
    return html`<div class="notice bad" role="status"><p>${w.problems(draft.errors.length)}</p><ul>${draft.errors.map(({ detail }) => html`<li lang="en">${detail}</li>`)}</ul></div>
      <p class="acts"><button class="button">${w.check}</button></p>`;
  }
  const before = parseSchedule(current.schedule);
  const difference = before.ok ? diffView(visit, before.written, draft.written) : html``;
  const same = before.ok && diffSchedules(before.written, draft.written).same;
  const effect = same ? null : await effectOf(visit, draft.schedule);
  return html`${schedulePicture(visit, draft.written)}
    <div class="notice" role="status"><p>${same ? w.same : effect === null ? w.fine : `${w.moves(effect.added, effect.moved, effect.cancelled)} ${w.movesOf(effect.orders)}`}</p></div>
    ${difference}
    <p class="acts"><button class="button">${w.check}</button>
    ${
      same
        ? ""
        : html`<button class="button" formaction="${visit.link("/schedule/simulation")}">${w.simulate}</button>
      <button class="button main" formaction="${visit.link("/schedule/publication")}">${w.publish}</button>`
    }</p>`;
}

/** What one schedule says that another does not. */
export function diffView(visit: Pick<ShopVisit, "say" | "language">, before: WrittenSchedule, after: WrittenSchedule): Html {
  const w = visit.say(scheduleWords).draft;
  const { same, name, added, removed, changed, reordered } = diffSchedules(before, after);
  if (same) return html``;
  const shown = (value: unknown) => (value === undefined ? w.nothing : JSON.stringify(value));
  const field = ({ field: at, before: was, after: is }: FieldDiff) =>
    html`<li><code>${at}</code>: <del>${shown(was)}</del> → <ins>${shown(is)}</ins></li>`;
  return html`<details class="changes" open><summary>${w.changes}</summary><ul>
    ${name === null ? "" : html`<li>${name.before} → ${name.after}</li>`}
    ${added.map((key) => html`<li><strong>${stepName(key, visit.language)}</strong>: ${w.added}</li>`)}
    ${removed.map((key) => html`<li><strong>${stepName(key, visit.language)}</strong>: ${w.removed}</li>`)}
    ${changed.map(({ step, fields }) => html`<li><strong>${stepName(step, visit.language)}</strong><ul>${fields.map(field)}</ul></li>`)}
    ${reordered ? html`<li>${w.reordered}</li>` : ""}</ul></details>`;
}

/** Of what is wrong, what concerns one step, by its field. */
function errorsOfStep(draft: ParsedSchedule, index: number): Readonly<Record<string, string>> {
  if (draft.ok) return {};
  const found: Record<string, string> = {};
  for (const { pointer, detail } of draft.errors) {
    const [, steps, at, field = "key"] = pointer.split("/");
    if (steps === "steps" && at === String(index)) found[field] ??= detail;
  }
  return found;
}

/** The form after its button: a step moved up or down, taken out, or a new one at the end. */
function arranged(form: URLSearchParams): URLSearchParams {
  const [act = "", at = ""] = (form.get("act") ?? "").split(":");
  const count = countSteps(form);
  const order = Array.from({ length: count }, (_, index) => index);
  const index = Number(at);
  if (act === "up" && index > 0) order.splice(index - 1, 0, ...order.splice(index, 1));
  if (act === "down" && index < count - 1) order.splice(index + 1, 0, ...order.splice(index, 1));
  if (act === "remove") order.splice(index, 1);
  const next = new URLSearchParams({ name: form.get("name") ?? "" });
  order.forEach((from, to) => {
    for (const [field, values] of Object.entries(postedFields(form, from)))
      for (const value of values) next.append(`s${to}-${field}`, value);
  });
  if (act === "add") {
    const fresh = formOf({
      name: "",
      steps: [{ key: "new-step", template: "check-in", category: "care", on: "shipment.dispatched", wait: { days: 10 } }],
    });
    for (const [field, value] of fresh) if (field.startsWith("s0-")) next.append(`s${order.length}-${field.slice(3)}`, value);
  }
  return next;
}
