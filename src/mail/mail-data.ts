import { addDays } from "../core/civil-day.ts";
import type { Closure } from "../core/closure.ts";
import type { Instant } from "../core/instant.ts";
import { localDay } from "../core/local-time.ts";
import { chooseLocale, formatLocale } from "../core/locale.ts";
import type { Order, Review } from "../core/order.ts";
import { fullyDispatchedAt } from "../core/order-state.ts";
import { firstNameOf, inert, inertOrNull } from "./inert.ts";
import { type ItemData, itemsOf, maxItems, moneyOf } from "./item-data.ts";
import type { MailDataInput, MailShop } from "./mail-input.ts";
import { type ShipmentData, shipmentData, shipmentOf } from "./shipment-data.ts";
import { isWebAddress } from "./strict-handlebars.ts";
import { nearDay, writtenDay } from "./written-day.ts";

/** What templates see: plain JSON, inert text, `null` for what is not known. Documented in `docs/`; names are for good. */
export interface MailData {
  readonly shop: {
    readonly name: string;
    readonly website: string | null;
    readonly postalAddress: string | null;
    readonly signedBy: string | null;
  };
  readonly buyer: { readonly firstName: string | null };
  readonly order: {
    readonly number: string;
    readonly placedOn: string | null;
    readonly total: string;
    readonly items: readonly ItemData[];
    /** How many lines are not in `items`, which holds at most 40; `null`: none. */
    readonly moreItems: number | null;
  };
  /** The parcel it is about; else the last one dispatched; `null` when none was. */
  readonly shipment: ShipmentData | null;
  readonly review: { readonly item: string | null } | null;
  readonly closure: ClosureData | null;
  readonly mayInviteFeedback: boolean;
  /** Whether it is about the order itself, so that its foot speaks of notices and not of unsubscribing. */
  readonly isOrderMail: boolean;
  readonly links: {
    readonly unsubscribe: string;
    readonly buyerPage: string;
    readonly notArrived: string;
    readonly problem: string;
    readonly review: string | null;
  };
}

export interface ClosureData {
  readonly name: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly resumesOn: string;
  /** Exactly one is `true`. */
  readonly notDispatched: boolean;
  /** Not dispatched, and ordered when it had begun. */
  readonly placedInside: boolean;
  readonly inTransit: boolean;
  /** It has not begun: what is not dispatched may still leave before it. */
  readonly isAhead: boolean;
  /** The last day it should be there when the days of the closure are added; `null` when the parcel has no window. */
  readonly arrivesBy: string | null;
}

/** The language, of those a template is written in, that an order's buyer is written to. */
export function localeFor(order: Order, shop: Pick<MailShop, "locale">, available: readonly string[]): string {
  return chooseLocale({ buyer: order.buyer.locale, country: order.address.country, shop: shop.locale }, available);
}

/** Everything a message says of an order, in the buyer's zone and way of writing. Pure: the same input gives the same data, to be kept with the attempt. */
export function mailData(input: MailDataInput): MailData {
  const { order, shop, occurrence, links, closure } = input;
  const writing = { locale: formatLocale(input.locale, { buyer: order.buyer.locale, country: order.address.country }), zone: input.zone };
  const parcel = shipmentOf(order, occurrence);
  const shipment = parcel === null ? null : shipmentData(parcel, input, writing.locale);
  const items = itemsOf(order, writing.locale);
  const review = occurrence.kind === "review" ? order.reviews.find(({ id }) => id === occurrence.id) : undefined;
  return {
    shop: {
      name: inert(shop.name, 100),
      website: webOrNull(shop.website),
      postalAddress: inertOrNull(shop.postalAddress, 300),
      signedBy: inertOrNull(shop.signedBy, 80),
    },
    buyer: { firstName: firstNameOf(order.buyer.name) },
    order: {
      number: inert(order.number, 60),
      placedOn: order.placedAt === null ? null : dayAt(order.placedAt, writing),
      total: moneyOf(order.total, order.currency, writing.locale),
      items: items.slice(0, maxItems),
      moreItems: items.length > maxItems ? items.length - maxItems : null,
    },
    shipment,
    review: review === undefined ? null : { item: reviewedItem(order, review) },
    closure: closure === null ? null : closureData(closure, input, writing.locale, shipment),
    mayInviteFeedback: input.mayInviteFeedback && webOrNull(links.review) !== null,
    isOrderMail: input.category === "order",
    links: {
      unsubscribe: links.unsubscribe,
      buyerPage: links.buyerPage,
      notArrived: withTopic(links.buyerPage, "not-arrived"),
      problem: withTopic(links.buyerPage, "problem"),
      review: webOrNull(links.review),
    },
  };
}

function closureData(closure: Closure, { order, shop, today }: MailDataInput, locale: string, shipment: ShipmentData | null): ClosureData {
  const placedOn = order.placedAt === null ? null : localDay(shop.timeZone, order.placedAt);
  const waits = fullyDispatchedAt(order) === null;
  const inside = placedOn !== null && placedOn >= closure.starts;
  const latest = shipment?.windowEnds ?? null;
  const days = closure.ends - closure.starts + 1;
  return {
    name: inert(closure.name, 100),
    firstDay: nearDay(closure.starts, locale, today),
    lastDay: nearDay(closure.ends, locale, today),
    resumesOn: nearDay(closure.resumes, locale, today),
    notDispatched: waits && !inside,
    placedInside: waits && inside,
    inTransit: !waits,
    isAhead: today < closure.starts,
    arrivesBy: latest === null ? null : nearDay(addDays(latest, days), locale, today),
  };
}

function reviewedItem(order: Order, review: Review): string | null {
  const only = order.items.length === 1 ? order.items[0]?.title : undefined;
  const named = order.items.find(({ id }) => id === review.itemId)?.title ?? only;
  return inertOrNull(named ?? null, 120);
}

function dayAt(at: Instant, { zone, locale }: { readonly zone: string; readonly locale: string }): string {
  return writtenDay(localDay(zone, at), locale);
}

function withTopic(buyerPage: string, topic: string): string {
  const url = new URL(buyerPage);
  url.searchParams.set("topic", topic);
  return url.href;
}

function webOrNull(text: string | null): string | null {
  return text !== null && text.length <= 2_000 && isWebAddress(text) ? text : null;
}
