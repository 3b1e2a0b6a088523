import type { Instant } from "./instant.ts";
import { addMoney, compareMoney, isMoney } from "./money.ts";
import type { Case, Order, Review, Shipment } from "./order.ts";

/** When a parcel arrived: its first delivered scan, unless it was sent back after that; `null` when no scan says so. */
export function deliveredAt(shipment: Shipment): Instant | null {
  let at: Instant | null = null;
  for (const scan of shipment.scans) {
    if (scan.status === "delivered") at ??= scan.at;
    else if (scan.status === "returned") at = null;
  }
  return at;
}

/** Whether a parcel is on its way back, or is back: a returned scan with no delivered one after it. */
export function isReturned(shipment: Shipment): boolean {
  let returned = false;
  for (const scan of shipment.scans) {
    if (scan.status === "returned") returned = true;
    else if (scan.status === "delivered") returned = false;
  }
  return returned;
}

/** The parcels that left, in the order of dispatch. */
export function dispatchedOf(order: Order): readonly DispatchedShipment[] {
  return order.shipments.filter(hasLeft);
}

export function hasLeft(shipment: Shipment): shipment is DispatchedShipment {
  return shipment.dispatchedAt !== null;
}

export type DispatchedShipment = Shipment & { readonly dispatchedAt: Instant };

/**
 * Since when nothing of the order is left to dispatch; `null` while something is. Refunded items need no parcel, and a shipment that does
 * not say what is in it holds everything.
 */
export function fullyDispatchedAt(order: Order): Instant | null {
  const open = new Map<string, number>();
  for (const item of order.items) if (item.ships) open.set(item.id, item.quantity);
  for (const refund of order.refunds) for (const { id, quantity } of refund.items) lower(open, id, quantity);
  for (const { dispatchedAt, items } of dispatchedOf(order)) {
    if (items === null) return dispatchedAt;
    for (const { id, quantity } of items) lower(open, id, quantity);
    if ([...open.values()].every((left) => left <= 0)) return dispatchedAt;
  }
  return null;
}

/** When the money was given back in full: the amounts reach the total, or every item was refunded; `null` when it was not. */
export function fullyRefundedAt(order: Order): Instant | null {
  let sum = "0";
  for (const { at, amount } of order.refunds) {
    if (amount === null || !isMoney(amount) || !isMoney(order.total)) continue;
    sum = addMoney(sum, amount);
    if (compareMoney(order.total, "0") > 0 && compareMoney(sum, order.total) >= 0) return at;
  }
  return allItemsRefundedAt(order);
}

/** When the last item was refunded, so that nothing is left to review; `null` while something is, or when items are not known. */
export function allItemsRefundedAt(order: Order): Instant | null {
  if (order.refunds.length === 0) return null;
  const open = new Map<string, number>();
  for (const { id, quantity } of order.items) if (quantity > 0) open.set(id, quantity);
  if (open.size === 0) return null;
  for (const { at, items } of order.refunds) {
    for (const { id, quantity } of items) lower(open, id, quantity);
    if ([...open.values()].every((left) => left <= 0)) return at;
  }
  return null;
}

/** The first review that stands. */
export function standingReview(order: Order): Review | null {
  return order.reviews.find((review) => !review.removed) ?? null;
}

/** The id of what a message about a case is about: a dispute and a return of one id are two. */
export function caseKey({ type, id }: Case): string {
  return `${type}:${id}`;
}

export function openCase(order: Order): Case | null {
  return order.cases.find((one) => one.state === "open") ?? null;
}

function lower(open: Map<string, number>, id: string, by: number): void {
  const left = open.get(id);
  if (left !== undefined) open.set(id, left - by);
}
