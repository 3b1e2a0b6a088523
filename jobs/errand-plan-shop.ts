import { advanceErrand, type Errand, startErrand } from "../src/store/errands.ts";
import { countOpenOrders, openOrderIds } from "../src/store/planning.ts";
import { endReplanning } from "../src/store/schedules.ts";
import type { BatchEnd, ErrandDeps } from "./errands.ts";
import { planNow } from "./plan.ts";

const batchSize = 300;

/** Plans all open orders of a shop anew, a batch at a time. Planning twice is harmless, so a batch is planned first and noted then. */
export async function planShopBatch(deps: ErrandDeps, errand: Errand): Promise<BatchEnd> {
  const { id, shopId, cursor } = errand;
  if (errand.state === "waiting") {
    const total = await countOpenOrders(deps.db, shopId);
    return (await startErrand(deps.db, id, { total, skipped: {} }, deps.now())) ? "more" : "overtaken";
  }
  const orderIds = await openOrderIds(deps.db, shopId, cursor, batchSize);
  const last = orderIds.at(-1);
  if (last === undefined) {
    await endReplanning(deps.db, shopId);
    return "done";
  }
  const { added, retimed, cancelled } = await planNow(deps, orderIds);
  if (added + retimed > 0) deps.wake("release");
  const progress = { cursor: last, done: orderIds.length, counts: { added, retimed, cancelled } };
  return (await advanceErrand(deps.db, errand, progress)) ? "more" : "overtaken";
}
