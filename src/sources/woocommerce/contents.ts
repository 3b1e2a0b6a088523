import { z } from "zod";
import type { Quantity } from "../../core/facts.ts";
import type { LinePayload } from "./payloads.ts";
import { list, pieces, soft, string } from "./php.ts";

/** Finds the line of an order that a plugin means. */
export interface LineIndex {
  /** By the line's own id. */
  readonly byId: ReadonlySet<string>;
  /** By product or variation; `null` where several lines have the same. */
  readonly byProduct: ReadonlyMap<string, string | null>;
}

export function indexOf(lines: readonly LinePayload[]): LineIndex {
  const byProduct = new Map<string, string | null>();
  for (const { id, product_id, variation_id } of lines) {
    for (const product of new Set([product_id, variation_id])) {
      if (product != null && product !== "0") byProduct.set(product, byProduct.has(product) ? null : id);
    }
  }
  return { byId: new Set(lines.map((line) => line.id)), byProduct };
}

/** What is in a parcel, as Advanced Shipment Tracking's "tracking per item" tells it; `null` unless all of it is found among the lines. */
export function contentsOf(value: unknown, index: LineIndex): readonly Quantity[] | null {
  const told = contents.safeParse(value);
  if (!told.success || told.data.length === 0) return null;
  const found = told.data.flatMap(({ item_id, product, qty }) => {
    const id = item_id != null && index.byId.has(item_id) ? item_id : index.byProduct.get(product ?? "");
    return id == null ? [] : { id, quantity: qty };
  });
  return found.length === told.data.length ? found : null;
}

const contents = list(z.object({ item_id: soft(string), product: soft(string), qty: pieces }));
