import { plan } from "../core/plan.ts";
import type { PlanInput } from "../core/plan-input.ts";
import { reconcile } from "../core/reconcile.ts";
import type { Occurrence } from "../core/timetable.ts";
import type { StoredClosure } from "../store/closures.ts";
import { closureOf, declaredDisruption, type StoredDisruption } from "../store/declarations.ts";
import { loadForPlanning, openOrderIds } from "../store/planning.ts";
import type { WebDeps } from "./deps.ts";

interface ToldOrder {
  readonly id: string;
  readonly number: string | null;
}

/** Something that is not declared yet: how the planner would see it, and what messages about it are about. */
interface Supposition {
  readonly shopId: string;
  readonly about: Occurrence;
  suppose(input: PlanInput): PlanInput;
}

type Deps = Pick<WebDeps, "db" | "keys" | "now">;

const ordersAtOnce = 500;

/** Plans every open order of a shop as if something were declared, without a lock, and says which would be told of it. Writes nothing. */
async function whoIsTold(deps: Deps, { shopId, about, suppose }: Supposition): Promise<ToldOrder[]> {
  const orders: ToldOrder[] = [];
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await openOrderIds(deps.db, shopId, after, ordersAtOnce);
    const cases = await loadForPlanning(deps.db, deps.keys, { orderIds: ids, lock: false });
    for (const { orderId, input } of cases) {
      const changes = reconcile(plan(suppose(input)), input.messages, deps.now());
      const told = changes.some(
        (change) =>
          change.kind === "add" &&
          change.occurrence.kind === about.kind &&
          change.occurrence.id === about.id &&
          (change.next.state === "planned" || change.next.state === "held"),
      );
      if (told) orders.push({ id: orderId, number: input.order.number || null });
    }
    after = ids.at(-1) ?? null;
    if (ids.length < ordersAtOnce) return orders;
  }
}

/** The orders that would be told of a closure. */
export function wouldBeTold(deps: Deps, closure: StoredClosure): Promise<ToldOrder[]> {
  const supposed = closureOf(closure);
  return whoIsTold(deps, {
    shopId: closure.shopId,
    about: { kind: "closure", id: closure.id },
    suppose: (input) => ({ ...input, closures: [...input.closures, supposed] }),
  });
}

/** The orders that would be told of a disruption. */
export function wouldBeToldOf(deps: Deps, disruption: StoredDisruption): Promise<ToldOrder[]> {
  const supposed = declaredDisruption(disruption);
  return whoIsTold(deps, {
    shopId: disruption.shopId,
    about: { kind: "disruption", id: disruption.id },
    suppose: (input) => ({ ...input, disruptions: [...input.disruptions, supposed] }),
  });
}
