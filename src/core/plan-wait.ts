import type { Subject } from "./conditions.ts";
import type { Order } from "./order.ts";
import { deliveredAt } from "./order-state.ts";
import { parcelName } from "./plan-starts.ts";
import { awaitedOf } from "./replacement.ts";
import type { Step, Wait } from "./schedule-step.ts";
import type { Because } from "./timetable.ts";
import { forService } from "./transit.ts";

export interface ChosenWait {
  readonly wait: Wait;
  readonly because: readonly Because[];
}

/**
 * The wait of a step for the parcels it is about: `byService` where an entry fits how one travels, else the plain one.
 *
 * For a whole order the longest wait of the parcels still on their way counts, once all have arrived that of the last one dispatched.
 */
export function waitFor({ wait }: Step, order: Order, { shipment }: Subject): ChosenWait {
  if (wait.kind !== "days" || Object.keys(wait.byService).length === 0) return { wait, because: [] };
  const dispatched = awaitedOf(order);
  const travelling = dispatched.filter((parcel) => deliveredAt(parcel) === null);
  const parcels = shipment !== null ? [shipment] : travelling.length > 0 ? travelling : dispatched.slice(-1);
  let longest: ChosenWait | null = null;
  let longestDays = Number.NEGATIVE_INFINITY;
  for (const parcel of parcels) {
    const found = forService(wait.byService, parcel);
    const days = found?.value ?? wait.to;
    if (days <= longestDays) continue;
    longestDays = days;
    longest =
      found === null
        ? { wait, because: [] }
        : {
            wait: { ...wait, from: days, to: days, range: false },
            because: [{ rule: "lane", detail: `${parcelName(parcel)} travels as ${found.name}: ${days} days` }],
          };
  }
  return longest ?? { wait, because: [] };
}
