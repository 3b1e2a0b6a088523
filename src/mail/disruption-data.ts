import { addDays } from "../core/civil-day.ts";
import type { Disruption } from "../core/disruption.ts";
import type { DayWriter } from "./days.ts";
import { inert } from "./inert.ts";
import type { ShipmentData } from "./shipment-data.ts";

/** What holds parcels up. */
export interface DisruptionData {
  /** What happened, in one sentence. */
  readonly text: string;
  /** The last day it should be there when the days of the disruption are added; `null` while nobody knows how long it lasts. */
  readonly arrivesBy: string | null;
}

export function disruptionData({ text, starts, expectedEnd }: Disruption, shipment: ShipmentData | null, days: DayWriter): DisruptionData {
  const arrivesBy = shipment === null || expectedEnd === null ? null : addDays(shipment.windowEnds, Math.max(0, expectedEnd - starts + 1));
  return { text: inert(text, 400), arrivesBy: arrivesBy === null ? null : days.near(arrivesBy) };
}
