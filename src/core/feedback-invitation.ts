import { exitOf, lastArrival, wholeOrder } from "./conditions.ts";
import type { Instant } from "./instant.ts";
import { localDay } from "./local-time.ts";
import { deliveredAt } from "./order-state.ts";
import { permitCategory } from "./permit.ts";
import type { PlanInput } from "./plan-input.ts";
import { setScene } from "./plan-scene.ts";
import { awaitedOf } from "./replacement.ts";
import { reviewAskInHand, reviewAsksGone } from "./review-asks.ts";
import type { Exit } from "./schedule-words.ts";

const endOfAsking: readonly Exit[] = [
  "order.cancelled",
  "order.refunded",
  "items.refunded",
  "review.posted",
  "case.open",
  "buyer.waiting",
  "choice.open",
  "shipment.returned",
];

/**
 * Whether a mail that asks how things are may also invite feedback: only where a review request would be allowed now.
 *
 * That is: the buyer may be asked (LAW-01) and was not yet asked about this order (LAW-03), the order is neither cancelled, refunded, disputed nor returned, the buyer waits for nothing, there is no
 * review yet, and the parcels have arrived or should have, by the end of their usual transit (LAW-04).
 */
export function mayInviteFeedback(input: PlanInput, now: Instant): boolean {
  const { order, permission } = input;
  if (!permitCategory(order, "review", input.shop, permission).ok) return false;
  // Whoever was asked is reminded by review mail at most.
  if (reviewAsksGone(input.messages).length > 0 || reviewAskInHand(input.messages)) return false;
  if (exitOf(endOfAsking, order, wholeOrder, input.shop.timeZone) !== null) return false;
  const parcels = awaitedOf(order);
  if (parcels.length === 0) return false;
  if (lastArrival(order, null) !== null) return true;
  const scene = setScene(input);
  const today = localDay(scene.zone, now);
  return parcels.every((parcel) => deliveredAt(parcel) !== null || scene.arrivesBy(parcel).day < today);
}
