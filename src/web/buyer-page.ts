import type { Hono } from "hono";
import { html } from "hono/html";
import { type CivilDay, formatCivilDay } from "../core/civil-day.ts";
import { readLinkToken } from "../core/keys.ts";
import { localDay } from "../core/local-time.ts";
import { formatLocale } from "../core/locale.ts";
import type { Order } from "../core/order.ts";
import { zoneOfBuyer } from "../core/zone-of-buyer.ts";
import { loadForPlanning } from "../store/planning.ts";
import { findShop, type Shop } from "../store/shops.ts";
import { type OrderView, type ParcelView, viewOrder } from "./buyer-view.ts";
import { callerOf, type WebContext, type WebEnv } from "./caller.ts";
import type { WebDeps, WebLimits } from "./deps.ts";
import { firstName } from "./first-name.ts";
import { type Html, letterPage } from "./html.ts";
import { wordsForBrowser, wordsForBuyer } from "./languages.ts";
import { rateLimit } from "./rate-limit.ts";
import { type BuyerWords, pageLocales, wordsIn } from "./words/words.ts";

const topics = ["not-arrived", "problem"] as const;
type Topic = (typeof topics)[number];

/**
 * `/b/{token}`: the buyer's page for one order: where it is, what happens next, how to get help.
 *
 * No login: the link is the key, so of the buyer it shows first name and city, no more. It works without script.
 */
export function serveBuyerPage(app: Hono<WebEnv>, deps: WebDeps, limits: WebLimits): void {
  const wrong = rateLimit(limits.wrongLinks);
  app.get("/b/:token", async (c) => {
    c.header("cache-control", "private, no-store");
    const orderId = readLinkToken(deps.keys, "buyer", c.req.param("token"));
    const found = orderId === null ? null : await load(deps, orderId);
    if (found !== null) return c.html(orderPage(c, deps, found));
    const wait = orderId === null ? wrong.take(callerOf(c)) : 0;
    const words = wordsForBrowser(c);
    if (wait === 0) return c.html(gonePage(words), 404);
    c.header("retry-after", String(wait));
    return c.html(gonePage(words), 429);
  });
}

async function load({ db, keys }: WebDeps, orderId: string): Promise<{ order: Order; shop: Shop } | null> {
  const [one] = await loadForPlanning(db, keys, { orderIds: [orderId], lock: false });
  const shop = one === undefined ? null : await findShop(db, one.shopId);
  return one === undefined || shop === null ? null : { order: one.input.order, shop };
}

function orderPage(c: WebContext, { now }: WebDeps, { order, shop }: { readonly order: Order; readonly shop: Shop }): Html {
  const wish = { buyer: order.buyer.locale, country: order.address.country, shop: shop.locale };
  const words = wordsForBuyer(c, wish);
  const zone = zoneOfBuyer(order.address, shop.timeZone).zone;
  const view = viewOrder(order, { shop, zone, locale: words.lang }, now());
  const dates = dateWriter(formatLocale(words.lang, wish));
  const { date } = dates;
  const topic = topics.find((one) => one === c.req.query("topic")) ?? null;
  const placed = order.placedAt === null ? null : date(localDay(zone, order.placedAt));
  const say = words.order;
  return letterPage({
    lang: words.lang,
    title: `${say.title(order.number)} · ${shop.name}`,
    body: html`<p class="from">${shop.name}</p>
      <h1>${say.hello(firstName(order.buyer.name))}${say.headline[view.stand]}</h1>
      <p class="quiet">${say.line(order.number, placed, plainCity(order.address.city))}</p>
      ${topic === null ? "" : helpSection(words, topic, order.number, shop)}
      ${view.parcels.map((parcel, index) => parcelSection(words, parcel, index + 1, view.parcels.length, dates))}
      <section><h2>${say.nextTitle}</h2><p>${nextOf(words, view, promised(order, zone, date), date)}</p></section>
      <section><h2>${say.helpTitle}</h2>
        <p class="choices"><a class="button second" href="${hrefOf(c, "not-arrived")}">${say.notArrived}</a>
        <a class="button second" href="${hrefOf(c, "problem")}">${say.problem}</a></p>
      </section>
      <p class="small">${otherLanguages(c, words)}</p>`,
  });
}

