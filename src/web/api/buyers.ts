import { z } from "@hono/zod-openapi";
import { writeAudit } from "../../store/audit.ts";
import { eraseBuyerNow } from "../erase-buyer.ts";
import { exportBuyer } from "../export-buyer.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";

// Any text, and not only an address that can be written to: a shop's system may have told one that can't, and its buyer has the same rights.
const buyer = z.strictObject({ shopId: z.string(), address: field.line(320) }).openapi("Buyer");

const erasedSchema = z
  .object({
    orders: z.int().openapi({ description: "orders that were this buyer's; they are closed" }),
    cancelled: z.int().openapi({ description: "messages that would have gone out" }),
    mails: z.int().openapi({ description: "mails whose recipient and contents were kept until now" }),
    consents: z.int().openapi({ description: "consents that named the address; they stay as evidence, without it" }),
  })
  .openapi("Erased");

const messageSchema = z.object({
  id: field.id,
  step: z.string(),
  category: z.string(),
  state: z.string(),
  dueAt: field.timeOut,
  sentAt: field.timeOut.nullable(),
  reason: z.string().nullable(),
  recipient: z.string().nullable(),
  subject: z.string().nullable().openapi({ description: "as it went out; null when it did not" }),
});

const taskSchema = z.object({
  kind: z.string(),
  choice: z.string().nullable(),
  words: z.string().nullable(),
  state: z.string(),
  note: z.string().nullable(),
  openedAt: field.timeOut,
  resolvedAt: field.timeOut.nullable(),
});

const dataSchema = z
  .object({
    shopId: field.id,
    address: z.string(),
    exportedAt: field.timeOut,
    orders: z.array(
      z.object({
        id: field.id,
        sourceId: field.id,
        externalId: z.string(),
        number: z.string().nullable(),
        firstSeen: field.timeOut,
        closedAt: field.timeOut.nullable(),
        facts: z.array(z.object({ slot: z.string(), at: field.timeOut, says: z.record(z.string(), z.unknown()) })),
        messages: z.array(messageSchema),
        tasks: z.array(taskSchema),
      }),
    ),
    consents: z.array(
      z.object({
        scope: z.enum(["review", "offer"]),
        text: z.string(),
        source: z.string(),
        at: field.timeOut,
        withdrawnAt: field.timeOut.nullable(),
      }),
    ),
    suppressions: z.array(z.object({ scope: z.enum(["all", "care", "review", "offer"]), reason: z.string(), createdAt: field.timeOut })),
  })
  .openapi("BuyerData");

/** A buyer's data out, or gone (IN-18, LAW-02). Only for owners: see `auth.ts`. */
export function serveBuyers(api: Api): void {
  const { app, deps } = api;
  const tag = "Buyers";

  serve(app, {
    method: "post",
    path: "/buyers/export",
    tag,
    summary: "Gives everything that is kept about a buyer of a shop, by address",
    description: "Orders with what is known of them and their messages, consents, suppressions. Changes nothing. Wants an owner's token.",
    body: buyer,
    answers: { status: 200, description: "The data; empty lists when nothing is kept", schema: dataSchema },
    problems: [403, 404],
    handle: async ({ body, actor }) => {
      const shop = await shopOfId(api, body.shopId);
      if (shop === null) return unknownId();
      const data = await exportBuyer(deps, shop.id, body.address);
      await writeAudit(deps.db, actor, { shopId: shop.id, action: "buyer.exported", after: { orders: data.orders.length } }, deps.now());
      return answer(200, data);
    },
  });

  serve(app, {
    method: "post",
    path: "/buyers/erase",
    tag,
    summary: "Erases a buyer of a shop, by address, and stops all mail for good; answered once nothing more can go out",
    description:
      "Closes the buyer's orders, cancels what was planned, takes the buyer's data out of orders, mails, consents and suppressions. What stays is the " +
      "ledger without names, and the address's hash, so that a later order gets no mail either. Raw webhooks go after 30 days. " +
      "Repeating it is harmless. Wants an owner's token.",
    body: buyer,
    answers: { status: 200, description: "What was erased; zeros when nothing was kept", schema: erasedSchema },
    problems: [403, 404],
    handle: async ({ body, actor }) => {
      const shop = await shopOfId(api, body.shopId);
      if (shop === null) return unknownId();
      // Never of whom: an erased address must not stay in the log.
      const erasing = eraseBuyerNow(deps, shop.id, body.address, (trx, erased) => {
        const after = { orders: erased.orderIds.length, cancelled: erased.cancelled };
        return writeAudit(trx, actor, { shopId: shop.id, action: "buyer.erased", after }, deps.now());
      });
      const { orderIds, cancelled, mails, consents } = await erasing;
      return answer(200, { orders: orderIds.length, cancelled, mails, consents });
    },
  });
}
