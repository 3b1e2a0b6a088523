import { html } from "hono/html";
import { addressHash } from "../../../core/keys.ts";
import type { Html } from "../../html.ts";
import { buyerPath } from "../buyers/path.ts";
import { actButton, confirmButton } from "../parts/act.ts";
import { categoryBadge, mark, stateBadge } from "../parts/badge.ts";
import { shortTime, when } from "../parts/time.ts";
import { missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { exitText } from "../words/exits.ts";
import { reasonText } from "../words/reasons.ts";
import { stepName } from "../words/steps.ts";
import { comingStates, type ExplainedEntry, type ExplainedOrder, explainOrder, leftStates } from "./explained.ts";
import { factsSection } from "./facts.ts";
import { timeLine } from "./line.ts";
import { orderWords } from "./words.ts";

/** One order: what happened, which mails went out and will, and why, and why the others will not. */
export const orderPage = shopRoute({
  method: "get",
  path: "/orders/:id",
  role: "viewer",
  section: "orders",
  async handle(visit) {
    const explained = await explainOrder(visit, visit.params["id"] ?? "");
    if (explained === null) return missing();
    const w = visit.say(orderWords);
    const { row, order } = explained;
    const title = row.number === null ? row.externalId : w.order(row.number);
    return page({
      title,
      sentence: sentenceOf(visit, explained),
      crumbs: [{ name: w.title, href: visit.link("/orders") }],
      actions: holdActions(visit, explained),
      body: html`${headOf(visit, explained)}
        ${order.test ? html`<p class="notice">${w.testOrder}</p>` : ""}${row.closedAt === null ? "" : html`<p class="notice">${w.closed}</p>`}
        ${timeLine(visit, explained) ?? ""}
        <section><h2>${w.mailsTitle}</h2><ol class="entries">${explained.entries.map((entry) => entryItem(visit, explained, entry))}</ol></section>
        ${factsSection(visit, explained)}`,
    });
  },
});

function sentenceOf(visit: ShopVisit, { entries }: ExplainedOrder): string {
  const w = visit.say(orderWords);
  const coming = entries.filter(({ state, provisional }) => comingStates.has(state) || provisional === true);
  const next = coming.find(({ at }) => at !== null)?.at ?? null;
  const not = entries.filter(
    ({ state }) => state === "excluded" || state === "cancelled" || state === "stale" || state === "failed",
  ).length;
  const sent = entries.filter(({ state }) => leftStates.has(state)).length;
  return w.sentence(sent, coming.length, next === null ? null : w.on(shortTime(visit, next)), not);
}

function headOf(visit: ShopVisit, { row, order, zone }: ExplainedOrder): Html {
  const w = visit.say(orderWords);
  const place = [order.address.city, order.address.country].filter(Boolean).join(", ");
  const buyer =
    row.email === null
      ? (row.buyerName ?? w.unnamed)
      : html`<a href="${visit.link(buyerPath(addressHash(visit.deps.keys, visit.shop.id, row.email)))}">${row.buyerName ?? row.email}</a>`;
  const total = order.currency === "" ? "" : `${order.total} ${order.currency}`;
  const parts: readonly (Html | string)[] = [
    buyer,
    ...(place === "" ? [] : [place]),
    html`<span title="${zone.detail}">${zone.zone}</span>`,
    ...(total === "" ? [] : [total]),
    w.version(row.scheduleVersion),
  ];
  return html`<p class="facts-line">${parts.map((part, index) => html`${index === 0 ? "" : html` <span aria-hidden="true">·</span> `}${part}`)}</p>`;
}

function holdActions(visit: ShopVisit, { row, entries }: ExplainedOrder): Html {
  const w = visit.say(orderWords);
  if (visit.user.role === "viewer" || row.closedAt !== null) return html``;
  const holdable = entries.some(({ state }) => state === "planned" || state === "queued");
  const held = entries.some(({ state, reason }) => state === "held" && reason === "operator-held");
  const to = (move: string) => visit.link(`/orders/${row.id}/${move}`);
  return html`${holdable ? actButton(visit, { action: to("hold"), label: w.holdAll }) : ""}${held ? actButton(visit, { action: to("release"), label: w.releaseAll }) : ""}`;
}

function entryItem(visit: ShopVisit, { zone }: ExplainedOrder, entry: ExplainedEntry): Html {
  const w = visit.say(orderWords);
  const { at, state, step, reason, category, provisional } = entry;
  const name = stepName(step, visit.language);
  const not = state === "excluded" || state === "cancelled" || state === "stale" || state === "failed";
  const away = zone.zone !== visit.shop.timeZone;
  return html`<li class="entry ${leftStates.has(state) ? "gone" : not || state === "waiting" ? "not" : "coming"}">
    <div class="entry-line">
      <div class="entry-time">${
        at === null
          ? html`<span class="quiet" aria-hidden="true">—</span>`
          : html`${when(visit, at, { buyerZone: zone.zone, exact: true })}${away ? html`<span class="small">${shortTime(visit, at, zone.zone)} ${w.buyersTime}</span>` : ""}`
      }</div>
      <div class="entry-name"><strong>${name}</strong> ${categoryBadge(visit, category)}</div>
      <div class="entry-state">${stateBadge(visit, state)}${provisional === true ? html` ${mark("quiet", w.projected)}` : ""}${
        reason === undefined ? "" : html` <span class="quiet">${reasonText(reason, visit.language)}</span>`
      }</div>
      <div class="entry-acts">${actsOf(visit, entry)}</div>
    </div>
    <details class="why"><summary>${not ? w.whyNot : w.why}</summary>
      <ul>${entry.because.map(({ detail }) => html`<li lang="en">${detail}</li>`)}</ul>
      ${unlessOf(visit, entry)}${attemptsOf(visit, entry)}
    </details>
  </li>`;
}

function unlessOf(visit: ShopVisit, { state, definition }: ExplainedEntry): Html | "" {
  if (definition === null || definition.unless.length === 0 || !(comingStates.has(state) || state === "waiting")) return "";
  const w = visit.say(orderWords);
  return html`<p class="small">${w.unless} ${w.unlessWords} ${new Intl.ListFormat(visit.language, { type: "disjunction" }).format(
    definition.unless.map((exit) => exitText(exit, visit.language)),
  )}</p>`;
}

function attemptsOf(visit: ShopVisit, { attempts }: ExplainedEntry): Html | "" {
  if (attempts.length === 0) return "";
  const w = visit.say(orderWords);
  return html`<h3>${w.attempts}</h3><ul class="attempts">${attempts.map(
    ({ startedAt, outcome, phase, answer }) =>
      html`<li>${when(visit, startedAt, { exact: true })} ${w.attempt(outcome ?? w.running, outcome === "sent" ? null : phase)}${answer === null ? "" : html` <code>${answer}</code>`}</li>`,
  )}</ul>`;
}

function actsOf(visit: ShopVisit, { messageId, state, reason }: ExplainedEntry): Html {
  const w = visit.say(orderWords);
  if (messageId === undefined) return html``;
  const view = leftStates.has(state) ? w.seeIt : comingStates.has(state) ? w.preview : null;
  const look = view === null ? "" : html`<a class="button" href="${visit.link(`/messages/${messageId}`)}">${view}</a>`;
  if (visit.user.role === "viewer") return html`${look}`;
  const to = (move: string) => visit.link(`/messages/${messageId}/${move}`);
  const held = state === "held" && reason === "operator-held";
  return html`${look}${
    state === "planned" || held
      ? confirmButton(visit, {
          action: to("send-now"),
          label: w.sendNow,
          question: w.sendNowQuestion,
          confirm: w.sendNowConfirm,
          tone: "main",
        })
      : ""
  }${state === "planned" || state === "queued" ? actButton(visit, { action: to("hold"), label: w.hold }) : ""}${
    held ? actButton(visit, { action: to("release"), label: w.release }) : ""
  }${
    state === "planned" || state === "queued" || state === "held"
      ? confirmButton(visit, {
          action: to("cancel"),
          label: w.cancel,
          question: w.cancelQuestion,
          confirm: w.cancelConfirm,
          tone: "danger",
        })
      : ""
  }`;
}
