import { html } from "hono/html";
import { localDay } from "../core/local-time.ts";
import type { BuyerScene } from "./buyer-scene.ts";
import type { ParcelView } from "./buyer-view.ts";
import { firstName } from "./first-name.ts";
import type { Html } from "./html.ts";

/** Who writes, how the order stands, and which order it is. */
export function headPart({ order, shop, view, words, dates, zone, own }: BuyerScene): Html {
  const say = words.order;
  const placed = order.placedAt === null ? null : dates.date(localDay(zone, order.placedAt));
  const name = firstName(order.buyer.name);
  const city = plainCity(order.address.city);
  return html`<p class="from"><bdi>${shop.name}</bdi></p>
    <h1>${say.hello(name === null ? null : own(name))}${say.headline[view.stand]}</h1>
    <p class="quiet">${say.line(own(order.number), placed, city === null ? null : own(city))}</p>`;
}

/** Every parcel that left, and what happens next. */
export function orderPart(scene: BuyerScene): Html {
  const { view, words } = scene;
  return html`${view.parcels.map((parcel, index) => parcelSection(scene, parcel, index + 1, view.parcels.length))}
    <section><h2>${words.order.nextTitle}</h2><p>${nextOf(scene)}</p></section>`;
}

function parcelSection({ words, dates }: BuyerScene, parcel: ParcelView, index: number, of: number): Html {
  const say = words.order;
  const carrier = [parcel.carrier, parcel.service].filter(Boolean).join(" · ");
  const number = parcel.trackingNumber ?? parcel.trackingUrl;
  const link =
    parcel.trackingUrl === null
      ? html`<bdi>${number}</bdi>`
      : html`<a href="${parcel.trackingUrl}" rel="noreferrer"><bdi>${number}</bdi></a>`;
  const news =
    parcel.scan === null
      ? say.noScan
      : html`${say.scans[parcel.scan.status]} <span class="quiet">${dates.date(parcel.scan.on)}${parcel.scan.place === null ? "" : html` · <bdi>${parcel.scan.place}</bdi>`}</span>`;
  return html`<section><h2>${say.parcel(index, of)}</h2><dl class="pairs">
    <dt>${say.latest}</dt><dd>${news}</dd>
    ${parcel.window === null ? "" : html`<dt>${say.window}</dt><dd>${dates.range(parcel.window.earliest, parcel.window.latest)}</dd>`}
    <dt>${say.dispatched}</dt><dd>${dates.date(parcel.dispatched)}</dd>
    ${of === 1 || parcel.contents.length === 0 ? "" : html`<dt>${say.contents}</dt><dd>${listOf(words.lang, parcel.contents)}</dd>`}
    ${carrier === "" ? "" : html`<dt>${say.carrier}</dt><dd><bdi>${carrier}</bdi></dd>`}
    ${number === null ? "" : html`<dt>${say.tracking}</dt><dd>${link}</dd>`}
  </dl></section>`;
}

function listOf(lang: string, contents: ParcelView["contents"]): string {
  const parts = contents.map(({ title, quantity }) => `\u2068${title}\u2069${quantity === 1 ? "" : ` × ${quantity}`}`);
  return new Intl.ListFormat(lang, { type: "conjunction" }).format(parts);
}

function nextOf({ order, view, words, dates }: BuyerScene): string {
  const say = words.order.next;
  switch (view.stand) {
    case "waiting":
      return say.waiting(order.promisedDispatchBy === null ? null : dates.dateAt(order.promisedDispatchBy));
    case "leavesLate":
      return order.promisedDispatchBy === null ? say.waiting(null) : say.leavesLate(dates.dateAt(order.promisedDispatchBy));
    case "onTheWay":
    case "late":
      return view.latest === null ? say.delivered : say[view.stand](dates.date(view.latest));
    default:
      return say[view.stand];
  }
}

/** A city as an address has it; what is longer or has other characters is not one. */
function plainCity(city: string | null): string | null {
  return city !== null && /^[\p{L}\p{M}\p{N} .,'’()/-]{1,60}$/u.test(city) ? city : null;
}
