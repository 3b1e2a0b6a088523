import type { CivilDay } from "./civil-day.ts";
import { type HolidayCalendar, holidaysOf } from "./holidays.ts";
import type { Instant } from "./instant.ts";
import { offsetMinutes } from "./local-time.ts";
import type { Order, Shipment } from "./order.ts";
import type { DispatchedShipment } from "./order-state.ts";
import type { PlanInput } from "./plan-input.ts";
import type { Step } from "./schedule-step.ts";
import type { Hours } from "./slots.ts";
import { seedOf } from "./spread.ts";
import type { Occurrence, Window } from "./timetable.ts";
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
      const zones = shops ? [shop.timeZone] : zonesFor(window, buyerZone, order.placedAt ?? shop.liveFrom);
      return { window, zones, holidays: avoidHolidays && place.country !== "" ? place : null };
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

/** Less than this in common leaves no room for a retry. */
const leastCommonMinutes = 60;

/**
 * The zones in which a window must hold. Where the buyer's zone is a guess it holds in the shop's zone and in the likeliest one of the
 * buyer's country (SCH-04); where these two never share an hour, the buyer's alone counts: the shop's hours protect nobody.
 */
function zonesFor(window: Window | null, { zone, also }: BuyerZone, at: Instant): readonly string[] {
  if (also === null) return [zone];
  if (window === null) return [zone, also];
  const length = (window.toMinute - window.fromMinute + minutesADay) % minutesADay || minutesADay;
  const apart = Math.abs(offsetMinutes(zone, at) - offsetMinutes(also, at)) % minutesADay;
  const common = Math.max(length - apart, length - (minutesADay - apart));
  return common >= leastCommonMinutes ? [zone, also] : [also];
}

const minutesADay = 24 * 60;
