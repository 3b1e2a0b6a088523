import type { Instant } from "./instant.ts";
import type { Order } from "./order.ts";
import { dispatchedOf, fullyRefundedAt } from "./order-state.ts";

/** How an order came to an end before its time: all the money went back, or it was cancelled before any parcel left. */
export interface OrderEnd {
  readonly kind: "refunded" | "cancelled";
  readonly at: Instant;
}

/** How the order ended at `since` or later, or `null` when it did not. Of two ends the refund counts: it leaves nothing owed. */
export function orderEndAfter(order: Order, since: Instant): OrderEnd | null {
  const refundedAt = fullyRefundedAt(order);
  if (refundedAt !== null && refundedAt >= since) return { kind: "refunded", at: refundedAt };
  if (order.cancelled === null || order.cancelled.at < since || dispatchedOf(order).length > 0) return null;
  return { kind: "cancelled", at: order.cancelled.at };
}
