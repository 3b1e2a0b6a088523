import { type Guest, guests } from "./cast.ts";
import { at, type Connection, type DemoClient, type Hook, shopifyHook, standardHook } from "./client.ts";
import { shopifyFulfillment, shopifyOrder, shopifyRefund, shopifyScan } from "./payloads.ts";

/** The shops and sources the tour connected. */
export interface Stage {
  readonly client: DemoClient;
  readonly shopId: string;
  readonly shopify: Connection;
  /** The review system: it augments Shopify's orders. */
  readonly reviews: Connection;
  readonly ownSystem: Connection;
}

/** Something that happens at a moment of the tour. */
export interface Scene {
  readonly at: string;
  /** In words, for whoever watches. */
  readonly what: string;
  play(stage: Stage): Promise<void>;
}

/** How often each mail must have gone out at the end, by number and step; what is not here must not. */
export const expected: ReadonlyMap<string, number> = new Map([
  ...["1001", "1002", "1004", "1005", "1006", "2001"].map((number): [string, number] => [`${number} dispatch-notice`, 1]),
  ["1003 dispatch-notice", 2],
  ...["1001", "1002", "1003", "1004", "1006", "2001"].map((number): [string, number] => [`${number} check-in`, 1]),
  ...["1001", "1003", "1006"].map((number): [string, number] => [`${number} feedback-reminder`, 1]),
  ...["1002", "1006"].map((number): [string, number] => [`${number} holiday-delay`, 1]),
  ["1001 review-thanks", 1],
  ["1004 review-recovery", 1],
  ["1005 refund-issued", 1],
]);

