import { html } from "hono/html";
import type { Html } from "../../html.ts";
import type { Visit } from "../route.ts";
import { frameWords } from "../words/frame.ts";

export interface Column<Row> {
  /** In the address (`?sort=key`) when `sorts`, and a class of its cells. */
  readonly key: string;
  readonly head: string;
  readonly sorts?: boolean;
  /** `number`: to the right. `when`: no wrapping. `main`: the widest, first on a phone. */
  readonly kind?: "text" | "number" | "when" | "main";
  cell(row: Row): Html | string;
}

export interface Table<Row> {
  /** For whoever does not see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
  /** Where a row leads: its first cell of kind `main` (else the first one) becomes the link, `enter` opens it. */
  hrefOf?(row: Row): string;
  /** Cursor of the next page, `null` on the last. */
  readonly next: string | null;
  /** Shown instead of an empty table: what will appear here, and the one thing to do now. */
  readonly empty: Html;
  /** Buttons for selected rows (`name="id"` holds each key). The buttons name their own `formaction`. */
  readonly bulk?: Html;
}

/** Rows to look through: sorting and paging are links, so that the address holds them; `j` and `k` move along. */
export function dataTable<Row>(visit: Visit, table: Table<Row>): Html {
  const w = visit.say(frameWords);
  const paging = pager(visit, table.next);
  if (table.rows.length === 0) return html`<div class="empty">${table.empty}</div>${paging}`;
  const selects = table.bulk !== undefined;
  const main = Math.max(
    0,
    table.columns.findIndex(({ kind }) => kind === "main"),
  );
  const body = html`<div class="wide"><table class="data" data-rows>
    <caption class="unseen">${table.caption}</caption>
    <thead><tr>${selects ? html`<th scope="col" class="pick"><input type="checkbox" data-pick-all aria-label="${w.selectAll}"></th>` : ""}${table.columns.map(
      (column) => headOf(visit, column),
    )}</tr></thead>
    <tbody>${table.rows.map((row) => {
      const href = table.hrefOf?.(row);
      return html`<tr>${
        selects ? html`<td class="pick"><input type="checkbox" name="id" value="${table.keyOf(row)}" aria-label="${w.select}"></td>` : ""
      }${table.columns.map(({ key, kind = "text", head, cell }, index) => {
        const content = cell(row);
        return html`<td class="${kind} c-${key}" data-head="${head}">${href !== undefined && index === main ? html`<a class="row" href="${href}">${content}</a>` : content}</td>`;
      })}</tr>`;
    })}</tbody>
  </table></div>`;
  if (!selects) return html`${body}${paging}`;
  return html`<form method="post" class="bulk">${visit.formFields()}${body}
    <div class="picked" role="group" aria-label="${w.selected}"><span data-picked aria-live="polite"></span> ${table.bulk}</div></form>${paging}`;
}

/** `?sort=due` upwards, `?sort=-due` downwards; the first of `allowed` when the address says nothing, or nonsense. */
export function sortOf<Key extends string>(
  visit: Pick<Visit, "url">,
  allowed: readonly [Key, ...Key[]],
  down = true,
): { key: Key; down: boolean } {
  const asked = visit.url.searchParams.get("sort") ?? "";
  const key = allowed.find((name) => name === asked.replace(/^-/, ""));
  return key === undefined ? { key: allowed[0], down } : { key, down: asked.startsWith("-") };
}

function headOf<Row>(visit: Visit, { key, head, kind = "text", sorts = false }: Column<Row>): Html {
  if (!sorts) return html`<th scope="col" class="${kind} c-${key}">${head}</th>`;
  const sort = visit.url.searchParams.get("sort") ?? "";
  const now = sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none";
  const to = visit.here({ sort: now === "descending" ? key : `-${key}`, cursor: null });
  return html`<th scope="col" class="${kind} c-${key}" aria-sort="${now}"><a href="${to}">${head}<span aria-hidden="true">${now === "none" ? "" : now === "ascending" ? " ↑" : " ↓"}</span></a></th>`;
}

function pager(visit: Visit, next: string | null): Html | "" {
  const w = visit.say(frameWords);
  const later = visit.url.searchParams.has("cursor");
  if (next === null && !later) return "";
  return html`<nav class="pager" aria-label="${w.older}">${later ? html`<a class="button" href="${visit.here({ cursor: null })}">${w.newest}</a>` : ""}
    ${next === null ? "" : html`<a class="button" rel="next" href="${visit.here({ cursor: next })}">${w.older}</a>`}</nav>`;
}
