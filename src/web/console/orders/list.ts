import { html } from "hono/html";
import { isId } from "../../../core/ids.ts";
import { type FoundOrder, type OrderShow, orderShows, searchOrders } from "../../../store/order-search.ts";
import { mark } from "../parts/badge.ts";
import { type Column, dataTable, sortOf } from "../parts/table.ts";
import { when } from "../parts/time.ts";
import { go, page, type ShopVisit, shopRoute } from "../route.ts";
import { orderWords } from "./words.ts";

const pageSize = 50;

/** A shop's orders: found by number, buyer, address or parcel, newest first. */
export const orderList = shopRoute({
  method: "get",
  path: "/orders",
  role: "viewer",
  section: "orders",
  async handle(visit) {
    const w = visit.say(orderWords);
    const { searchParams } = visit.url;
    const search = (searchParams.get("q") ?? "").slice(0, 200);
    const show: OrderShow = orderShows.find((one) => one === searchParams.get("show")) ?? "all";
    const country = /^[a-z]{2}$/i.test(searchParams.get("country") ?? "") ? (searchParams.get("country") ?? "").toUpperCase() : null;
    const cursor = searchParams.get("cursor");
    const after = cursor !== null && isId(cursor) ? cursor : null;
    const { key, down } = sortOf(visit, ["made", "placed"]);
    const placed = key === "placed" ? { down } : null;
    const found = await searchOrders(visit.deps.db, visit.deps.keys, visit.shop.id, {
      search,
      show,
      country,
      placed,
      after,
      limit: pageSize + 1,
    });
    const rows = found.slice(0, pageSize);
    const only = rows.length === 1 && search.trim() !== "" && show === "all" && country === null && after === null ? rows[0] : undefined;
    // Whoever looked for one order and found one wants to see it.
    if (only !== undefined) return go(visit.link(`/orders/${only.id}`));
    const filtered = search.trim() !== "" || show !== "all" || country !== null;
    return page({
      title: w.title,
      sentence: w.listSentence(rows.length, found.length > rows.length || after !== null, filtered),
      body: html`${filters(visit, { search, show, country })}
        ${dataTable<FoundOrder>(visit, {
          caption: w.caption,
          columns: columnsOf(visit),
          rows,
          keyOf: ({ id }) => id,
          hrefOf: ({ id }) => visit.link(`/orders/${id}`),
          next: found.length > pageSize ? (rows.at(-1)?.id ?? null) : null,
          empty: filtered
            ? html`<p>${w.noneFound}</p><p><a class="button" href="${visit.link("/orders")}">${w.clear}</a></p>`
            : html`<p>${w.empty}</p><p><a class="button main" href="${visit.link("/sources")}">${w.emptyAct}</a></p>`,
        })}`,
    });
  },
});

function filters(visit: ShopVisit, { search, show, country }: { search: string; show: OrderShow; country: string | null }) {
  const w = visit.say(orderWords);
  return html`<form class="filters" method="get" action="${visit.link("/orders")}">
    <div class="field grow"><label for="orders-q">${w.search}</label><input id="orders-q" type="search" name="q" value="${search}" maxlength="200"></div>
    <div class="field narrow"><label for="orders-country">${w.country}</label><input id="orders-country" name="country" value="${country ?? ""}" maxlength="2" pattern="[A-Za-z]{2}" placeholder="${w.countryHint}"></div>
    ${visit.url.searchParams.has("sort") ? html`<input type="hidden" name="sort" value="${visit.url.searchParams.get("sort") ?? ""}">` : ""}
    ${show === "all" ? "" : html`<input type="hidden" name="show" value="${show}">`}
    <button class="button">${w.searchButton}</button>
  </form>
  <nav class="tabs" aria-label="${w.show}">${orderShows.map(
    (one) =>
      html`<a href="${visit.here({ show: one === "all" ? null : one, cursor: null })}"${one === show ? html` aria-current="page"` : ""}>${w.shows[one]}</a>`,
  )}</nav>`;
}

function columnsOf(visit: ShopVisit): readonly Column<FoundOrder>[] {
  const w = visit.say(orderWords);
  return [
    {
      key: "number",
      head: w.columns.number,
      kind: "main",
      cell: ({ number, externalId, test }) =>
        html`${number === null ? html`<span class="quiet">${externalId}</span>` : w.order(number)}${test ? html` ${mark("quiet", w.test)}` : ""}`,
    },
    { key: "buyer", head: w.columns.buyer, cell: ({ buyerName }) => buyerName ?? html`<span class="quiet">${w.unnamed}</span>` },
    { key: "country", head: w.columns.country, cell: ({ country }) => country ?? "–" },
    {
      key: "placed",
      head: w.columns.placed,
      kind: "when",
      sorts: true,
      cell: ({ placedAt }) => (placedAt === null ? "–" : when(visit, placedAt)),
    },
    {
      key: "mails",
      head: w.columns.mails,
      cell: ({ sent, planned, trouble }) =>
        html`${w.mails(sent, planned)}${trouble === 0 ? "" : html` ${mark("warn", w.trouble(trouble))}`}`,
    },
    { key: "next", head: w.columns.next, kind: "when", cell: ({ nextDue }) => (nextDue === null ? "–" : when(visit, nextDue)) },
  ];
}
