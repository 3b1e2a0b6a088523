import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Move } from "../core/message.ts";
import type { Occurrence } from "../core/timetable.ts";
import { inTransaction } from "./in-transaction.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** An operator's move about to be recorded; it is a fact like any other (P1). */
export interface NewMove {
  readonly id: string;
  readonly shopId: string;
  readonly orderId: string;
  readonly step: string;
  readonly occurrence: Occurrence;
  readonly move: Move["move"];
  readonly at: Instant;
}

/** Records moves and marks their orders to be planned again, in one transaction: the one it is given, or one of its own. */
export async function recordMoves(db: Kysely<Schema>, moves: readonly NewMove[]): Promise<void> {
  if (moves.length === 0) return;
  const ordersOf = new Map<string, Set<string>>();
  for (const { shopId, orderId } of moves) ordersOf.set(shopId, (ordersOf.get(shopId) ?? new Set()).add(orderId));
  await inTransaction(db, async (tx) => {
    for (const [shopId, orderIds] of ordersOf) await markDirty(tx, { shopId, orderIds: [...orderIds] });
    await tx
      .insertInto("moves")
      .values(
        moves.map(({ id, shopId, orderId, step, occurrence, move, at }) => ({
          id,
          shop_id: shopId,
          order_id: orderId,
          step,
          occurrence_kind: occurrence.kind,
          occurrence_id: occurrence.id,
          move,
          at: time(at),
        })),
      )
      .execute();
  });
}
