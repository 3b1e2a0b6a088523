import type { Fact, Item, Saying } from "../../core/facts.ts";
import type { Reading } from "../adapter.ts";
import { clean, orNull, readLocale, readWebUrl } from "../fields.ts";
import type { ItemPayload, OrderPayload } from "./payloads.ts";
import { refundFact } from "./refund.ts";
import { shipmentFacts } from "./shipment.ts";

/**
 * Reads an order as Shopify sends it whole with every `orders/…` topic: a snapshot at its `updated_at`.
 *
 * What hangs below it keeps its own time where it has one: a fulfilment its own `updated_at`, so that it and the same fulfilment
 * sent alone are one statement. A refund has none, so the snapshot's is taken, or its creation if that should be later.
 */
export function orderFacts(order: OrderPayload, sentAsTest: boolean): Reading {
  const number = numberOf(order);
  if (number === null) return { kind: "unreadable", pointer: "/name", reason: "is missing" };
  const items = itemsOf(order);
  const sayings: (Saying | null)[] = [
    {
      kind: "order",
      number,
      placedAt: order.created_at,
      currency: order.currency,
      total: order.total_price,
      url: readWebUrl(order.order_status_url),
      tags: (order.tags ?? "").split(",").flatMap((tag) => orNull(tag) ?? []),
      promisedDispatchBy: null,
      test: sentAsTest || order.test === true || order.id === testOrderId,
      nothingShips: nothingShips(order, items),
    },
    buyerOf(order),
    addressOf(order),
    paymentOf(order),
    order.cancelled_at === undefined
      ? null
      : { kind: "cancellation", cancelledAt: order.cancelled_at, reason: order.cancelled_at === null ? null : orNull(order.cancel_reason) },
    items === null ? null : { kind: "items", items },
  ];
  const facts: Fact[] = sayings.flatMap((says) => (says === null ? [] : { order: order.id, at: order.updated_at, says }));
  for (const fulfillment of order.fulfillments ?? []) facts.push(...shipmentFacts(order.id, fulfillment));
  for (const refund of order.refunds ?? []) facts.push(refundFact(order.id, refund, order.updated_at));
  return { kind: "facts", facts };
}

/**
 * An order was deleted: its body is the id alone. Shopify brings none back, so nothing competes with this, and `deletedAt` is only for people.
 */
export function deletionFact(order: string, deletedAt: string | null): Fact {
  return { order, at: deletedAt ?? "1970-01-01T00:00:00.000Z", says: { kind: "deletion", deleted: true, deletedAt } };
}

/** The order of every notification that Shopify's own "send test notification" sends (IN-16). */
const testOrderId = "820982911946154508";

/** States of payment in which the money has come, even if some went back since. */
const paidStates: ReadonlySet<string> = new Set(["paid", "partially_refunded", "refunded"]);

function numberOf(order: OrderPayload): string | null {
  const name = orNull(order.name?.trim().replace(/^#/, "")) ?? order.order_number ?? null;
  return name === null ? null : clean(name, 100);
}

function buyerOf(order: OrderPayload): Saying | null {
  const { customer, shipping_address: shipping, billing_address: billing } = order;
  if (order.email === undefined && order.contact_email === undefined && customer === undefined) return null;
  return {
    kind: "buyer",
    id: customer?.id ?? null,
    email: orNull(order.email) ?? orNull(order.contact_email) ?? orNull(customer?.email),
    // Who bought: a gift is sent to somebody else, and it is not they who get the mail.
    name: nameOf(customer) ?? nameOf(billing) ?? nameOf(shipping),
    locale: readLocale(order.customer_locale),
  };
}

interface Named {
  readonly name?: string | null | undefined;
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
}

function nameOf(who: Named | null | undefined): string | null {
  return orNull(who?.name) ?? orNull([orNull(who?.first_name), orNull(who?.last_name)].filter((part) => part !== null).join(" "));
}

/** Where it goes; for an order without a shipping address where its buyer lives, which decides about hours and consent alike. */
function addressOf({ shipping_address: shipping, billing_address: billing }: OrderPayload): Saying | null {
  if (shipping === undefined && billing === undefined) return null;
  const address = shipping ?? billing;
  return {
    kind: "address",
    country: address?.country_code ?? null,
    region: orNull(address?.province_code) ?? orNull(address?.province),
    postalCode: orNull(address?.zip),
    city: orNull(address?.city),
    latitude: address?.latitude ?? null,
    longitude: address?.longitude ?? null,
  };
}

/** Shopify does not tell when money came, only that it has: `processed_at`, the time of the checkout, stands for it and never changes. */
function paymentOf(order: OrderPayload): Saying | null {
  if (order.financial_status === undefined) return null;
  const paid = paidStates.has(order.financial_status ?? "");
  return { kind: "payment", paidAt: paid ? (order.processed_at ?? order.created_at) : null };
}

/** The lines that still are part of the order; `null` when the payload leaves them out. */
function itemsOf(order: OrderPayload): readonly Item[] | null {
  if (order.line_items === undefined || order.line_items === null) return null;
  const refunded = new Map<string, number>();
  for (const refund of order.refunds ?? []) {
    for (const line of refund.refund_line_items ?? []) {
      refunded.set(line.line_item_id, (refunded.get(line.line_item_id) ?? 0) + line.quantity);
    }
  }
  return order.line_items.flatMap((line) => {
    const quantity = order.refunds === undefined ? line.quantity : orderedOf(line, refunded.get(line.id) ?? 0);
    if (quantity === 0) return [];
    return {
      id: line.id,
      sku: orNull(line.sku),
      title: orNull(line.title) ?? orNull(line.name) ?? "",
      variant: orNull(line.variant_title),
      quantity,
      price: line.price,
      imageUrl: null,
      url: null,
      ships: line.requires_shipping !== false && line.gift_card !== true,
    };
  });
}

/**
 * How many of a line were ordered, edits counted and refunds not.
 *
 * `quantity` keeps what an edit took away, `current_quantity` lacks also what was refunded; refunds are facts of their own, and
 * taking them off here as well would count them twice. A body from which the refunds were left out can't tell the two apart.
 */
function orderedOf(line: ItemPayload, refunded: number): number {
  if (line.current_quantity === undefined || line.current_quantity === null) return line.quantity;
  return Math.min(line.quantity, line.current_quantity + refunded);
}

/**
 * Nothing in it travels, or it was sold over the counter or is picked up. Neither of the last two has a shipping address: an order sent
 * from a till has one, and an order with a way of delivery and a bill's address but nowhere to deliver to is a pickup (bodies do not say so).
 */
function nothingShips(order: OrderPayload, items: readonly Item[] | null): boolean {
  const noAddress = order.shipping_address === null;
  if (noAddress && order.source_name === "pos") return true;
  if (noAddress && order.billing_address != null && (order.shipping_lines ?? []).length > 0) return true;
  if (items === null || items.some((item) => item.ships)) return false;
  return items.length > 0 || noAddress;
}
