import { plan } from "../../../core/plan.ts";
import { reconcile } from "../../../core/reconcile.ts";
import { publish, type Schedule } from "../../../core/schedule.ts";
import { newestOpenOrders } from "../../../store/order-list.ts";
import { loadForPlanning } from "../../../store/planning.ts";
import type { ShopVisit } from "../route.ts";

/** What publishing a draft with re-timing would do to queued mail. */
export interface Effect {
  /** How many open orders were looked at: at most `looked`, the newest. */
  readonly orders: number;
  readonly added: number;
  readonly moved: number;
  readonly cancelled: number;
}

const looked = 500;

/** Plans the newest open orders by a draft, writing nothing: the same functions that publishing runs. */
export async function effectOf({ deps, shop, now }: ShopVisit, draft: Schedule): Promise<Effect> {
  const orderIds = await newestOpenOrders(deps.db, shop.id, looked);
  const cases = await loadForPlanning(deps.db, deps.keys, { orderIds, lock: false });
  let [added, moved, cancelled] = [0, 0, 0];
  for (const { input } of cases) {
    const { since } = input.schedule;
    const known = (key: string) => (Object.hasOwn(since, key) ? (since[key] ?? null) : now);
    const schedule = publish(draft, input.schedule.version + 1, Object.fromEntries(draft.steps.map(({ key }) => [key, known(key)])));
    for (const change of reconcile(plan({ ...input, schedule }), input.messages, now)) {
      if (change.kind === "add") added += 1;
      else if (change.next.state === "cancelled" && change.from !== "cancelled") cancelled += 1;
      else if (change.next.state === "planned" && input.messages.find(({ id }) => id === change.id)?.dueAt !== change.next.dueAt)
        moved += 1;
    }
  }
  return { orders: cases.length, added, moved, cancelled };
}
