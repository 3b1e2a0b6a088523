import { html } from "hono/html";
import { z } from "zod";
import { addressHash } from "../../../core/keys.ts";
import { type FoundOrder, searchOrders } from "../../../store/order-search.ts";
import { emptyForm, formErrors, readForm, textField } from "../parts/form.ts";
import { dataTable } from "../parts/table.ts";
import { when } from "../parts/time.ts";
import { go, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { buyerPath } from "./path.ts";
import { buyerWords } from "./words.ts";

const looked = 200;
const shown = 50;

/** Where a buyer is looked up: by address, or among those who ordered last. */
export const buyerList = shopRoute({
  method: "get",
  path: "/buyers",
  role: "viewer",
  section: "buyers",
  handle: (visit) => listPage(visit, emptyForm),
});

/** Posted, so that an address stands in no address line, history or log. */
export const buyerLookUp = shopRoute({
  method: "post",
  path: "/buyers",
  role: "viewer",
  section: "buyers",
  async handle(visit) {
    const reading = readForm(visit, z.object({ address: z.string().trim().max(320) }));
    if (!reading.ok) return listPage(visit, reading);
    return go(visit.link(buyerPath(addressHash(visit.deps.keys, visit.shop.id, reading.value.address))));
  },
});

async function listPage(visit: ShopVisit, filled: typeof emptyForm): Promise<Reply> {
  const w = visit.say(buyerWords);
  const filter = { search: "", show: "all" as const, country: null, after: null, limit: looked };
  const orders = await searchOrders(visit.deps.db, visit.deps.keys, visit.shop.id, filter);
  const newest = new Map<string, FoundOrder>();
  for (const order of orders) {
    const key = order.email?.toLowerCase();
    if (key !== undefined && !newest.has(key) && newest.size < shown) newest.set(key, order);
  }
  return page({
    title: w.title,
    sentence: w.sentence,
    ...(filled === emptyForm ? {} : { status: 422 as const }),
    body: html`${formErrors(visit, filled)}
      <form class="filters" method="post" action="${visit.link("/buyers")}">${visit.formFields()}
        ${textField(filled, { name: "address", label: w.address, type: "email", required: true, autocomplete: "off" })}<button class="button">${w.look}</button></form>
      <section><h2>${w.recent}</h2>${dataTable<FoundOrder>(visit, {
        caption: w.caption,
        columns: [
          {
            key: "buyer",
            head: w.columns.buyer,
            kind: "main",
            cell: ({ buyerName, email }) => html`${buyerName ?? ""} <span class="quiet">${email ?? ""}</span>`,
          },
          { key: "country", head: w.columns.country, cell: ({ country }) => country ?? "–" },
          {
            key: "order",
            head: w.columns.order,
            cell: ({ id, number, placedAt }) =>
              html`<a href="${visit.link(`/orders/${id}`)}">${number === null ? "–" : `#${number}`}</a> <span class="quiet">${placedAt === null ? "" : when(visit, placedAt)}</span>`,
          },
        ],
        rows: [...newest.values()],
        keyOf: ({ id }) => id,
        hrefOf: ({ email }) => visit.link(buyerPath(addressHash(visit.deps.keys, visit.shop.id, email ?? ""))),
        next: null,
        empty: html`<p>${w.empty}</p>`,
      })}</section>`,
  });
}