/** Everything that happens, in the order of time. */
export function scenes(): readonly Scene[] {
  const [maya, joao, sophie, jia, tom, ana] = guests as readonly [Guest, Guest, Guest, Guest, Guest, Guest];
  const all: readonly Scene[] = [
    ...orders([joao, sophie, jia, tom, ana]),
    {
      at: "2026-09-08T02:00:30Z",
      what: `#${maya.number}: Shopify's webhooks come shuffled, and three times each`,
      play: (stage) => shuffled(stage, maya),
    },
    scan(maya, "delivered", "2026-09-16T19:30:00Z"),
    scan(jia, "delivered", "2026-09-14T06:10:00Z"),
    scan(sophie, "delivered", "2026-09-22T09:00:00Z"),
    review(maya, "2026-10-06T03:00:00Z", 5, "Warm light, lovely paper."),
    review(jia, "2026-09-26T11:00:00Z", 2, "The frame was bent."),
    hookScene("2026-09-19T08:00:00Z", `#${tom.number}: everything is refunded`, ({ shopify }) =>
      shopifyHook(shopify, "refunds/create", shopifyRefund(tom, "2026-09-19T08:00:00Z")),
    ),
    {
      at: "2026-09-21T02:00:00Z",
      what: "the shop closes for National Day, 1–7 October",
      play: async ({ client, shopId }) => {
        const closure = { name: "National Day", starts: "2026-10-01", ends: "2026-10-07", resumes: "2026-10-08" };
        await client.call("POST", `/shops/${shopId}/closures`, closure);
      },
    },
    {
      at: "2026-10-17T12:00:00Z",
      what: `#${joao.number}: the buyer unsubscribes with one click, from the check-in`,
      play: (stage) => unsubscribe(stage, joao),
    },
    ...ownOrder(),
  ];
  return all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function orders(all: readonly Guest[]): readonly Scene[] {
  return all.flatMap((guest) => [
    hookScene(guest.placedAt, `#${guest.number}: ${firstName(guest)} in ${guest.place.city} orders`, ({ shopify }) =>
      shopifyHook(shopify, "orders/create", shopifyOrder(guest)),
    ),
    ...guest.parcels.map((parcel) =>
      hookScene(parcel.dispatchedAt, `#${guest.number}: parcel ${parcel.trackingNumber} leaves with ${parcel.carrier}`, ({ shopify }) =>
        shopifyHook(shopify, "fulfillments/create", shopifyFulfillment(guest, parcel)),
      ),
    ),
  ]);
}

async function shuffled({ client, shopify }: Stage, guest: Guest): Promise<void> {
  const [parcel] = guest.parcels;
  if (parcel === undefined) return;
  const fulfillment = shopifyFulfillment(guest, parcel);
  const created = shopifyHook(shopify, "orders/create", shopifyOrder(guest));
  const left = shopifyHook(shopify, "fulfillments/create", fulfillment);
  const fulfilled = shopifyHook(
    shopify,
    "orders/fulfilled",
    shopifyOrder(guest, { updated_at: parcel.dispatchedAt, fulfillments: [fulfillment] }),
  );
  for (const hook of [left, fulfilled, created, fulfilled, left, created, left, created, fulfilled]) await accepted(client, hook);
}

function scan(guest: Guest, status: string, when: string): Scene {
  return {
    at: when,
    what: `#${guest.number}: ${status}`,
    play: async ({ client, shopify }) => {
      for (const parcel of guest.parcels) {
        await accepted(client, shopifyHook(shopify, "fulfillment_events/create", shopifyScan(guest, parcel, status, when)));
      }
    },
  };
}

function review(guest: Guest, when: string, rating: number, text: string): Scene {
  const data = { order: { id: guest.number }, review: { id: `r-${guest.number}`, rating, text } };
  return hookScene(when, `#${guest.number}: a review comes in, ${rating} of 5`, ({ reviews }) =>
    standardHook(reviews, { type: "review.posted", occurredAt: when, data }, at(when)),
  );
}

/** A shop system of one's own, through the `standard` source: a buyer in Germany, where a review may be asked for only with consent. */
function ownOrder(): readonly Scene[] {
  const placed = "2026-09-10T07:00:00Z";
  const left = "2026-09-11T06:00:00Z";
  const order = {
    id: "own-1",
    number: "2001",
    placedAt: placed,
    paidAt: placed,
    currency: "EUR",
    total: "58.00",
    buyer: { email: "jonas@buyer.example", name: "Jonas Weber", locale: "de-DE" },
    shippingAddress: { country: "DE", region: "BY", postalCode: "80331", city: "München" },
    items: [{ id: "1", sku: "LT-118", title: "Paper lantern, round", quantity: 2, price: "29.00" }],
  };
  const shipment = { id: "p-1", carrier: "DHL Express", trackingNumber: "4512345699", dispatchedAt: left };
  return [
    hookScene(placed, "#2001: Jonas in München orders, in a shop system of one's own", ({ ownSystem }) =>
      standardHook(ownSystem, { type: "order.placed", occurredAt: placed, data: { order } }, at(placed)),
    ),
    hookScene(left, "#2001: the parcel leaves with DHL Express", ({ ownSystem }) =>
      standardHook(ownSystem, { type: "shipment.dispatched", occurredAt: left, data: { order: { id: "own-1" }, shipment } }, at(left)),
    ),
  ];
}

function hookScene(when: string, what: string, hook: (stage: Stage) => Hook): Scene {
  return { at: when, what, play: (stage) => accepted(stage.client, hook(stage)) };
}

async function unsubscribe({ client, shopId }: Stage, guest: Guest): Promise<void> {
  const { orders: found } = (await client.call("GET", `/shops/${shopId}/orders?number=${guest.number}`)) as { orders: { id: string }[] };
  const { messages } = (await client.call("GET", `/messages?order=${found[0]?.id}&state=sent`)) as {
    messages: { id: string; step: string }[];
  };
  const checkIn = messages.find((message) => message.step === "check-in");
  if (checkIn === undefined) throw new Error(`#${guest.number} got no check-in to unsubscribe from`);
  const { headers } = (await client.call("GET", `/messages/${checkIn.id}/sent`)) as { headers: Record<string, string> };
  const link = /<(https?:[^>]+)>/.exec(headers["List-Unsubscribe"] ?? "")?.[1];
  if (link === undefined) throw new Error("the check-in has no List-Unsubscribe");
  const response = await fetch(link, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });
  if (!response.ok) throw new Error(`the unsubscribe answered ${response.status}`);
}

async function accepted(client: DemoClient, hook: Hook): Promise<void> {
  const status = await client.deliver(hook);
  if (status !== 202) throw new Error(`a webhook was answered ${status}`);
}

function firstName({ name }: Guest): string {
  return name.split(" ")[0] ?? name;
}
