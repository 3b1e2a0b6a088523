import { z } from "@hono/zod-openapi";
import { isId } from "../../core/ids.ts";
import { iso } from "../../core/instant.ts";
import { taskKinds, taskResolutions, toDoOf } from "../../core/task.ts";
import { audited } from "../../store/audit.ts";
import { findOrder } from "../../store/order-list.ts";
import { findTask, listTasks, resolveTask, type Task } from "../../store/tasks.ts";
import { problem } from "../problem.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { occurrence } from "./orders.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const taskSchema = z
  .object({
    id: field.id,
    shopId: field.id,
    orderId: field.id,
    orderNumber: z.string().nullable(),
    kind: z.enum(taskKinds),
    about: z.string().openapi({ description: "with order and kind what tells a task from others: at most one such is open" }),
    toDo: z.string().openapi({ description: "what a person must do, in English" }),
    messageId: field.id.nullable(),
    step: z.string().nullable(),
    occurrence: occurrence.nullable(),
    choice: z.string().nullable().openapi({ description: "what the buyer chose" }),
    words: z.string().nullable().openapi({ description: "what the buyer wrote; null when nothing, or erased" }),
    answerBy: z.string().nullable().openapi({ format: "date", description: "the day by which the buyer was promised an answer" }),
    state: z.enum(["open", "resolved"]),
    resolution: z.enum(taskResolutions).nullable(),
    note: z.string().nullable(),
    openedAt: field.timeOut,
    updatedAt: field.timeOut,
    resolvedAt: field.timeOut.nullable(),
  })
  .openapi("Task");

const resolving = z
  .strictObject({
    resolution: z.enum(taskResolutions).default("done").openapi({ description: "how it ended" }),
    note: field.lines(2_000).nullish().openapi({ description: "for other operators; the buyer does not see it" }),
  })
  .openapi("Resolving");

/** What a person must do. */
export function serveTasks(api: Api): void {
  const { app, deps } = api;
  const tag = "Tasks";

  serve(app, {
    method: "get",
    path: "/shops/{id}/tasks",
    tag,
    summary: "Lists what people must do, newest first",
    query: pageQuery.extend({
      state: z.enum(["open", "resolved"]).optional(),
      order: z.string().optional().openapi({ description: "id of an order" }),
    }),
    answers: { status: 200, description: "Tasks", schema: z.object({ tasks: z.array(taskSchema), next: nextField }) },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const { state, order } = query;
      if (order !== undefined) {
        const found = isId(order) ? await findOrder(deps.db, order) : null;
        if (found === null || found.shopId !== shop.id) return unknownId();
      }
      const filter = { shopId: shop.id, state: state ?? null, orderId: order ?? null };
      const { rows, next } = await pageOf(query, (page) => listTasks(deps.db, { ...filter, ...page }));
      return answer(200, { tasks: rows.map(taskView), next });
    },
  });

  serve(app, {
    method: "post",
    path: "/tasks/{id}/resolve",
    tag,
    summary: "Says that a task is done, and how it ended",
    description:
      "A buyer who told of something counts as answered when the last of these tasks is resolved: care and review mail goes on then.",
    body: resolving,
    bodyOptional: true,
    answers: { status: 200, description: "The task as it is then", schema: taskSchema },
    problems: [409],
    handle: async ({ ids, body, actor }) => {
      const task = await findTask(deps.db, ids["id"] ?? "");
      if (task === null) return unknownId();
      const { resolution, note = null } = body;
      const done = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const result = await resolveTask(trx, { id: task.id, resolution, note }, deps.now());
        const after = { kind: task.kind, resolution };
        return { entry: result ? { shopId: task.shopId, action: "task.resolved", subject: task.id, after } : null, result };
      });
      if (!done) {
        return problem(409, "this task is resolved already", { state: "resolved" });
      }
      await deps.planNow([task.orderId]);
      const resolved = await findTask(deps.db, task.id);
      return resolved === null ? unknownId() : answer(200, taskView(resolved));
    },
  });
}

function taskView({ openedAt, updatedAt, resolvedAt, ...task }: Task): z.output<typeof taskSchema> {
  return {
    ...task,
    toDo: toDoOf(task),
    openedAt: iso(openedAt),
    updatedAt: iso(updatedAt),
    resolvedAt: resolvedAt === null ? null : iso(resolvedAt),
  };
}
