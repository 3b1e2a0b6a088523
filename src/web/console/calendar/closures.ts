import { html } from "hono/html";
import { z } from "zod";
import { newId } from "../../../core/ids.ts";
import { deleteClosure, dismissClosure, insertClosure, type StoredClosure } from "../../../store/closures.ts";
import * as field from "../../api/fields.ts";
import { wouldBeTold } from "../../who-is-told.ts";
import { type FormReading, readForm } from "../parts/form.ts";
import { planAnew } from "../replan.ts";
import { go, missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { showCalendar } from "./page.ts";
import { calendarWords } from "./words.ts";

const shown = 20;

/** Says who would be told of a closure, before it is one. */
export const checkClosure = shopRoute({
  method: "post",
  path: "/calendar/closures/check",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const reading = readClosure(visit);
    if (!reading.ok) return showCalendar(visit, reading);
    const w = visit.say(calendarWords);
    const closure = reading.value;
    const orders = await wouldBeTold(visit.deps, closure);
    const fields = {
      name: closure.name,
      starts: closure.starts,
      ends: closure.ends,
      resumes: closure.resumes,
      carriers: closure.carriers?.join(", ") ?? "",
    };
    return page({
      title: w.checkTitle,
      sentence: w.checkSentence(closure.name, orders.length),
      crumbs: [{ name: w.title, href: visit.link("/calendar") }],
      body: html`<p class="quiet">${w.checkHelp}</p>
        <ul class="lines">${orders.slice(0, shown).map(({ id, number }) => html`<li><a href="${visit.link(`/orders/${id}`)}">${number === null ? id : `#${number}`}</a></li>`)}
        ${orders.length > shown ? html`<li class="quiet">${w.more(orders.length - shown)}</li>` : ""}</ul>
        <form method="post" action="${visit.link("/calendar/closures")}">${visit.formFields()}
          ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
          <button class="button main">${w.declareNow(orders.length)}</button></form>`,
    });
  },
});

export const declareClosure = shopRoute({
  method: "post",
  path: "/calendar/closures",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const reading = readClosure(visit);
    if (!reading.ok) return showCalendar(visit, reading);
    const { id, name, starts, ends, resumes, carriers } = reading.value;
    await visit.change(async (trx) => {
      await insertClosure(trx, reading.value);
      return {
        entry: { shopId: visit.shop.id, action: "closure.declared", subject: id, after: { name, starts, ends, resumes, carriers } },
        result: undefined,
      };
    });
    const undo = { action: visit.link(`/calendar/closures/${id}/remove`) };
    return planAnew(visit, "calendar.changed", visit.link("/calendar"), { text: visit.say(calendarWords).declared(name), undo });
  },
});

export const removeClosure = shopRoute({
  method: "post",
  path: "/calendar/closures/:id/remove",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const id = visit.params["id"] ?? "";
    const removed = await visit.change(async (trx) => {
      const done = await deleteClosure(trx, visit.shop.id, id);
      return { entry: done ? { shopId: visit.shop.id, action: "closure.removed", subject: id } : null, result: done };
    });
    if (!removed) return missing();
    return planAnew(visit, "calendar.changed", visit.link("/calendar"), { text: visit.say(calendarWords).removed });
  },
});

export const dismissSuggestion = shopRoute({
  method: "post",
  path: "/calendar/suggestions/dismiss",
  role: "operator",
  section: "calendar",
  async handle(visit) {
    const suggestion = (visit.form.get("suggestion") ?? "").slice(0, 200);
    if (!/^\d{4}-[a-z0-9-]+$/.test(suggestion)) return missing();
    await visit.change(async (trx) => {
      await dismissClosure(trx, visit.shop.id, suggestion, visit.now);
      return { entry: { shopId: visit.shop.id, action: "closure.dismissed", after: { suggestion } }, result: undefined };
    });
    return go(visit.link("/calendar"), { text: visit.say(calendarWords).dismissed });
  },
});

function readClosure(visit: ShopVisit): FormReading<StoredClosure> {
  const w = visit.say(calendarWords);
  const schema = z
    .object({ name: field.line(100), starts: field.day, ends: field.day, resumes: field.day, carriers: z.string().max(1_000).optional() })
    .refine(({ starts, ends }) => ends >= starts, { path: ["ends"], message: w.badOrder })
    .refine(({ ends, resumes }) => resumes > ends, { path: ["resumes"], message: w.badResume });
  const reading = readForm(visit, schema);
  if (!reading.ok) return reading;
  const { carriers, ...closure } = reading.value;
  const names = (carriers ?? "")
    .split(/[,，]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const value = {
    ...closure,
    id: newId(visit.now),
    shopId: visit.shop.id,
    carriers: names.length === 0 ? null : names.slice(0, 50),
    createdAt: visit.now,
  };
  return { ok: true, value };
}
