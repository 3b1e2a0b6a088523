import { addDays } from "./civil-day.ts";
import { lastArrival } from "./conditions.ts";
import { localDay } from "./local-time.ts";
import { deliveredAt, dispatchedOf } from "./order-state.ts";
import { dateText, dayText } from "./plain-time.ts";
import type { Scene } from "./plan-scene.ts";
import type { DateBound } from "./plan-slot.ts";
import { parcelName } from "./plan-starts.ts";
import type { Step } from "./schedule-step.ts";

/**
 * The first date the parcels' way allows for a step, in `zone`; `null` when it sets no bound (LAW-04, TRN-01).
 *
 * Once all parcels that left have a delivered scan, so many days after the last of them. Until then, where the step waits for
 * the end of the transit window, the day after the last day on which a parcel still on its way should arrive.
 */
export function arrivalBound({ notBefore }: Step, scene: Scene, zone: string): DateBound | null {
  const { order } = scene;
  if (notBefore.deliveredDays === null && !notBefore.transitEnd) return null;
  const arrived = lastArrival(order, null);
  if (arrived !== null) {
    if (notBefore.deliveredDays === null) return null;
    const day = addDays(localDay(zone, arrived), notBefore.deliveredDays);
    const detail = `delivered on ${dayText(zone, arrived)}: not before ${dateText(day)}, ${notBefore.deliveredDays} days later`;
    return { day, because: { rule: "delivered-scan", detail } };
  }
  if (!notBefore.transitEnd) return null;
  let bound: DateBound | null = null;
  for (const shipment of dispatchedOf(order)) {
    if (deliveredAt(shipment) !== null) continue;
    const { day: latest, detail } = scene.arrivesBy(shipment);
    const day = addDays(latest, 1);
    if (bound !== null && bound.day >= day) continue;
    const words = `${parcelName(shipment)} may still arrive until ${dateText(latest)} (${detail}): not before ${dateText(day)}`;
    bound = { day, because: { rule: "transit", detail: words } };
  }
  return bound;
}
