import { DateTime } from "luxon";
import { expect } from "vitest";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import {
  connectShop,
  type Json,
  later,
  type Service,
  type ServiceOptions,
  shopifyPayload,
  standardOrder,
  startService,
} from "../support/service.ts";
import type { ReceivedMail } from "../support/smtp-sink.ts";

/** A shop on a running service, told from outside: what its systems say at the service's time, and what its buyers get. */
export interface Story {
  readonly service: Service;
  readonly shop: Awaited<ReturnType<typeof connectShop>>;
  readonly shopId: string;
  /** Where the clock stands, ISO. */
  now(): string;
  /** Moves the clock there; answers how many mails went out on the way. To where it stands: takes in, plans and sends what is due. */
  until(at: string): Promise<number>;
  /** An event of the shop's own `standard` source, signed now; it must be answered 202. `occurredAt` is now unless given. */
  says(type: string, data: object, occurredAt?: string): Promise<void>;
  /** `order.placed`, of `standardOrder` with changes. */
  places(order?: object): Promise<void>;
  /** `shipment.dispatched` of order `id` (o-1), dispatched now, with EMS unless told otherwise. */
  dispatches(shipment?: object, id?: string): Promise<void>;
  /** `shipment.updated` of order `id`. */
  scans(status: string, scan?: object, id?: string): Promise<void>;
  /** A Shopify webhook, which must be answered 202. */
  shopify(topic: string, body: object, webhookId?: string): Promise<void>;
  order(number?: string): Promise<Json>;
  entries(number?: string): Promise<readonly Json[]>;
  /** The one entry of a step, or the one of the occurrence with that id. */
  entry(step: string, number?: string, occurrence?: string): Promise<Json>;
  /** All mail of this shop to an address, in the order it came. */
  mails(address?: string): readonly ReceivedMail[];
  /** The steps of that mail. */
  steps(address?: string): readonly string[];
}

export const maya = "maya@buyer.example";
export const portland = "America/Los_Angeles";

/** Tuesday, ten in the morning in Portland. */
export const dispatchDay = "2026-01-20T18:00:00Z";

interface Telling extends ServiceOptions {
  readonly shop?: object;
}

/** Starts a service of its own and connects a shop to it. */
export async function tell({ shop = {}, start = dispatchDay, ...options }: Telling = {}): Promise<Story> {
  const service = await startService({ start, ...options });
  return continueOn(service, start, shop);
}

/** Connects another shop to a service whose clock stands at `start`. Only one story may move the clock. */
export async function continueOn(service: Service, start: string, changes: object = {}): Promise<Story> {
  const shop = await connectShop(service, changes);
  return storyOf(service, shop, start);
}

/** The story of a shop that is connected already. */
export function storyOf(service: Service, shop: Story["shop"], start: string): Story {
  const { shopId } = shop;
  let now = start;

  const story: Story = {
    service,
    shop,
    shopId,
    now: () => now,
    async until(at) {
      now = at;
      return service.moveTo(at);
    },
    async says(type, data, occurredAt = now) {
      expect(await shop.event(type, occurredAt, data, now), `${type} was not taken`).toBe(202);
    },
    places: (order = {}) => {
      const placed = standardOrder(order);
      return story.says("order.placed", { order: placed }, placed.placedAt);
    },
    dispatches: (shipment = {}, id = "o-1") => {
      const whole = { id: "s-1", carrier: "China Post EMS", trackingNumber: "EE123456785CN", dispatchedAt: now, ...shipment };
      return story.says("shipment.dispatched", { order: { id }, shipment: whole }, whole.dispatchedAt);
    },
    scans: (status, scan = {}, id = "o-1") => {
      const whole = { id: "s-1", status, occurredAt: now, ...scan };
      return story.says("shipment.updated", { order: { id }, shipment: whole }, whole.occurredAt);
    },
    async shopify(topic, body, webhookId) {
      expect(await shop.fromShopify(topic, body, webhookId), `${topic} was not taken`).toBe(202);
    },
    async order(number = "1001") {
      const { orders } = await service.ok("GET", `/shops/${shopId}/orders?number=${number}`);
      expect(orders, `orders numbered ${number}`).toHaveLength(1);
      return orders[0];
    },
    async entries(number) {
      const { id } = await story.order(number);
      return (await service.ok("GET", `/orders/${id}/timetable`)).entries;
    },
    async entry(step, number, occurrence) {
      const found = (await story.entries(number)).filter(
        (entry) => entry.step === step && (occurrence === undefined || entry.occurrence.id === occurrence),
      );
      expect(found, `entries of ${step}`).toHaveLength(1);
      return found[0];
    },
    mails: (address = maya) =>
      service.sink.mails().filter(({ envelope, ...mail }) => envelope.to.includes(address) && feedback(mail)[1] === shopId),
    steps: (address) => story.mails(address).map((mail) => feedback(mail)[0] ?? ""),
  };
  return story;
}

