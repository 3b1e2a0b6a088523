import { html } from "hono/html";
import { listConsents, type StoredConsent } from "../../../store/consents.ts";
import { type LedgerRow, listMessagesOf } from "../../../store/message-list.ts";
import { type FoundOrder, searchOrders } from "../../../store/order-search.ts";
import { listSuppressions, type Suppression } from "../../../store/suppressions.ts";
import type { Html } from "../../html.ts";
import { actButton, confirmButton } from "../parts/act.ts";
import { stateBadge } from "../parts/badge.ts";
import { emptyForm, selectField, textField } from "../parts/form.ts";
import { when } from "../parts/time.ts";
import { missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { reasonText } from "../words/reasons.ts";
import { stepName } from "../words/steps.ts";
import { buyerPath, hashOfPath } from "./path.ts";
import { buyerWords } from "./words.ts";

const most = 200;
export const scopes = ["all", "care", "review", "offer"] as const;

/** What is kept about one address of a shop. */
export interface BuyerView {
  readonly hash: Buffer;
  /** As the newest order has it; `null`: erased, or never seen in an order. */
  readonly address: string | null;
  readonly name: string | null;
  readonly orders: readonly FoundOrder[];
  readonly messages: readonly LedgerRow[];
  readonly consents: readonly StoredConsent[];
  readonly suppressions: readonly Suppression[];
}

export async function viewBuyer({ deps, shop }: ShopVisit, hash: Buffer): Promise<BuyerView> {
  const filter = { search: "", show: "all" as const, country: null, emailHash: hash, after: null, limit: most };
  const orders = await searchOrders(deps.db, deps.keys, shop.id, filter);
  const messages = await listMessagesOf(
    deps.db,
    orders.map(({ id }) => id),
  );
  const wanted = { after: null, limit: most, addressHash: hash };
  const consents = await listConsents(deps.db, shop.id, wanted);
  const suppressions = await listSuppressions(deps.db, shop.id, wanted);
  const address = orders.find(({ email }) => email !== null)?.email ?? consents.find((one) => one.address !== null)?.address;
  return {
    hash,
    address: address ?? suppressions.find((one) => one.address !== null)?.address ?? null,
    name: orders.find(({ buyerName }) => buyerName !== null)?.buyerName ?? null,
    orders,
    messages,
    consents,
    suppressions,
  };
}

/** One buyer: orders, mails, consents, suppressions; the data taken out, or erased. */
export const buyerPage = shopRoute({
  method: "get",
  path: "/buyers/:token",
  role: "viewer",
  section: "buyers",
  async handle(visit) {
    const hash = hashOfPath(visit.params["token"] ?? "");
    if (hash === null) return missing();
    const view = await viewBuyer(visit, hash);
    const w = visit.say(buyerWords);
    return page({
      title: view.name ?? view.address ?? w.one.unknown,
      sentence: w.one.sentence(view.name ?? view.address ?? w.one.unknown, view.orders.length),
      crumbs: [{ name: w.title, href: visit.link("/buyers") }],
      body: html`${view.address === null ? "" : html`<p class="facts-line">${view.address}</p>`}
        ${ordersSection(visit, view)}${consentsSection(visit, view)}${suppressionsSection(visit, view)}${dataSection(visit, view)}`,
    });
  },
});

function ordersSection(visit: ShopVisit, { orders, messages }: BuyerView): Html {
  const w = visit.say(buyerWords).one;
  return html`<section><h2>${w.orders}</h2>${orders.length === 0 ? html`<p class="quiet">${w.noMails}</p>` : ""}
    ${orders.map(
      (
        order,
      ) => html`<h3><a href="${visit.link(`/orders/${order.id}`)}">${order.number === null ? order.externalId : `#${order.number}`}</a>
        <span class="quiet">${order.placedAt === null ? "" : when(visit, order.placedAt)}</span></h3>
      <ul class="lines">${messages
        .filter(({ orderId }) => orderId === order.id)
        .map(
          (
            message,
          ) => html`<li>${stateBadge(visit, message.state)} <a href="${visit.link(`/messages/${message.id}`)}">${stepName(message.step, visit.language)}</a>
            <span class="quiet">${when(visit, message.sentAt ?? message.dueAt)}${message.reason === null ? "" : ` · ${reasonText(message.reason, visit.language)}`}</span></li>`,
        )}</ul>`,
    )}</section>`;
}

function consentsSection(visit: ShopVisit, { consents }: BuyerView): Html {
  const w = visit.say(buyerWords).one;
  if (consents.length === 0) return html`<section><h2>${w.consents}</h2><p class="quiet">${w.noConsents}</p></section>`;
  return html`<section><h2>${w.consents}</h2><ul class="lines">${consents.map(
    ({ scope, text, source, at, withdrawnAt }) =>
      html`<li><strong>${w.scopes[scope]}</strong> ${w.given} ${when(visit, at, { exact: true })}${
        withdrawnAt === null ? "" : html`, ${w.withdrawn} ${when(visit, withdrawnAt, { exact: true })}`
      }<br><span class="quiet">“${text}” (${source})</span></li>`,
  )}</ul></section>`;
}

function suppressionsSection(visit: ShopVisit, { suppressions, hash, address }: BuyerView): Html {
  const w = visit.say(buyerWords).one;
  const acts = visit.user.role !== "viewer";
  const to = visit.link(buyerPath(hash));
  return html`<section><h2>${w.suppressions}</h2>
    ${suppressions.length === 0 ? html`<p class="quiet">${w.noSuppressions}</p>` : ""}
    <ul class="lines">${suppressions.map(
      ({
        id,
        scope,
        reason,
        createdAt,
      }) => html`<li><strong>${w.scopes[scope]}</strong> <span class="quiet">${reason} · ${when(visit, createdAt)}</span>
      ${acts ? confirmButton(visit, { action: `${to}/lift`, label: w.lift, fields: { id }, question: w.liftQuestion, confirm: w.lift, tone: "main" }) : ""}</li>`,
    )}</ul>
    ${
      acts && address !== null
        ? html`<form class="filters" method="post" action="${to}/stop">${visit.formFields()}
          ${selectField(emptyForm, { name: "scope", label: w.stopScope, options: scopes.map((value) => ({ value, label: w.scopes[value] })) })}
          ${textField(emptyForm, { name: "reason", label: w.reason, required: true })}<button class="button">${w.stop}</button></form>`
        : ""
    }</section>`;
}

function dataSection(visit: ShopVisit, { hash, address, orders }: BuyerView): Html {
  const w = visit.say(buyerWords).one;
  const to = visit.link(buyerPath(hash));
  if (visit.user.role !== "owner") return html`<section><h2>${w.data}</h2><p class="quiet">${w.ownersOnly}</p></section>`;
  if (address === null) return html``;
  return html`<section><h2>${w.data}</h2><p class="quiet">${w.dataHelp}</p><p class="acts">
    ${actButton(visit, { action: `${to}/export`, label: w.export })}
    ${confirmButton(visit, { action: `${to}/erase`, label: w.erase, question: w.eraseQuestion, confirm: w.eraseConfirm(orders.length), tone: "danger" })}</p></section>`;
}
