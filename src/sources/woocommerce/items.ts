import type { Item } from "../../core/facts.ts";
import { addMoney, isMoney } from "../../core/money.ts";
import { orNull, readWebUrl } from "../fields.ts";
import type { LinePayload, OrderPayload } from "./payloads.ts";
import { decodeEntities } from "./plain-text.ts";

/** The lines of an order; refunds do not lower their quantities. `ships`: whether anything of the order does, because lines do not say. */
export function itemsOf(order: OrderPayload, lines: readonly LinePayload[], ships: boolean): readonly Item[] {
  return lines.flatMap((line) => {
    if (line.quantity === 0) return [];
    const { title, variant } = titleOf(line);
    return {
      id: line.id,
      sku: orNull(line.sku),
      title,
      variant,
      quantity: line.quantity,
      price: priceOf(line, order),
      imageUrl: readWebUrl(line.image?.src),
      url: null,
      ships,
    };
  });
}

/** A variation's name holds its attributes (`Shirt - Blue`) unless there are many or long ones: then they are in its meta data only. */
function titleOf(line: LinePayload): { readonly title: string; readonly variant: string | null } {
  const name = orNull(line.name) ?? orNull(line.parent_name) ?? "";
  const parent = orNull(line.parent_name);
  if (parent !== null && name.startsWith(`${parent} - `)) return { title: parent, variant: name.slice(parent.length + 3) };
  if ((line.variation_id ?? "0") === "0") return { title: name, variant: null };
  const rest = attributesOf(line).filter((value) => !name.toLowerCase().includes(value.toLowerCase()));
  return { title: name, variant: rest.length === 0 ? null : rest.join(", ") };
}

/** The attributes that were chosen: `pa_color` and the shop's own; keys with a leading underscore are the machinery's. */
function attributesOf(line: LinePayload): readonly string[] {
  return (line.meta_data ?? []).slice(0, 20).flatMap(({ key, display_value, value }) => {
    if (key == null || key.startsWith("_")) return [];
    const shown = [display_value, value].find((one) => typeof one === "string");
    const text = typeof shown === "string" ? orNull(decodeEntities(shown.slice(0, 100)).toWellFormed().replaceAll("\0", "")) : null;
    return text ?? [];
  });
}

/**
 * What one costs as the shop shows it: before discounts, with tax where the shop's prices have it.
 *
 * From the line's subtotal, because `price` is after discounts, without tax, and a floating-point number. Rounded to the subtotal's decimals.
 */
function priceOf(line: LinePayload, order: OrderPayload): string {
  const { subtotal, subtotal_tax: tax, quantity } = line;
  if (subtotal == null) return (line.price ?? 0).toFixed(decimalsOf(order.total));
  return dividedBy(order.prices_include_tax === true && tax != null ? addMoney(subtotal, tax) : subtotal, quantity);
}

function decimalsOf(amount: string): number {
  return amount.split(".")[1]?.length ?? 0;
}

/** Half a unit is rounded up. */
function dividedBy(amount: string, quantity: number): string {
  if (quantity < 2 || !isMoney(amount)) return amount;
  const decimals = decimalsOf(amount);
  const units = (BigInt(amount.replace(".", "")) * 2n + BigInt(quantity)) / (2n * BigInt(quantity));
  const digits = units.toString().padStart(decimals + 1, "0");
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