function parcelSection(words: BuyerWords, parcel: ParcelView, index: number, of: number, { date, range }: DateWriter): Html {
  const say = words.order;
  const carrier = [parcel.carrier, parcel.service].filter(Boolean).join(", ");
  const number = parcel.trackingNumber ?? parcel.trackingUrl;
  const link = parcel.trackingUrl === null ? html`${number}` : html`<a href="${parcel.trackingUrl}" rel="noreferrer">${number}</a>`;
  const news =
    parcel.scan === null
      ? say.noScan
      : html`${say.scans[parcel.scan.status]} <span class="quiet">${[date(parcel.scan.on), parcel.scan.place].filter(Boolean).join(", ")}</span>`;
  return html`<section><h2>${say.parcel(index, of)}</h2><dl class="pairs">
    <dt>${say.latest}</dt><dd>${news}</dd>
    ${parcel.window === null ? "" : html`<dt>${say.window}</dt><dd>${range(parcel.window.earliest, parcel.window.latest)}</dd>`}
    <dt>${say.dispatched}</dt><dd>${date(parcel.dispatched)}</dd>
    ${carrier === "" ? "" : html`<dt>${say.carrier}</dt><dd>${carrier}</dd>`}
    ${number === null ? "" : html`<dt>${say.tracking}</dt><dd>${link}</dd>`}
  </dl></section>`;
}

function nextOf(words: BuyerWords, view: OrderView, promised: string | null, date: (day: CivilDay) => string): string {
  const say = words.order.next;
  switch (view.stand) {
    case "waiting":
      return say.waiting(promised);
    case "onTheWay":
      if (view.latest === null) return say.delivered;
      return view.overdue ? say.overdue(date(view.latest)) : say.onTheWay(date(view.latest));
    default:
      return say[view.stand];
  }
}

function promised(order: Order, zone: string, date: (day: CivilDay) => string): string | null {
  return order.promisedDispatchBy === null ? null : date(localDay(zone, order.promisedDispatchBy));
}

/** What to try, and a mail that is half written. */
function helpSection(words: BuyerWords, topic: Topic, number: string, shop: Shop): Html {
  const help = words.help[topic];
  const to = shop.replyTo ?? shop.fromAddress;
  const mail = `mailto:${encodeURIComponent(to).replace("%40", "@")}?subject=${encodeURIComponent(help.subject(number))}&body=${encodeURIComponent(help.body(number))}`;
  return html`<section id="help"><h2>${help.title}</h2>
    <ol class="steps">${help.steps.map((step) => html`<li>${step}</li>`)}</ol>
    <p><a class="button" href="${mail}">${words.writeTo(shop.name)}</a></p>
    <p class="small">${to}</p>
  </section>`;
}

function otherLanguages(c: WebContext, words: BuyerWords): Html[] {
  const topic = c.req.query("topic");
  const kept = topics.some((one) => one === topic) ? `&topic=${topic}` : "";
  return pageLocales
    .filter((locale) => locale !== words.lang)
    .map((locale) => html`<a href="?lang=${locale}${kept}" lang="${locale}">${wordsIn(locale).ownName}</a>`);
}

function hrefOf(c: WebContext, topic: Topic): string {
  const lang = c.req.query("lang");
  return `?topic=${topic}${pageLocales.some((locale) => locale === lang) ? `&lang=${lang}` : ""}#help`;
}

/** A city as an address has it; what is longer or has other characters is not one. */
function plainCity(city: string | null): string | null {
  return city !== null && /^[\p{L}\p{M}\p{N} .,'’()/-]{1,60}$/u.test(city) ? city : null;
}

interface DateWriter {
  readonly date: (day: CivilDay) => string;
  readonly range: (from: CivilDay, to: CivilDay) => string;
}

/** Days are written without a zone: they are the buyer's already. */
function dateWriter(locale: string): DateWriter {
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const at = (day: CivilDay) => Date.parse(formatCivilDay(day));
  return { date: (day) => format.format(at(day)), range: (from, to) => format.formatRange(at(from), at(to)) };
}

function gonePage(words: BuyerWords): Html {
  return letterPage({ lang: words.lang, title: words.order.gone, body: html`<h1>${words.order.gone}</h1><p>${words.order.goneHelp}</p>` });
}
