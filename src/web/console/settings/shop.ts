import { html } from "hono/html";
import { z } from "zod";
import { includesRole } from "../../../core/token-role.ts";
import { difference } from "../../../store/audit.ts";
import { endRest } from "../../../store/rests.ts";
import { changesPlans, type Shop, type ShopChange, updateShop } from "../../../store/shops.ts";
import * as field from "../../api/fields.ts";
import type { Html } from "../../html.ts";
import { confirmButton } from "../parts/act.ts";
import { emptyForm, type Filled, formErrors, readForm, textField } from "../parts/form.ts";
import { isLong, planAnew } from "../replan.ts";
import { go, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { frameWords } from "../words/frame.ts";
import { settingsTabs } from "./tabs.ts";
import { settingsWords } from "./words.ts";

/** An empty field clears what stood there. */
const orNothing = <Schema extends z.ZodType>(schema: Schema) =>
  schema.optional().transform((value) => (value === undefined ? null : value) as z.output<Schema> | null);

const fields = z.object({
  name: field.line(100),
  fromName: field.line(100),
  fromAddress: field.address,
  replyTo: orNothing(field.address),
  signedBy: orNothing(field.line(100)),
  postalAddress: orNothing(field.lines(500)),
  website: orNothing(field.httpsUrl),
  logoUrl: orNothing(field.httpsUrl),
  color: orNothing(field.hexColor),
  reviewUrl: orNothing(field.httpsUrl),
  country: field.country,
  timeZone: field.timeZone,
  locale: field.locale,
  redirectTo: orNothing(field.address),
});

/** The shop: whether it sends, who it is, where it is. */
export const shopSettings = shopRoute({
  method: "get",
  path: "/settings",
  role: "viewer",
  section: "settings",
  handle: async (visit) => show(visit, emptyForm),
});

export const saveShop = shopRoute({
  method: "post",
  path: "/settings",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const read = readForm(visit, fields);
    if (!read.ok) return show(visit, read);
    return saveAndGo(visit, read.value, "/settings", visit.say(settingsWords).shop.saved);
  },
});

/** On or off; undone by the opposite. */
export const switchSending = shopRoute({
  method: "post",
  path: "/settings/sending",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const sending = visit.form.get("sending") === "on";
    const plans = await changeShop(visit, { sending });
    const w = visit.say(settingsWords).shop;
    const to = visit.link(sending ? "/today" : "/settings");
    const undo = { action: visit.link("/settings/sending"), fields: { sending: sending ? "off" : "on" } };
    const toast = { text: sending ? w.switchedOn : w.switchedOff, undo };
    if (!plans) return go(to, toast);
    if (await isLong(visit)) return planAnew(visit, "shop.changed", to, toast);
    await visit.deps.replanShop(visit.shop.id);
    return go(to, toast);
  },
});

/** Changes the shop, and says so where `to` leads; with what it did to queued mail where that depends on it. */
export async function saveAndGo(visit: ShopVisit, change: ShopChange, to: string, text: string): Promise<Reply> {
  const plans = await changeShop(visit, change);
  return plans ? planAnew(visit, "shop.changed", visit.link(to), { text }) : go(visit.link(to), { text });
}

/** Changes the shop with its line in the audit log; whether what is planned depends on it. */
async function changeShop(visit: ShopVisit, change: ShopChange): Promise<boolean> {
  const asked = Object.fromEntries(Object.entries(visit.shop).filter(([name]) => name in change));
  const differs = difference<object>(asked, change);
  // Whoever switches it on means now, whatever servers said before.
  if (change.sending === true) await endRest(visit.deps.db, visit.shop.id);
  if (Object.keys(differs.after).length === 0) return false;
  await visit.change(async (trx) => ({
    entry: { shopId: visit.shop.id, action: "shop.changed", subject: visit.shop.id, ...differs },
    result: await updateShop(trx, visit.shop.id, differs.after, visit.now),
  }));
  return changesPlans(differs.after);
}

function show(visit: ShopVisit, filled: Filled): Reply {
  const w = visit.say(settingsWords).shop;
  const acts = includesRole(visit.user.role, "operator");
  return page({
    title: visit.say(settingsWords).tabs.shop,
    sentence: w.sentence(visit.shop.name, visit.shop.sending),
    status: Object.keys(filled.errors).length === 0 ? 200 : 422,
    body: html`${settingsTabs(visit, "shop")}${sending(visit, acts)}${acts ? form(visit, filled) : facts(visit.shop, w)}`,
  });
}

function sending(visit: ShopVisit, acts: boolean): Html {
  const w = visit.say(settingsWords).shop;
  const on = visit.shop.sending;
  const button = confirmButton(visit, {
    action: visit.link("/settings/sending"),
    fields: { sending: on ? "off" : "on" },
    label: on ? w.switchOff : w.switchOn,
    tone: on ? "danger" : "main",
    question: on ? w.switchOffQuestion : w.switchOnQuestion,
    confirm: on ? w.switchOffConfirm : w.switchOnConfirm,
  });
  return html`<section aria-labelledby="sending"><div class="head"><div><h2 id="sending">${w.sendingTitle}</h2><p class="quiet">${on ? w.on : w.off}</p></div>${acts ? button : ""}</div></section>`;
}

function form(visit: ShopVisit, filled: Filled): Html {
  const w = visit.say(settingsWords).shop;
  const { shop } = visit;
  const text = (name: keyof typeof fields.shape, more: Partial<Parameters<typeof textField>[1]> = {}) =>
    textField(filled, { name, label: w[name], value: shop[name] ?? "", ...more });
  return html`${formErrors(visit, filled)}<form method="post" class="stack">${visit.formFields()}
    <section aria-labelledby="identity"><h2 id="identity">${w.identity}</h2><div class="stack two">
      ${text("name", { required: true })}
      ${text("fromName", { required: true })}
      ${text("fromAddress", { type: "email", required: true })}
      ${text("replyTo", { type: "email", hint: w.replyToHint })}
      ${text("signedBy", { hint: w.signedByHint })}
      ${text("website", { type: "url", placeholder: "https://" })}
      ${text("reviewUrl", { type: "url", placeholder: "https://" })}
      ${text("logoUrl", { type: "url", placeholder: "https://" })}
      ${text("color", { placeholder: "#1f6f5c" })}
      ${text("postalAddress", { rows: 3, hint: w.postalAddressHint })}
    </div></section>
    <section aria-labelledby="place"><h2 id="place">${w.place}</h2><div class="stack two">
      ${text("country", { required: true })}
      ${text("timeZone", { required: true, list: Intl.supportedValuesOf("timeZone") })}
      ${text("locale", { required: true })}
    </div><p class="quiet small">${w.quiet}</p></section>
    <section aria-labelledby="trying"><h2 id="trying">${w.trying}</h2><div class="narrow">${text("redirectTo", { type: "email", hint: w.redirectToHint })}</div></section>
    <div><button class="button main">${visit.say(frameWords).save}</button></div></form>`;
}

/** The same to look at. */
function facts(shop: Shop, w: (typeof settingsWords)["en"]["shop"]): Html {
  const names = Object.keys(fields.shape) as (keyof typeof fields.shape)[];
  return html`<section><dl class="pairs">${names.map((name) => html`<dt>${w[name]}</dt><dd>${shop[name] ?? "–"}</dd>`)}</dl></section>`;
}
