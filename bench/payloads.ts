import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const shopifySecret = "the signing secret of a Shopify app";

/** A webhook as Shopify sends it: bytes and headers. */
export interface Webhook {
  readonly topic: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const samples = join(import.meta.dirname, "../test/fixtures/shopify");
const order = sample("order");
const fulfillment = sample("fulfillment");

/** `orders/create` of order `n`, paid and not dispatched, from a buyer of its own: 17 kB, Shopify's own sample. */
export function orderCreated(n: number, at: string): Webhook {
  const buyer = `buyer${n}@buyer.example`;
  return webhook("orders/create", `order-${n}-${at}`, {
    ...order,
    id: orderId(n),
    name: `#${n}`,
    order_number: n,
    email: buyer,
    contact_email: buyer,
    created_at: at,
    processed_at: at,
    updated_at: at,
    financial_status: "paid",
    fulfillments: [],
    refunds: [],
  });
}

/** `fulfillments/create` of the parcel of order `n`. */
export function dispatched(n: number, at: string): Webhook {
  return webhook("fulfillments/create", `parcel-${n}-${at}`, {
    ...fulfillment,
    id: 7_000_000_000 + n,
    order_id: orderId(n),
    status: "success",
    created_at: at,
    updated_at: at,
    tracking_company: "China Post EMS",
    tracking_number: "EE123456785CN",
    tracking_numbers: ["EE123456785CN"],
  });
}

function orderId(n: number): number {
  return 5_000_000_000 + n;
}

function webhook(topic: string, id: string, payload: object): Webhook {
  const body = Buffer.from(JSON.stringify(payload));
  return {
    topic,
    body,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": "bench.myshopify.com",
      "x-shopify-webhook-id": id,
      "x-shopify-hmac-sha256": createHmac("sha256", shopifySecret).update(body).digest("base64"),
    },
  };
}

function sample(name: string): object {
  return JSON.parse(readFileSync(join(samples, `${name}.2026-07.json`), "utf8"));
}
