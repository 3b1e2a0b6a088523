import type { Adapter, RawRequest, Reading, SourceKeys, Verdict } from "./adapter.ts";
import { clean } from "./fields.ts";
import { readJson } from "./json.ts";
import { unreadable } from "./reading.ts";
import { isFromShop } from "./shop-domain.ts";
import { anyMatches, decodeDigest, deliveryKey, hmacOf, sha256 } from "./signature.ts";
import { deletionFact, orderFacts } from "./woocommerce/order.ts";
import { deletionPayload, orderPayload } from "./woocommerce/payloads.ts";
import { signingKeys } from "./woocommerce/secret.ts";

/**
 * WooCommerce's webhooks (REST API v2 and v3; legacy tables or HPOS).
 *
 * It sends no webhook twice, whatever we answer, and builds a body when it sends it, not when things happened: so each body is the
 * whole order as it then is, two changes close together come as one, and what an order's body does not hold is never told.
 */
export const woocommerce: Adapter = { platform: "woocommerce", verify, identify, read };

/** The signature is over the body without white space around it; PHP's `trim` takes NUL and vertical tabs off as well. */
function verify({ headers, body }: RawRequest, keys: SourceKeys): Verdict {
  const signature = headers["x-wc-webhook-signature"] ?? "";
  const trimmed = trim(body);
  // Sent when a webhook is first saved; anything but 200 shows the shop an error (IN-10).
  if (signature === "" && /^webhook_id=\d{1,20}$/.test(trimmed.toString("latin1", 0, 40))) return { kind: "ping" };
  const secrets = keys.secrets.filter((secret) => secret !== "").flatMap(signingKeys);
  if (secrets.length === 0) return { kind: "refused", reason: "no-secret" };
  if (signature === "") return { kind: "refused", reason: "no-signature" };
  const given = decodeDigest(signature);
  if (given === null) return { kind: "refused", reason: "malformed-signature" };
  const signed = trimmed.length === body.length ? [body] : [body, trimmed];
  const expected = secrets.flatMap((secret) => signed.map((bytes) => hmacOf(secret, bytes)));
  if (!anyMatches([given], expected)) return { kind: "refused", reason: "wrong-signature" };
  if (!isFromShop(headers["x-wc-webhook-source"] ?? "", keys.domain)) return { kind: "refused", reason: "wrong-shop" };
  return { kind: "genuine" };
}

/** Never the Delivery-ID: two orders that one webhook delivers in the same second share it (IN-05). */
function identify({ headers, body }: RawRequest): { key: string; topic: string } {
  const topic = topicOf(headers);
  return { key: deliveryKey(topic, sha256(body)), topic };
}

function read({ headers, body, receivedAt }: RawRequest): Reading {
  const topic = topicOf(headers);
  switch (topic) {
    case "":
      return { kind: "unreadable", pointer: "", reason: "came without the header X-WC-Webhook-Topic" };
    case "order.created":
    case "order.updated":
    case "order.restored":
    case "order.deleted":
      break;
    default:
      return { kind: "ignored", reason: ignoredBecause(topic) };
  }
  const json = readJson(trim(body));
  if (json.kind === "bad") return { kind: "unreadable", pointer: "", reason: json.reason };
  if (topic !== "order.deleted") return readOrder(json.value, topic === "order.restored");
  const deletion = deletionPayload.safeParse(json.value);
  return deletion.success ? { kind: "facts", facts: [deletionFact(deletion.data.id, receivedAt ?? null)] } : unreadable(deletion.error);
}

function readOrder(value: unknown, restored: boolean): Reading {
  const order = orderPayload.safeParse(value);
  if (order.success) return orderFacts(order.data, restored);
  return outdated(value) ?? unreadable(order.error);
}

/** The old APIs can't be read (their times have no zone), and the shop can choose another: say so rather than name a field. */
function outdated(value: unknown): Reading | null {
  if (typeof value !== "object" || value === null) return null;
  const legacy = "order" in value && !("id" in value);
  const first = "date_created" in value && !("date_created_gmt" in value);
  if (!legacy && !first) return null;
  const reason = `is of an old version of WooCommerce's API; choose "WP REST API Integration v3" as the webhook's API Version`;
  return { kind: "unreadable", pointer: legacy ? "/order" : "/date_created_gmt", reason };
}

function ignoredBecause(topic: string): string {
  return topic.startsWith("action.")
    ? `the topic ${topic} tells an id and no more; orders come with Order created, updated, deleted and restored`
    : `the topic ${topic} says nothing about mails`;
}

function topicOf(headers: RawRequest["headers"]): string {
  return clean((headers["x-wc-webhook-topic"] ?? "").trim().toLowerCase(), 100);
}

function trim(body: Buffer): Buffer {
  let start = 0;
  let end = body.length;
  while (start < end && isSpace(body[start])) start++;
  while (end > start && isSpace(body[end - 1])) end--;
  return start === 0 && end === body.length ? body : body.subarray(start, end);
}

/** Tab, line feed, vertical tab, carriage return, space, NUL. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0b || byte === 0;
}
