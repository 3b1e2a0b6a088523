import { html } from "hono/html";
import { day24, plus } from "../../../core/instant.ts";
import { includesRole } from "../../../core/token-role.ts";
import { shopStart } from "../../../store/shop-start.ts";
import { type SourceHealth, sourcesOfShop } from "../../../store/source-health.ts";
import { time } from "../../../store/values.ts";
import type { Html } from "../../html.ts";
import { actButton, confirmButton } from "../parts/act.ts";
import { emptyForm } from "../parts/form.ts";
import { number, relative } from "../parts/time.ts";
import { page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { type Connected, connect, connectForm, handOver } from "../sources/connect.ts";
import { nameOf } from "../sources/health.ts";
import { firstRunWords } from "./words.ts";

/** Five steps on one page, each turning green by itself. */
export const firstRun = shopRoute({
  method: "get",
  path: "/first-run",
  role: "operator",
  section: "today",
  handle: async (visit) => show(visit, await connectForm(visit, emptyForm, visit.link("/first-run")), null),
});

/** Connects the first source, and shows its secret in place. */
export const firstSource = shopRoute({
  method: "post",
  path: "/first-run",
  role: "operator",
  section: "today",
  async handle(visit) {
    const done = await connect(visit);
    if (done.ok) return show(visit, null, done.made);
    return show(visit, await connectForm(visit, done.filled, visit.link("/first-run")), null, 422);
  },
});

/** The last two steps, asked for every few seconds until sending is on. */
export const firstRunNow = shopRoute({
  method: "get",
  path: "/first-run/now",
  role: "operator",
  section: "today",
  async handle(visit) {
    const sources = await sourcesOfShop(visit.deps.db, visit.shop.id);
    return { kind: "part", body: await lastSteps(visit, sources) };
  },
});

async function show(visit: ShopVisit, form: Html | null, made: Connected | null, status: 200 | 422 = 200): Promise<Reply> {
  const { shop, user } = visit;
  const w = visit.say(firstRunWords);
  const sources = await sourcesOfShop(visit.deps.db, shop.id);
  const connected = sources[0];
  const source =
    connected === undefined
      ? step(3, "now", w.source, form ?? html``)
      : step(
          3,
          "done",
          w.connected(nameOf(connected)),
          made === null ? html`<p><a href="${visit.link(`/sources/${connected.id}`)}">${w.toSource}</a></p>` : handOver(visit, made),
        );
  return page({
    title: w.title,
    sentence: shop.sending ? w.live(shop.name) : w.sentence,
    status,
    body: html`<ol class="run">
      ${step(1, "done", w.account(user.name), html``)}
      ${step(2, "done", w.shop(shop.name), html``)}
      ${source}
      ${connected === undefined ? html`${step(4, "later", w.waiting, html``)}${step(5, "later", w.switchOn, html``)}` : await lastSteps(visit, sources)}
    </ol>`,
  });
}

async function lastSteps(visit: ShopVisit, sources: readonly SourceHealth[]): Promise<Html> {
  const { shop, now } = visit;
  const w = visit.say(firstRunWords);
  const heard = sources.flatMap(({ lastDeliveryAt }) => (lastDeliveryAt === null ? [] : [lastDeliveryAt])).toSorted((a, b) => b - a)[0];
  const start = await shopStart(visit.deps.db, shop.id, time(plus(now, day24)));
  const asked = shop.sending ? "" : html` hx-get="${visit.link("/first-run/now")}" hx-trigger="every 3s" hx-swap="outerHTML"`;
  const test =
    sources[0] === undefined
      ? ""
      : actButton(visit, { action: visit.link(`/sources/${sources[0].id}/test`), label: w.test, fields: { from: "first-run" } });
  const arrival =
    heard === undefined
      ? step(4, "now", w.waiting, html`<p class="quiet">${w.waitingHelp}</p>${test}`)
      : step(4, "done", w.arrived(relative(visit, heard)), html`<p class="quiet">${w.past}</p>`);
  return html`<li class="both"${asked}><ol class="run">${arrival}${shop.sending ? step(5, "done", w.on, html`<p><a class="button main" href="${visit.link("/today")}">${w.toToday}</a></p>`) : step(5, heard === undefined ? "later" : "now", w.found(number(visit, start.orders), number(visit, start.withMail)), switchOn(visit, start.soon))}</ol></li>`;
}

function switchOn(visit: ShopVisit, soon: number): Html {
  const w = visit.say(firstRunWords);
  if (!includesRole(visit.user.role, "operator")) return html``;
  return html`<p class="quiet">${w.before}</p>${confirmButton(visit, {
    action: visit.link("/settings/sending"),
    label: w.switchOnButton,
    tone: "main",
    fields: { sending: "on" },
    question: soon === 0 ? w.noneSoon : w.someSoon(number(visit, soon)),
    confirm: w.switchOnConfirm(visit.shop.name),
  })}`;
}

function step(index: number, state: "done" | "now" | "later", title: string, body: Html): Html {
  const shape = { done: "✓", now: "●", later: "○" }[state];
  return html`<li class="step ${state}"${state === "now" ? html` aria-current="step"` : ""}><span class="shape" aria-hidden="true">${shape}</span><div><h2><span class="unseen">${index}. </span>${title}</h2>${body}</div></li>`;
}
