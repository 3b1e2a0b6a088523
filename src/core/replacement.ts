import type { Instant } from "./instant.ts";
import type { Order, Shipment } from "./order.ts";
import { type DispatchedShipment, dispatchedOf, isReturned } from "./order-state.ts";

/**
 * The parcel that took another's place: the first to leave after that one came back, or after its buyer chose to have it sent again; `null` while
 * there is none. A parcel that says it holds other things takes nobody's place.
 */
export function replacementOf(order: Order, shipment: Shipment): DispatchedShipment | null {
  if (order.shipments.length < 2) return null;
  const since = lostSince(order, shipment);
  if (since === null) return null;
  return dispatchedOf(order).find((other) => other.id !== shipment.id && other.dispatchedAt >= since && mayHold(other, shipment)) ?? null;
}

/** The parcels that must arrive for an order to have arrived: those that left, without those another took the place of. In the order of dispatch. */
export function awaitedOf(order: Order): readonly DispatchedShipment[] {
  const dispatched = dispatchedOf(order);
  return dispatched.length < 2 ? dispatched : dispatched.filter((shipment) => replacementOf(order, shipment) === null);
}

function lostSince(order: Order, shipment: Shipment): Instant | null {
  if (isReturned(shipment)) return shipment.scans.findLast(({ status }) => status === "returned")?.at ?? null;
  const choice = order.choices.find(({ of, about }) => of === "delivery-late" && about === shipment.id);
  return choice?.choice === "resend" ? choice.chosenAt : null;
}

function mayHold(other: Shipment, { items }: Shipment): boolean {
  if (other.items === null || items === null) return true;
  return other.items.some(({ id }) => items.some((item) => item.id === id));
}
