import { type CivilDay, parseCivilDay } from "../core/civil-day.ts";
import type { Closure } from "../core/closure.ts";
import type { Instant } from "../core/instant.ts";
import { plan } from "../core/plan.ts";
import { reconcile } from "../core/reconcile.ts";
import type { StoredClosure } from "../store/closures.ts";
import { loadForPlanning, openOrderIds, type PlanningCase } from "../store/planning.ts";
import type { WebDeps } from "./deps.ts";

const ordersAtOnce = 500;

/** Plans every open order as if the closure were there, without a lock, and writes nothing. */
export async function wouldBeTold(
  deps: Pick<WebDeps, "db" | "keys" | "now">,
  closure: StoredClosure,
): Promise<{ id: string; number: string | null }[]> {
  const supposed = supposedClosure(closure);
  const orders: { id: string; number: string | null }[] = [];
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await openOrderIds(deps.db, closure.shopId, after, ordersAtOnce);
    const cases = await loadForPlanning(deps.db, deps.keys, { orderIds: ids, lock: false });
    for (const one of cases) {
      if (isTold(one, supposed, deps.now())) orders.push({ id: one.orderId, number: one.input.order.number || null });
    }
    after = ids.at(-1) ?? null;
    if (ids.length < ordersAtOnce) return orders;
  }
}

function isTold({ input }: PlanningCase, closure: Closure, now: Instant): boolean {
  const timetable = plan({ ...input, closures: [...input.closures, closure] });
  return reconcile(timetable, input.messages, now).some(
    (change) =>
      change.kind === "add" &&
      change.occurrence.kind === "closure" &&
      change.occurrence.id === closure.id &&
      (change.next.state === "planned" || change.next.state === "held"),
  );
}

function supposedClosure({ id, name, starts, ends, resumes, carriers }: StoredClosure): Closure {
  return { id, name, starts: dayOf(starts), ends: dayOf(ends), resumes: dayOf(resumes), carriers };
}

function dayOf(text: string): CivilDay {
  const day = parseCivilDay(text);
  if (day === null) throw new Error(`a date was not checked: ${text}`);
  return day;
}
