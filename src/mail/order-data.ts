import { addDays } from "../core/civil-day.ts";
import { shopDayAfter } from "../core/dispatch-days.ts";
import { localDay } from "../core/local-time.ts";
import type { Order } from "../core/order.ts";
import type { DayWriter } from "./days.ts";
import { inert, inertOrNull } from "./inert.ts";
import { type ItemData, itemsOf, maxItems, moneyOf } from "./item-data.ts";
import type { MailDataInput } from "./mail-input.ts";
import { refundedOf } from "./refund-data.ts";

/** Working days at the shop after which a parcel that missed its promised day is expected to leave. */
const workdaysToCatchUp = 3;
/** Days for which an order that is not paid is kept, counted from its placing. */
const daysKept = 7;

export interface OrderData {
  readonly number: string;
  readonly placedOn: string | null;
  readonly total: string;
  readonly items: readonly ItemData[];
  /** How many lines are not in `items`, which holds at most 40; `null`: none. */
  readonly moreItems: number | null;
  /** Where it goes, as far as the sender says: postal code, city, country; `null` when not even the country is known. */
  readonly destination: string | null;
  /** The day by which the shop promised to send it; `null` when it promised none. */
  readonly promisedOn: string | null;
  /** Three working days at the shop after today, by its own calendar and outside of its closures: when a parcel that is late to leave should leave. */
  readonly newDispatchOn: string;
  /** Seven days after it was placed: until then it is kept when it is not paid. */
  readonly keptUntil: string | null;
  /** All that was paid back; `null` when nothing was. */
  readonly refunded: string | null;
}

export function orderData(input: MailDataInput, writing: string, days: DayWriter): OrderData {
  const { order, shop, zone, today, locale, closures, ownDays } = input;
  const items = itemsOf(order, writing);
  return {
    number: inert(order.number, 60),
    placedOn: order.placedAt === null ? null : days.fullAt(order.placedAt),
    total: moneyOf(order.total, order.currency, writing),
    items: items.slice(0, maxItems),
    moreItems: items.length > maxItems ? items.length - maxItems : null,
    destination: destinationOf(order, locale),
    promisedOn: order.promisedDispatchBy === null ? null : days.near(localDay(shop.timeZone, order.promisedDispatchBy)),
    newDispatchOn: days.near(shopDayAfter(today, workdaysToCatchUp, { country: shop.country, ownDays, closures })),
    keptUntil: order.placedAt === null ? null : days.near(addDays(localDay(zone, order.placedAt), daysKept)),
    refunded: refundedOf(order, writing),
  };
}

function destinationOf({ address }: Order, locale: string): string | null {
  const place = [inertOrNull(address.postalCode, 20), inertOrNull(address.city, 60)].filter((part) => part !== null).join(" ");
  const country = address.country === null ? null : countryName(address.country, locale);
  return [place, country].filter((part) => part !== null && part !== "").join(", ") || null;
}

/** The name of a country (ISO 3166-1 alpha-2) in a language; `null` for what is none. */
function countryName(country: string, locale: string): string | null {
  // ZZ is the code for not knowing
  if (!/^(?!ZZ)[A-Z]{2}$/.test(country)) return null;
  let names = namesOfCountries.get(locale);
  if (names === undefined) {
    if (namesOfCountries.size >= 100) namesOfCountries.clear();
    names = new Intl.DisplayNames([locale], { type: "region", fallback: "none" });
    namesOfCountries.set(locale, names);
  }
  return inertOrNull(names.of(country) ?? null, 80);
}

const namesOfCountries = new Map<string, Intl.DisplayNames>();
