import { plan } from "../../../core/plan.ts";
import type { PlanInput } from "../../../core/plan-input.ts";
import { reconcile } from "../../../core/reconcile.ts";
import { publish, type Schedule } from "../../../core/schedule.ts";
import { newestOpenOrders } from "../../../store/order-list.ts";
import { loadForPlanning } from "../../../store/planning.ts";
import type { ShopVisit } from "../route.ts";

/** What a change would do to queued mail. */
export interface Effect {
  /** How many open orders were looked at: at most `looked`, the newest. */
  readonly orders: number;
  readonly added: number;
  readonly moved: number;
  readonly cancelled: number;
}

const looked = 500;

/** What publishing a draft with re-timing would do. */
export function effectOf(visit: ShopVisit, draft: Schedule): Promise<Effect> {
  return effectOn(visit, ({ schedule: { since, version } }) => {
    const known = (key: string) => (Object.hasOwn(since, key) ? (since[key] ?? null) : visit.now);
    return { schedule: publish(draft, version + 1, Object.fromEntries(draft.steps.map(({ key }) => [key, known(key)]))) };
  });
}

/** Plans the newest open orders with something changed, writing nothing: the same functions that planning runs. */
export async function effectOn({ deps, shop, now }: ShopVisit, change: (input: PlanInput) => Partial<PlanInput>): Promise<Effect> {
  const orderIds = await newestOpenOrders(deps.db, shop.id, looked);
  const cases = await loadForPlanning(deps.db, deps.keys, { orderIds, lock: false });
  let [added, moved, cancelled] = [0, 0, 0];
  for (const { input } of cases) {
    for (const wanted of reconcile(plan({ ...input, ...change(input) }), input.messages, now)) {
      if (wanted.kind === "add") added += 1;
      else if (wanted.next.state === "cancelled" && wanted.from !== "cancelled") cancelled += 1;
      else if (wanted.next.state === "planned" && input.messages.find(({ id }) => id === wanted.id)?.dueAt !== wanted.next.dueAt)
        moved += 1;
    }
  }
  return { orders: cases.length, added, moved, cancelled };
}
