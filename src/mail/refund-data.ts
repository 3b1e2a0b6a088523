import type { CivilDay } from "../core/civil-day.ts";
import { localDay } from "../core/local-time.ts";
import { addMoney, compareMoney, isMoney } from "../core/money.ts";
import type { Order, Refund } from "../core/order.ts";
import type { DayWriter } from "./days.ts";
import { workdaysAfter } from "./days.ts";
import { contentsOf, type ItemData, maxItems, moneyOf } from "./item-data.ts";

/** Working days after which most banks show a refund. */
const workdaysToShow = 10;

/** Money that was given back. */
export interface RefundData {
  /** In the order's currency; `null` when the sender named items and no sum. */
  readonly amount: string | null;
  readonly on: string;
  /** The day by which most banks show it: ten working days later where the buyer lives. */
  readonly showsBy: string;
  /** It is all that was paid. */
  readonly isWhole: boolean;
  /** What it is for; `null` when the sender does not say. */
  readonly items: readonly ItemData[] | null;
}

export interface RefundPlace {
  readonly zone: string;
  readonly locale: string;
  readonly days: DayWriter;
}

export function refundData(refund: Refund, order: Order, { zone, locale, days }: RefundPlace): RefundData {
  const { amount, at } = refund;
  const items = contentsOf(order, refund.items, locale).slice(0, maxItems);
  const day: CivilDay = localDay(zone, at);
  const sum = amount !== null && isMoney(amount) ? amount : null;
  return {
    amount: amount === null ? null : moneyOf(amount, order.currency, locale),
    on: days.nearAt(at),
    showsBy: days.near(workdaysAfter(day, workdaysToShow, order.address.country)),
    isWhole: sum !== null && isMoney(order.total) && compareMoney(sum, order.total) >= 0,
    items: items.length === 0 ? null : items,
  };
}

/** What was given back of an order in all, as a mail writes it; `null` when nothing was, or no sum is known. */
export function refundedOf(order: Order, locale: string): string | null {
  const sums = order.refunds.flatMap(({ amount }) => (amount !== null && isMoney(amount) ? [amount] : []));
  return sums.length === 0 ? null : moneyOf(sums.reduce(addMoney, "0"), order.currency, locale);
}
