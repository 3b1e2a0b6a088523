import { html } from "hono/html";
import type { MessageState } from "../../../core/timetable.ts";
import { backlog } from "../../../store/backlog.ts";
import { messageCounts } from "../../../store/counts.ts";
import { mark, stateBadge } from "../parts/badge.ts";
import { number } from "../parts/time.ts";
import { page, shopRoute } from "../route.ts";
import { settingsTabs } from "./tabs.ts";
import { settingsWords } from "./words.ts";

/** Whether the work of the whole installation gets done. */
export const workPage = shopRoute({
  method: "get",
  path: "/settings/work",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const w = visit.say(settingsWords).work;
    const [checks, figures, counts] = await Promise.all([
      visit.deps.ready(),
      backlog(visit.deps.db, visit.now),
      messageCounts(visit.deps.db),
    ]);
    const broken = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    const behind = [...broken, ...(figures.overdue > 0 ? [w.figures.overdue] : [])];
    const rows = Object.entries(w.figures) as [keyof typeof w.figures, string][];
    return page({
      title: visit.say(settingsWords).tabs.work,
      sentence: behind.length === 0 ? w.sentence.well : w.sentence.behind(behind.join(", ")),
      body: html`${settingsTabs(visit, "work")}<p class="quiet">${w.help}</p>
        <div id="work" hx-get="${visit.link("/settings/work")}" hx-trigger="every 5s" hx-select="#work" hx-swap="outerHTML">
        <div class="chips">${checks.map(({ name, ok, detail }) => html`<span class="chip">${mark(ok ? "good" : "bad", `${name}: ${ok ? w.works : (detail ?? "")}`)}</span>`)}</div>
        <div class="wide"><table class="data plain"><thead><tr><th scope="col">${w.figure}</th><th scope="col" class="number">${w.value}</th></tr></thead>
          <tbody>${rows.map(([key, label]) => html`<tr><th scope="row">${label}</th><td class="number">${number(visit, figures[key])}</td></tr>`)}</tbody></table></div>
        <section aria-labelledby="states"><h2 id="states">${w.messages}</h2>
          <div class="chips">${counts.map(({ state, n }) => html`<span class="chip">${stateBadge(visit, state as MessageState)} ${number(visit, n)}</span>`)}</div></section></div>`,
    });
  },
});
