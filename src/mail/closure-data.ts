import type { Closure } from "../core/closure.ts";
import { localDay } from "../core/local-time.ts";
import { type DispatchedShipment, fullyDispatchedAt } from "../core/order-state.ts";
import type { DayWriter } from "./days.ts";
import { inert } from "./inert.ts";
import type { MailDataInput } from "./mail-input.ts";
import { dueInSpiteOf } from "./shipment-data.ts";

export interface ClosureData {
  readonly name: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly resumesOn: string;
  /** Exactly one is `true`. */
  readonly notDispatched: boolean;
  /** Not dispatched, and ordered when it had begun. */
  readonly placedInside: boolean;
  readonly inTransit: boolean;
  /** It has not begun: what is not dispatched may still leave before it. */
  readonly isAhead: boolean;
  /** The last day it should be there when the days of the closure are added; `null` when the parcel has no window. */
  readonly arrivesBy: string | null;
}

export function closureData(closure: Closure, input: MailDataInput, days: DayWriter, parcel: DispatchedShipment | null): ClosureData {
  const { order, shop, today } = input;
  const placedOn = order.placedAt === null ? null : localDay(shop.timeZone, order.placedAt);
  const waits = fullyDispatchedAt(order) === null;
  const inside = placedOn !== null && placedOn >= closure.starts;
  return {
    name: inert(closure.name, 100),
    firstDay: days.near(closure.starts),
    lastDay: days.near(closure.ends),
    resumesOn: days.near(closure.resumes),
    notDispatched: waits && !inside,
    placedInside: waits && inside,
    inTransit: !waits,
    isAhead: today < closure.starts,
    arrivesBy: parcel === null ? null : days.near(dueInSpiteOf(closure, parcel, input)),
  };
}
