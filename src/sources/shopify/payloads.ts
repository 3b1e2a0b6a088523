import { z } from "zod";
import { country, currency, emailText, identifier, money, quantity, text, time } from "../fields.ts";

/*
 * What we need of Shopify's bodies. Everything else is passed over, and what would only be nice to have may be missing or of
 * another type than today (`soft`): API versions differ, subscriptions may leave fields out, protected data is redacted.
 */

/** A field that is worth having but not worth losing an order for: anything unfit is as if it were `null`. */
function soft<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(null);
}

/** Ids are numbers in REST bodies, strings when beyond 2^53 (`readJson`), and `gid://…` nowhere. */
const id = z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), identifier);

const amount = z.preprocess((value) => (typeof value === "number" ? String(value) : value), money);

const line = z.object({ id, quantity });

const item = line.extend({
  title: soft(text),
  name: soft(text),
  variant_title: soft(text),
  sku: soft(text),
  current_quantity: soft(quantity),
  price: amount,
  requires_shipping: soft(z.boolean()),
  gift_card: soft(z.boolean()),
});

const address = z.object({
  name: soft(text),
  first_name: soft(text),
  last_name: soft(text),
  country_code: soft(country),
  province_code: soft(text),
  province: soft(text),
  zip: soft(text),
  city: soft(text),
  latitude: soft(z.number().min(-90).max(90)),
  longitude: soft(z.number().min(-180).max(180)),
});

const customer = z.object({ id: soft(id), email: soft(emailText), first_name: soft(text), last_name: soft(text) });

const fulfillment = z.object({
  id,
  status: soft(text),
  created_at: time,
  updated_at: time,
  tracking_company: soft(text),
  tracking_number: soft(text),
  tracking_numbers: soft(z.array(text)),
  tracking_url: soft(text),
  tracking_urls: soft(z.array(text)),
  shipment_status: soft(text),
  line_items: soft(z.array(line.extend({ requires_shipping: soft(z.boolean()), gift_card: soft(z.boolean()) }))),
});

const moneySet = z.object({ shop_money: z.object({ currency_code: currency }) });

const refund = z.object({
  id,
  created_at: time,
  processed_at: soft(time),
  total_duties_set: soft(moneySet),
  refund_line_items: soft(z.array(z.object({ line_item_id: id, quantity, subtotal_set: soft(moneySet) }))),
  transactions: soft(z.array(z.object({ kind: text, status: text, amount, currency: soft(currency) }))),
});

export const fulfillmentPayload = fulfillment.extend({ order_id: id });

export const refundPayload = refund.extend({ order_id: id });

export const eventPayload = z.object({
  fulfillment_id: id,
  order_id: id,
  status: text,
  happened_at: time,
  updated_at: soft(time),
  message: soft(text),
  city: soft(text),
  province: soft(text),
  country: soft(text),
});

export const deletionPayload = z.object({ id });

/** A case of Shopify Payments. It has no time of its last change, and `order_id` may be `null`. */
export const disputePayload = z.object({
  id,
  order_id: id.nullish(),
  type: soft(text),
  reason: soft(text),
  status: text,
  initiated_at: time,
  evidence_sent_on: soft(time),
  finalized_on: soft(time),
});

/** Whose data it is about. Nothing of it is passed over when unfit: better quarantined than half erased. */
const person = z.object({ id: id.nullish(), email: emailText.nullish() }).nullish();

export const redactionPayload = z.object({ customer: person, orders_to_redact: z.array(id).nullish() });

export const exportPayload = z.object({ customer: person, orders_requested: z.array(id).nullish() });

/** Absent (`undefined`) is told from `null` where it matters: a field that was left out says nothing, `null` says there is none. */
export const orderPayload = z.object({
  id,
  name: soft(text),
  order_number: soft(id),
  created_at: time,
  updated_at: time,
  processed_at: soft(time),
  cancelled_at: time.nullish(),
  cancel_reason: soft(text),
  currency,
  total_price: amount,
  email: soft(emailText),
  contact_email: soft(emailText),
  customer: soft(customer),
  customer_locale: soft(text),
  financial_status: soft(text),
  order_status_url: soft(text),
  tags: soft(text),
  test: soft(z.boolean()),
  source_name: soft(text),
  shipping_address: soft(address),
  billing_address: soft(address),
  shipping_lines: soft(z.array(z.unknown())),
  line_items: z.array(item).nullish(),
  fulfillments: z.array(fulfillment).nullish(),
  refunds: z.array(refund).nullish(),
});

export type OrderPayload = z.output<typeof orderPayload>;
export type ItemPayload = z.output<typeof item>;
export type Dispute = z.output<typeof disputePayload>;
export type Fulfillment = z.output<typeof fulfillment>;
export type Refund = z.output<typeof refund>;
export type FulfillmentEvent = z.output<typeof eventPayload>;
