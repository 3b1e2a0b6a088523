import type { Item, Quantity } from "../core/facts.ts";
import { formatMoney } from "../core/money.ts";
import type { Order } from "../core/order.ts";
import { inert, inertOrNull } from "./inert.ts";

/** One line of an order as a mail shows it. */
export interface ItemData {
  readonly title: string;
  readonly variant: string | null;
  /** The item number: the shop's (SKU), else the sender's id. */
  readonly number: string;
  readonly quantity: number;
  /** Of one, with its currency. */
  readonly price: string;
}

/** Lines a mail shows at most: a mail of 10,000 lines would be clipped by every reader. */
export const maxItems = 40;

/** The lines of an order that were not taken out of it again. */
export function itemsOf(order: Order, locale: string): ItemData[] {
  return order.items.filter(({ quantity }) => quantity > 0).map((item) => itemData(item, item.quantity, order.currency, locale));
}

/** The lines of what is in one parcel; unknown ids are left out. */
export function contentsOf(order: Order, contents: readonly Quantity[], locale: string): ItemData[] {
  return contents.flatMap(({ id, quantity }) => {
    const item = order.items.find((one) => one.id === id);
    return item === undefined || quantity <= 0 ? [] : [itemData(item, quantity, order.currency, locale)];
  });
}

/**
 * An amount as a mail writes it, with blanks that do not break; capped like any other text, should a sender give something else. Without the
 * marks of direction that come with Arabic amounts: they would turn "US$" round.
 */
export function moneyOf(amount: string, currency: string, locale: string): string {
  return formatMoney(inert(amount, 40), inert(currency, 10), locale).replace(/[\u061c\u200e\u200f]/g, "");
}

function itemData(item: Item, quantity: number, currency: string, locale: string): ItemData {
  return {
    title: inert(item.title, 120) || inert(item.id, 60) || "–",
    variant: inertOrNull(item.variant, 80),
    number: inertOrNull(item.sku, 60) ?? (inert(item.id, 60) || "–"),
    quantity,
    price: moneyOf(item.price, currency, locale),
  };
}
