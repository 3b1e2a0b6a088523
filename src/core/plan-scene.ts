import type { CivilDay } from "./civil-day.ts";
import { type HolidayCalendar, holidaysOf } from "./holidays.ts";
import type { Order, Shipment } from "./order.ts";
import type { DispatchedShipment } from "./order-state.ts";
import type { PlanInput } from "./plan-input.ts";
import type { Step } from "./schedule-step.ts";
import type { Hours } from "./slots.ts";
import { seedOf } from "./spread.ts";
import type { Occurrence } from "./timetable.ts";
import { type Lane, laneOf, transitWindow } from "./transit.ts";
import { type BuyerZone, zoneOfBuyer } from "./zone-of-buyer.ts";

/** One order and what all its steps ask about it, each found once. */
export interface Scene {
  readonly input: PlanInput;
  readonly order: Order;
  readonly buyerZone: BuyerZone;
  /** The zone whose dates count for the buyer. */
  readonly zone: string;
  /** Where mail may go for a step: zones, window, holidays. */
  hoursOf(step: Step): Hours;
  /** Working days where the step's window lies. */
  calendarOf(step: Step): HolidayCalendar;
  laneOf(shipment: Shipment): Lane;
  /** The last day of a dispatched parcel's usual transit. */
  arrivesBy(shipment: DispatchedShipment): Arrival;
  seedOf(step: Step, occurrence: Occurrence): number;
}

export interface Arrival {
  readonly day: CivilDay;
  readonly detail: string;
}

export function setScene(input: PlanInput): Scene {
  const { order, shop } = input;
  const { country, region } = order.address;
  const buyerZone = zoneOfBuyer(order.address, shop.timeZone);
  const buyerZones = buyerZone.also === null ? [buyerZone.zone] : [buyerZone.zone, buyerZone.also];
  const lanes = new Map<Shipment, Lane>();
  const arrivals = new Map<Shipment, Arrival>();
  const lane = (shipment: Shipment) => kept(lanes, shipment, () => laneOf(shipment));
  return {
    input,
    order,
    buyerZone,
    zone: buyerZone.zone,
    hoursOf({ window, windowZone, avoidHolidays }) {
      const shops = windowZone === "shop";
      const place = shops ? { country: shop.country, region: null } : { country: country ?? "", region };
      return { window, zones: shops ? [shop.timeZone] : buyerZones, holidays: avoidHolidays && place.country !== "" ? place : null };
    },
    calendarOf: ({ windowZone }) => (windowZone === "shop" ? holidaysOf(shop.country) : holidaysOf(country, region)),
    laneOf: lane,
    arrivesBy: (shipment) =>
      kept(arrivals, shipment, () => {
        const { latest, detail } = transitWindow({
          lane: lane(shipment).lane,
          dispatchedAt: shipment.dispatchedAt,
          origin: { country: shop.country, region: null, zone: shop.timeZone },
          destination: { country, region },
        });
        return { day: latest, detail };
      }),
    seedOf: (step, occurrence) => seedOf(order.externalId, step.key, occurrence),
  };
}

function kept<Key, Value>(cache: Map<Key, Value>, key: Key, find: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const found = find();
  cache.set(key, found);
  return found;
}
