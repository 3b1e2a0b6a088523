import { toldDisruption } from "../src/core/disruption.ts";
import { mayInviteFeedback } from "../src/core/feedback-invitation.ts";
import type { Instant } from "../src/core/instant.ts";
import type { Letter, ShopIdentity } from "../src/core/letter.ts";
import { parcelDays } from "../src/core/parcel-days.ts";
import type { MessageToSend } from "../src/store/claimed.ts";
import type { PlanningCase } from "../src/store/planning.ts";

/** Puts together what a message's mail is made of, from the same facts that planned it. */
export function letterOf(
  message: MessageToSend,
  { input }: PlanningCase,
  shop: ShopIdentity,
  now: Instant,
  { mayAsk }: { /** The buyer's caps have room for a request: else care mail invites no feedback. */ readonly mayAsk: boolean },
): Letter {
  const { occurrence } = message;
  const closure = occurrence.kind === "closure" ? (input.closures.find(({ id }) => id === occurrence.id) ?? null) : null;
  return {
    messageId: message.id,
    step: message.step,
    template: message.template,
    category: message.category,
    occurrence,
    order: input.order,
    shop,
    closure,
    closures: input.closures,
    ownDays: input.calendar.days,
    disruption: occurrence.kind === "disruption" ? toldDisruption(input.disruptions, occurrence.id) : null,
    windows: parcelDays(input),
    windowsWithoutIt: closure === null ? null : parcelDays({ ...input, closures: input.closures.filter((one) => one !== closure) }),
    mayInviteFeedback: mayAsk && message.category === "care" && mayInviteFeedback(input, now),
    date: message.firstAttemptAt ?? now,
  };
}
