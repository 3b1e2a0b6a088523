import { z } from "@hono/zod-openapi";
import { underHold } from "../../core/instance.ts";
import { iso } from "../../core/instant.ts";
import { plan } from "../../core/plan.ts";
import { categories, messageStates, occurrenceKinds } from "../../core/timetable.ts";
import { viewClosedTimetable, viewTimetable } from "../../core/timetable-view.ts";
import { findOrder, type ListedOrder, listOrders } from "../../store/order-list.ts";
import { loadForPlanning } from "../../store/planning.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const orderSchema = z
  .object({
    id: field.id,
    shopId: field.id,
    sourceId: field.id,
    number: z.string().nullable().openapi({ description: "without #; null while only later facts have come" }),
    externalId: z.string(),
    placedAt: field.timeOut.nullable(),
    country: z.string().nullable(),
    buyer: z.object({ name: z.string().nullable(), email: z.string().nullable() }),
    test: z.boolean(),
    scheduleVersion: z.int(),
    firstSeen: field.timeOut,
    closedAt: field.timeOut.nullable(),
  })
  .openapi("Order");

export const occurrence = z.object({ kind: z.enum(occurrenceKinds), id: z.string() });
export const because = z.object({ rule: z.string(), detail: z.string() });

export const entrySchema = z
  .object({
    step: z.string(),
    occurrence,
    category: z.enum(categories),
    state: z.enum([...messageStates, "waiting", "excluded"]),
    provisional: z.boolean().optional().openapi({ description: "`dueAt` is a projection: it counts from a step not sent yet" }),
    dueAt: field.timeOut.optional(),
    sentAt: field.timeOut.optional(),
    messageId: field.id.optional(),
    reason: z.string().optional(),
    because: z.array(because),
  })
  .openapi("TimetableEntry");

/** Orders, and what will be sent about each, when, and why. */
export function serveOrders(api: Api): void {
  const { app, deps } = api;
  const tag = "Orders";

  serve(app, {
    method: "get",
    path: "/shops/{id}/orders",
    tag,
    summary: "Lists a shop's orders, newest first",
    query: pageQuery.extend({
      number: z.string().max(200).optional().openapi({ description: "as the buyer knows it; # does not matter" }),
    }),
    answers: { status: 200, description: "Orders", schema: z.object({ orders: z.array(orderSchema), next: nextField }) },
    handle: async ({ ids, query }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const number = query.number?.trim().replace(/^#/, "").replaceAll("\0", "") ?? null;
      const { rows, next } = await pageOf(query, (page) => listOrders(deps.db, shop.id, { ...page, number }));
      return answer(200, { orders: rows.map(orderView), next });
    },
  });

  serve(app, {
    method: "get",
    path: "/orders/{id}/timetable",
    tag,
    summary: "Explains an order: every step of its schedule, with its time or the reason it has none",
    answers: { status: 200, description: "The timetable", schema: z.object({ order: orderSchema, entries: z.array(entrySchema) }) },
    handle: async ({ ids }) => {
      const order = await findOrder(deps.db, ids["id"] ?? "");
      const entries = order === null ? null : await entriesOf(api, order);
      return order === null || entries === null ? unknownId() : answer(200, { order: orderView(order), entries });
    },
  });
}

/** The timetable of an order as it is answered; `null` when the order is gone. */
export async function entriesOf({ deps }: Api, order: ListedOrder): Promise<z.output<typeof entrySchema>[] | null> {
  const [loaded] = await loadForPlanning(deps.db, deps.keys, { orderIds: [order.id], lock: false });
  if (loaded === undefined) return null;
  const { input } = loaded;
  const entries =
    order.closedAt === null
      ? viewTimetable(plan(input), input.messages, deps.now())
      : viewClosedTimetable(plan(input), input.messages, { at: order.closedAt, timeZone: input.shop.timeZone });
  const standing = await deps.instance.standing();
  return entries.map((entry) => entryView(underHold(entry, standing)));
}

function orderView(order: ListedOrder): z.output<typeof orderSchema> {
  const { buyerName, email, placedAt, firstSeen, closedAt, ...rest } = order;
  return {
    ...rest,
    placedAt: placedAt === null ? null : iso(placedAt),
    buyer: { name: buyerName, email },
    firstSeen: iso(firstSeen),
    closedAt: closedAt === null ? null : iso(closedAt),
  };
}

type Entry = ReturnType<typeof viewTimetable>[number];

function entryView(entry: Entry): z.output<typeof entrySchema> {
  return {
    ...entry,
    because: [...entry.because],
  };
}
