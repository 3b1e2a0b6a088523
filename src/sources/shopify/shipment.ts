import type { Fact, ScanStatus } from "../../core/facts.ts";
import { orNull, readWebUrl } from "../fields.ts";
import type { Fulfillment, FulfillmentEvent } from "./payloads.ts";

/**
 * Reads a fulfilment: a parcel, and its latest scan if its `shipment_status` tells one.
 *
 * Shopify also sends each scan on its own (`fulfillment_events/create`) with the time at which it happened; the fulfilment only has
 * the time of its last change, which is never earlier. So one scan may be told twice, as two scans of one status that differ in
 * their time: whoever asks when a parcel was delivered takes the earliest, and gets the event's time wherever there is one.
 */
export function shipmentFacts(order: string, fulfillment: Fulfillment): readonly Fact[] {
  const lines = fulfillment.line_items ?? [];
  // Downloads and gift cards are fulfilled too, and no parcel: that is told by the lines, not by the status.
  const nothingTravels = lines.length > 0 && lines.every((line) => line.requires_shipping === false || line.gift_card === true);
  const stage = nothingTravels ? "void" : stageOf(fulfillment.status);
  const items = lines.filter((line) => line.quantity > 0).map(({ id, quantity }) => ({ id, quantity }));
  const shipment: Fact = {
    order,
    at: fulfillment.updated_at,
    says: {
      kind: "shipment",
      id: fulfillment.id,
      dispatchedAt: stage === "dispatched" ? fulfillment.created_at : null,
      void: stage === "void",
      carrier: orNull(fulfillment.tracking_company),
      // `service` names who packs ("manual", a warehouse), not how it travels.
      service: null,
      trackingNumber: orNull(fulfillment.tracking_number) ?? orNull(fulfillment.tracking_numbers?.[0]),
      trackingUrl: readWebUrl(fulfillment.tracking_url) ?? readWebUrl(fulfillment.tracking_urls?.[0]),
      items: items.length === 0 ? null : items,
    },
  };
  const status = stage === "dispatched" ? scanStatusOf(fulfillment.shipment_status) : null;
  if (status === null) return [shipment];
  return [shipment, scan(order, fulfillment.id, status, fulfillment.updated_at, fulfillment.updated_at, null, null)];
}

/** Reads a fulfilment event. Empty when its status says nothing about the parcel's way. */
export function scanFacts(event: FulfillmentEvent): readonly Fact[] {
  const status = scanStatusOf(event.status);
  if (status === null) return [];
  const location = [event.city, event.province, event.country].flatMap((part) => orNull(part) ?? []).join(", ");
  const at = event.updated_at ?? event.happened_at;
  return [scan(event.order_id, event.fulfillment_id, status, event.happened_at, at, orNull(event.message), orNull(location))];
}

function scan(
  order: string,
  shipment: string,
  status: ScanStatus,
  occurredAt: string,
  at: string,
  description: string | null,
  location: string | null,
): Fact {
  return { order, at, says: { kind: "scan", shipment, status, occurredAt, description, location } };
}

/** Unknown states are taken for announcements: they start nothing, and take nothing back. */
function stageOf(status: string | null | undefined): "dispatched" | "announced" | "void" {
  switch (status?.toLowerCase()) {
    case "success":
      return "dispatched";
    case "cancelled":
    case "error":
    case "failure":
      return "void";
    default:
      return "announced";
  }
}

/**
 * What Shopify's statuses mean (FulfillmentEventStatus of API 2026-10 and its unstable successor); `null` for those before the
 * parcel travels: `confirmed`, `label_purchased`, `label_printed`, and for unknown ones.
 */
function scanStatusOf(status: string | null | undefined): ScanStatus | null {
  switch (status?.toLowerCase()) {
    case "in_transit":
    case "carrier_picked_up":
      return "in_transit";
    case "out_for_delivery":
      return "out_for_delivery";
    case "ready_for_pickup":
    case "ready_for_recipient_pickup":
      return "ready_for_pickup";
    case "delivered":
    case "picked_up":
      return "delivered";
    case "attempted_delivery":
    case "buyer_action_required":
    case "delayed":
    case "failure":
      return "exception";
    case "returning_to_sender":
      return "returned";
    default:
      return null;
  }
}
