import { type Instant, iso } from "./instant.ts";
import type { Order } from "./order.ts";
import { type DispatchedShipment, dispatchedOf } from "./order-state.ts";

/** The id of the quiet spell that a parcel's scan at `at` began. Another scan begins another spell, and so another message. */
export function quietSpellId(shipmentId: string, at: Instant): string {
  return `${shipmentId}:${iso(at)}`;
}

/** The parcel a quiet spell is of; `null` when it is not there any more. */
export function quietParcel(order: Order, spellId: string): DispatchedShipment | null {
  return dispatchedOf(order).find(({ id, scans }) => scans.some(({ at }) => quietSpellId(id, at) === spellId)) ?? null;
}
