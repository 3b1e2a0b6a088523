import { html } from "hono/html";
import { attemptsAt } from "../../../store/attempt-list.ts";
import { findMessage, type LedgerRow } from "../../../store/message-list.ts";
import type { RenderedMail } from "../../deps.ts";
import type { Html } from "../../html.ts";
import { orderWords } from "../orders/words.ts";
import { mailFrame } from "../parts/act.ts";
import { categoryBadge, stateBadge } from "../parts/badge.ts";
import { when } from "../parts/time.ts";
import { missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { badgeWords } from "../words/badges.ts";
import { stepName } from "../words/steps.ts";
import { messageWords } from "./words.ts";

const views = ["html", "phone", "text", "headers"] as const;
const leftStates: ReadonlySet<LedgerRow["state"]> = new Set(["sent", "delivered", "bounced", "complained", "unsure"]);

/** One message: as it went out, or as it would go out now. */
export const messagePage = shopRoute({
  method: "get",
  path: "/messages/:id",
  role: "viewer",
  section: "messages",
  async handle(visit) {
    const message = await messageOf(visit);
    if (message === null) return missing();
    const w = visit.say(messageWords);
    const name = stepName(message.step, visit.language);
    const order = message.orderNumber === null ? "–" : `#${message.orderNumber}`;
    const state = visit.say(badgeWords).states[message.state];
    const attempts = await attemptsAt(visit.deps.db, visit.shop.id, [message.id]);
    return page({
      title: name,
      sentence: w.one.sentence(name, order, state.toLocaleLowerCase(visit.language)),
      crumbs: [
        { name: w.title, href: visit.link("/messages") },
        { name: order, href: visit.link(`/orders/${message.orderId}`) },
      ],
      body: html`<dl class="pairs">
          <dt>${w.one.order}</dt><dd><a href="${visit.link(`/orders/${message.orderId}`)}">${w.one.toOrder}</a></dd>
          <dt>${w.state}</dt><dd>${stateBadge(visit, message.state)} ${categoryBadge(visit, message.category)}</dd>
          <dt>${w.one.due}</dt><dd>${when(visit, message.dueAt, { exact: true })}</dd>
          ${message.sentAt === null ? "" : html`<dt>${w.one.sent}</dt><dd>${when(visit, message.sentAt, { exact: true })}</dd>`}
          ${
            attempts.length === 0
              ? ""
              : html`<dt>${w.one.attempts}</dt><dd><ul class="attempts">${attempts.map(
                  ({ startedAt, outcome, phase, answer }) =>
                    html`<li>${when(visit, startedAt, { exact: true })} ${visit.say(orderWords).attempt(outcome ?? visit.say(orderWords).running, outcome === "sent" ? null : phase)}${answer === null ? "" : html` <code>${answer}</code>`}</li>`,
                )}</ul></dd>`
          }
        </dl>
        ${mailSection(visit, message, await mailOf(visit, message))}`,
    });
  },
});

/** The mail itself, for the frame. */
export const messageMail = shopRoute({
  method: "get",
  path: "/messages/:id/mail",
  role: "viewer",
  section: "messages",
  async handle(visit) {
    const message = await messageOf(visit);
    const mail = message === null ? null : await mailOf(visit, message);
    return mail === null || "failed" in mail ? missing() : { kind: "mail", html: mail.html, text: mail.text };
  },
});

async function messageOf(visit: ShopVisit): Promise<LedgerRow | null> {
  const message = await findMessage(visit.deps.db, visit.params["id"] ?? "");
  return message === null || message.shopId !== visit.shop.id ? null : message;
}

/** As it went out, where it did; else as it would go out now. `null`: it went out, and its data are erased. */
function mailOf({ deps }: ShopVisit, { id, state }: LedgerRow): Promise<RenderedMail | { readonly failed: string } | null> {
  return leftStates.has(state) ? deps.sent(id) : deps.preview(id);
}

function mailSection(visit: ShopVisit, message: LedgerRow, mail: RenderedMail | { readonly failed: string } | null): Html {
  const w = visit.say(messageWords).one;
  const heading = html`<h2>${leftStates.has(message.state) ? w.asSent : w.asNow}</h2>`;
  if (mail === null) return html`<section>${heading}<p class="quiet">${w.erased}</p></section>`;
  if ("failed" in mail) return html`<section>${heading}<p class="notice bad">${w.cannot(mail.failed)}</p></section>`;
  const view = views.find((one) => one === visit.url.searchParams.get("view")) ?? "html";
  return html`<section>${heading}
    <p><span class="quiet">${w.subject}</span> ${mail.subject}</p>
    <nav class="tabs" aria-label="${w.viewsLabel}">${views.map((one) => html`<a href="${visit.here({ view: one === "html" ? null : one })}"${one === view ? html` aria-current="page"` : ""}>${w.views[one]}</a>`)}</nav>
    ${
      view === "text"
        ? html`<pre class="sheet" tabindex="0">${mail.text}</pre>`
        : view === "headers"
          ? html`<pre class="sheet" tabindex="0">${Object.entries(mail.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join("\n")}</pre>`
          : mailFrame({ src: visit.link(`/messages/${message.id}/mail`), title: w.frame, phone: view === "phone" })
    }
  </section>`;
}
