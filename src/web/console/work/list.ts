import { html } from "hono/html";
import { countOpenErrands, type Errand, listErrands } from "../../../store/errands.ts";
import type { Html } from "../../html.ts";
import { pageOf } from "../parts/paging.ts";
import { dataTable } from "../parts/table.ts";
import { when } from "../parts/time.ts";
import { page, type ShopVisit, shopRoute } from "../route.ts";
import { errandName, errandResult, errandScope, errandState } from "./shown.ts";
import { workWords } from "./words.ts";

/** What takes longer than a page: what goes on, and what came of the rest. It asks for itself again while something goes on. */
export const workList = shopRoute({
  method: "get",
  path: "/work",
  role: "viewer",
  section: "work",
  async handle(visit) {
    const w = visit.say(workWords);
    const [{ rows, next }, open] = await Promise.all([
      pageOf(visit, (wanted) => listErrands(visit.deps.db, visit.shop.id, wanted)),
      countOpenErrands(visit.deps.db, visit.shop.id),
    ]);
    return page({
      title: w.title,
      sentence: html`<span id="answer">${w.sentence(open)}</span>`,
      body: html`<p class="quiet">${w.help}</p>${following(visit, open > 0, table(visit, rows, next))}`,
    });
  },
});

/** A part that is fetched anew every two seconds while there is something to see; its heading with it. */
export function following(visit: ShopVisit, goesOn: boolean, body: Html): Html {
  const again = html` hx-get="${visit.url.pathname}${visit.url.search}" hx-trigger="every 2s" hx-select="#errands" hx-select-oob="#answer" hx-swap="outerHTML"`;
  return html`<div id="errands"${goesOn ? again : ""}>${body}</div>`;
}

function table(visit: ShopVisit, rows: readonly Errand[], next: string | null): Html {
  const w = visit.say(workWords);
  return dataTable<Errand>(visit, {
    caption: w.caption,
    rows,
    keyOf: ({ id }) => id,
    hrefOf: ({ id }) => visit.link(`/work/${id}`),
    next,
    empty: html`<p>${w.empty}</p><p><a class="button main" href="${visit.link("/messages")}">${w.emptyAct}</a></p>`,
    columns: [
      { key: "what", head: w.columns.what, kind: "main", cell: (errand) => errandName(visit, errand) },
      { key: "which", head: w.one.filter, cell: ({ asked }) => errandScope(visit, asked) },
      { key: "state", head: w.columns.state, cell: (errand) => errandState(visit, errand) },
      { key: "result", head: w.columns.result, cell: (errand) => errandResult(visit, errand) },
      { key: "by", head: w.columns.by, cell: ({ actor }) => actor.name },
      { key: "asked", head: w.columns.asked, kind: "when", cell: ({ createdAt }) => when(visit, createdAt) },
    ],
  });
}
