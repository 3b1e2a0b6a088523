import { createHmac } from "node:crypto";
import { type Instant, instantOf } from "../../../src/core/instant.ts";
import type { Adapter, Platform, RawRequest } from "../../../src/sources/adapter.ts";
import { adapters } from "../../../src/sources/registry.ts";
import { signStandard } from "../../../src/sources/standard/signature.ts";
import { changed, fixture } from "./edit.ts";

/** What one delivery is about, in the platform's own words: the header names the topic, or the body does. */
export interface Message {
  readonly topic: string;
  readonly body: unknown;
}

/** What the conformance suite needs to know of a platform to hold its adapter to the common promises. */
export interface Subject {
  readonly platform: Platform;
  readonly adapter: Adapter;
  readonly secrets: readonly [string, string];
  /** Signs bytes as the platform would. `delivery` is what the platform calls its delivery's id. */
  sign(topic: string, body: Buffer, options?: { secret?: string; delivery?: string }): RawRequest;
  readonly signatureHeader: string;
  /** What stands before the base64 of a signature. */
  readonly signaturePrefix: string;
  /** A new order with this id. */
  order(id: unknown): Message;
  /** Where in an order's body prose stands. */
  readonly textFields: readonly string[];
  /** The one of them that is the title of the first item. */
  readonly titleField: string;
  /** Where the buyer's address stands; with several, the first that is not empty counts. */
  readonly emailFields: readonly string[];
  /** Where an order's list of items stands, and a short item of it. */
  readonly itemsField: string;
  item(index: number): unknown;
  /** How the platform writes prose into a body. */
  prose(text: string): string;
  /** What tells deliveries apart: a name the platform gives each, or what is in them. */
  readonly keyedBy: "delivery" | "content";
  /** Messages of the other kinds it sends, so that all readers are met. */
  readonly others: readonly Message[];
  /** Places whose absence makes an order unreadable. */
  readonly neededFields: readonly string[];
  readonly unknown: Message;
  /** The seven events of IN-07, in the order in which they happened; two others where a platform tells nothing of a parcel's way. */
  readonly seven: readonly Message[];
}

export const now: Instant = instantOf("2026-01-20T08:00:00Z");

/** Everything that a sender of this message would put on the wire. */
export function deliver(subject: Subject, message: Message, options: { secret?: string; delivery?: string } = {}): RawRequest {
  return subject.sign(message.topic, Buffer.from(JSON.stringify(message.body)), options);
}

const shopifyOrder = fixture("shopify/order.2026-07.json");
const fulfillment = changed(fixture("shopify/fulfillment.2026-07.json"), {
  "/status": "success",
  "/created_at": "2026-01-06T10:00:00+01:00",
  "/updated_at": "2026-01-06T10:00:00+01:00",
});

function snapshot(updatedAt: string, changes: Readonly<Record<string, unknown>> = {}): unknown {
  return changed(shopifyOrder, {
    "/created_at": "2026-01-05T09:00:00+01:00",
    "/processed_at": "2026-01-05T09:00:00+01:00",
    "/updated_at": updatedAt,
    "/financial_status": "paid",
    "/fulfillments": [],
    "/refunds": [],
    "/line_items/0/current_quantity": 1,
    "/line_items/2/current_quantity": 1,
    ...changes,
  });
}

