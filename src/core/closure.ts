import { addDays, type CivilDay } from "./civil-day.ts";
import type { Instant } from "./instant.ts";
import { startOfDay } from "./local-time.ts";
import type { Order, Shipment } from "./order.ts";
import { type DispatchedShipment, deliveredAt, dispatchedOf, fullyDispatchedAt, isReturned } from "./order-state.ts";
import { dateText, dayText } from "./plain-time.ts";
import { awaitedOf } from "./replacement.ts";
import type { Reason } from "./timetable.ts";
import { sameService } from "./transit.ts";

/** Days on which a shop, or some of its carriers, do not dispatch. All three are dates in the shop's zone. */
export interface Closure {
  readonly id: string;
  readonly name: string;
  readonly starts: CivilDay;
  /** The last day of it. */
  readonly ends: CivilDay;
  /** The first day on which parcels leave again. */
  readonly resumes: CivilDay;
  /** Only parcels of these carriers (or services) are affected; `null`: all. */
  readonly carriers: readonly string[] | null;
}

export type Touch =
  /** It concerns the order since `at`, for the reason `why`. */
  | { readonly kind: "touches"; readonly at: Instant; readonly why: string }
  /** It would have, when its notice was due, but something has happened since. */
  | { readonly kind: "spared"; readonly reason: Reason; readonly why: string }
  | { readonly kind: "apart" };

/**
 * Says whether a closure concerns an order: paid before it starts or inside it and not fully dispatched, or placed inside it and not dispatched,
 * or in transit through it (messages.md, `holiday-delay`).
 *
 * Where the closure is of some carriers only, an order concerns it once a shipment of the order, announced or on its way, names one of them;
 * which carrier a parcel without a shipment will go by is not known. `arrivesBy` is the last day of a parcel's
 * transit window; `noticeDue` is when the notice would go out, from which on an order that was dispatched or delivered counts as spared.
 */
export function touches(
  order: Order,
  closure: Closure,
  shopZone: string,
  noticeDue: Instant,
  arrivesBy: (shipment: DispatchedShipment) => CivilDay,
): Touch {
  const starts = startOfDay(shopZone, closure.starts);
  const over = startOfDay(shopZone, addDays(closure.ends, 1));
  const resumes = startOfDay(shopZone, closure.resumes);
  if (order.placedAt === null || order.placedAt >= later(over, resumes)) return apart;
  const affected = order.shipments.filter((shipment) => concerns(closure, shipment));
  if (closure.carriers !== null && affected.length === 0) return apart;

  if (fullyDispatchedAt(order) === null) {
    const { paidAt, placedAt } = order;
    if (paidAt !== null && paidAt < starts) return { kind: "touches", at: paidAt, why: "paid, and not dispatched yet" };
    if (placedAt >= starts) return { kind: "touches", at: placedAt, why: "placed inside it" };
    if (paidAt !== null && paidAt < resumes) return { kind: "touches", at: paidAt, why: "paid inside it" };
  }
  let spared: Touch = apart;
  // A parcel that another took the place of is under way to nobody.
  const awaited = awaitedOf(order);
  for (const shipment of dispatchedOf(order)) {
    if (!affected.includes(shipment)) continue;
    const arrived = deliveredAt(shipment);
    if (arrived !== null) {
      if (arrived >= noticeDue) spared = { kind: "spared", reason: "already-delivered", why: `delivered on ${day(shopZone, arrived)}` };
    } else if (
      !isReturned(shipment) &&
      awaited.includes(shipment) &&
      shipment.dispatchedAt < over &&
      arrivesBy(shipment) >= closure.starts
    ) {
      const why = `on its way since ${day(shopZone, shipment.dispatchedAt)}, usually until ${dateText(arrivesBy(shipment))}`;
      return { kind: "touches", at: shipment.dispatchedAt, why };
    } else if (shipment.dispatchedAt >= noticeDue) {
      spared = { kind: "spared", reason: "already-dispatched", why: `dispatched on ${day(shopZone, shipment.dispatchedAt)}` };
    }
  }
  return spared;
}

const apart: Touch = { kind: "apart" };

/** Whether a parcel stands still in a closure: whether it goes by a carrier that is closed, or the closure is the whole shop's. */
export function concerns({ carriers }: Closure, { carrier, service }: Shipment): boolean {
  if (carriers === null) return true;
  return carriers.some((name) => (carrier !== null && sameService(name, carrier)) || (service !== null && sameService(name, service)));
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

function day(zone: string, at: Instant): string {
  return dayText(zone, at);
}
