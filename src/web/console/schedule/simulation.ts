import { html } from "hono/html";
import { day24, type Instant, instantOf, plus } from "../../../core/instant.ts";
import { parseSchedule } from "../../../core/schedule.ts";
import type { Simulation } from "../../../core/simulate.ts";
import { currentSchedule } from "../../../store/schedules.ts";
import type { Html } from "../../html.ts";
import { simulate } from "../../simulation.ts";
import { number, shortDay, shortTime } from "../parts/time.ts";
import { missing, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { readDraft } from "./edit.ts";
import { scheduleWords } from "./words.ts";

const month = 30 * day24;

/** What the draft would have changed for last month's orders; nothing is written. */
export const simulateDraft = shopRoute({
  method: "post",
  path: "/schedule/simulation",
  role: "operator",
  section: "schedule",
  async handle(visit): Promise<Reply> {
    const current = await currentSchedule(visit.deps.db, visit.shop.id);
    const before = parseSchedule(current?.schedule ?? null);
    const draft = await readDraft(visit, visit.form);
    if (current === null || !before.ok || !draft.ok) return missing();
    const to = visit.now;
    const wish = {
      shopId: visit.shop.id,
      from: plus(to, -month),
      to,
      before: before.schedule,
      after: draft.schedule,
      zone: visit.shop.timeZone,
    };
    const result = await simulate(visit.deps, wish);
    const w = visit.say(scheduleWords);
    const s = w.simulation;
    return page({
      title: s.title,
      sentence: result.orders === 0 ? s.none : s.sentence(result.orders, result.messages.before, result.messages.after),
      crumbs: [{ name: w.title, href: visit.link("/schedule") }],
      body: html`${result.orders === 0 ? "" : resultView(visit, result)}
        <form method="post" action="${visit.link("/schedule/edit")}">${visit.formFields()}${draftFields(visit)}
        <p class="acts"><button class="button">${s.back}</button><button class="button main" formaction="${visit.link("/schedule/publication")}">${w.draft.publish}</button></p></form>`,
    });
  },
});

/** The draft, carried along. */
export function draftFields(visit: ShopVisit): readonly Html[] {
  return [...visit.form]
    .filter(([name]) => name === "name" || /^s\d+-/.test(name))
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}

function resultView(visit: ShopVisit, result: Simulation): Html {
  const s = visit.say(scheduleWords).simulation;
  const { added, removed, earlier, later, beforeDelivery, steps, byDay, samples } = result;
  const c = s.columns;
  const cell = (value: number) => html`<td class="number">${value === 0 ? html`<span class="quiet">0</span>` : number(visit, value)}</td>`;
  return html`<p>${s.summary(added, removed, earlier, later)} ${s.beforeDelivery(beforeDelivery.before, beforeDelivery.after)}</p>
    <p class="small">${s.help}</p>
    <section><h2>${s.byDay}</h2>${dayChart(visit, byDay)}</section>
    <section><h2>${s.steps}</h2><div class="wide"><table class="data"><thead><tr><th scope="col">${c.step}</th>${[
      c.before,
      c.after,
      c.added,
      c.removed,
      c.moved,
    ].map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead><tbody>${steps.map(
      (step) =>
        html`<tr><td>${stepName(step.step, visit.language)}</td>${cell(step.before)}${cell(step.after)}${cell(step.added)}${cell(step.removed)}${cell(step.moved)}</tr>`,
    )}</tbody></table></div></section>
    ${
      samples.length === 0
        ? ""
        : html`<section><h2>${s.samples}</h2><ul class="lines">${samples.map(
            ({
              orderId,
              number: order,
              step,
              change,
              before,
              after,
              because,
            }) => html`<li><a href="${visit.link(`/orders/${orderId}`)}">#${order}</a> ${stepName(step, visit.language)}:
            <strong>${s.sample[change]}</strong> ${timeOf(visit, before)} → ${timeOf(visit, after)}
            <details class="why"><summary>…</summary><ul>${because.map(({ detail }) => html`<li lang="en">${detail}</li>`)}</ul></details></li>`,
          )}</ul></section>`
    }`;
}

function timeOf(visit: ShopVisit, at: string | null): string {
  return at === null ? "–" : shortTime(visit, instantOf(at) as Instant);
}

const [width, height, foot] = [960, 120, 18];

/** Two bars a day: as it is, and by the draft. */
function dayChart(visit: ShopVisit, days: Simulation["byDay"]): Html {
  const s = visit.say(scheduleWords).simulation;
  const most = Math.max(1, ...days.flatMap(({ before, after }) => [before, after]));
  const room = width / Math.max(1, days.length);
  const bar = Math.max(1, room * 0.4);
  const tall = (count: number) => (count / most) * (height - foot - 4);
  const rect = (kind: string, x: number, count: number, title: string) =>
    html`<rect class="${kind}" x="${x.toFixed(1)}" y="${(height - foot - tall(count)).toFixed(1)}" width="${bar.toFixed(1)}" height="${tall(count).toFixed(1)}"><title>${title}</title></rect>`;
  const label = days.map(({ day, before, after }) => `${shortDay(visit, day)}: ${before} → ${after}`).join("; ");
  const every = Math.max(1, Math.ceil(days.length / 12));
  return html`<figure class="pair-chart"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${days.map(({ day, before, after }, index) => {
      const x = index * room;
      return html`${rect("before", x + room * 0.08, before, `${shortDay(visit, day)}, ${s.now}: ${before}`)}${rect("after", x + room * 0.5, after, `${shortDay(visit, day)}, ${s.draft}: ${after}`)}
      ${index % every === 0 ? html`<text x="${(x + room * 0.08).toFixed(1)}" y="${height - 4}">${shortDay(visit, day)}</text>` : ""}`;
    })}</svg><figcaption class="small"><span class="key before"></span> ${s.now} <span class="key after"></span> ${s.draft}</figcaption></figure>`;
}
