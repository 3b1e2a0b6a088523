import type { Fact, Saying } from "../../core/facts.ts";
import { type Instant, iso } from "../../core/instant.ts";
import type { Reading } from "../adapter.ts";
import { clean, orNull, readLocale } from "../fields.ts";
import { itemsOf } from "./items.ts";
import { type AddressPayload, metaOf, type OrderPayload } from "./payloads.ts";
import { refundSayings } from "./refunds.ts";
import { stateCode } from "./region.ts";
import { shipmentSayings } from "./shipments.ts";

/**
 * Reads an order as WooCommerce sends it whole with every `order.…` topic but `deleted`: a snapshot at its `date_modified_gmt`.
 *
 * Nothing below it has a time of change of its own, so all its facts are of that time.
 */
export function orderFacts(order: OrderPayload, restored: boolean): Reading {
  const status = order.status.trim().toLowerCase().replace(/^wc-/, "");
  if (drafts.has(status)) return { kind: "ignored", reason: `it is not an order yet: its status is ${clean(status, 50)}` };
  const number = orNull(order.number?.trim().replace(/^#+/, "")) ?? order.id;
  const at = order.date_modified_gmt ?? order.date_created_gmt;
  const nothingShips = isPickup(order) || needsNoShipping(order);
  const sayings: (Saying | null)[] = [
    {
      kind: "order",
      number: clean(number, 100),
      placedAt: order.date_created_gmt,
      currency: order.currency,
      total: order.total,
      url: null,
      tags: [],
      promisedDispatchBy: null,
      test: false,
      nothingShips,
    },
    buyerOf(order),
    addressOf(order),
    { kind: "payment", paidAt: paidAt(order, status) },
    // WooCommerce keeps no time of a cancellation: the snapshot's is when it was so, at the latest.
    { kind: "cancellation", cancelledAt: ended.has(status) ? at : null, reason: ended.has(status) ? status : null },
    order.line_items == null ? null : { kind: "items", items: itemsOf(order, order.line_items, !nothingShips) },
    ...shipmentSayings(order, status, at, nothingShips),
    ...refundSayings(order, status, at),
    restored ? { kind: "deletion", deleted: false, deletedAt: null } : null,
  ];
  return { kind: "facts", facts: sayings.flatMap((says) => (says === null ? [] : { order: order.id, at, says })) };
}

/**
 * An order was moved to the trash. The body holds its id and no time, and only `order.restored` takes a deletion back, so that it is dated
 * before everything. `receivedAt` is all that is known of when it happened.
 */
export function deletionFact(order: string, receivedAt: Instant | null): Fact {
  const deletedAt = receivedAt === null ? null : iso(receivedAt);
  return { order, at: "1970-01-01T00:00:00.000Z", says: { kind: "deletion", deleted: true, deletedAt } };
}

/** A checkout that nobody has finished. */
const drafts: ReadonlySet<string> = new Set(["checkout-draft", "auto-draft", "draft", "new"]);

const ended: ReadonlySet<string> = new Set(["cancelled", "failed", "trash"]);

/** Waiting for money. `on-hold` is a bank transfer or a payment under review. */
const unpaid: ReadonlySet<string> = new Set(["pending", "on-hold", "failed"]);

/** WooCommerce's own `wc_get_is_paid_statuses`; a moment of payment may be missing on orders made through its API. */
const paid: ReadonlySet<string> = new Set(["processing", "completed"]);

function paidAt(order: OrderPayload, status: string): string | null {
  if (unpaid.has(status)) return null;
  return order.date_paid_gmt ?? (paid.has(status) ? order.date_created_gmt : null);
}

/** The buyer is who is billed; a gift goes to another name and address. */
function buyerOf(order: OrderPayload): Saying | null {
  const { billing } = order;
  if (billing === undefined || billing === null) return null;
  return {
    kind: "buyer",
    id: order.customer_id === "0" ? null : (order.customer_id ?? null),
    email: orNull(billing.email),
    name: nameOf(billing) ?? nameOf(order.shipping),
    locale: localeOf(order),
  };
}

function nameOf(who: AddressPayload | null | undefined): string | null {
  return orNull([orNull(who?.first_name), orNull(who?.last_name)].filter((part) => part !== null).join(" "));
}

/** WooCommerce itself keeps no language; the plugins that make shops multilingual do. */
const languageKeys = ["wpml_language", "weglot_language", "trp_language"];

function localeOf(order: OrderPayload): string | null {
  for (const key of languageKeys) {
    const value = metaOf(order, key);
    const locale = typeof value === "string" ? readLocale(value) : null;
    if (locale !== null) return locale;
  }
  return null;
}

/** Where it goes. Empty when that is where the bill goes, and of a pickup it is the shop's: then the bill's says where the buyer lives. */
function addressOf(order: OrderPayload): Saying | null {
  const { shipping, billing } = order;
  if (shipping == null && billing == null) return null;
  const ownAddress = shipping?.country == null || isPickup(order) ? null : shipping;
  const address = ownAddress ?? billing ?? shipping;
  const country = address?.country ?? null;
  return {
    kind: "address",
    country,
    region: stateCode(country, orNull(address?.state)),
    postalCode: orNull(address?.postcode),
    city: orNull(address?.city),
    latitude: null,
    longitude: null,
  };
}

/** The methods of both checkouts: `local_pickup`, and `pickup_location` of the block checkout. */
function isPickup({ shipping_lines: lines }: OrderPayload): boolean {
  if (lines == null || lines.length === 0) return false;
  return lines.every((line) => /^(local_pickup|pickup_location)(:|$)/.test(line.method_id ?? ""));
}

/**
 * Bodies do not tell downloads from goods. An order that needs shipping has a way of shipping or, where the shop asks for none, an
 * address; one that has neither is all virtual.
 */
function needsNoShipping({ shipping_lines: lines, shipping }: OrderPayload): boolean {
  if (lines == null || lines.length > 0 || shipping == null) return false;
  return [shipping.country, shipping.city, shipping.postcode, shipping.state].every((part) => orNull(part) === null);
}
