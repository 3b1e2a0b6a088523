import type { Adapter, RawRequest, Reading, SourceKeys, Verdict } from "./adapter.ts";
import { clean } from "./fields.ts";
import { readJson } from "./json.ts";
import { unreadable } from "./reading.ts";
import { orderFacts } from "./shopify/order.ts";
import { eventPayload, fulfillmentPayload, orderPayload, refundPayload } from "./shopify/payloads.ts";
import { refundFact } from "./shopify/refund.ts";
import { scanFacts, shipmentFacts } from "./shopify/shipment.ts";
import { anyMatches, decodeDigest, deliveryKey, hmacOf, sha256 } from "./signature.ts";

/**
 * Shopify's webhooks, as the Admin API sends them (REST-shaped bodies, API 2026-07).
 *
 * Signed with the app's secret over the body alone: topic, shop and delivery id are headers that nobody vouches for, so a topic
 * is only believed as far as the body fits it.
 */
export const shopify: Adapter = { platform: "shopify", verify, identify, read };

function verify({ headers, body }: RawRequest, keys: SourceKeys): Verdict {
  const secrets = keys.secrets.filter((secret) => secret !== "");
  if (secrets.length === 0) return { kind: "refused", reason: "no-secret" };
  const signature = headers["x-shopify-hmac-sha256"] ?? "";
  if (signature === "") return { kind: "refused", reason: "no-signature" };
  const given = decodeDigest(signature);
  if (given === null) return { kind: "refused", reason: "malformed-signature" };
  const expected = secrets.map((secret) => hmacOf(secret, body));
  if (!anyMatches([given], expected)) return { kind: "refused", reason: "wrong-signature" };
  const shop = headers["x-shopify-shop-domain"] ?? "";
  if (keys.domain !== null && hostOf(shop) !== hostOf(keys.domain)) return { kind: "refused", reason: "wrong-shop" };
  return { kind: "genuine" };
}

/**
 * The Webhook-Id stays the same over the retries of one delivery. Not the Event-Id: one action of the merchant has one over
 * several topics, and by it `orders/paid` would be lost behind `orders/updated`.
 */
function identify({ headers, body }: RawRequest): { key: string; topic: string } {
  const topic = topicOf(headers);
  return { key: deliveryKey(topic, headers["x-shopify-webhook-id"] || sha256(body)), topic };
}

function read({ headers, body }: RawRequest): Reading {
  const topic = topicOf(headers);
  if (topic === "") return { kind: "unreadable", pointer: "", reason: "came without the header X-Shopify-Topic" };
  const reader = readers.get(topic);
  if (reader === undefined) return { kind: "ignored", reason: `the topic ${topic} says nothing about mails` };
  const json = readJson(body);
  if (json.kind === "bad") return { kind: "unreadable", pointer: "", reason: json.reason };
  return reader(json.value, headers);
}

const readers: ReadonlyMap<string, (value: unknown, headers: RawRequest["headers"]) => Reading> = new Map([
  ["orders/create", readOrder],
  ["orders/updated", readOrder],
  ["orders/paid", readOrder],
  ["orders/cancelled", readOrder],
  ["orders/fulfilled", readOrder],
  ["orders/partially_fulfilled", readOrder],
  ["fulfillments/create", readFulfillment],
  ["fulfillments/update", readFulfillment],
  ["fulfillment_events/create", readEvent],
  ["refunds/create", readRefund],
]);

function readOrder(value: unknown, headers: RawRequest["headers"]): Reading {
  const order = orderPayload.safeParse(value);
  if (!order.success) return unreadable(order.error);
  return orderFacts(order.data, headers["x-shopify-test"]?.toLowerCase() === "true");
}

function readFulfillment(value: unknown): Reading {
  const fulfillment = fulfillmentPayload.safeParse(value);
  if (!fulfillment.success) return unreadable(fulfillment.error);
  return { kind: "facts", facts: shipmentFacts(fulfillment.data.order_id, fulfillment.data) };
}

function readEvent(value: unknown): Reading {
  const event = eventPayload.safeParse(value);
  if (!event.success) return unreadable(event.error);
  const facts = scanFacts(event.data);
  if (facts.length === 0) return { kind: "ignored", reason: `the status ${event.data.status} says nothing about a parcel's way` };
  return { kind: "facts", facts };
}

function readRefund(value: unknown): Reading {
  const refund = refundPayload.safeParse(value);
  if (!refund.success) return unreadable(refund.error);
  return { kind: "facts", facts: [refundFact(refund.data.order_id, refund.data, refund.data.created_at)] };
}

function topicOf(headers: RawRequest["headers"]): string {
  return clean((headers["x-shopify-topic"] ?? "").trim().toLowerCase(), 100);
}

/** A shop's domain however an operator writes it: with a scheme, a path, or capitals. */
function hostOf(domain: string): string {
  return domain
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "");
}
