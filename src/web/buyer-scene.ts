import { type Offer, offersOf } from "../core/buyer-offers.ts";
import type { CivilDay } from "../core/civil-day.ts";
import { shopDayAfter } from "../core/dispatch-days.ts";
import { linkToken } from "../core/keys.ts";
import { localDay } from "../core/local-time.ts";
import { directionOf, formatLocale } from "../core/locale.ts";
import type { Order } from "../core/order.ts";
import { fullyRefundedAt } from "../core/order-state.ts";
import { parcelDays } from "../core/parcel-days.ts";
import { zoneOfBuyer } from "../core/zone-of-buyer.ts";
import { findOrder } from "../store/order-list.ts";
import { loadForPlanning } from "../store/planning.ts";
import { findShop, type Shop } from "../store/shops.ts";
import { listSuppressions, type Suppression } from "../store/suppressions.ts";
import { type Task, tasksOfOrder } from "../store/tasks.ts";
import { type DateWriter, dateWriter } from "./buyer-dates.ts";
import { type OrderView, viewOrder } from "./buyer-view.ts";
import type { WebContext } from "./caller.ts";
import type { WebDeps } from "./deps.ts";
import { wordsForBuyer } from "./languages.ts";
import { type BuyerWords, pageLocales } from "./words/words.ts";

/** Everything that the parts of a buyer's page show, found once. */
export interface BuyerScene {
  readonly order: Order;
  readonly shop: Shop;
  /** Nothing about it is written down any more. */
  readonly closed: boolean;
  readonly tasks: readonly Task[];
  readonly offers: readonly Offer[];
  readonly view: OrderView;
  /** Of the buyer's address; `null` without one. */
  readonly emailHash: Buffer | null;
  readonly suppressions: readonly Suppression[];
  /** Whether there is something of which a buyer can say how it was. */
  readonly reviewable: boolean;
  readonly zone: string;
  readonly words: BuyerWords;
  readonly dates: DateWriter;
  /** Text from elsewhere within a sentence, kept in its own direction. */
  readonly own: (text: string) => string;
  /** Where a form of the page goes, or the page itself, in the language it was asked for. */
  readonly href: (part?: "report" | "choice" | "feedback" | "mails", more?: Readonly<Record<string, string>>) => string;
  /** The day by which the shop answers what is told now, there: the second day on which it works. */
  readonly answerBy: CivilDay;
}

const workdaysToAnswer = 2;
const mostSuppressions = 10;

/** Loads an order's page; `null` when there is no such order. */
export async function loadScene(c: WebContext, { db, keys, now }: WebDeps, orderId: string): Promise<BuyerScene | null> {
  const listed = await findOrder(db, orderId);
  const [one] = listed === null ? [] : await loadForPlanning(db, keys, { orderIds: [orderId], lock: false });
  const shop = one === undefined ? null : await findShop(db, one.shopId);
  if (listed === null || one === undefined || shop === null) return null;
  const { input, emailHash } = one;
  const { order } = input;
  const tasks = await tasksOfOrder(db, orderId);
  const page = { after: null, limit: mostSuppressions };
  const suppressions = emailHash === null ? [] : await listSuppressions(db, shop.id, { ...page, addressHash: emailHash });
  const wish = { buyer: order.buyer.locale, country: order.address.country, shop: shop.locale };
  const words = wordsForBuyer(c, wish);
  const zone = zoneOfBuyer(order.address, shop.timeZone).zone;
  const view = viewOrder(order, { zone, windows: parcelDays(input), locale: words.lang }, now());
  const isOf = (of: string, about: string) => (task: Task) => task.kind === of && task.about === about;
  const settled = (of: string, about: string) => tasks.filter(isOf(of, about)).some(({ state }) => state === "resolved");
  const asked = c.req.query("lang") ?? "";
  const lang = pageLocales.includes(asked) ? { lang: asked } : {};
  const path = `/b/${linkToken(keys, "buyer", orderId)}`;
  const rtl = directionOf(words.lang) === "rtl";
  return {
    order,
    shop,
    closed: listed.closedAt !== null,
    tasks,
    offers: offersOf({ order, messages: input.messages, settled, zone }, now()),
    view,
    emailHash,
    suppressions,
    reviewable: view.parcels.length > 0 && order.cancelled === null && fullyRefundedAt(order) === null,
    zone,
    words,
    dates: dateWriter(formatLocale(words.lang, wish), zone),
    own: (text) => (rtl ? `\u2068${text}\u2069` : text),
    href: (part, more = {}) => {
      const query = new URLSearchParams({ ...more, ...lang }).toString();
      return `${path}${part === undefined ? "" : `/${part}`}${query === "" ? "" : `?${query}`}`;
    },
    answerBy: shopDayAfter(localDay(shop.timeZone, now()), workdaysToAnswer, {
      country: shop.country,
      ownDays: input.calendar.days,
      closures: input.closures,
    }),
  };
}
