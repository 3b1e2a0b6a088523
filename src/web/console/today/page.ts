import { html } from "hono/html";
import type { AttentionKind, Found } from "../../../core/attention.ts";
import { addDays, formatCivilDay } from "../../../core/civil-day.ts";
import { day24, plus } from "../../../core/instant.ts";
import { localDay, startOfDay } from "../../../core/local-time.ts";
import type { TaskKind } from "../../../core/task.ts";
import { type DayFigures, dayFigures, type GlancedMessage, lastSent, nextDue, plannedByDay } from "../../../store/day-figures.ts";
import { type SourceHealth, sourcesOfShop } from "../../../store/source-health.ts";
import { attentionOf } from "../../attention.ts";
import type { Html } from "../../html.ts";
import { silentMs } from "../frame-state.ts";
import { categoryBadge, mark, stateBadge } from "../parts/badge.ts";
import { dataTable } from "../parts/table.ts";
import { number, relative, when } from "../parts/time.ts";
import { page, type ShopVisit, shopRoute } from "../route.ts";
import { platformNames } from "../sources/words.ts";
import { stepName } from "../words/steps.ts";
import { daysChart } from "./chart.ts";
import { todayWords } from "./words.ts";

const days = 14;
const rows = 8;

/** Did the right mails go out, what goes next, does anything need me? */
export const today = shopRoute({
  method: "get",
  path: "/today",
  role: "viewer",
  section: "today",
  async handle(visit) {
    const { sentence, body } = await look(visit);
    const live = html`<div id="day" data-live="${visit.link("/today/live")}" hx-get="${visit.link("/today/now")}" hx-trigger="changed" hx-swap="innerHTML">${body}</div>`;
    return page({ title: visit.say(todayWords).title, sentence: html`<span id="answer">${sentence}</span>`, body: live });
  },
});

/** The same again, for a page that has heard that something changed. */
export const todayNow = shopRoute({
  method: "get",
  path: "/today/now",
  role: "viewer",
  section: "today",
  async handle(visit) {
    const { sentence, body } = await look(visit);
    return { kind: "part", body: html`${body}<span id="answer" hx-swap-oob="true">${sentence}</span>` };
  },
});

async function look(visit: ShopVisit): Promise<{ sentence: string; body: Html }> {
  const { shop, now } = visit;
  const { db } = visit.deps;
  const w = visit.say(todayWords);
  const first = localDay(shop.timeZone, now);
  const until = startOfDay(shop.timeZone, addDays(first, days));
  const [figures, planned, sent, due, sources, found] = await Promise.all([
    dayFigures(db, { shopId: shop.id, dayBegan: startOfDay(shop.timeZone, first), now, until: plus(now, day24) }),
    plannedByDay(db, { shopId: shop.id, timeZone: shop.timeZone, now, until }),
    lastSent(db, shop.id, rows),
    nextDue(db, shop.id, rows),
    sourcesOfShop(db, shop.id),
    attentionOf(visit.deps, shop.id),
  ]);
  // A shop that is switched off is so on purpose.
  const hands = found.reduce((sum, { kind, count }) => sum + (kind === "tasks" ? count : kind === "not-sending" ? 0 : 1), 0);
  const chart = daysChart(
    visit,
    Array.from({ length: days }, (_, index) => formatCivilDay(addDays(first, index))),
    planned,
  );
  const body = html`${!shop.sending && sent.length === 0 ? finish(visit) : ""}
    <div class="chips">${chips(visit, figures, sources)}${found.map((one) => foundChip(visit, one))}</div>
    <section aria-labelledby="next14"><h2 id="next14">${w.next14}</h2>${chart}</section>
    <div class="beside">
      <section aria-labelledby="due-next"><h2 id="due-next">${w.dueNext}</h2>${glances(visit, due, "due")}</section>
      <section aria-labelledby="just-now"><h2 id="just-now">${w.justNow}</h2>${glances(visit, sent, "sent")}</section>
    </div>`;
  const figure = (n: number) => number(visit, n);
  return { sentence: w.sentence(figure(figures.sent), figures.sent, figure(figures.due), figures.due, figure(hands), hands), body };
}

