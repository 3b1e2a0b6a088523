import { carrierName, plainWords, trackingLink } from "../core/carriers.ts";
import { type CivilDay, civilDayAt } from "../core/civil-day.ts";
import type { ScanStatus } from "../core/facts.ts";
import type { Instant } from "../core/instant.ts";
import { localDay } from "../core/local-time.ts";
import type { Order } from "../core/order.ts";
import { type DispatchedShipment, deliveredAt, dispatchedOf, fullyDispatchedAt, isReturned } from "../core/order-state.ts";
import type { ParcelDays } from "../core/parcel-days.ts";

/** Where an order stands, in the words of the page's headline. `late`: all of it is under way, and should have come; `leavesLate`: none of it has left, and it was promised. */
export type OrderStand = "waiting" | "leavesLate" | "partly" | "onTheWay" | "late" | "delivered" | "returned" | "cancelled";

export interface ParcelView {
  readonly carrier: string | null;
  /** `null` also when the carrier's name says it already. */
  readonly service: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  readonly dispatched: CivilDay;
  /** What is in it, at most 20 lines; empty when the shop does not say. */
  readonly contents: readonly { readonly title: string; readonly quantity: number }[];
  readonly scan: { readonly status: ScanStatus; readonly on: CivilDay; readonly place: string | null } | null;
  /** When it should arrive; `null` once it has, or comes back. */
  readonly window: { readonly earliest: CivilDay; readonly latest: CivilDay } | null;
}

export interface OrderView {
  readonly stand: OrderStand;
  readonly parcels: readonly ParcelView[];
  /** The last day by which everything on its way should have arrived. */
  readonly latest: CivilDay | null;
}

/** The buyer's zone, in which all days of the page are, and when parcels should be there. */
export interface Places {
  readonly zone: string;
  /** By shipment id, when each parcel that left should arrive. */
  readonly windows: ReadonlyMap<string, ParcelDays>;
  /** BCP 47: carriers' pages are linked in this language where they have it. */
  readonly locale: string;
}

/** What a buyer's page shows of an order at `now`. Pure. */
export function viewOrder(order: Order, places: Places, now: Instant): OrderView {
  const shipments = dispatchedOf(order);
  const parcels = shipments.map((shipment) => viewParcel(shipment, order, places));
  const ends = parcels.flatMap(({ window }) => (window === null ? [] : [window.latest]));
  const latest = ends.length === 0 ? null : civilDayAt(Math.max(...ends));
  const stand = standOf(order, shipments, now);
  const isLate = stand === "onTheWay" && latest !== null && latest < localDay(places.zone, now);
  return { stand: isLate ? "late" : stand, parcels, latest };
}

function standOf(order: Order, shipments: readonly DispatchedShipment[], now: Instant): OrderStand {
  if (shipments.length === 0) {
    if (order.cancelled !== null) return "cancelled";
    return order.promisedDispatchBy !== null && order.promisedDispatchBy < now ? "leavesLate" : "waiting";
  }
  if (shipments.some(isReturned)) return "returned";
  if (order.cancelled === null && fullyDispatchedAt(order) === null) return "partly";
  return shipments.every((shipment) => deliveredAt(shipment) !== null) ? "delivered" : "onTheWay";
}

function viewParcel(shipment: DispatchedShipment, order: Order, { zone, windows, locale }: Places): ParcelView {
  const { carrier, service, trackingNumber, trackingUrl } = shipment;
  const ended = deliveredAt(shipment) !== null || isReturned(shipment);
  const last = shipment.scans.at(-1);
  const window = windows.get(shipment.id);
  const name = carrierName({ carrier, service });
  return {
    carrier: name,
    service: service !== null && !plainWords(name ?? "").includes(plainWords(service)) ? service : null,
    trackingNumber,
    trackingUrl: trackingLink({ carrier, service, trackingNumber, trackingUrl, locale, destination: order.address.country }),
    dispatched: localDay(zone, shipment.dispatchedAt),
    contents: contentsOf(shipment, order),
    scan: last === undefined ? null : { status: last.status, on: localDay(zone, last.at), place: last.location },
    window: ended || window === undefined ? null : { earliest: window.earliest, latest: window.latest },
  };
}

const mostLines = 20;

function contentsOf({ items }: DispatchedShipment, order: Order): ParcelView["contents"] {
  const lines = (items ?? []).flatMap(({ id, quantity }) => {
    const item = order.items.find((one) => one.id === id);
    return item === undefined || quantity <= 0 ? [] : [{ title: item.title.slice(0, 120), quantity }];
  });
  return lines.slice(0, mostLines);
}
