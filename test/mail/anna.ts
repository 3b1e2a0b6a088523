import { parseCivilDay } from "../../src/core/civil-day.ts";
import type { Item, Saying } from "../../src/core/facts.ts";
import { foldFacts } from "../../src/core/fold.ts";
import type { Order } from "../../src/core/order.ts";
import type { MailDataInput } from "../../src/mail/mail-input.ts";

/** Reads `2026-10-01`. */
export function day(text: string) {
  const found = parseCivilDay(text);
  if (found === null) throw new Error(`not a day: ${text}`);
  return found;
}

export const lantern: Item = {
  id: "7001",
  sku: "LT-204",
  title: "Paper lantern",
  variant: null,
  quantity: 2,
  price: "18.50",
  imageUrl: null,
  url: null,
  ships: true,
};
export const runner: Item = { ...lantern, id: "7002", sku: null, title: "Table runner", quantity: 1, price: "42.00" };
/** Order 1001 as one parcel: handed over on the evening of 20 January (UTC), which is the 21st in Shanghai. */
export const shipment = {
  kind: "shipment",
  id: "1",
  dispatchedAt: "2026-01-20T20:30:00.000Z",
  void: false,
  carrier: "China Post EMS",
  service: "EMS",
  trackingNumber: "EE123456785CN",
  trackingUrl: null,
  items: null,
} as const satisfies Saying;

/** Order 1001 of Anna in Britain: a lantern twice and a runner for 79 euros, and what else is said. */
export function orderOf(says: readonly Saying[] = [], change: Partial<Order> = {}): Order {
  const base: Saying[] = [
    {
      kind: "order",
      number: "1001",
      placedAt: "2026-01-18T09:00:00.000Z",
      currency: "EUR",
      total: "79.00",
      url: null,
      tags: [],
      promisedDispatchBy: null,
      test: false,
      nothingShips: false,
    },
    { kind: "buyer", id: null, email: "anna@buyers.example", name: "Anna Berg", locale: "en-GB" },
    { kind: "address", country: "GB", region: null, postalCode: null, city: null, latitude: null, longitude: null },
    { kind: "payment", paidAt: "2026-01-18T09:00:00.000Z" },
    { kind: "items", items: [lantern, runner] },
  ];
  const facts = [...base, ...says].map((it) => ({ says: it, at: "2026-01-18T09:00:00.000Z" }));
  return { ...foldFacts({ id: "o1", externalId: "1001" }, facts), ...change };
}

/** What the mails about her parcel are made of. */
export function inputOf(change: Partial<MailDataInput> = {}): MailDataInput {
  return {
    template: "dispatch-notice",
    category: "order",
    occurrence: { kind: "shipment", id: "1" },
    order: orderOf([shipment]),
    shop: {
      name: "Lantern & Loom",
      website: null,
      postalAddress: null,
      signedBy: "Lin",
      timeZone: "Asia/Shanghai",
      country: "CN",
      locale: "en",
    },
    zone: "Europe/London",
    locale: "en",
    closure: null,
    closures: [],
    ownDays: [],
    disruption: null,
    links: { unsubscribe: "https://m.example/u/abc", buyerPage: "https://m.example/b/abc", review: null },
    mayInviteFeedback: true,
    today: day("2026-01-21"),
    ...change,
  };
}
