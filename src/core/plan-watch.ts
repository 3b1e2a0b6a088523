import { addDays } from "./civil-day.ts";
import { wholeOrder } from "./conditions.ts";
import { heldUp } from "./disruption.ts";
import { day24, type Instant, plus } from "./instant.ts";
import { localDay, startOfDay } from "./local-time.ts";
import type { Scan } from "./order.ts";
import { type DispatchedShipment, deliveredAt, hasLeft, isReturned } from "./order-state.ts";
import { dateText } from "./plain-time.ts";
import type { Scene } from "./plan-scene.ts";
import { begun, noTracking, orderStart, parcelName, parcelsToCome, type Start, type StartState, waitingFor } from "./plan-starts.ts";
import { quietSpellId } from "./quiet-spell.ts";
import { replacementOf } from "./replacement.ts";
import { unreachable } from "./unreachable.ts";

export type WatchTrigger = "shipment.quiet" | "shipment.half-way" | "shipment.overdue";

/** Only of parcels that may travel for longer than this many days is it news that they are still on their way. */
const longWayDays = 30;

/**
 * The starts that no webhook brings, one for each parcel: that nothing was heard of it since its last scan, that half of its usual time has passed,
 * or all of it. Each is a moment that the facts alone give, and the step's wait counts from there; a new fact moves or withdraws it.
 */
export function watchedStarts(trigger: WatchTrigger, scene: Scene): readonly Start[] {
  const { order } = scene;
  if (order.shipments.length === 0) return [orderStart(order, parcelsToCome(order))];
  return order.shipments.map((shipment): Start => {
    const about = { occurrence: { kind: "shipment", id: shipment.id }, subject: { ...wholeOrder, shipment } } as const;
    const name = parcelName(shipment);
    if (!hasLeft(shipment)) return { ...about, state: waitingFor(`${name} has not been dispatched`) };
    const first = shipment.scans[0]?.at;
    const last = shipment.scans.at(-1);
    if (first === undefined || last === undefined) return { ...about, state: noTracking(name) };
    switch (trigger) {
      case "shipment.quiet": {
        const occurrence = { kind: "quiet-spell", id: quietSpellId(shipment.id, last.at) } as const;
        return { ...about, occurrence, state: ended(shipment, scene) ?? quiet(last, name) };
      }
      case "shipment.half-way":
        return { ...about, state: ended(shipment, scene) ?? halfWay(shipment, first, scene) };
      case "shipment.overdue":
        return { ...about, state: ended(shipment, scene) ?? overdue(shipment, first, scene) };
      default:
        return unreachable(trigger);
    }
  });
}

function quiet({ at, status }: Scan, name: string): StartState {
  if (status === "ready_for_pickup") return over("already-delivered", `${name} waits to be picked up`);
  return begun(at, `${name} was scanned last`);
}

/** A parcel that arrived, came back or was replaced is not on its way any more. */
function ended(parcel: DispatchedShipment, { order, zone }: Scene): StartState | null {
  const name = parcelName(parcel);
  const arrived = deliveredAt(parcel);
  if (arrived !== null) return over("already-delivered", `${name} was delivered on ${dateText(localDay(zone, arrived))}`);
  if (isReturned(parcel)) return over("parcel-returned", `${name} came back, or is on its way back`);
  const other = replacementOf(order, parcel);
  return other === null ? null : over("already-dispatched", `${parcelName(other)} was sent in place of ${name}`);
}

function halfWay(parcel: DispatchedShipment, firstScan: Instant, scene: Scene): StartState {
  const name = parcelName(parcel);
  const { day: latest, detail } = scene.arrivesBy(parcel);
  const length = latest - localDay(scene.input.shop.timeZone, parcel.dispatchedAt);
  if (length <= longWayDays)
    return over("condition-not-met", `${name} should arrive within ${length} days (${detail}): half of that is no news`);
  return begun(later(plus(parcel.dispatchedAt, (length * day24) / 2), firstScan), `half of the usual time of ${name} had passed`);
}

/**
 * The window ends with its last day where the buyer lives, later by the days for which a disruption is known to hold the parcel up. Tracking that
 * begins after that can't make it late before it began.
 */
function overdue(parcel: DispatchedShipment, firstScan: Instant, scene: Scene): StartState {
  const { day: latest } = scene.arrivesBy(parcel);
  const end = startOfDay(scene.zone, addDays(latest, 1 + heldUpDays(parcel, scene)));
  return begun(later(end, firstScan), `the usual time of ${parcelName(parcel)} had passed`);
}

/** For how many days disruptions that have, or expect, an end hold a parcel up: of several the longest. */
function heldUpDays(parcel: DispatchedShipment, { order, input, arrivesBy }: Scene): number {
  const zone = input.shop.timeZone;
  let days = 0;
  for (const disruption of input.disruptions) {
    const ends = disruption.endedAt === null ? disruption.expectedEnd : localDay(zone, disruption.endedAt);
    if (ends === null || !heldUp(order, disruption, zone, (shipment) => arrivesBy(shipment).day).some(({ id }) => id === parcel.id))
      continue;
    const from = Math.max(disruption.starts, localDay(zone, parcel.dispatchedAt));
    days = Math.max(days, ends - from + 1);
  }
  return days;
}

function over(reason: "already-delivered" | "parcel-returned" | "already-dispatched" | "condition-not-met", detail: string): StartState {
  return { kind: "over", reason, because: { rule: "tracking", detail } };
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
