import { iso } from "../core/instant.ts";
import type { Adapter, RawRequest, Reading, SourceKeys, Verdict } from "./adapter.ts";
import { clean, orNull, utc } from "./fields.ts";
import { readJson } from "./json.ts";
import { asks, unreadable } from "./reading.ts";
import { isFromShop } from "./shop-domain.ts";
import { disputeReading } from "./shopify/dispute.ts";
import { deletionFact, orderFacts } from "./shopify/order.ts";
import {
  deletionPayload,
  disputePayload,
  eventPayload,
  exportPayload,
  fulfillmentPayload,
  orderPayload,
  redactionPayload,
  refundPayload,
} from "./shopify/payloads.ts";
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
  if (!isFromShop(headers["x-shopify-shop-domain"] ?? "", keys.domain)) return { kind: "refused", reason: "wrong-shop" };
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

function read(request: RawRequest): Reading {
  const topic = topicOf(request.headers);
  if (topic === "") return { kind: "unreadable", pointer: "", reason: "came without the header X-Shopify-Topic" };
  const reader = readers.get(topic);
  if (reader === undefined) return { kind: "ignored", reason: ignored.get(topic) ?? `the topic ${topic} says nothing about mails` };
  const json = readJson(request.body);
  if (json.kind === "bad") return { kind: "unreadable", pointer: "", reason: json.reason };
  return reader(json.value, request);
}

type Reader = (value: unknown, request: RawRequest) => Reading;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["orders/create", readOrder],
  ["orders/updated", readOrder],
  ["orders/paid", readOrder],
  ["orders/cancelled", readOrder],
  ["orders/fulfilled", readOrder],
  ["orders/partially_fulfilled", readOrder],
  ["orders/delete", readDeletion],
  ["fulfillments/create", readFulfillment],
  ["fulfillments/update", readFulfillment],
  ["fulfillment_events/create", readEvent],
  ["refunds/create", readRefund],
  ["disputes/create", readDispute],
  ["disputes/update", readDispute],
  ["customers/redact", readRedaction],
  ["customers/data_request", readExport],
  ["shop/redact", () => asks({ type: "erase-shop" })],
  ["app/uninstalled", () => asks({ type: "uninstalled" })],
]);

const ignored: ReadonlyMap<string, string> = new Map([
  ["orders/edited", "the topic orders/edited tells only what was changed; orders/updated brings the order as it is now"],
]);

function readOrder(value: unknown, { headers }: RawRequest): Reading {
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

function readDeletion(value: unknown, request: RawRequest): Reading {
  const deletion = deletionPayload.safeParse(value);
  if (!deletion.success) return unreadable(deletion.error);
  return { kind: "facts", facts: [deletionFact(deletion.data.id, happenedAt(request))] };
}

function readDispute(value: unknown, request: RawRequest): Reading {
  const dispute = disputePayload.safeParse(value);
  return dispute.success ? disputeReading(dispute.data, happenedAt(request)) : unreadable(dispute.error);
}

function readRedaction(value: unknown): Reading {
  const wish = redactionPayload.safeParse(value);
  if (!wish.success) return unreadable(wish.error);
  const { customer, orders_to_redact: orders } = wish.data;
  return asks({ type: "erase-buyer", buyerId: customer?.id ?? null, email: orNull(customer?.email), orders: orders ?? [] });
}

function readExport(value: unknown): Reading {
  const wish = exportPayload.safeParse(value);
  if (!wish.success) return unreadable(wish.error);
  const { customer, orders_requested: orders } = wish.data;
  return asks({ type: "export-buyer", buyerId: customer?.id ?? null, email: orNull(customer?.email), orders: orders ?? [] });
}

/** The header's time of the event, which retries keep; not signed, and good only for what has no time of its own in its body. */
function happenedAt({ headers, receivedAt }: RawRequest): string | null {
  return utc(headers["x-shopify-triggered-at"]) ?? (receivedAt === undefined ? null : iso(receivedAt));
}

function topicOf(headers: RawRequest["headers"]): string {
  return clean((headers["x-shopify-topic"] ?? "").trim().toLowerCase(), 100);
}
