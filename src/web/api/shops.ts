import { z } from "@hono/zod-openapi";
import { type Caps, defaultCaps } from "../../core/caps.ts";
import { defaultSchedule } from "../../core/default-schedule.ts";
import { newId } from "../../core/ids.ts";
import { day24, iso, plus } from "../../core/instant.ts";
import { audited, difference } from "../../store/audit.ts";
import { endRest } from "../../store/rests.ts";
import { changesPlans, findShop, insertShop, listShops, type Shop, type ShopChange, updateShop } from "../../store/shops.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const capsSchema = z
  .strictObject({
    daysBetweenAsks: z.int().min(1).max(90).openapi({
      description: "a buyer is asked for something (review and offer mail, care mail that invites feedback) once in so many days",
    }),
    mailsPerDay: z.int().min(1).max(10).openapi({ description: "a buyer gets so many care, review and offer mails in 24 hours" }),
  })
  .openapi("Caps", {
    description: "How much mail one buyer gets, over all orders. What finds no room waits; mail about the order itself is never held back.",
  });

const customerNotice = z
  .strictObject({
    text: field
      .lines(2_000)
      .openapi({ description: "what buyers read where they give their address: that you may ask for a review, and how to object" }),
    since: field.time.openapi({ description: "orders placed from then on were told" }),
  })
  .openapi("CustomerNotice", {
    description: "Where a review request wants consent (DE, AT), it also goes to those who were told this when they ordered (§ 7(3) UWG).",
  });

const sender = z.strictObject({ name: field.line(100), address: field.address });

const newShop = z
  .strictObject({
    name: field.line(100),
    timeZone: field.timeZone,
    locale: field.locale,
    country: field.country,
    from: sender,
    replyTo: field.address.nullish(),
    postalAddress: field.lines(500).nullish(),
    website: field.httpsUrl.nullish(),
    logoUrl: field.httpsUrl.nullish(),
    color: field.hexColor.nullish(),
    reviewUrl: field.httpsUrl.nullish(),
    signedBy: field.line(100).nullish(),
    liveFrom: field.time.optional().openapi({ description: "older orders plan nothing; 30 days ago when absent" }),
    sending: z.boolean().default(true),
    caps: capsSchema.partial().optional(),
    customerNotice: customerNotice.nullish(),
    redirectTo: field.address.nullish().openapi({ description: "all mail of the shop goes to this address instead" }),
  })
  .openapi("NewShop");

const shopChange = newShop.extend({ sending: z.boolean() }).partial().openapi("ShopChange");

const shopSchema = z
  .object({
    id: field.id,
    name: z.string(),
    timeZone: z.string(),
    locale: z.string(),
    country: z.string(),
    from: z.object({ name: z.string(), address: z.string() }),
    replyTo: z.string().nullable(),
    postalAddress: z.string().nullable(),
    website: z.string().nullable(),
    logoUrl: z.string().nullable(),
    color: z.string().nullable(),
    reviewUrl: z.string().nullable(),
    signedBy: z.string().nullable(),
    liveFrom: field.timeOut,
    sending: z.boolean(),
    redirectTo: z.string().nullable(),
    caps: capsSchema,
    customerNotice: z.object({ text: z.string(), since: field.timeOut }).nullable(),
    scheduleVersion: z.int(),
    createdAt: field.timeOut,
  })
  .openapi("Shop");

