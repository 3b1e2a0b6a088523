import type { CaseSaying, Fact, Saying } from "../../core/facts.ts";
import { unreachable } from "../../core/unreachable.ts";
import { orNull, readLocale, readWebUrl } from "../fields.ts";
import type { StandardEvent, StandardOrder } from "./events.ts";

/**
 * Says what an event of the `standard` source means, at its `occurredAt`.
 *
 * An event states only what is in it: an order that is updated says nothing about its cancellation, and about payment only if it
 * has a `paidAt`; so nothing is taken back by being left out.
 */
export function factsOf(event: StandardEvent): readonly Fact[] {
  return sayingsOf(event).map((says) => ({ order: event.data.order.id, at: event.occurredAt, says }));
}

function sayingsOf(event: StandardEvent): readonly Saying[] {
  const { occurredAt } = event;
  switch (event.type) {
    case "order.placed":
    case "order.updated":
      return orderSayings(event.data.order, event.data.order.paidAt ?? null);
    case "order.paid":
      return orderSayings(event.data.order, event.data.order.paidAt ?? occurredAt);
    case "order.cancelled":
      return [{ kind: "cancellation", cancelledAt: occurredAt, reason: orNull(event.data.reason) }];
    case "order.refunded": {
      const { id, amount, items } = event.data.refund;
      return [{ kind: "refund", id, refundedAt: occurredAt, amount, items: items ?? [] }];
    }
    case "shipment.dispatched": {
      const { shipment } = event.data;
      return [
        {
          kind: "shipment",
          id: shipment.id,
          dispatchedAt: shipment.dispatchedAt,
          void: false,
          carrier: orNull(shipment.carrier),
          service: orNull(shipment.service),
          trackingNumber: orNull(shipment.trackingNumber),
          trackingUrl: readWebUrl(shipment.trackingUrl),
          items: shipment.items ?? null,
        },
      ];
    }
    case "shipment.updated": {
      const { id, status, occurredAt: scannedAt, description, location } = event.data.shipment;
      return [{ kind: "scan", shipment: id, status, occurredAt: scannedAt, description: orNull(description), location: orNull(location) }];
    }
    case "review.posted":
    case "review.updated":
      return [reviewSaying(event.data.review, event.data.review.rating, occurredAt)];
    case "review.removed":
      return [reviewSaying(event.data.review, null, occurredAt)];
    case "dispute.opened":
    case "return.opened":
    case "dispute.closed":
    case "return.closed":
      return [caseSaying(event.type, event.data.case, occurredAt)];
    case "buyer.wrote":
      return [{ kind: "conversation", waiting: true, changedAt: occurredAt }];
    case "buyer.answered":
      return [{ kind: "conversation", waiting: false, changedAt: occurredAt }];
    default:
      return unreachable(event);
  }
}

function orderSayings(order: StandardOrder, paidAt: string | null): readonly Saying[] {
  const { buyer, shippingAddress: address } = order;
  return [
    {
      kind: "order",
      number: order.number.trim().replace(/^#+/, ""),
      placedAt: order.placedAt,
      currency: order.currency,
      total: order.total,
      url: readWebUrl(order.url),
      tags: (order.tags ?? []).flatMap((tag) => orNull(tag) ?? []),
      promisedDispatchBy: order.promisedDispatchBy ?? null,
      test: false,
      nothingShips: false,
    },
    { kind: "buyer", id: buyer.id ?? null, email: orNull(buyer.email), name: orNull(buyer.name), locale: readLocale(buyer.locale) },
    {
      kind: "address",
      country: address.country,
      region: orNull(address.region),
      postalCode: orNull(address.postalCode),
      city: orNull(address.city),
      latitude: address.latitude ?? null,
      longitude: address.longitude ?? null,
    },
    ...(paidAt === null ? [] : [{ kind: "payment", paidAt } as const]),
    {
      kind: "items",
      items: order.items.map((item) => ({
        id: item.id,
        sku: orNull(item.sku),
        title: item.title,
        variant: orNull(item.variant),
        quantity: item.quantity,
        price: item.price,
        imageUrl: readWebUrl(item.imageUrl),
        url: readWebUrl(item.url),
        ships: true,
      })),
    },
    ...(buyer.consents ?? []).map(({ scope, text, at }) => ({ kind: "consent", scope, text, at }) as const),
  ];
}

interface ReviewData {
  readonly id: string;
  readonly text?: string | null | undefined;
  readonly itemId?: string | null | undefined;
  readonly url?: string | null | undefined;
}

function reviewSaying(review: ReviewData, rating: number | null, at: string): Saying {
  return {
    kind: "review",
    id: review.id,
    postedAt: at,
    rating,
    removed: rating === null,
    text: orNull(review.text),
    itemId: review.itemId ?? null,
    url: readWebUrl(review.url),
  };
}

interface CaseData {
  readonly id: string;
  readonly reason?: string | null | undefined;
  readonly outcome?: string | null | undefined;
}

function caseSaying(
  word: "dispute.opened" | "dispute.closed" | "return.opened" | "return.closed",
  { id, reason, outcome }: CaseData,
  changedAt: string,
): CaseSaying {
  return {
    kind: "case",
    id,
    type: word.startsWith("dispute") ? "dispute" : "return",
    state: word.endsWith("opened") ? "open" : "closed",
    changedAt,
    reason: orNull(reason),
    outcome: orNull(outcome),
  };
}
