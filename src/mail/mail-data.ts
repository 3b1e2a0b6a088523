import { daysToChoose } from "../core/buyer-offers.ts";
import { addDays } from "../core/civil-day.ts";
import { chooseLocale, formatLocale } from "../core/locale.ts";
import type { Order, Review } from "../core/order.ts";
import { caseKey } from "../core/order-state.ts";
import { replacementOf } from "../core/replacement.ts";
import { type ProposalData, proposalData, type ReturningData, returningData } from "./action-data.ts";
import { type CaseData, caseData } from "./case-data.ts";
import { choiceLinks } from "./choice-links.ts";
import { type ClosureData, closureData } from "./closure-data.ts";
import { dayWriter } from "./days.ts";
import { type DisruptionData, disruptionData } from "./disruption-data.ts";
import { firstNameOf, inert, inertOrNull } from "./inert.ts";
import type { MailDataInput, MailShop } from "./mail-input.ts";
import { type OrderData, orderData } from "./order-data.ts";
import { type RefundData, refundData } from "./refund-data.ts";
import { type ShipmentData, shipmentData, shipmentOf } from "./shipment-data.ts";
import { isWebAddress } from "./strict-handlebars.ts";

/** What templates see: plain JSON, inert text, `null` for what is not known. Documented in `docs/templates.md`; names are for good. */
export interface MailData {
  readonly shop: {
    readonly name: string;
    readonly website: string | null;
    readonly postalAddress: string | null;
    readonly signedBy: string | null;
  };
  readonly buyer: { readonly firstName: string | null };
  readonly order: OrderData;
  /** The parcel it is about; else the last one dispatched; `null` when none was. */
  readonly shipment: ShipmentData | null;
  /** The parcel that was sent for it when it came back; `null` when none was. */
  readonly replacement: ShipmentData | null;
  readonly review: { readonly item: string | null } | null;
  readonly refund: RefundData | null;
  readonly case: CaseData | null;
  readonly closure: ClosureData | null;
  readonly disruption: DisruptionData | null;
  readonly proposal: ProposalData | null;
  readonly returning: ReturningData | null;
  /** By when to choose, where the mail offers a choice: ten days after today. */
  readonly chooseBy: string;
  readonly mayInviteFeedback: boolean;
  /** Whether it is about the order itself, so that its foot speaks of notices and not of unsubscribing. */
  readonly isOrderMail: boolean;
  /** Whether it promotes something: its foot says that the buyer agreed to that. */
  readonly isOffer: boolean;
  readonly links: {
    readonly unsubscribe: string;
    readonly buyerPage: string;
    readonly notArrived: string;
    readonly problem: string;
    readonly review: string | null;
    /** The order's page at the shop; `null` when the shop gave none. */
    readonly shopOrder: string | null;
    /** What the buyer may choose, by choice; `null` when the message offers no choice. */
    readonly choose: Readonly<Record<string, string>> | null;
  };
}

/** The language, of those a template is written in, that an order's buyer is written to. */
export function localeFor(order: Order, shop: Pick<MailShop, "locale">, available: readonly string[]): string {
  return chooseLocale({ buyer: order.buyer.locale, country: order.address.country, shop: shop.locale }, available);
}

/** Everything a message says of an order, in the buyer's zone and way of writing. Pure: the same input gives the same data, to be kept with the attempt. */
export function mailData(input: MailDataInput): MailData {
  const { order, shop, occurrence, links, closure, disruption, today, zone } = input;
  const locale = formatLocale(input.locale, { buyer: order.buyer.locale, country: order.address.country });
  const days = dayWriter(locale, zone, today);
  const parcel = shipmentOf(input);
  const shipment = parcel === null ? null : shipmentData(parcel, input, locale, days);
  const newParcel = parcel === null ? null : replacementOf(order, parcel);
  const { id } = occurrence;
  const about = <T extends { readonly id: string }>(list: readonly T[]) => list.find((one) => one.id === id);
  const review = occurrence.kind === "review" ? about(order.reviews) : undefined;
  const refund = occurrence.kind === "refund" ? about(order.refunds) : undefined;
  const opened = occurrence.kind === "case" ? order.cases.find((one) => caseKey(one) === id) : undefined;
  const action = occurrence.kind === "action" ? about(order.actions) : undefined;
  return {
    shop: {
      name: inert(shop.name, 100),
      website: webOrNull(shop.website),
      postalAddress: inertOrNull(shop.postalAddress, 300),
      signedBy: inertOrNull(shop.signedBy, 80),
    },
    buyer: { firstName: firstNameOf(order.buyer.name) },
    order: orderData(input, locale, days),
    shipment,
    replacement: newParcel === null ? null : shipmentData(newParcel, input, locale, days),
    review: review === undefined ? null : { item: reviewedItem(order, review) },
    refund: refund === undefined ? null : refundData(refund, order, { zone, locale, days }),
    case: opened === undefined ? null : caseData(opened, { days, shop: { ...shop, ownDays: input.ownDays, closures: input.closures } }),
    closure: closure === null ? null : closureData(closure, input, days, parcel),
    disruption: disruption === null ? null : disruptionData(disruption, shipment, days),
    proposal: action === undefined ? null : proposalData(action, days),
    returning: action === undefined ? null : returningData(action, days),
    chooseBy: days.near(addDays(today, daysToChoose)),
    mayInviteFeedback: input.mayInviteFeedback && webOrNull(links.review) !== null,
    isOrderMail: input.category === "order",
    isOffer: input.category === "offer",
    links: {
      unsubscribe: links.unsubscribe,
      buyerPage: links.buyerPage,
      notArrived: withTopic(links.buyerPage, "not-arrived"),
      problem: withTopic(links.buyerPage, "problem"),
      review: webOrNull(links.review),
      shopOrder: webOrNull(order.url),
      choose: choiceLinks(input.template, id, links.buyerPage),
    },
  };
}

function reviewedItem(order: Order, review: Review): string | null {
  const only = order.items.length === 1 ? order.items[0]?.title : undefined;
  const named = order.items.find(({ id }) => id === review.itemId)?.title ?? only;
  return inertOrNull(named ?? null, 120);
}

function withTopic(buyerPage: string, topic: string): string {
  const url = new URL(buyerPage);
  url.searchParams.set("topic", topic);
  return url.href;
}

function webOrNull(text: string | null): string | null {
  return text !== null && text.length <= 2_000 && isWebAddress(text) ? text : null;
}
