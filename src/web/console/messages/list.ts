import { html } from "hono/html";
import { underHold } from "../../../core/instance.ts";
import { parseSchedule } from "../../../core/schedule.ts";
import { categories, messageStates } from "../../../core/timetable.ts";
import { type LedgerOrder, type LedgerRow, listMessages } from "../../../store/message-list.ts";
import { currentSchedule } from "../../../store/schedules.ts";
import type { Html } from "../../html.ts";
import { categoryBadge, stateBadge } from "../parts/badge.ts";
import { selectField, textField } from "../parts/form.ts";
import { type Column, dataTable, sortOf } from "../parts/table.ts";
import { when } from "../parts/time.ts";
import { page, type ShopVisit, shopRoute } from "../route.ts";
import { badgeWords } from "../words/badges.ts";
import { reasonText } from "../words/reasons.ts";
import { stepName } from "../words/steps.ts";
import { workWords } from "../work/words.ts";
import { filterOf, isFiltered, type MessageFilter } from "./filter.ts";
import { messageWords } from "./words.ts";

const pageSize = 50;

/** The ledger of a shop: every mail that was ever planned, with its state; many moved at once. */
export const messageList = shopRoute({
  method: "get",
  path: "/messages",
  role: "viewer",
  section: "messages",
  async handle(visit) {
    const w = visit.say(messageWords);
    const filter = filterOf(visit);
    const found = await listMessages(visit.deps.db, {
      shopId: visit.shop.id,
      orderId: null,
      ...filter,
      order: orderIn(visit, filter),
      limit: pageSize + 1,
    });
    const standing = await visit.deps.instance.standing();
    const rows = found.slice(0, pageSize).map((row) => underHold(row, standing));
    const filtered = isFiltered(filter);
    return page({
      title: w.title,
      sentence: w.sentence(rows.length, found.length > rows.length || filter.after !== null, filtered),
      actions: html`<a class="button" href="${visit.link("/messages.csv")}${visit.url.search}" download>${w.csv}</a>`,
      body: html`${await filters(visit, filter)}
        ${dataTable<LedgerRow>(visit, {
          caption: w.caption,
          columns: columnsOf(visit, filter),
          rows,
          keyOf: ({ id }) => id,
          hrefOf: ({ id }) => visit.link(`/messages/${id}`),
          next: found.length > pageSize ? (rows.at(-1)?.id ?? null) : null,
          empty: filtered
            ? html`<p>${w.noneFound}</p><p><a class="button" href="${visit.link("/messages")}">${w.clear}</a></p>`
            : html`<p>${w.empty}</p><p><a class="button main" href="${visit.link("/schedule")}">${w.emptyAct}</a></p>`,
          ...(visit.user.role === "viewer" ? {} : { bulk: bulkActs(visit, found.length > rows.length || filter.after !== null) }),
        })}`,
    });
  },
});

async function filters(visit: ShopVisit, filter: MessageFilter): Promise<Html> {
  const w = visit.say(messageWords);
  const badges = visit.say(badgeWords);
  const stored = await currentSchedule(visit.deps.db, visit.shop.id);
  const parsed = parseSchedule(stored?.schedule ?? null);
  const steps = parsed.ok ? parsed.schedule.steps.map(({ key }) => key) : [];
  const none = { values: {}, errors: {} };
  const any = { value: "", label: w.any };
  return html`<form class="filters" method="get" action="${visit.link("/messages")}">
    ${selectField(none, { name: "state", label: w.state, value: filter.states?.[0] ?? "", options: [any, ...messageStates.map((value) => ({ value, label: badges.states[value] }))] })}
    ${selectField(none, { name: "category", label: w.category, value: filter.category ?? "", options: [any, ...categories.map((value) => ({ value, label: badges.categories[value] }))] })}
    ${selectField(none, { name: "step", label: w.step, value: filter.step ?? "", options: [any, ...steps.map((value) => ({ value, label: stepName(value, visit.language) }))] })}
    ${textField(none, { name: "day", label: w.day, type: "date", value: filter.day ?? "" })}
    ${visit.url.searchParams.has("sort") ? html`<input type="hidden" name="sort" value="${visit.url.searchParams.get("sort") ?? ""}">` : ""}
    <button class="button">${w.filter}</button>
  </form>`;
}

/** An index serves the time of sending, and of what is planned the time it is due. */
function sortsByDue({ states }: MessageFilter): boolean {
  return states?.length === 1 && states[0] === "planned";
}

function orderIn(visit: ShopVisit, filter: MessageFilter): LedgerOrder {
  const { key, down } = sortOf(visit, ["made", "sent", "due"]);
  return key === "made" || (key === "due" && !sortsByDue(filter)) ? { by: "made" } : { by: key, down };
}

function columnsOf(visit: ShopVisit, filter: MessageFilter): readonly Column<LedgerRow>[] {
  const w = visit.say(messageWords);
  return [
    { key: "message", head: w.columns.message, kind: "main", cell: ({ step }) => stepName(step, visit.language) },
    {
      key: "order",
      head: w.columns.order,
      cell: ({ orderId, orderNumber, buyerName }) =>
        html`<a href="${visit.link(`/orders/${orderId}`)}">${orderNumber === null ? "–" : `#${orderNumber}`}</a> <span class="quiet">${buyerName ?? ""}</span>`,
    },
    { key: "state", head: w.columns.state, cell: ({ state }) => stateBadge(visit, state) },
    { key: "category", head: w.columns.category, cell: ({ category }) => categoryBadge(visit, category) },
    { key: "due", head: w.columns.due, kind: "when", sorts: sortsByDue(filter), cell: ({ dueAt }) => when(visit, dueAt) },
    { key: "sent", head: w.columns.sent, kind: "when", sorts: true, cell: ({ sentAt }) => (sentAt === null ? "–" : when(visit, sentAt)) },
    { key: "why", head: w.columns.why, cell: ({ reason }) => (reason === null ? "" : reasonText(reason, visit.language)) },
  ];
}

/** With `more` than the page shows, all that match can be meant. */
function bulkActs(visit: ShopVisit, more: boolean): Html {
  const w = visit.say(messageWords);
  const all = html`<label class="tick"><input type="checkbox" name="all" value="on"> <span hx-get="${visit.link("/messages/count")}${visit.url.search}" hx-trigger="load">${visit.say(workWords).allMatching}</span></label>`;
  const to = (move: string) => visit.link(`/selected-messages/${move}`);
  return html`<input type="hidden" name="back" value="${visit.url.search}">${more ? all : ""}
    ${(["hold", "release", "send-now"] as const).map((move) => html`<button class="button" formaction="${to(move)}">${w.bulk[move]}</button> `)}
    <details class="confirm"><summary class="button danger">${w.bulk.cancel}</summary>
      <div class="sheet"><p>${w.bulkCancelQuestion}</p><button class="button danger" formaction="${to("cancel")}">${w.bulkCancelConfirm}</button></div></details>`;
}
