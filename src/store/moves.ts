import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Move } from "../core/message.ts";
import type { Occurrence } from "../core/timetable.ts";
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

/** Records a move and marks its order to be planned again, in one transaction. */
export function recordMove(db: Kysely<Schema>, { id, shopId, orderId, step, occurrence, move, at }: NewMove): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await markDirty(tx, { shopId, orderIds: [orderId] });
    await tx
      .insertInto("moves")
      .values({
        id,
        shop_id: shopId,
        order_id: orderId,
        step,
        occurrence_kind: occurrence.kind,
        occurrence_id: occurrence.id,
        move,
        at: time(at),
      })
      .execute();
  });
}
