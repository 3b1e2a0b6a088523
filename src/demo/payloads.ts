import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Guest, Parcel } from "./cast.ts";

type Payload = Record<string, unknown>;

const folder = join(import.meta.dirname, "../../test/fixtures");

/** A real Shopify order, made out to one of the guests: three lines, paid at once. */
export function shopifyOrder(guest: Guest, changes: Payload = {}): Payload {
  const base = payload("shopify/order.2026-07.json");
  const { place } = guest;
  return {
    ...base,
    id: orderId(guest),
    name: `#${guest.number}`,
    order_number: Number(guest.number),
    created_at: guest.placedAt,
    processed_at: guest.placedAt,
    updated_at: guest.placedAt,
    financial_status: "paid",
    email: guest.email,
    contact_email: guest.email,
    customer_locale: guest.locale,
    shipping_address: {
      name: guest.name,
      city: place.city,
      zip: place.zip,
      province_code: place.region || null,
      country_code: place.country,
      latitude: place.latitude ?? null,
      longitude: place.longitude ?? null,
    },
    billing_address: null,
    customer: {
      ...(base["customer"] as Payload),
      email: guest.email,
      first_name: guest.name.split(" ")[0],
      last_name: guest.name.split(" ").slice(1).join(" "),
    },
    line_items: lines(base),
    total_price: "147.00",
    current_total_price: "147.00",
    currency: "USD",
    fulfillments: [],
    refunds: [],
    ...changes,
  };
}

/** A real Shopify fulfilment, made to carry one of the parcels. */
export function shopifyFulfillment(guest: Guest, parcel: Parcel): Payload {
  const base = payload("shopify/fulfillment.2026-07.json");
  const all = lines(payload("shopify/order.2026-07.json"));
  return {
    ...base,
    id: parcel.id,
    order_id: orderId(guest),
    name: `#${guest.number}.${parcel.id}`,
    status: "success",
    created_at: parcel.dispatchedAt,
    updated_at: parcel.dispatchedAt,
    tracking_company: parcel.carrier,
    tracking_number: parcel.trackingNumber,
    tracking_numbers: [parcel.trackingNumber],
    tracking_url: null,
    tracking_urls: [],
    line_items: parcel.lines === undefined ? all : all.filter((_, index) => parcel.lines?.includes(index)),
  };
}

/** A real scan, moved to one of the parcels. */
export function shopifyScan(guest: Guest, parcel: Parcel, status: string, at: string): Payload {
  const base = payload("shopify/fulfillment_event.2026-07.json");
  return {
    ...base,
    id: parcel.id + 1_000,
    fulfillment_id: parcel.id,
    order_id: orderId(guest),
    status,
    happened_at: at,
    created_at: at,
    updated_at: at,
  };
}

/** A real refund, of everything the guest bought. */
export function shopifyRefund(guest: Guest, at: string): Payload {
  const base = payload("shopify/refund.2026-07.json");
  const transactions = (base["transactions"] as Payload[]).map((one) => ({
    ...one,
    order_id: orderId(guest),
    amount: "147.00",
    currency: "USD",
  }));
  return {
    ...base,
    id: orderId(guest) + 500,
    order_id: orderId(guest),
    created_at: at,
    processed_at: at,
    refund_line_items: [],
    transactions,
  };
}

function orderId({ number }: Guest): number {
  return 450_789_000 + Number(number);
}

const goods = [
  { title: "Paper lantern, folding", variant_title: "Amber, 30 cm", sku: "LT-204", price: "39.00" },
  { title: "Handwoven table runner", variant_title: null, sku: "TB-011", price: "66.00" },
  { title: "Incense holder, brass", variant_title: null, sku: "IH-007", price: "42.00" },
];

function lines(order: Payload): Payload[] {
  return (order["line_items"] as Payload[]).map((line, index) => ({ ...line, ...goods[index], quantity: 1, current_quantity: 1 }));
}

function payload(name: string): Payload {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as Payload;
}
