import { z } from "zod";
import { country, currency, emailText, time } from "../fields.ts";
import { amount, id, list, pieces, soft, string, text } from "./php.ts";

/*
 * What we need of WooCommerce's orders (REST API v2 and v3, which a webhook's body equals). Plugins add to them, leave out, and change
 * types, so everything that an order can be told without may be missing or unfit (`soft`).
 */

/** `date_…_gmt` has no zone and means UTC; one that has a zone is taken at its word. */
const gmt = z.preprocess(
  (value) => (typeof value === "string" && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value) ? `${value}Z` : value),
  time,
);

const address = z.object({
  first_name: soft(text),
  last_name: soft(text),
  city: soft(text),
  state: soft(text),
  postcode: soft(text),
  country: soft(country),
});

const line = z.object({
  id,
  name: soft(text),
  parent_name: soft(text),
  product_id: soft(id),
  variation_id: soft(id),
  quantity: pieces,
  sku: soft(text),
  price: soft(z.preprocess((value) => (typeof value === "string" ? Number(value) : value), z.number().min(0).max(1e12))),
  subtotal: soft(amount),
  subtotal_tax: soft(amount),
  image: soft(z.object({ src: soft(z.string()) })),
  meta_data: soft(
    list(
      z
        .object({ key: soft(z.string()), display_value: z.unknown().optional(), value: z.unknown().optional() })
        .catch({ display_value: null, value: null }),
    ),
  ),
});

export const orderPayload = z.object({
  id,
  number: soft(text),
  status: z.string(),
  currency,
  date_created_gmt: gmt,
  date_modified_gmt: gmt.nullish(),
  date_paid_gmt: soft(gmt),
  date_completed_gmt: soft(gmt),
  total: amount,
  prices_include_tax: soft(z.boolean()),
  customer_id: soft(id),
  billing: soft(address.extend({ email: soft(emailText) })),
  shipping: soft(address),
  line_items: list(line).nullish(),
  shipping_lines: soft(list(z.object({ method_id: soft(z.string()) }).catch({}))),
  refunds: soft(list(z.object({ id, total: soft(string) }))),
  meta_data: z.unknown().optional(),
});

/** Moving to the trash and back tells the id alone. */
export const deletionPayload = z.object({ id });

export type OrderPayload = z.output<typeof orderPayload>;
export type LinePayload = z.output<typeof line>;
export type AddressPayload = z.output<typeof address>;

/**
 * One value of an order's meta data by its key; `undefined` when it has none. Meta data are a list of `{key, value}`, that list as an
 * object, or the plain object; of several with one key the last is the one WooCommerce shows.
 */
export function metaOf(order: OrderPayload, key: string): unknown {
  const meta: unknown = order.meta_data;
  if (typeof meta !== "object" || meta === null) return undefined;
  let found: unknown;
  for (const entry of Object.values(meta)) {
    if (typeof entry === "object" && entry !== null && "key" in entry && entry.key === key && "value" in entry) found = entry.value;
  }
  return found ?? (Object.hasOwn(meta, key) ? Reflect.get(meta, key) : undefined);
}
