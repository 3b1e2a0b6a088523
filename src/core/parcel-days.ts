import type { CivilDay } from "./civil-day.ts";
import { dispatchedOf } from "./order-state.ts";
import type { PlanInput } from "./plan-input.ts";
import { setScene } from "./plan-scene.ts";

/** The days between which a parcel should arrive. */
export interface ParcelDays {
  readonly earliest: CivilDay;
  readonly latest: CivilDay;
}

/** By shipment id, the days between which the parcels that left should arrive: the same that timetables are made with, for mails and pages. */
export function parcelDays(input: PlanInput): ReadonlyMap<string, ParcelDays> {
  const scene = setScene(input);
  return new Map(dispatchedOf(input.order).map((shipment) => [shipment.id, scene.windowOf(shipment)]));
}
