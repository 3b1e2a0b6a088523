import { z } from "zod";
import { country, currency, emailText, identifier, money, prose, quantity, text, time, webUrl } from "../fields.ts";

/*
 * The bodies of the `standard` source, as the contract has them. Also the import's lines and the description in OpenAPI: no
 * schema here changes a type, so what is described is what is sent.
 *
 * An optional field may be absent or `null`, which mean the same: no statement.
 */

const line = z.object({ id: identifier, quantity });

const consent = z.object({ scope: z.enum(["review", "offer"]), text: prose, at: time });

const buyer = z.object({
  id: identifier.nullish(),
  /** `null` or empty for an order without one (IN-15); leaving it out is more likely a mistake. */
  email: emailText.nullable(),
  name: text.nullable(),
  locale: text.nullish(),
  consents: z.array(consent).nullish(),
});

const shippingAddress = z.object({
  country: country,
  region: text.nullish(),
  postalCode: text.nullish(),
  city: text.nullish(),
  latitude: z.number().min(-90).max(90).nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
});

const item = z.object({
  id: identifier,
  sku: text.nullish(),
  title: text,
  variant: text.nullish(),
  quantity,
  price: money,
  imageUrl: webUrl.nullish(),
  url: webUrl.nullish(),
});

export const standardOrder = z.object({
  id: identifier,
  number: text.regex(/[^#\s]/, { error: "is empty" }).max(100, { error: "is longer than 100 characters" }),
  placedAt: time,
  paidAt: time.nullish(),
  currency,
  total: money,
  url: webUrl.nullish(),
  tags: z.array(text).nullish(),
  promisedDispatchBy: time.nullish(),
  buyer,
  shippingAddress,
  items: z.array(item),
});

const shipment = z.object({
  id: identifier,
  carrier: text.nullable(),
  service: text.nullish(),
  trackingNumber: text.nullish(),
  trackingUrl: webUrl.nullish(),
  dispatchedAt: time,
  items: z.array(line).nullish(),
});

const scan = z.object({
  id: identifier,
  status: z.enum(["in_transit", "customs", "out_for_delivery", "delivered", "exception", "returned"]),
  description: text.nullish(),
  location: text.nullish(),
  occurredAt: time,
});

const review = z.object({
  id: identifier,
  rating: z.number().min(1).max(5),
  text: prose.nullish(),
  itemId: identifier.nullish(),
  url: webUrl.nullish(),
});

/** A review that is gone may have lost everything but its id. */
const removedReview = review.extend({ rating: z.unknown().optional() });

const refund = z.object({ id: identifier, amount: money, items: z.array(line).nullish() });

const caseData = z.object({ id: identifier, reason: text.nullish(), outcome: text.nullish() });

const order = z.object({ id: identifier });

function event<const Types extends readonly [string, ...string[]], Data extends z.ZodRawShape>(types: Types, data: Data) {
  return z.object({ type: z.enum(types), occurredAt: time, data: z.object(data) });
}

/** One event of the `standard` source: a webhook's body, or a line of an import. */
export const standardEvent = z.discriminatedUnion("type", [
  event(["order.placed", "order.updated", "order.paid"], { order: standardOrder }),
  event(["order.cancelled"], { order, reason: text.nullish() }),
  event(["order.refunded"], { order, refund }),
  event(["shipment.dispatched"], { order, shipment }),
  event(["shipment.updated"], { order, shipment: scan }),
  event(["review.posted", "review.updated"], { order, review }),
  event(["review.removed"], { order, review: removedReview }),
  event(["dispute.opened", "dispute.closed", "return.opened", "return.closed"], { order, case: caseData }),
  event(["buyer.wrote", "buyer.answered"], { order }),
]);

export type StandardEvent = z.output<typeof standardEvent>;
export type StandardOrder = z.output<typeof standardOrder>;

const types: ReadonlySet<string> = new Set(standardEvent.options.flatMap((option) => option.shape.type.options));

/** Whether a type is in the contract. */
export function isStandardType(type: string): boolean {
  return types.has(type);
}
