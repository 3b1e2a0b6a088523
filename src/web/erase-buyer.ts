import { retryingConflicts } from "../store/conflicts.ts";
import { type Erased, eraseBuyer, handedOver } from "../store/erasure.ts";
import type { WebDeps } from "./deps.ts";

/**
 * Erases a buyer of a shop, by address, and stops all mail for good; resolves once nothing more can go out (IN-18). Harmless to repeat.
 *
 * What was being handed over while the data went has left its recipient and the server's answer behind, so it is erased once more after that.
 */
export async function eraseBuyerNow(
  deps: Pick<WebDeps, "db" | "keys" | "now" | "log" | "wake">,
  shopId: string,
  address: string,
): Promise<Erased> {
  const erase = (of: string | null, orderIds: readonly string[]) =>
    retryingConflicts(() =>
      deps.db.transaction().execute((tx) => eraseBuyer(tx, deps.keys, { shopId, address: of, buyer: null, orderIds }, deps.now())),
    );
  const erased = await erase(address, []);
  await handedOver(deps.db, erased.orderIds, deps.now);
  await erase(null, erased.orderIds);
  const { orderIds, cancelled, mails, consents } = erased;
  deps.log.info({ shopId, orders: orderIds.length, cancelled, mails, consents }, "a buyer was erased");
  deps.wake("plan");
  return erased;
}
