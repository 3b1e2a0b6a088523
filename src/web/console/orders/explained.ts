import { underHold } from "../../../core/instance.ts";
import type { Instant } from "../../../core/instant.ts";
import { instantOf } from "../../../core/instant.ts";
import type { Order } from "../../../core/order.ts";
import { plan } from "../../../core/plan.ts";
import type { Step } from "../../../core/schedule-step.ts";
import { type TimetableEntryView, viewClosedTimetable, viewTimetable } from "../../../core/timetable-view.ts";
import { type BuyerZone, zoneOfBuyer } from "../../../core/zone-of-buyer.ts";
import { attemptsAt, type ListedAttempt } from "../../../store/attempt-list.ts";
import { factsOf, type SourcedFact } from "../../../store/order-facts.ts";
import { findOrder, type ListedOrder } from "../../../store/order-list.ts";
import { loadForPlanning } from "../../../store/planning.ts";
import type { ShopVisit } from "../route.ts";

/** One mail of an order, to come, gone, or never to go. */
export interface ExplainedEntry extends TimetableEntryView {
  /** When it went, goes, or would go; `null` when nobody can say. */
  readonly at: Instant | null;
  /** The step as the schedule has it; `null` when it is in it no more. */
  readonly definition: Step | null;
  readonly attempts: readonly ListedAttempt[];
}

/** All that is known of one order. */
export interface ExplainedOrder {
  readonly row: ListedOrder;
  readonly order: Order;
  readonly zone: BuyerZone;
  /** In the order of time; those without a time come last, as the schedule has them. */
  readonly entries: readonly ExplainedEntry[];
  readonly facts: readonly SourcedFact[];
}

/** Explains an order of the shop; `null` when it has none of this id. Four statements beside those of planning. */
export async function explainOrder({ deps, shop, now }: ShopVisit, id: string): Promise<ExplainedOrder | null> {
  const row = await findOrder(deps.db, id);
  if (row === null || row.shopId !== shop.id) return null;
  const [known] = await loadForPlanning(deps.db, deps.keys, { orderIds: [id], lock: false });
  if (known === undefined) return null;
  const { input } = known;
  const timetable = plan(input);
  const views =
    row.closedAt === null
      ? viewTimetable(timetable, input.messages, now)
      : viewClosedTimetable(timetable, input.messages, { at: row.closedAt, timeZone: shop.timeZone });
  const attempts = await attemptsAt(
    deps.db,
    shop.id,
    views.flatMap(({ messageId }) => (messageId === undefined ? [] : [messageId])),
  );
  const standing = await deps.instance.standing();
  const entries = views.map((plain): ExplainedEntry => {
    const view = underHold(plain, standing);
    const time = view.sentAt ?? view.dueAt;
    return {
      ...view,
      at: time === undefined ? null : instantOf(time),
      definition: input.schedule.steps.find(({ key }) => key === view.step) ?? null,
      attempts: attempts.filter(({ messageId }) => messageId === view.messageId),
    };
  });
  const timed = entries.filter(({ at }) => at !== null).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return {
    row,
    order: input.order,
    zone: zoneOfBuyer(input.order.address, shop.timeZone),
    entries: [...timed, ...entries.filter(({ at }) => at === null)],
    facts: await factsOf(deps.db, shop.id, id),
  };
}

/** States in which a message may still go out. */
export const comingStates: ReadonlySet<ExplainedEntry["state"]> = new Set(["planned", "queued", "sending", "held"]);
/** States in which it has left, or may have. */
export const leftStates: ReadonlySet<ExplainedEntry["state"]> = new Set(["sent", "delivered", "bounced", "complained", "unsure"]);
