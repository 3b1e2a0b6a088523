import { html } from "hono/html";
import { z } from "zod";
import { defaultCaps } from "../../../core/caps.ts";
import { defaultSchedule } from "../../../core/default-schedule.ts";
import { newId } from "../../../core/ids.ts";
import { day24, plus } from "../../../core/instant.ts";
import { insertShop, type Shop } from "../../../store/shops.ts";
import * as field from "../../api/fields.ts";
import { emptyForm, type Filled, formErrors, readForm, textField } from "../parts/form.ts";
import { go, houseRoute, page, type Reply, type Visit } from "../route.ts";
import { newShopWords } from "./words.ts";

const fields = z.object({
  name: field.line(100),
  fromAddress: field.address,
  country: field.country,
  timeZone: field.timeZone,
  locale: field.locale,
  website: field.httpsUrl.optional(),
});

/** The form for a shop: as little as is needed to begin; everything else is under Settings. */
export const newShopForm = houseRoute({
  method: "get",
  path: "/new-shop",
  role: "operator",
  handle: async (visit) => formPage(visit, emptyForm),
});

/** Makes a shop with the default schedule. Nothing goes out before somebody switches it on. */
export const makeShop = houseRoute({
  method: "post",
  path: "/new-shop",
  role: "operator",
  async handle(visit) {
    const read = readForm(visit, fields);
    if (!read.ok) return formPage(visit, read);
    const { now } = visit;
    const { name, fromAddress, country, timeZone, locale, website = null } = read.value;
    const shop: Shop = {
      id: newId(now),
      name,
      timeZone,
      locale,
      country,
      fromName: name,
      fromAddress,
      replyTo: null,
      postalAddress: null,
      website,
      logoUrl: null,
      color: null,
      reviewUrl: null,
      signedBy: null,
      liveFrom: plus(now, -30 * day24),
      sending: false,
      redirectTo: null,
      caps: defaultCaps,
      customerNotice: null,
      scheduleVersion: 1,
      createdAt: now,
      updatedAt: now,
    };
    const steps = defaultSchedule.steps.map(({ key }) => key);
    await visit.change(async (trx) => ({
      entry: { shopId: shop.id, action: "shop.added", subject: shop.id, after: read.value },
      result: await insertShop(trx, shop, defaultSchedule, steps),
    }));
    return go(`/console/shops/${shop.id}/first-run`, { text: visit.say(newShopWords).made(name) });
  },
});

function formPage(visit: Visit, filled: Filled): Reply {
  const w = visit.say(newShopWords);
  const zone = Intl.supportedValuesOf("timeZone");
  return page({
    title: w.title,
    sentence: visit.shops.length === 0 ? w.first : w.another,
    status: Object.keys(filled.errors).length === 0 ? 200 : 422,
    body: html`<section class="narrow"><p class="quiet">${w.help}</p>${formErrors(visit, filled)}
      <form method="post" class="stack">${visit.formFields()}
        ${textField(filled, { name: "name", label: w.name, hint: w.nameHint, required: true })}
        ${textField(filled, { name: "fromAddress", label: w.from, type: "email", hint: w.fromHint, required: true })}
        ${textField(filled, { name: "country", label: w.country, hint: w.countryHint, placeholder: "CN", required: true })}
        ${textField(filled, { name: "timeZone", label: w.zone, hint: w.zoneHint, list: zone, placeholder: "Asia/Shanghai", required: true })}
        ${textField(filled, { name: "locale", label: w.locale, hint: w.localeHint, value: "en", required: true })}
        ${textField(filled, { name: "website", label: w.website, type: "url", placeholder: "https://" })}
        <div><button class="button main">${w.make}</button></div></form></section>`,
  });
}
