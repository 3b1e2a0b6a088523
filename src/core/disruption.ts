import type { CivilDay } from "./civil-day.ts";
import type { Instant } from "./instant.ts";
import { localDay } from "./local-time.ts";
import type { Order, Shipment } from "./order.ts";
import { type DispatchedShipment, deliveredAt, dispatchedOf, isReturned } from "./order-state.ts";
import { laneOf, sameService } from "./transit.ts";

/** An event that delays parcels already on their way: a storm, a strike, a closed route. Days are dates in the shop's zone. */
export interface Disruption {
  readonly id: string;
  /** For operators. */
  readonly name: string;
  /** What happened, in one sentence for buyers. */
  readonly text: string;
  readonly starts: CivilDay;
  /** The last day on which it is expected to hold parcels up; `null`: nobody knows. */
  readonly expectedEnd: CivilDay | null;
  /** Parcels of these carriers alone; `null`: of all. */
  readonly carriers: readonly string[] | null;
  /** Parcels of these services or lanes alone (`EMS`, `ePacket`, `sea`); `null`: of all. */
  readonly services: readonly string[] | null;
  /** Parcels to these countries alone, ISO 3166-1 alpha-2; `null`: to all. */
  readonly countries: readonly string[] | null;
  /** The first and the last day of dispatch; `null`: no bound. */
  readonly dispatchedFrom: CivilDay | null;
  readonly dispatchedTo: CivilDay | null;
}

/** A disruption as an operator declared it. */
export interface DeclaredDisruption extends Disruption {
  /** How often buyers have been told of it: 1 at first, more when the operator wants them told anew. */
  readonly telling: number;
  /** When the last telling was asked for: nobody is told of it earlier. */
  readonly toldFrom: Instant;
  /** When the operator said that it is over; `null` while it lasts. */
  readonly endedAt: Instant | null;
}

/** The id of what a telling of a disruption is about: each telling is a message of its own. */
export function tellingId({ id, telling }: Pick<DeclaredDisruption, "id" | "telling">): string {
  return telling === 1 ? id : `${id}:${telling}`;
}

/** The disruption that a message is about, by its occurrence's id; `null` when it is no longer there. */
export function toldDisruption<One extends Disruption>(disruptions: readonly One[], occurrenceId: string): One | null {
  return disruptions.find(({ id }) => occurrenceId === id || occurrenceId.startsWith(`${id}:`)) ?? null;
}

/** The parcels of an order that a disruption holds up: those it meets that neither arrived nor came back. In the order of dispatch. */
export function heldUp(
  order: Order,
  disruption: Disruption,
  shopZone: string,
  arrivesBy: (shipment: DispatchedShipment) => CivilDay,
): readonly DispatchedShipment[] {
  return metBy(order, disruption, shopZone, arrivesBy).filter(isUnderWay);
}

/** Whether a parcel that left neither arrived nor came back. */
export function isUnderWay(shipment: Shipment): boolean {
  return deliveredAt(shipment) === null && !isReturned(shipment);
}

/**
 * The parcels a disruption meets, whatever became of them: dispatched before it ends, and of the kind it names. In the order of dispatch.
 *
 * Not one that should have arrived before it began (`arrivesBy`, the last day of its usual transit): that one is late for another reason.
 */
export function metBy(
  order: Order,
  disruption: Disruption,
  shopZone: string,
  arrivesBy: (shipment: DispatchedShipment) => CivilDay,
): readonly DispatchedShipment[] {
  const { countries, starts, expectedEnd, dispatchedFrom, dispatchedTo } = disruption;
  if (countries !== null && (order.address.country === null || !countries.includes(order.address.country))) return [];
  return dispatchedOf(order).filter((shipment) => {
    if (!isNamed(disruption, shipment)) return false;
    const day = localDay(shopZone, shipment.dispatchedAt);
    if (dispatchedFrom !== null && day < dispatchedFrom) return false;
    if (dispatchedTo !== null && day > dispatchedTo) return false;
    return (expectedEnd === null || day <= expectedEnd) && arrivesBy(shipment) >= starts;
  });
}

/** Whether a parcel travels by a carrier and by a service the disruption names. */
function isNamed({ carriers, services }: Disruption, shipment: Shipment): boolean {
  const { carrier, service } = shipment;
  const fits = (names: readonly string[], value: string | null) => value !== null && names.some((name) => sameService(name, value));
  if (carriers !== null && !fits(carriers, carrier)) return false;
  return services === null || fits(services, service) || fits(services, laneOf(shipment).lane);
}
