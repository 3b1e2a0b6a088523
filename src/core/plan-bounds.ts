import { addDays } from "./civil-day.ts";
import { lastArrival } from "./conditions.ts";
import { localDay } from "./local-time.ts";
import { deliveredAt } from "./order-state.ts";
import { dateText, dayText } from "./plain-time.ts";
import type { Scene } from "./plan-scene.ts";
import type { DateBound } from "./plan-slot.ts";
import { parcelName } from "./plan-starts.ts";
import { awaitedOf } from "./replacement.ts";
import type { Step } from "./schedule-step.ts";

/** How many days after the last of its usual transit a buyer is asked who told that it has not arrived. */
const missedDays = 2;

/**
 * The first date the parcels' way allows for a step, in `zone`; `null` when it sets no bound (LAW-04, TRN-01).
 *
 * Once all parcels that left have a delivered scan, so many days after the last of them. Until then, where the step waits for
 * the end of the transit window, the day after the last day on which a parcel still on its way should arrive; two days after it where the buyer told
 * that it has not arrived, whether or not the step waits for that.
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
  const missed = order.reports.some(({ topic }) => topic === "not-arrived");
  if (!notBefore.transitEnd && !missed) return null;
  // Who told that it has not arrived is not asked whether it has, nor for a review, before it is clear that it should have.
  const extra = missed ? missedDays : 1;
  let bound: DateBound | null = null;
  for (const shipment of awaitedOf(order)) {
    if (deliveredAt(shipment) !== null) continue;
    const { day: latest, detail } = scene.arrivesBy(shipment);
    const day = addDays(latest, extra);
    if (bound !== null && bound.day >= day) continue;
    const told = missed ? "the buyer told that it has not arrived, and " : "";
    const words = `${told}${parcelName(shipment)} may still arrive until ${dateText(latest)} (${detail}): not before ${dateText(day)}`;
    bound = { day, because: { rule: "transit", detail: words } };
  }
  return bound;
}
