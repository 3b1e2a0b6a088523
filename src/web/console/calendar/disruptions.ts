import { html } from "hono/html";
import { z } from "zod";
import { newId } from "../../../core/ids.ts";
import type { StoredDisruption } from "../../../store/declarations.ts";
import { changeDisruption, insertDisruption } from "../../../store/disruptions.ts";
import * as field from "../../api/fields.ts";
import { wouldBeToldOf } from "../../who-is-told.ts";
import { type FormReading, readForm } from "../parts/form.ts";
import { planAnew } from "../replan.ts";
import { missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { showCalendar } from "./page.ts";
import { calendarWords } from "./words.ts";

const shown = 20;

/** Says who would be told of a disruption, before it is one. */
export const checkDisruption = shopRoute({
  method: "post",
  path: "/calendar/disruptions/check",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const reading = readDisruption(visit);
    if (!reading.ok) return showCalendar(visit, reading);
    const w = visit.say(calendarWords);
    const { name, text } = reading.value;
    const orders = await wouldBeToldOf(visit.deps, reading.value);
    const kept = [...visit.form].filter(([field]) => !field.startsWith("_"));
    return page({
      title: w.checkTitle,
      sentence: w.checkSentence(name, orders.length),
      crumbs: [{ name: w.title, href: visit.link("/calendar") }],
      body: html`<blockquote>${text}</blockquote>
        <ul class="lines">${orders.slice(0, shown).map(({ id, number }) => html`<li><a href="${visit.link(`/orders/${id}`)}">${number === null ? id : `#${number}`}</a></li>`)}
        ${orders.length > shown ? html`<li class="quiet">${w.more(orders.length - shown)}</li>` : ""}</ul>
        <form method="post" action="${visit.link("/calendar/disruptions")}">${visit.formFields()}
          ${kept.map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`)}
          <button class="button main">${w.declareNow(orders.length)}</button></form>`,
    });
  },
});

export const declareDisruption = shopRoute({
  method: "post",
  path: "/calendar/disruptions",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const reading = readDisruption(visit);
    if (!reading.ok) return showCalendar(visit, reading);
    const { id, name, text, starts, expectedEnd } = reading.value;
    await visit.change(async (trx) => {
      await insertDisruption(trx, reading.value);
      return {
        entry: { shopId: visit.shop.id, action: "disruption.declared", subject: id, after: { name, text, starts, expectedEnd } },
        result: undefined,
      };
    });
    return planAnew(visit, "calendar.changed", visit.link("/calendar"), { text: visit.say(calendarWords).declared(name) });
  },
});

export const endDisruption = shopRoute({
  method: "post",
  path: "/calendar/disruptions/:id/end",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const id = visit.params["id"] ?? "";
    const ended = await visit.change(async (trx) => {
      const done = await changeDisruption(trx, { shopId: visit.shop.id, id }, (standing) => ({
        ...standing,
        endedAt: standing.endedAt ?? visit.now,
      }));
      return { entry: done == null ? null : { shopId: visit.shop.id, action: "disruption.ended", subject: id }, result: done };
    });
    if (ended == null) return missing();
    return planAnew(visit, "calendar.changed", visit.link("/calendar"), { text: visit.say(calendarWords).ended });
  },
});

const country = z.string().regex(/^[A-Z]{2}$/, "is not a country: wanted ISO 3166-1 alpha-2, as US");
const list = (text: string) =>
  text
    .split(/[,，]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
const names = z
  .string()
  .max(1_000)
  .transform(list)
  .pipe(z.array(field.line(80)).max(50))
  .optional();

function readDisruption(visit: ShopVisit): FormReading<StoredDisruption> {
  const w = visit.say(calendarWords);
  const schema = z
    .object({
      title: field.line(100),
      text: field.line(400),
      since: field.day,
      expectedEnd: field.day.optional(),
      by: names,
      services: names,
      countries: z
        .string()
        .max(1_000)
        .transform((text) => list(text.toUpperCase()))
        .pipe(z.array(country).max(250))
        .optional(),
      dispatchedFrom: field.day.optional(),
      dispatchedTo: field.day.optional(),
    })
    .refine(({ since, expectedEnd }) => expectedEnd === undefined || expectedEnd >= since, { path: ["expectedEnd"], message: w.badOrder })
    .refine(({ dispatchedFrom, dispatchedTo }) => !dispatchedFrom || !dispatchedTo || dispatchedTo >= dispatchedFrom, {
      path: ["dispatchedTo"],
      message: w.badOrder,
    });
  const reading = readForm(visit, schema);
  if (!reading.ok) return reading;
  const { title, text, since, expectedEnd = null, by, services, countries, dispatchedFrom = null, dispatchedTo = null } = reading.value;
  const value: StoredDisruption = {
    id: newId(visit.now),
    shopId: visit.shop.id,
    name: title,
    text,
    starts: since,
    expectedEnd,
    carriers: some(by),
    services: some(services),
    countries: some(countries),
    dispatchedFrom,
    dispatchedTo,
    telling: 1,
    toldFrom: visit.now,
    endedAt: null,
    createdAt: visit.now,
  };
  return { ok: true, value };
}

function some(names: readonly string[] | undefined): readonly string[] | null {
  return names === undefined || names.length === 0 ? null : names;
}
