import type { CivilDay } from "./civil-day.ts";
import { concerns } from "./closure.ts";
import type { HolidayCalendar } from "./holidays.ts";
import type { Instant } from "./instant.ts";
import { offsetMinutes } from "./local-time.ts";
import type { Order, Shipment } from "./order.ts";
import type { DispatchedShipment } from "./order-state.ts";
import { contactCalendar } from "./own-days.ts";
import type { Pause } from "./pauses.ts";
import type { PlanInput } from "./plan-input.ts";
import type { Step } from "./schedule-step.ts";
import type { Hours } from "./slots.ts";
import { seedOf } from "./spread.ts";
import type { Occurrence, Window } from "./timetable.ts";
import { type Lane, laneOf } from "./transit.ts";
import { ownLaneFor, type TransitLane } from "./transit-lanes.ts";
import { type TransitWindow, transitWindow } from "./transit-window.ts";
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
  /** The shop's own entry for how a parcel travels; `null`: it has none. */
  ownLaneOf(shipment: Shipment): TransitLane | null;
  /** Closures in which a parcel stands still. */
  pausesOf(shipment: Shipment): readonly Pause[];
  /** The days between which a dispatched parcel should arrive, closures on its way counted in. */
  windowOf(shipment: DispatchedShipment): TransitWindow;
  /** The last of them. */
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
  const windows = new Map<Shipment, TransitWindow>();
  const { days } = input.calendar;
  const lane = (shipment: Shipment) => kept(lanes, shipment, () => laneOf(shipment));
  const ownLaneFound = (shipment: Shipment) => ownLaneFor(input.calendar.lanes, shipment, country);
  const pausesFound = (shipment: Shipment) => input.closures.filter((closure) => concerns(closure, shipment));
  const windowFound = (shipment: DispatchedShipment) =>
    kept(windows, shipment, () =>
      transitWindow({
        lane: lane(shipment).lane,
        dispatchedAt: shipment.dispatchedAt,
        origin: { country: shop.country, region: null, zone: shop.timeZone },
        destination: { country, region },
        own: ownLaneFound(shipment),
        days,
        pauses: pausesFound(shipment),
      }),
    );
  const buyers = contactCalendar({ country, region }, days);
  const shopsOwn = () => contactCalendar({ country: shop.country, region: null }, days);
  return {
    input,
    order,
    buyerZone,
    zone: buyerZone.zone,
    hoursOf({ window, windowZone, avoidHolidays }) {
      const shops = windowZone === "shop";
      const zones = shops ? [shop.timeZone] : zonesFor(window, buyerZone, order.placedAt ?? shop.liveFrom);
      return { window, zones, holidays: avoidHolidays ? (shops ? shopsOwn() : buyers) : null };
    },
    calendarOf: ({ windowZone }) => (windowZone === "shop" ? shopsOwn() : buyers),
    laneOf: lane,
    ownLaneOf: ownLaneFound,
    pausesOf: pausesFound,
    windowOf: windowFound,
    arrivesBy: (shipment) => {
      const { latest, detail } = windowFound(shipment);
      return { day: latest, detail };
    },
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
