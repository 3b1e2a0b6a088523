import { lastArrival } from "./conditions.ts";
import type { Instant } from "./instant.ts";
import { localDay } from "./local-time.ts";
import { allItemsRefundedAt, deliveredAt, dispatchedOf, fullyRefundedAt, openCase, standingReview } from "./order-state.ts";
import { permitCategory } from "./permit.ts";
import type { PlanInput } from "./plan-input.ts";
import { setScene } from "./plan-scene.ts";

/**
 * Whether a mail that asks how things are may also invite feedback: only where a review request would be allowed now.
 *
 * That is: the buyer may be asked (LAW-01), the order is neither cancelled, refunded nor disputed, there is no review yet, and the
 * parcels have arrived or should have, by the end of their usual transit (LAW-04).
 */
export function mayInviteFeedback(input: PlanInput, now: Instant): boolean {
  const { order, permission } = input;
  if (!permitCategory(order, "review", permission).ok) return false;
  const settled = order.cancelled !== null || fullyRefundedAt(order) !== null || allItemsRefundedAt(order) !== null;
  if (settled || openCase(order) !== null || order.waitingSince !== null || standingReview(order) !== null) return false;
  const parcels = dispatchedOf(order);
  if (parcels.length === 0) return false;
  if (lastArrival(order, null) !== null) return true;
  const scene = setScene(input);
  const today = localDay(scene.zone, now);
  return parcels.every((parcel) => deliveredAt(parcel) !== null || scene.arrivesBy(parcel).day < today);
}
