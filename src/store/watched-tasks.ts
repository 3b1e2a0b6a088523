import { type Kysely, sql } from "kysely";
import { newId } from "../core/ids.ts";
import { type Instant, iso } from "../core/instant.ts";
import type { Order } from "../core/order.ts";
import { endedByFacts, type OpenTask, type WantedTask } from "../core/task.ts";
import { answerBuyer } from "./buyer-waits.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";

/** An order that was just planned, and what in it needs a person. */
export interface WatchedOrder {
  readonly orderId: string;
  readonly shopId: string;
  readonly order: Order;
  readonly wanted: readonly WantedTask[];
}

/**
 * Opens the tasks that planning found, and ends those that the facts have ended, for a set of locked orders: three statements at most, one when
 * there is nothing to do; more only for those whose buyer's report or choice the order's end has settled, which is written down, so that what
 * was paused for it goes on when the order is planned again.
 *
 * Harmless to repeat: a task that is open, or that a person has resolved, is not opened again.
 */
export async function watchTasks(db: Kysely<Schema>, orders: readonly WatchedOrder[], now: Instant): Promise<void> {
  if (orders.length === 0) return;
  const open = await openTasks(
    db,
    orders.map(({ orderId }) => orderId),
  );
  const ended = orders.flatMap(({ orderId, shopId, order, wanted }) =>
    (open.get(orderId) ?? []).flatMap((task) => {
      const end = endedByFacts(task, order, wanted);
      return end === null ? [] : [{ task, orderId, shopId, end }];
    }),
  );
  const added = orders.flatMap(({ orderId, shopId, wanted }) =>
    wanted
      .filter(({ kind, about }) => !(open.get(orderId) ?? []).some((task) => task.kind === kind && task.about === about))
      .map(({ kind, about, messageId, step, occurrence }) => ({
        id: newId(now),
        shop_id: shopId,
        order_id: orderId,
        message_id: messageId,
        kind,
        about,
        step,
        occurrence_kind: occurrence.kind,
        occurrence_id: occurrence.id,
      })),
  );
  if (ended.length > 0) {
    const rows = ended.map(({ task, end: { resolution, note } }) => ({ id: task.id, resolution, note }));
    await sql`
      update tasks as t set state = 'resolved', resolution = e.resolution, note = e.note, resolved_at = ${iso(now)}::timestamptz, updated_at = ${iso(now)}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (id uuid, resolution text, note text)
      where t.id = e.id and t.state = 'open'`.execute(db);
  }
  for (const { task, orderId, shopId, end } of ended) {
    if (!end.settles) continue;
    await answerBuyer(db, { shopId, orderId }, task, now);
    await markDirty(db, { shopId, orderIds: [orderId] });
  }
  if (added.length > 0) {
    await sql`
      insert into tasks (id, shop_id, order_id, message_id, kind, about, step, occurrence_kind, occurrence_id, state, opened_at, updated_at)
      select a.id, a.shop_id, a.order_id, a.message_id, a.kind, a.about, a.step, a.occurrence_kind, a.occurrence_id, 'open', ${iso(now)}::timestamptz, ${iso(now)}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(added)}::jsonb) as a (id uuid, shop_id uuid, order_id uuid, message_id uuid, kind text, about text,
        step text, occurrence_kind text, occurrence_id text)
      where not exists (select 1 from tasks as t where t.order_id = a.order_id and t.kind = a.kind and t.about = a.about and t.resolution <> 'no-longer-needed')
      on conflict do nothing`.execute(db);
  }
}

async function openTasks(db: Kysely<Schema>, orderIds: readonly string[]): Promise<ReadonlyMap<string, readonly OpenTask[]>> {
  const { rows } = await sql<OpenTask & { order_id: string }>`
    select order_id, id, kind, about, choice, updated_at as "updatedAt" from tasks where order_id = any(${orderIds}::uuid[]) and state = 'open'`.execute(
    db,
  );
  return Map.groupBy(rows, (row) => row.order_id);
}