const shopify: Subject = {
  platform: "shopify",
  adapter: adapters.shopify,
  secrets: ["shpss_first", "shpss_second"],
  sign: (topic, body, { secret = "shpss_first", delivery = "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043" } = {}) => ({
    headers: {
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": "jsmith.myshopify.com",
      "x-shopify-webhook-id": delivery,
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
    },
    body,
  }),
  signatureHeader: "x-shopify-hmac-sha256",
  signaturePrefix: "",
  order: (id) => ({ topic: "orders/create", body: snapshot("2026-01-05T09:00:00+01:00", { "/id": id }) }),
  textFields: [
    "/email",
    "/customer_locale",
    "/order_status_url",
    "/tags",
    "/cancel_reason",
    "/source_name",
    "/financial_status",
    "/shipping_address/name",
    "/shipping_address/province_code",
    "/shipping_address/zip",
    "/shipping_address/city",
    "/line_items/0/title",
    "/line_items/0/sku",
    "/line_items/0/variant_title",
  ],
  titleField: "/line_items/0/title",
  emailFields: ["/email", "/contact_email", "/customer/email"],
  itemsField: "/line_items",
  item: (index) => ({ id: index + 1, title: "Tea", quantity: 1, current_quantity: 1, price: "1.00" }),
  prose: (text) => text,
  keyedBy: "delivery",
  others: [
    { topic: "orders/delete", body: { id: 450789469 } },
    { topic: "disputes/create", body: fixture("shopify/dispute.json") },
    { topic: "customers/redact", body: fixture("shopify/customers_redact.json") },
    { topic: "customers/data_request", body: fixture("shopify/customers_data_request.json") },
    { topic: "fulfillments/update", body: fulfillment },
  ],
  neededFields: ["/id", "/created_at", "/updated_at", "/currency", "/total_price", "/line_items/1/id", "/line_items/1/quantity"],
  unknown: { topic: "inventory_levels/connect", body: { inventory_item_id: 1 } },
  seven: [
    // The shop stamps to the second: an order paid at once is created and paid in the same one.
    { topic: "orders/create", body: snapshot("2026-01-05T09:00:00+01:00", { "/financial_status": "pending" }) },
    { topic: "orders/paid", body: snapshot("2026-01-05T09:00:00+01:00") },
    { topic: "orders/fulfilled", body: snapshot("2026-01-06T10:00:02+01:00", { "/fulfillments": [fulfillment] }) },
    { topic: "fulfillment_events/create", body: event("in_transit", "2026-01-08T12:00:00+01:00") },
    { topic: "fulfillment_events/create", body: event("delivered", "2026-01-15T15:30:00+01:00") },
    {
      topic: "orders/cancelled",
      body: snapshot("2026-01-16T08:00:00+01:00", {
        "/fulfillments": [fulfillment],
        "/cancelled_at": "2026-01-16T08:00:00+01:00",
        "/cancel_reason": "customer",
      }),
    },
    {
      topic: "refunds/create",
      body: changed(fixture("shopify/refund.2026-07.json"), {
        "/created_at": "2026-01-16T08:00:05+01:00",
        "/processed_at": "2026-01-16T08:00:05+01:00",
      }),
    },
  ],
};

function event(status: string, at: string): unknown {
  return changed(fixture("shopify/fulfillment_event.2026-07.json"), {
    "/status": status,
    "/happened_at": at,
    "/created_at": at,
    "/updated_at": at,
  });
}

/** An order of the `standard` source in which every field of the contract is used. */
export const wholeOrder = {
  id: "A-1001",
  number: "#1001",
  placedAt: "2026-01-05T09:00:00+01:00",
  paidAt: "2026-01-05T09:01:00+01:00",
  currency: "eur",
  total: "49.90",
  url: "https://shop.example/orders/1001",
  tags: ["gift", "first order"],
  promisedDispatchBy: "2026-01-08T17:00:00+01:00",
  buyer: {
    id: "C-7",
    email: " anna@mail.example ",
    name: "Anna Huber",
    locale: "de_at",
    consents: [{ scope: "review", text: "Ja, fragt mich nach meiner Meinung.", at: "2026-01-05T09:00:00+01:00" }],
  },
  shippingAddress: { country: "at", region: "AT-7", postalCode: "6020", city: "Innsbruck", latitude: 47.26, longitude: 11.39 },
  items: [
    {
      id: "L-1",
      sku: "LAMP-B",
      title: "Lampe „Berg“",
      variant: "blau",
      quantity: 2,
      price: "24.95",
      imageUrl: "https://shop.example/lamp.jpg",
      url: "https://shop.example/lamp",
    },
  ],
};

/** A body of the `standard` source. */
export function said(type: string, occurredAt: string, data: unknown): Message {
  return { topic: type, body: { type, occurredAt, data } };
}

const order = { id: "A-1001" };

