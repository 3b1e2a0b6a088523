import { retryingConflicts } from "../store/conflicts.ts";
import type { Database } from "../store/database.ts";
import { type Erased, eraseBuyer, handedOver } from "../store/erasure.ts";
import type { WebDeps } from "./deps.ts";

/**
 * Erases a buyer of a shop, by address, and stops all mail for good; resolves once nothing more can go out (IN-18). Harmless to repeat.
 *
 * `also` is written in the transaction that erases. What was being handed over while the data went has left its recipient and the server's answer behind, so it is erased once more after that.
 */
export async function eraseBuyerNow(
  deps: Pick<WebDeps, "db" | "keys" | "now" | "log" | "wake">,
  shopId: string,
  address: string,
  also: (trx: Database, erased: Erased) => Promise<void> = async () => undefined,
): Promise<Erased> {
  const erase = (of: string | null, orderIds: readonly string[], then = also) =>
    retryingConflicts(() =>
      deps.db.transaction().execute(async (tx) => {
        const erased = await eraseBuyer(tx, deps.keys, { shopId, address: of, buyer: null, orderIds }, deps.now());
        await then(tx, erased);
        return erased;
      }),
    );
  const erased = await erase(address, []);
  await handedOver(deps.db, erased.orderIds, deps.now);
  await erase(null, erased.orderIds, async () => undefined);
  const { orderIds, cancelled, mails, consents } = erased;
  deps.log.info({ shopId, orders: orderIds.length, cancelled, mails, consents }, "a buyer was erased");
  deps.wake("plan");
  return erased;
}