/** Step, shop, category and sender of a mail, as its Feedback-ID says (OUT-08). */
function feedback(mail: Pick<ReceivedMail, "headers">): readonly string[] {
  return headerOf(mail, "feedback-id").split(":");
}

/** The value of a header that a mail has exactly once. */
export function headerOf(mail: Pick<ReceivedMail, "headers">, key: string): string {
  const found = mail.headers.filter((header) => header.key === key);
  expect(found, `headers ${key}`).toHaveLength(1);
  return found[0]?.value ?? "";
}

/** State and reason of an entry, to be compared at once. */
export function stand({ state, reason }: Json): readonly [string, string?] {
  return reason === undefined ? [state] : [state, reason];
}

/** State and reason by step, of an order whose steps have one entry each. */
export async function stands(story: Story, number?: string): Promise<Readonly<Record<string, readonly [string, string?]>>> {
  return Object.fromEntries((await story.entries(number)).map((entry) => [entry.step, stand(entry)]));
}

const day = 86_400_000;

/** `at` and so many days of 24 hours later. */
export function daysLater(at: string, days: number): string {
  return later(at, days * day);
}

const address = {
  country_code: "US",
  province_code: "OR",
  city: "Portland",
  zip: "97201",
  name: "Maya O'Neill",
  latitude: null,
  longitude: null,
};

/** Order 1001 as Shopify tells it: paid, from Portland, at `at`, nothing edited or refunded. */
export function shopifyOrder(at: string, changes: object = {}): Json {
  const { line_items: lines } = shopifyPayload("order");
  return shopifyPayload("order", {
    line_items: lines.map((line: Json) => ({ ...line, current_quantity: line.quantity })),
    created_at: at,
    processed_at: at,
    updated_at: at,
    financial_status: "paid",
    email: maya,
    contact_email: maya,
    customer_locale: "en-US",
    shipping_address: address,
    fulfillments: [],
    refunds: [],
    ...changes,
  });
}

/** Its fulfilment with EMS, of all its lines. */
export function shopifyFulfillment(at: string, changes: object = {}): Json {
  return shopifyPayload("fulfillment", {
    status: "success",
    created_at: at,
    updated_at: at,
    line_items: [],
    tracking_company: "China Post EMS",
    tracking_number: "EE123456785CN",
    tracking_numbers: ["EE123456785CN"],
    tracking_url: null,
    tracking_urls: [],
    ...changes,
  });
}

/** Every mail of an order that nothing comes between. */
export const allSteps = ["dispatch-notice", "check-in", "feedback-reminder"];
/** Steps that a new shop has switched off. */
export const offByDefault: ReadonlySet<string> = new Set(
  defaultSchedule.steps.flatMap(({ key, enabled = true }) => (enabled ? [] : [key])),
);
/** When the season of every order told here is long over. */
export const nextSummer = "2026-06-01T00:00:00Z";

/** A story that begins with an order placed, paid and dispatched. */
export async function tellDispatched(): Promise<Story> {
  const story = await tell();
  await story.places();
  await story.dispatches();
  return story;
}

/** A time as the clocks there show it. */
export function there(iso: string | undefined, zone: string = portland): DateTime {
  return DateTime.fromISO(iso ?? "", { zone });
}

/** That a mail went between nine and six where the buyer lives. */
export function expectDaytime(iso: string | undefined, zone: string = portland): void {
  const { hour } = there(iso, zone);
  expect([zone, iso, hour >= 9 && hour < 18]).toEqual([zone, iso, true]);
}
