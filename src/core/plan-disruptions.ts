import { addDays } from "./civil-day.ts";
import { wholeOrder } from "./conditions.ts";
import { type DeclaredDisruption, isUnderWay, metBy, tellingId } from "./disruption.ts";
import { type Instant, instant } from "./instant.ts";
import { startOfDay } from "./local-time.ts";
import { deliveredAt } from "./order-state.ts";
import { dateText } from "./plain-time.ts";
import type { Scene } from "./plan-scene.ts";
import { begun, orderStart, parcelName, type Start, type StartState } from "./plan-starts.ts";

/**
 * The disruptions that hold up a parcel of an order, one start each, or one that says that none does.
 *
 * An order is told of a disruption once, however many of its parcels are held up, as soon as the first is: not before the disruption begins and
 * not before the operator declared it (or asked to tell anew). The notice is of use until the disruption ends.
 */
export function disruptionStarts(scene: Scene): readonly Start[] {
  const { order, input } = scene;
  const found: Start[] = [];
  if (input.disruptions.length > 0) {
    for (const disruption of [...input.disruptions].sort((a, b) => a.starts - b.starts || (a.id < b.id ? -1 : 1))) {
      const state = stateOf(disruption, scene);
      if (state === null) continue;
      const occurrence = { kind: "disruption", id: tellingId(disruption) } as const;
      found.push({ occurrence, subject: wholeOrder, state, usefulUntil: usefulUntil(disruption, input.shop.timeZone) });
    }
  }
  if (found.length > 0) return found;
  const because = { rule: "disruption", detail: "no disruption holds up a parcel of this order" } as const;
  return [orderStart(order, { kind: "over", reason: "no-disruption", because })];
}

/** How a disruption stands to the order; `null`: it never had to do with it. */
function stateOf(disruption: DeclaredDisruption, scene: Scene): StartState | null {
  const { order, input } = scene;
  const zone = input.shop.timeZone;
  const { name, starts, toldFrom, endedAt } = disruption;
  const met = metBy(order, disruption, zone, (shipment) => scene.arrivesBy(shipment).day);
  const first = met.find(isUnderWay) ?? met[0];
  if (first === undefined) return null;
  const at = instant(Math.max(startOfDay(zone, starts), toldFrom, first.dispatchedAt));
  if (endedAt !== null && at >= endedAt) return null;
  if (isUnderWay(first)) return begun(at, `${name} (since ${dateText(starts)}) held up ${parcelName(first)}`);
  // It was on its way when the notice was due: the notice is withdrawn with a reason. What arrived before has nothing to do with it.
  const last = first.scans.at(-1);
  if (last === undefined || last.at < at) return null;
  const arrived = deliveredAt(first) !== null;
  const detail = `${name}: ${parcelName(first)} ${arrived ? "arrived" : "came back"} all the same`;
  return { kind: "over", reason: arrived ? "already-delivered" : "parcel-returned", because: { rule: "disruption", detail } };
}

function usefulUntil({ expectedEnd, endedAt }: DeclaredDisruption, zone: string): Instant | null {
  return endedAt ?? (expectedEnd === null ? null : startOfDay(zone, addDays(expectedEnd, 1)));
}