/** Shops: the tenants. */
export function serveShops(api: Api): void {
  const { app, deps } = api;
  const tag = "Shops";

  serve(app, {
    method: "post",
    path: "/shops",
    tag,
    summary: "Makes a shop with the default schedule",
    body: newShop,
    answers: { status: 201, description: "The shop", schema: shopSchema },
    handle: async ({ body, actor }) => {
      const now = deps.now();
      const shop: Shop = {
        ...noDetails,
        ...changeOf(body, defaultCaps),
        id: newId(now),
        name: body.name,
        timeZone: body.timeZone,
        locale: body.locale,
        country: body.country,
        fromName: body.from.name,
        fromAddress: body.from.address,
        liveFrom: body.liveFrom ?? plus(now, -30 * day24),
        sending: body.sending,
        scheduleVersion: 1,
        createdAt: now,
        updatedAt: now,
      };
      const steps = defaultSchedule.steps.map((step) => step.key);
      await audited(deps.db, { actor, now }, async (trx) => ({
        entry: { shopId: shop.id, action: "shop.added", subject: shop.id, after: { name: shop.name, sending: shop.sending } },
        result: await insertShop(trx, shop, defaultSchedule, steps),
      }));
      return answer(201, shopView(shop));
    },
  });

  serve(app, {
    method: "get",
    path: "/shops",
    tag,
    summary: "Lists shops, newest first",
    query: pageQuery,
    answers: { status: 200, description: "Shops", schema: z.object({ shops: z.array(shopSchema), next: nextField }) },
    handle: async ({ query }) => {
      const { rows, next } = await pageOf(query, (page) => listShops(deps.db, page));
      return answer(200, { shops: rows.map(shopView), next });
    },
  });

  serve(app, {
    method: "get",
    path: "/shops/{id}",
    tag,
    summary: "Shows a shop",
    answers: { status: 200, description: "The shop", schema: shopSchema },
    handle: async ({ ids }) => {
      const shop = await shopOfId(api, ids["id"]);
      return shop === null ? unknownId() : answer(200, shopView(shop));
    },
  });

  serve(app, {
    method: "patch",
    path: "/shops/{id}",
    tag,
    summary: "Changes a shop",
    description: "Fields that are absent stay; `null` clears one. `sending: false` holds everything of the shop.",
    body: shopChange,
    answers: { status: 200, description: "The shop", schema: shopSchema },
    handle: async ({ ids, body, actor }) => {
      const id = ids["id"] ?? "";
      const shop = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const before = await findShop(trx, id);
        const change = changeOf(body, before?.caps ?? defaultCaps);
        const result = before === null ? null : await updateShop(trx, id, change, deps.now());
        const differs = before === null || result === null ? null : difference(picked(before, change), picked(result, change));
        const entry =
          differs === null || Object.keys(differs.after).length === 0
            ? null
            : { shopId: id, action: "shop.changed", subject: id, ...differs };
        return { entry, result };
      });
      if (shop === null) return unknownId();
      // An operator who switches it on means now, whatever servers said before.
      if (body.sending === true) await endRest(deps.db, shop.id);
      if (changesPlans(changeOf(body, shop.caps))) await deps.replanShop(shop.id);
      return answer(200, shopView(shop));
    },
  });
}

const noDetails = {
  replyTo: null,
  postalAddress: null,
  website: null,
  logoUrl: null,
  color: null,
  reviewUrl: null,
  signedBy: null,
  redirectTo: null,
  caps: defaultCaps,
  customerNotice: null,
} satisfies ShopChange;

/** Of a shop, the fields that a change speaks of. */
function picked(shop: Shop, change: ShopChange): object {
  return Object.fromEntries(Object.entries(shop).filter(([name]) => name in change));
}

/** Only what was given: an absent field stays as it is, and of the caps one that is not named. */
function changeOf({ from, caps, ...rest }: z.output<typeof shopChange>, standing: Caps): ShopChange {
  const sender = from === undefined ? {} : { fromName: from.name, fromAddress: from.address };
  const { daysBetweenAsks = standing.daysBetweenAsks, mailsPerDay = standing.mailsPerDay } = caps ?? {};
  const both = caps === undefined ? {} : { caps: { daysBetweenAsks, mailsPerDay } };
  return Object.fromEntries(Object.entries({ ...rest, ...sender, ...both }).filter(([, value]) => value !== undefined));
}

function shopView(shop: Shop): z.output<typeof shopSchema> {
  const { fromName, fromAddress, liveFrom, createdAt, updatedAt: _, customerNotice: notice, ...rest } = shop;
  const customerNotice = notice === null ? null : { text: notice.text, since: iso(notice.since) };
  return { ...rest, customerNotice, from: { name: fromName, address: fromAddress }, liveFrom: iso(liveFrom), createdAt: iso(createdAt) };
}