const standard: Subject = {
  platform: "standard",
  adapter: adapters.standard,
  secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
  sign: (_topic, body, { secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", delivery = "msg_1" } = {}) => ({
    headers: signStandard(secret, delivery, now, body),
    body,
  }),
  signatureHeader: "webhook-signature",
  signaturePrefix: "v1,",
  order: (id) => said("order.placed", "2026-01-05T08:00:00Z", { order: changed(wholeOrder, { "/id": id }) }),
  textFields: [
    "/data/order/buyer/email",
    "/data/order/buyer/name",
    "/data/order/buyer/locale",
    "/data/order/buyer/consents/0/text",
    "/data/order/tags/0",
    "/data/order/shippingAddress/region",
    "/data/order/shippingAddress/postalCode",
    "/data/order/shippingAddress/city",
    "/data/order/items/0/title",
    "/data/order/items/0/sku",
    "/data/order/items/0/variant",
  ],
  titleField: "/data/order/items/0/title",
  emailFields: ["/data/order/buyer/email"],
  itemsField: "/data/order/items",
  item: (index) => ({ id: `L-${index}`, title: "Tea", quantity: 1, price: "1.00" }),
  prose: (text) => text,
  keyedBy: "delivery",
  others: [
    said("review.posted", "2026-01-20T08:00:00Z", {
      order,
      review: { id: "V-1", rating: 5, text: "Gut!", itemId: "L-1", url: "https://shop.example/reviews/1" },
    }),
    said("dispute.closed", "2026-01-20T08:00:00Z", { order, case: { id: "D-1", reason: "not arrived", outcome: "won" } }),
    said("buyer.wrote", "2026-01-20T08:00:00Z", { order }),
    said("shipment.dispatched", "2026-01-06T09:00:02Z", {
      order,
      shipment: {
        id: "S-1",
        carrier: "DHL",
        service: "Paket",
        trackingNumber: "00340434161094042557",
        trackingUrl: "https://www.dhl.example/00340434161094042557",
        dispatchedAt: "2026-01-06T09:00:00Z",
        items: [{ id: "L-1", quantity: 1 }],
      },
    }),
  ],
  neededFields: [
    "/type",
    "/occurredAt",
    "/data/order",
    "/data/order/id",
    "/data/order/number",
    "/data/order/placedAt",
    "/data/order/currency",
    "/data/order/total",
    "/data/order/buyer/email",
    "/data/order/shippingAddress/country",
    "/data/order/items/0/id",
    "/data/order/items/0/price",
  ],
  unknown: said("cart.abandoned", "2026-01-05T08:00:00Z", {}),
  seven: [
    said("order.placed", "2026-01-05T08:00:00Z", { order: changed(wholeOrder, { "/paidAt": undefined }) }),
    said("order.paid", "2026-01-05T08:00:00Z", { order: wholeOrder }),
    said("shipment.dispatched", "2026-01-06T09:00:02Z", {
      order,
      shipment: { id: "S-1", carrier: "DHL", dispatchedAt: "2026-01-06T09:00:00Z" },
    }),
    said("shipment.updated", "2026-01-08T11:00:00Z", {
      order,
      shipment: { id: "S-1", status: "in_transit", occurredAt: "2026-01-08T11:00:00Z" },
    }),
    said("shipment.updated", "2026-01-15T14:30:00Z", {
      order,
      shipment: { id: "S-1", status: "delivered", occurredAt: "2026-01-15T14:30:00Z" },
    }),
    said("order.cancelled", "2026-01-16T07:00:00Z", { order, reason: "changed my mind" }),
    said("order.refunded", "2026-01-16T07:00:05Z", { order, refund: { id: "R-1", amount: "49.90" } }),
  ],
};

const wooOrder = fixture("woocommerce/wc-v3-orders-doc-1.json");

/** An order as WooCommerce has it after some changes. */
export function wooSnapshot(modified: string, changes: Readonly<Record<string, unknown>> = {}): unknown {
  return changed(wooOrder, {
    "/date_created_gmt": "2026-01-05T08:00:00",
    "/date_paid_gmt": "2026-01-05T08:00:00",
    "/date_modified_gmt": modified,
    ...changes,
  });
}

/** An entry of Shipment Tracking; `date_shipped` is 6 January 2026, 09:00 UTC. */
export const wooTracking = {
  tracking_provider: "australia-post",
  custom_tracking_provider: "",
  custom_tracking_link: "",
  tracking_number: "RR473124829FI",
  date_shipped: "1767690000",
  tracking_id: "8a4c1a2ef36a0b1f9d0a54a1d2a7f0e1",
};

