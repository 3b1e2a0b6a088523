import type { Kysely, Selectable } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { TaskKind, TaskResolution } from "../core/task.ts";
import type { Occurrence, OccurrenceKind } from "../core/timetable.ts";
import { answerBuyer } from "./buyer-waits.ts";
import { retryingConflicts } from "./conflicts.ts";
import { inTransaction } from "./in-transaction.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** Something a person must do about an order, or had to. */
export interface Task {
  readonly id: string;
  readonly shopId: string;
  readonly orderId: string;
  readonly orderNumber: string | null;
  readonly kind: TaskKind;
  /** What tells two of a kind apart: the id of an occurrence, a report or a message; a step with its occurrence. */
  readonly about: string;
  readonly messageId: string | null;
  readonly step: string | null;
  readonly occurrence: Occurrence | null;
  /** What the buyer chose; `null` for other kinds. */
  readonly choice: string | null;
  /** What the buyer wrote; `null`: nothing, or erased. */
  readonly words: string | null;
  /** `YYYY-MM-DD`: the day by which the buyer was promised an answer. */
  readonly answerBy: string | null;
  readonly state: "open" | "resolved";
  readonly resolution: TaskResolution | null;
  readonly note: string | null;
  readonly openedAt: Instant;
  readonly updatedAt: Instant;
  readonly resolvedAt: Instant | null;
}

export interface TaskFilter extends Page {
  readonly shopId: string;
  readonly state: Task["state"] | null;
  readonly orderId: string | null;
}

/** A shop's tasks, newest first. */
export async function listTasks(db: Kysely<Schema>, { shopId, state, orderId, after, limit }: TaskFilter): Promise<readonly Task[]> {
  const rows = await tasks(db)
    .where("t.shop_id", "=", shopId)
    .$if(state !== null, (query) => query.where("t.state", "=", state ?? ""))
    .$if(orderId !== null, (query) => query.where("t.order_id", "=", orderId ?? ""))
    .$if(after !== null, (query) => query.where("t.id", "<", after ?? ""))
    .orderBy("t.id", "desc")
    .limit(limit)
    .execute();
  return rows.map(taskOf);
}

/** All tasks an order ever had, oldest first. */
export async function tasksOfOrder(db: Kysely<Schema>, orderId: string): Promise<readonly Task[]> {
  return (await tasks(db).where("t.order_id", "=", orderId).orderBy("t.id").execute()).map(taskOf);
}

/** One task, or `null`. `id` must have the form of an id. */
export async function findTask(db: Kysely<Schema>, id: string): Promise<Task | null> {
  const row = await tasks(db).where("t.id", "=", id).executeTakeFirst();
  return row === undefined ? null : taskOf(row);
}

export interface Resolving {
  readonly id: string;
  readonly resolution: TaskResolution;
  /** For other operators; the buyer never sees it. */
  readonly note: string | null;
}

/**
 * Resolves an open task and marks its order to be planned again, in one transaction; `false` when it is resolved already or there is none.
 *
 * Who told of something, or wanted to talk, counts as answered then: when nothing else of the buyer waits, what was paused goes on.
 */
export function resolveTask(db: Kysely<Schema>, { id, resolution, note }: Resolving, now: Instant): Promise<boolean> {
  return retryingConflicts(
    () =>
      inTransaction(db, async (trx) => {
        const task = await trx.selectFrom("tasks").select(["shop_id", "order_id"]).where("id", "=", id).executeTakeFirst();
        if (task === undefined) return false;
        const order = { shopId: task.shop_id, orderId: task.order_id };
        // Orders before everything else, as everywhere; a closed one is neither planned again nor told anything.
        const open = (await markDirty(trx, { shopId: order.shopId, orderIds: [order.orderId] })) > 0;
        const resolved = await trx
          .updateTable("tasks")
          .set({ state: "resolved", resolution, note, resolved_at: time(now), updated_at: time(now) })
          .where("id", "=", id)
          .where("state", "=", "open")
          .returning(["kind", "about", "choice"])
          .executeTakeFirst();
        if (resolved === undefined) return false;
        if (open) await answerBuyer(trx, order, resolved, now);
        return true;
      }),
    db,
  );
}

function tasks(db: Kysely<Schema>) {
  return db.selectFrom("tasks as t").innerJoin("orders as o", "o.id", "t.order_id").selectAll("t").select("o.number");
}

/** Its closed words are held by the table's checks, and by the types of those who write them. */
function taskOf(row: Selectable<Schema["tasks"]> & { readonly number: string | null }): Task {
  return {
    id: row.id,
    shopId: row.shop_id,
    orderId: row.order_id,
    orderNumber: row.number,
    kind: row.kind as TaskKind,
    about: row.about,
    messageId: row.message_id,
    step: row.step,
    occurrence:
      row.occurrence_kind === null || row.occurrence_id === null
        ? null
        : { kind: row.occurrence_kind as OccurrenceKind, id: row.occurrence_id },
    choice: row.choice,
    words: row.words,
    answerBy: row.answer_by,
    state: row.state as Task["state"],
    resolution: row.resolution as TaskResolution | null,
    note: row.note,
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
    resolvedAt: row.resolved_at,
  };
}
