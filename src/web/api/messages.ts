import { z } from "@hono/zod-openapi";
import { isId } from "../../core/ids.ts";
import { type Standing, statesShownAs, underHold } from "../../core/instance.ts";
import { iso } from "../../core/instant.ts";
import { categories, messageStates } from "../../core/timetable.ts";
import { findMessage, type LedgerRow, listMessages } from "../../store/message-list.ts";
import { findOrder } from "../../store/order-list.ts";
import { problem } from "../problem.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { because, occurrence } from "./orders.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

export const messageSchema = z
  .object({
    id: field.id,
    shopId: field.id,
    orderId: field.id,
    orderNumber: z.string().nullable(),
    step: z.string(),
    occurrence,
    template: z.string(),
    category: z.enum(categories),
    state: z.enum(messageStates),
    dueAt: field.timeOut,
    sentAt: field.timeOut.nullable(),
    reason: z.string().nullable(),
    because: z.array(because),
    attempts: z.int(),
    updatedAt: field.timeOut,
  })
  .openapi("Message");

const mailSchema = z
  .object({ subject: z.string(), html: z.string(), text: z.string(), headers: z.record(z.string(), z.string()) })
  .openapi("Mail");

/** The ledger: every message that was ever planned, and the mail it becomes or became. */
export function serveMessages(api: Api): void {
  const { app, deps } = api;
  const tag = "Messages";

  serve(app, {
    method: "get",
    path: "/messages",
    tag,
    summary: "Lists the ledger, newest first",
    query: pageQuery.extend({
      shop: z.string().optional().openapi({ description: "id of a shop" }),
      order: z.string().optional().openapi({ description: "id of an order" }),
      state: z.enum(messageStates).optional(),
    }),
    answers: { status: 200, description: "Messages", schema: z.object({ messages: z.array(messageSchema), next: nextField }) },
    problems: [404],
    handle: async ({ query }) => {
      const { shop, order, state } = query;
      if (shop !== undefined && (await shopOfId(api, shop)) === null) return unknownId();
      if (order !== undefined) {
        const found = isId(order) ? await findOrder(deps.db, order) : null;
        if (found === null || (shop !== undefined && found.shopId !== shop)) return unknownId();
      }
      const standing = await deps.instance.standing();
      const filter = { shopId: shop ?? null, orderId: order ?? null, states: state === undefined ? null : statesShownAs(state, standing) };
      const { rows, next } = await pageOf(query, (page) => listMessages(deps.db, { ...filter, ...page }));
      return answer(200, { messages: rows.map((row) => messageView(row, standing)), next });
    },
  });

  serve(app, {
    method: "get",
    path: "/messages/{id}",
    tag,
    summary: "Shows a message",
    answers: { status: 200, description: "The message", schema: messageSchema },
    handle: async ({ ids }) => {
      const message = await findMessage(deps.db, ids["id"] ?? "");
      return message === null ? unknownId() : answer(200, messageView(message, await deps.instance.standing()));
    },
  });

  serve(app, {
    method: "get",
    path: "/messages/{id}/preview",
    tag,
    summary: "Shows the mail as it would go out now",
    answers: { status: 200, description: "The mail", schema: mailSchema },
    problems: [409],
    handle: async ({ ids }) => {
      const message = await findMessage(deps.db, ids["id"] ?? "");
      if (message === null) return unknownId();
      const mail = await deps.preview(message.id);
      if ("failed" in mail) return problem(409, `this mail can't be made now: ${mail.failed}`, { state: message.state });
      return answer(200, mail);
    },
  });

  serve(app, {
    method: "get",
    path: "/messages/{id}/sent",
    tag,
    summary: "Shows the mail as it went out",
    answers: { status: 200, description: "The mail", schema: mailSchema },
    handle: async ({ ids }) => {
      const message = await findMessage(deps.db, ids["id"] ?? "");
      if (message === null) return unknownId();
      const mail = await deps.sent(message.id);
      return mail === null ? problem(404, `this message was not sent, or its data are erased; it is ${message.state}`) : answer(200, mail);
    },
  });
}

/** As the ledger has it; what sending is held for is shown as held. */
export function messageView(row: LedgerRow, standing: Standing): z.output<typeof messageSchema> {
  const { dueAt, sentAt, updatedAt, because, buyerName: _, ...rest } = underHold(row, standing);
  return { ...rest, dueAt: iso(dueAt), sentAt: sentAt === null ? null : iso(sentAt), because: [...because], updatedAt: iso(updatedAt) };
}