/** Changes that put such entries into an order. */
export function wooTracked(...entries: readonly unknown[]): Readonly<Record<string, unknown>> {
  return { "/meta_data": [{ id: 1, key: "_wc_shipment_tracking_items", value: entries }] };
}

const woocommerce: Subject = {
  platform: "woocommerce",
  adapter: adapters.woocommerce,
  secrets: ["first & <secret>", "second secret"],
  sign: (topic, body, { secret = "first & <secret>", delivery = "0c2f4d6a8b" } = {}) => ({
    headers: {
      "content-type": "application/json",
      "x-wc-webhook-source": "https://shop.example/",
      "x-wc-webhook-topic": topic,
      "x-wc-webhook-id": "3",
      "x-wc-webhook-delivery-id": delivery,
      "x-wc-webhook-signature": createHmac("sha256", secret).update(body).digest("base64"),
    },
    body,
  }),
  signatureHeader: "x-wc-webhook-signature",
  signaturePrefix: "",
  order: (id) => ({ topic: "order.created", body: wooSnapshot("2026-01-05T08:00:00", { "/id": id }) }),
  textFields: [
    "/number",
    "/billing/email",
    "/billing/first_name",
    "/billing/last_name",
    "/billing/state",
    "/shipping/first_name",
    "/shipping/city",
    "/shipping/state",
    "/shipping/postcode",
    "/line_items/0/name",
    "/line_items/0/sku",
    "/line_items/1/name",
    "/line_items/1/meta_data/1/value",
    "/shipping_lines/0/method_id",
    "/meta_data/0/value",
  ],
  titleField: "/line_items/0/name",
  emailFields: ["/billing/email"],
  itemsField: "/line_items",
  item: (index) => ({ id: index + 1, name: "Tea", quantity: 1, subtotal: "1.00", meta_data: [] }),
  prose: (text) => text.replaceAll("&", "&amp;"),
  keyedBy: "content",
  others: [
    { topic: "order.deleted", body: { id: 727 } },
    { topic: "order.restored", body: wooSnapshot("2026-01-06T09:00:02", wooTracked(wooTracking)) },
    {
      topic: "order.updated",
      body: wooSnapshot("2026-01-16T07:00:05", { "/status": "refunded", "/refunds": [{ id: 726, reason: "", total: "-10.00" }] }),
    },
  ],
  neededFields: ["/id", "/status", "/currency", "/date_created_gmt", "/total", "/line_items/1/id", "/line_items/1/quantity"],
  unknown: { topic: "customer.updated", body: { id: 1 } },
  seven: [
    {
      topic: "order.created",
      body: wooSnapshot("2026-01-05T08:00:00", { "/status": "pending", "/date_paid_gmt": null }),
    },
    { topic: "order.updated", body: wooSnapshot("2026-01-05T08:00:00") },
    { topic: "order.updated", body: wooSnapshot("2026-01-06T09:00:02", wooTracked(wooTracking)) },
    {
      topic: "order.updated",
      body: wooSnapshot("2026-01-08T11:00:00", {
        ...wooTracked(wooTracking),
        "/status": "completed",
        "/date_completed_gmt": "2026-01-08T11:00:00",
      }),
    },
    {
      topic: "order.updated",
      body: wooSnapshot("2026-01-15T14:30:00", {
        ...wooTracked(wooTracking),
        "/status": "completed",
        "/date_completed_gmt": "2026-01-08T11:00:00",
        "/shipping/postcode": "94104",
      }),
    },
    {
      topic: "order.updated",
      body: wooSnapshot("2026-01-16T07:00:00", { ...wooTracked(wooTracking), "/status": "cancelled" }),
    },
    {
      topic: "order.updated",
      body: wooSnapshot("2026-01-16T07:00:05", {
        ...wooTracked(wooTracking),
        "/status": "cancelled",
        "/refunds": [{ id: 726, reason: "", total: "-29.35" }],
      }),
    },
  ],
};

export const subjects: readonly Subject[] = [shopify, woocommerce, standard];
