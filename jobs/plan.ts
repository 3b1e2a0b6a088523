import { z } from "zod";
import { reconcile } from "../src/core/reconcile.ts";
import { wantedTasks } from "../src/core/task.ts";
import { retryingConflicts } from "../src/store/conflicts.ts";
import { type Choice, loadForPlanning, openOrderIds } from "../src/store/planning.ts";
import { applyPlans, type PlanCounts } from "../src/store/timetables.ts";
import { watchTasks } from "../src/store/watched-tasks.ts";
import type { Deps } from "./deps.ts";
import { defineJob } from "./job.ts";
import { timetableOf } from "./timetable-of.ts";

const batchSize = 300;

/** Plans every dirty order again. */
export const plan = defineJob({
  name: "plan",
  payload: z.undefined(),
  everyMs: 5_000,
  concurrency: 1,
  timeoutMs: 60_000,
  async run(_payload, deps, signal) {
    while (!signal.aborted) {
      const { orders, counts } = await planBatch(deps, { dirty: batchSize, now: deps.now() });
      if (counts.added + counts.retimed > 0) deps.wake("release");
      if (orders < batchSize) return;
    }
  },
});

/** What planning needs of `Deps`. */
type Planner = Pick<Deps, "db" | "keys" | "now" | "log">;

/** What a batch of planning came to. */
export interface PlanResult {
  readonly orders: number;
  readonly counts: PlanCounts;
}

/**
 * Plans a batch of orders and writes what changed, in one transaction; the orders are locked meanwhile, which is pure computing and
 * takes milliseconds.
 */
export function planBatch(deps: Planner, choice: Choice): Promise<PlanResult> {
  return retryingConflicts(() =>
    deps.db.transaction().execute(async (tx) => {
      const now = deps.now();
      const cases = await loadForPlanning(tx, deps.keys, choice);
      const planned = cases.map((one) => {
        const timetable = timetableOf(one, deps.log);
        return { case: one, timetable, changes: timetable === null ? [] : reconcile(timetable, one.input.messages, now) };
      });
      const counts = await applyPlans(tx, planned, now);
      await watchTasks(
        tx,
        planned.flatMap(({ case: { orderId, shopId, input }, timetable, changes }) =>
          timetable === null
            ? []
            : [
                {
                  orderId,
                  shopId,
                  order: input.order,
                  wanted: wantedTasks({ order: input.order, timetable, messages: input.messages, changes }),
                },
              ],
        ),
        now,
      );
      return { orders: cases.length, counts };
    }),
  );
}

/** Plans these orders at once. */
export async function planNow(deps: Planner, orderIds: readonly string[]): Promise<PlanCounts> {
  let sum: PlanCounts = { added: 0, retimed: 0, cancelled: 0 };
  for (let start = 0; start < orderIds.length; start += batchSize) {
    const { counts } = await planBatch(deps, { orderIds: orderIds.slice(start, start + batchSize), lock: true });
    sum = add(sum, counts);
  }
  return sum;
}

/** Plans all open orders of a shop at once, a page at a time. */
export async function replanShop(deps: Planner, shopId: string): Promise<PlanCounts> {
  let sum: PlanCounts = { added: 0, retimed: 0, cancelled: 0 };
  let after: string | null = null;
  for (;;) {
    const ids: readonly string[] = await openOrderIds(deps.db, shopId, after, batchSize);
    sum = add(sum, await planNow(deps, ids));
    after = ids.at(-1) ?? null;
    if (ids.length < batchSize) return sum;
  }
}

function add(a: PlanCounts, b: PlanCounts): PlanCounts {
  return { added: a.added + b.added, retimed: a.retimed + b.retimed, cancelled: a.cancelled + b.cancelled };
}
