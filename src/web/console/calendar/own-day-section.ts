import { html } from "hono/html";
import { formatCivilDay } from "../../../core/civil-day.ts";
import { ownCalendars } from "../../../core/own-days.ts";
import { shopCalendars, type WrittenDay } from "../../../store/shop-calendars.ts";
import type { Html } from "../../html.ts";
import { confirmButton } from "../parts/act.ts";
import { emptyForm, type Filled, selectField, textField } from "../parts/form.ts";
import { shortDay } from "../parts/time.ts";
import type { ShopVisit } from "../route.ts";
import { ownDayWords } from "./own-day-words.ts";

/** The list, and a form for one more. */
export function ownDaySection(visit: ShopVisit, days: readonly WrittenDay[], filled: Filled): Html {
  const w = visit.say(ownDayWords);
  const acts = visit.user.role !== "viewer";
  const full = { day: "numeric", month: "short", year: "numeric" } as const;
  const tried = "day-name" in filled.values ? filled : emptyForm;
  return html`<section><h2>${w.title}</h2><p class="quiet">${days.length === 0 ? w.none : w.help}</p>
    <ul class="lines">${days.map(
      (
        one,
      ) => html`<li class="acts"><span><strong>${one.name}</strong> ${shortDay(visit, one.day, full)} <span class="quiet">${w.kinds[one.kind]} · ${w.calendars[one.calendar]}${one.country === null ? "" : ` · ${one.country}`}</span></span>
        ${acts ? confirmButton(visit, { action: visit.link("/calendar/days/remove"), fields: { key: ownDayKey(one) }, label: w.remove, question: w.removeQuestion, confirm: w.remove, tone: "danger" }) : ""}</li>`,
    )}</ul>
    ${
      acts
        ? html`<details class="unfold"${tried === emptyForm ? "" : html` open`}><summary>${w.add}</summary><form method="post" action="${visit.link("/calendar/days")}" class="stack two">${visit.formFields()}
      ${textField(tried, { name: "day-name", label: w.name, required: true })}
      ${textField(tried, { name: "day", label: w.day, type: "date", required: true })}
      ${selectField(tried, { name: "kind", label: w.kind, value: "holiday", options: (["holiday", "workday"] as const).map((value) => ({ value, label: w.kinds[value] })) })}
      ${selectField(tried, { name: "calendar", label: w.calendar, value: "dispatch", options: ownCalendars.map((value) => ({ value, label: w.calendars[value] })) })}
      ${textField(tried, { name: "day-country", label: w.country, hint: w.countryHint })}
      <p class="all"><button class="button main">${w.add}</button></p></form></details>`
        : ""
    }</section>`;
}

export async function ownDaysOf({ deps, shop }: ShopVisit): Promise<readonly WrittenDay[]> {
  const days = (await shopCalendars(deps.db, [shop.id])).get(shop.id)?.days ?? [];
  return days.map((one) => ({ ...one, day: formatCivilDay(one.day) }));
}

/** What a day is known by: there is one for the same purpose only. */
export function ownDayKey({ calendar, country, day }: WrittenDay): string {
  return `${calendar} ${country ?? ""} ${day}`;
}
