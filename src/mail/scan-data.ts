import type { ScanStatus } from "../core/facts.ts";
import type { Scan } from "../core/order.ts";
import type { DayWriter } from "./days.ts";
import { inertOrNull } from "./inert.ts";

/** The last sign of life of a parcel. Exactly one of the seven is `true`: templates have a plain sentence for each. */
export interface ScanData {
  readonly on: string;
  readonly place: string | null;
  /** In the carrier's own words. */
  readonly phrase: string | null;
  readonly inTransit: boolean;
  readonly customs: boolean;
  readonly outForDelivery: boolean;
  readonly delivered: boolean;
  readonly exception: boolean;
  readonly returned: boolean;
  readonly readyForPickup: boolean;
}

export function scanData(scan: Scan, days: DayWriter): ScanData {
  const is = (status: ScanStatus) => scan.status === status;
  return {
    on: days.nearAt(scan.at),
    place: inertOrNull(scan.location, 80),
    phrase: inertOrNull(scan.description, 160),
    inTransit: is("in_transit"),
    customs: is("customs"),
    outForDelivery: is("out_for_delivery"),
    delivered: is("delivered"),
    exception: is("exception"),
    returned: is("returned"),
    readyForPickup: is("ready_for_pickup"),
  };
}
