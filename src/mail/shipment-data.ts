import { carrierName, trackingLink } from "../core/carriers.ts";
import { addDays, type CivilDay } from "../core/civil-day.ts";
import type { Closure } from "../core/closure.ts";
import { heldUp } from "../core/disruption.ts";
import type { Order } from "../core/order.ts";
import { type DispatchedShipment, deliveredAt, dispatchedOf, fullyDispatchedAt } from "../core/order-state.ts";
import type { ParcelDays } from "../core/parcel-days.ts";
import { quietParcel } from "../core/quiet-spell.ts";
import { laneOf } from "../core/transit.ts";
import { transitWindow } from "../core/transit-window.ts";
import type { DayWriter } from "./days.ts";
import { inert, inertOrNull } from "./inert.ts";
import { contentsOf, type ItemData, maxItems } from "./item-data.ts";
import type { MailDataInput } from "./mail-input.ts";
import { type ScanData, scanData } from "./scan-data.ts";
import { isWebAddress } from "./strict-handlebars.ts";

/** A parcel as a mail speaks of it. */
export interface ShipmentData {
  readonly dispatchedOn: string;
  readonly carrier: string | null;
  /** The service, where it says more than the carrier's name. */
  readonly service: string | null;
  readonly trackingNumber: string | null;
  /** The carrier's page, in the buyer's language where there is one. */
  readonly trackingUrl: string | null;
  /** The usual transit window of the service, first and last day. Like all days near to now, with the year only where it is another one. */
  readonly windowFrom: string;
  readonly windowTo: string;
  /** The last day as a calendar day (days since 1970-01-01), for reckoning. */
  readonly windowEnds: CivilDay;
  /** The last day lies before the day of sending. */
  readonly windowIsOver: boolean;
  /** The last scan; `null` while none has come. */
  readonly lastScan: ScanData | null;
  /** Seven days after today: by then a quiet parcel has mostly been scanned again. */
  readonly newsBy: string;
  /** Until then at least the buyer may say that it has not come, and choose what happens: thirty days after the transit window. */
  readonly protectedUntil: string;
  /** When it was delivered; `null` while no scan says so. */
  readonly deliveredOn: string | null;
  /** What is in it when the order travels in several parcels, or leaves in part; `null` when it is everything. */
  readonly items: readonly ItemData[] | null;
  /** The rest of the order has not left yet. */
  readonly moreToCome: boolean;
}

/** Days within which a quiet parcel has mostly been scanned again. */
const daysToNews = 7;
/** Days after the transit window in which a buyer may say that a parcel has not come. */
const daysProtected = 30;

/** The parcel a message is about: the one of its occurrence, the first one a disruption holds up, else the last one dispatched; `null` when there is none. */
export function shipmentOf(input: MailDataInput): DispatchedShipment | null {
  const { order, occurrence, disruption, shop } = input;
  const dispatched = dispatchedOf(order);
  if (occurrence.kind === "shipment") return dispatched.find(({ id }) => id === occurrence.id) ?? null;
  if (occurrence.kind === "quiet-spell") return quietParcel(order, occurrence.id);
  if (disruption !== null) {
    const [held] = heldUp(order, disruption, shop.timeZone, (shipment) => windowOf(shipment, input).latest);
    if (held !== undefined) return held;
  }
  return dispatched.at(-1) ?? null;
}

/** The last day of a parcel's window, the days of the closure it is about counted in. */
export function dueInSpiteOf(closure: Closure, shipment: DispatchedShipment, input: MailDataInput): CivilDay {
  // Planning counts every closure into its windows; our own tables know nothing of any.
  return input.windows?.get(shipment.id)?.latest ?? addDays(windowOf(shipment, input).latest, closure.ends - closure.starts + 1);
}

/** When the parcel would usually arrive: in a mail about a closure, as if there were none. */
function windowOf(shipment: DispatchedShipment, { order, shop, windows, windowsWithoutIt }: MailDataInput): ParcelDays {
  const planned = (windowsWithoutIt ?? windows)?.get(shipment.id);
  if (planned !== undefined) return planned;
  return transitWindow({
    lane: laneOf(shipment).lane,
    dispatchedAt: shipment.dispatchedAt,
    origin: { country: shop.country, region: null, zone: shop.timeZone },
    destination: { country: order.address.country, region: order.address.region },
  });
}

export function shipmentData(shipment: DispatchedShipment, input: MailDataInput, locale: string, days: DayWriter): ShipmentData {
  const { order, today } = input;
  const window = windowOf(shipment, input);
  const carrier = inertOrNull(carrierName(shipment), 80);
  const service = inertOrNull(shipment.service, 80);
  const url = trackingLink({ ...shipment, locale: input.locale, destination: order.address.country });
  const contents = partOf(order, shipment);
  const scan = shipment.scans.at(-1);
  const delivered = deliveredAt(shipment);
  return {
    dispatchedOn: days.nearAt(shipment.dispatchedAt),
    carrier: carrier ?? service,
    service: carrier === null || service === null || says(carrier, service) ? null : service,
    trackingNumber: inertOrNull(shipment.trackingNumber, 60),
    trackingUrl: url !== null && url.length <= 2_000 && isWebAddress(url) ? url : null,
    windowFrom: days.near(window.earliest),
    windowTo: days.near(window.latest),
    windowEnds: window.latest,
    windowIsOver: today > window.latest,
    lastScan: scan === undefined ? null : scanData(scan, days),
    newsBy: days.near(addDays(today, daysToNews)),
    protectedUntil: days.near(addDays(window.latest, daysProtected)),
    deliveredOn: delivered === null ? null : days.nearAt(delivered),
    items: contents === null ? null : contentsOf(order, contents, locale).slice(0, maxItems),
    moreToCome: contents !== null && fullyDispatchedAt(order) === null,
  };
}

/** What of the order is in it, or `null` when that is all of it. */
function partOf(order: Order, shipment: DispatchedShipment): DispatchedShipment["items"] {
  const { items } = shipment;
  if (items === null) return null;
  const inIt = new Map(items.map(({ id, quantity }) => [id, quantity]));
  const whole = order.items.every((item) => !item.ships || (inIt.get(item.id) ?? 0) >= item.quantity);
  return whole ? null : items;
}

/** Whether the carrier's name already holds the service's: "China Post EMS" and "EMS". */
function says(carrier: string, service: string): boolean {
  const bare = (text: string) =>
    inert(text, 80)
      .toLowerCase()
      .replace(/[\s_-]+/g, "");
  return bare(carrier).includes(bare(service));
}
