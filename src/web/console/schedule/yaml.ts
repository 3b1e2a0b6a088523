import { html } from "hono/html";
import { stringify } from "yaml";
import { parseSchedule } from "../../../core/schedule.ts";
import { readScheduleText } from "../../../core/schedule-text.ts";
import { currentSchedule } from "../../../store/schedules.ts";
import type { Html } from "../../html.ts";
import { emptyForm, textField } from "../parts/form.ts";
import { missing, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { formOf } from "./draft.ts";
import { scheduleWords } from "./words.ts";

/** The schedule as text, to take along or to bring back. */
export const yamlPage = shopRoute({
  method: "get",
  path: "/schedule/yaml",
  role: "viewer",
  section: "schedule",
  async handle(visit) {
    const text = await currentText(visit);
    return text === null ? missing() : textPage(visit, text, html``, 200);
  },
});

export const yamlFile = shopRoute({
  method: "get",
  path: "/schedule.yaml",
  role: "viewer",
  section: "schedule",
  async handle(visit) {
    const text = await currentText(visit);
    if (text === null) return missing();
    const headers = {
      "content-type": "application/yaml; charset=utf-8",
      "content-disposition": 'attachment; filename="schedule.yaml"',
      "cache-control": "no-store",
    };
    return { kind: "response", response: new Response(text, { headers }) };
  },
});

/** Text becomes the draft; what is wrong with it is said by line. */
export const yamlDraft = shopRoute({
  method: "post",
  path: "/schedule/yaml",
  role: "operator",
  section: "schedule",
  async handle(visit) {
    const text = visit.form.get("text") ?? "";
    const reading = readScheduleText("schedule", text);
    const w = visit.say(scheduleWords);
    if (reading.parsed === null) {
      const mistakes = html`<div class="notice bad" role="alert"><p>${w.draft.problems(reading.mistakes.length)}</p>
        <ul>${reading.mistakes.map(({ line, detail }) => html`<li>${w.yamlPage.line(line)}: <span lang="en">${detail}</span></li>`)}</ul></div>`;
      return textPage(visit, text, mistakes, 422);
    }
    const fields = [...formOf(reading.parsed.written)].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
    return page({
      title: w.yamlPage.title,
      sentence: w.draft.fine,
      crumbs: [{ name: w.title, href: visit.link("/schedule") }],
      body: html`<form method="post" action="${visit.link("/schedule/edit")}">${visit.formFields()}${fields}<button class="button main">${w.yamlPage.use}</button></form>
        <pre class="sheet" tabindex="0">${text}</pre>`,
    });
  },
});

async function currentText(visit: ShopVisit): Promise<string | null> {
  const current = await currentSchedule(visit.deps.db, visit.shop.id);
  const parsed = parseSchedule(current?.schedule ?? null);
  return parsed.ok ? stringify(parsed.written) : null;
}

function textPage(visit: ShopVisit, text: string, mistakes: Html, status: 200 | 422): Reply {
  const w = visit.say(scheduleWords);
  return page({
    title: w.yamlPage.title,
    sentence: w.yamlPage.sentence,
    status,
    crumbs: [{ name: w.title, href: visit.link("/schedule") }],
    actions: html`<a class="button" href="${visit.link("/schedule.yaml")}" download>${w.download}</a>`,
    body: html`${mistakes}<form method="post" action="${visit.link("/schedule/yaml")}" class="yaml">${visit.formFields()}
      ${textField({ ...emptyForm, values: { text } }, { name: "text", label: w.yamlPage.text, rows: 30 })}
      ${visit.user.role === "viewer" ? "" : html`<button class="button main">${w.yamlPage.use}</button>`}</form>`,
  });
}
