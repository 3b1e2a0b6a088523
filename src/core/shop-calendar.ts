import type { OwnDay } from "./own-days.ts";
import type { TransitLane } from "./transit-lanes.ts";

/** What a shop knows better than our tables: how long its parcels take, and which days are worked. */
export interface ShopCalendar {
  readonly lanes: readonly TransitLane[];
  readonly days: readonly OwnDay[];
}

/** Of a shop that has said nothing of the kind. */
export const plainCalendar: ShopCalendar = { lanes: [], days: [] };
