import { html } from "hono/html";
import { z } from "zod";
import { addressHash } from "../../../core/keys.ts";
import { type ListedBuyer, listBuyers } from "../../../store/buyer-list.ts";
import { emptyForm, formErrors, readForm, textField } from "../parts/form.ts";
import { pageOf } from "../parts/paging.ts";
import { dataTable } from "../parts/table.ts";
import { number, when } from "../parts/time.ts";
import { go, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { buyerPath } from "./path.ts";
import { buyerWords } from "./words.ts";

/** A shop's buyers, who ordered last first; looked up by address or by name. */
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
    const reading = readForm(visit, z.object({ who: z.string().trim().max(320) }));
    if (!reading.ok) return listPage(visit, reading);
    const { who } = reading.value;
    return go(
      who.includes("@") ? visit.link(buyerPath(addressHash(visit.deps.keys, visit.shop.id, who))) : visit.link("/buyers", { q: who }),
    );
  },
});

async function listPage(visit: ShopVisit, filled: typeof emptyForm): Promise<Reply> {
  const w = visit.say(buyerWords);
  const words = (visit.url.searchParams.get("q") ?? "").replaceAll("\0", "").slice(0, 200);
  const { rows, next } = await pageOf(visit, (wanted) => listBuyers(visit.deps.db, visit.shop.id, { words, ...wanted }));
  return page({
    title: w.title,
    sentence: words === "" ? w.sentence : w.found(rows.length, next !== null, words),
    ...(filled === emptyForm ? {} : { status: 422 as const }),
    body: html`${formErrors(visit, filled)}
      <form class="filters" method="post" action="${visit.link("/buyers")}">${visit.formFields()}
        <div class="grow">${textField(filled, { name: "who", label: w.who, value: words, type: "search", required: true, autocomplete: "off" })}</div><button class="button">${w.look}</button></form>
      ${dataTable<ListedBuyer>(visit, {
        caption: w.caption,
        columns: [
          {
            key: "buyer",
            head: w.columns.buyer,
            kind: "main",
            cell: ({ name, email }) => html`${name ?? ""} <span class="quiet">${email ?? ""}</span>`,
          },
          { key: "country", head: w.columns.country, cell: ({ country }) => country ?? "–" },
          {
            key: "orders",
            head: w.columns.orders,
            kind: "number",
            cell: ({ orders }) => (orders >= 1_000 ? "1,000+" : number(visit, orders)),
          },
          {
            key: "order",
            head: w.columns.order,
            cell: ({ id, orderNumber, placedAt }) =>
              html`<a href="${visit.link(`/orders/${id}`)}">${orderNumber === null ? "–" : `#${orderNumber}`}</a> <span class="quiet">${placedAt === null ? "" : when(visit, placedAt)}</span>`,
          },
        ],
        rows,
        keyOf: ({ id }) => id,
        hrefOf: ({ emailHash }) => visit.link(buyerPath(emailHash)),
        next,
        empty:
          words === ""
            ? html`<p>${w.empty}</p>`
            : html`<p>${w.noneFound}</p><p><a class="button" href="${visit.link("/buyers")}">${w.all}</a></p>`,
      })}`,
  });
}
