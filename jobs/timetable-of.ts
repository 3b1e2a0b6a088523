import { plan } from "../src/core/plan.ts";
import type { Timetable } from "../src/core/timetable.ts";
import type { PlanningCase } from "../src/store/planning.ts";
import { errorText } from "../src/store/sql-state.ts";
import type { Log } from "./deps.ts";

/**
 * Plans an order; `null`, after a line in the log, when planning it throws. That is a fault of ours, and it must not keep all other
 * orders of a batch, of every shop, from being planned and sent.
 */
export function timetableOf({ orderId, input }: PlanningCase, log: Log): Timetable | null {
  try {
    return plan(input);
  } catch (error) {
    log.error({ orderId, error: errorText(error) }, "an order can't be planned; its mails stay as they are until a fact changes");
    return null;
  }
}