function finish(visit: ShopVisit): Html {
  const w = visit.say(todayWords);
  return html`<div class="notice"><p>${w.finishHelp}</p><p><a class="button main" href="${visit.link("/first-run")}">${w.finish}</a></p></div>`;
}

function chips(visit: ShopVisit, figures: DayFigures, sources: readonly SourceHealth[]): Html[] {
  const w = visit.say(todayWords);
  const { shop, now } = visit;
  const chip = (href: string, content: Html) => html`<a class="chip" href="${visit.link(href)}">${content}</a>`;
  const tasks = figures.openTasks.map(({ kind, n }) => chip("/tasks", mark("warn", w.tasks(kind as TaskKind, number(visit, n)))));
  const own = sources.map(({ platform, lastDeliveryAt, quarantined, domain }) => {
    const name = domain ?? platformNames[platform] ?? platform;
    if (lastDeliveryAt === null) return chip("/sources", mark("quiet", w.noWebhook(name)));
    if (quarantined > 0) return chip("/sources", mark("warn", w.unread(name, number(visit, quarantined))));
    const silent = lastDeliveryAt < plus(now, -silentMs);
    return chip("/sources", mark(silent ? "warn" : "good", w.lastWebhook(name, relative(visit, lastDeliveryAt))));
  });
  const late = figures.lateSince;
  return [
    ...tasks,
    ...(own.length === 0 ? [chip("/sources", mark("warn", w.noSource))] : own),
    chip("/settings", shop.sending ? mark("good", w.sendingOn) : mark("warn", w.sendingOff)),
    ...(shop.sending
      ? [html`<span class="chip">${late === null ? mark("good", w.onTime) : mark("warn", w.late(relative(visit, late)))}</span>`]
      : []),
    ...(figures.held > 0 ? [html`<span class="chip">${mark("plain", w.held(number(visit, figures.held)))}</span>`] : []),
  ];
}

/** What the other chips do not show. */
function foundChip(visit: ShopVisit, { kind, count }: Found): Html | "" {
  const words = visit.say(todayWords).found[kind];
  if (words === undefined) return "";
  const content = mark("warn", words(number(visit, count), count));
  const path = foundAt[kind];
  return path === undefined ? html`<span class="chip">${content}</span>` : html`<a class="chip" href="${visit.link(path)}">${content}</a>`;
}

const foundAt: Readonly<Partial<Record<AttentionKind, string>>> = {
  "shop-resting": "/settings",
  "webhooks-waiting": "/sources",
  "notices-missing": "/orders",
  "mail-refused": "/messages?state=failed",
  redirected: "/settings",
  "calendar-horizon": "/calendar",
};

function glances(visit: ShopVisit, messages: readonly GlancedMessage[], kind: "sent" | "due"): Html {
  const w = visit.say(todayWords);
  return dataTable(visit, {
    caption: kind === "sent" ? w.justNow : w.dueNext,
    rows: messages,
    keyOf: ({ id }) => id,
    hrefOf: ({ orderId }) => visit.link(`/orders/${orderId}`),
    next: null,
    empty: html`<p>${kind === "sent" ? w.noneSent : w.noneDue}</p>`,
    columns: [
      { key: "when", head: w.when, kind: "when", cell: ({ sentAt, dueAt }) => when(visit, sentAt ?? dueAt) },
      {
        key: "mail",
        head: w.mail,
        cell: ({ step, category, state, because }) =>
          html`<span class="lines"><span>${stepName(step, visit.language)}</span><span class="small">${categoryBadge(visit, category)} ${kind === "sent" ? stateBadge(visit, state) : ""}${kind === "due" && because !== null ? html`<span title="${w.why}">${because}</span>` : ""}</span></span>`,
      },
      {
        key: "order",
        head: w.order,
        kind: "main",
        cell: ({ orderNumber, buyerName, country }) =>
          html`<span class="lines"><span>#${orderNumber ?? "–"}</span><span class="small">${[buyerName, country].filter((one) => one !== null).join(", ")}</span></span>`,
      },
    ],
  });
}
