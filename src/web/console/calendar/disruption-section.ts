import { html } from "hono/html";
import type { StoredDisruption } from "../../../store/declarations.ts";
import type { Html } from "../../html.ts";
import { confirmButton } from "../parts/act.ts";
import { type Filled, textField } from "../parts/form.ts";
import { shortDay } from "../parts/time.ts";
import type { ShopVisit } from "../route.ts";
import { calendarWords } from "./words.ts";

/** What delays parcels on their way: what is declared, and a form for more. */
export function disruptionSection(visit: ShopVisit, open: readonly StoredDisruption[], filled: Filled): Html {
  const w = visit.say(calendarWords);
  const acts = visit.user.role !== "viewer";
  const wrong = "text" in filled.values;
  return html`<section><h2>${w.disruptions}</h2><p class="quiet">${open.length === 0 ? `${w.noDisruptions} ${w.disruptionsHelp}` : w.disruptionsHelp}</p>
    <ul class="lines">${open.map(
      (
        one,
      ) => html`<li class="acts"><span><strong>${one.name}</strong> ${w.since(shortDay(visit, one.starts))}${one.expectedEnd === null ? "" : `, ${w.expected(shortDay(visit, one.expectedEnd))}`}
        <span class="quiet">“${one.text}”${matchOf(one)}</span></span>
        ${acts ? confirmButton(visit, { action: visit.link(`/calendar/disruptions/${one.id}/end`), label: w.end, question: w.endQuestion, confirm: w.end, tone: "main" }) : ""}</li>`,
    )}</ul>
    ${acts ? html`<details class="unfold"${wrong ? html` open` : ""}><summary>${w.newDisruption}</summary>${disruptionForm(visit, wrong ? filled : { values: {}, errors: {} })}</details>` : ""}</section>`;
}

function matchOf({ carriers, services, countries }: StoredDisruption): string {
  const parts = [carriers, services, countries].flatMap((list) => (list === null ? [] : [list.join(", ")]));
  return parts.length === 0 ? "" : ` · ${parts.join(" · ")}`;
}

function disruptionForm(visit: ShopVisit, filled: Filled): Html {
  const w = visit.say(calendarWords);
  return html`<form method="post" action="${visit.link("/calendar/disruptions/check")}" class="stack two">${visit.formFields()}
    ${textField(filled, { name: "title", label: w.name, required: true })}
    ${textField(filled, { name: "text", label: w.text, hint: w.textHint, required: true })}
    ${textField(filled, { name: "since", label: w.starts, type: "date", required: true })}
    ${textField(filled, { name: "expectedEnd", label: w.expectedEnd, type: "date" })}
    ${textField(filled, { name: "by", label: w.carriers, hint: w.carriersHint })}
    ${textField(filled, { name: "services", label: w.services })}
    ${textField(filled, { name: "countries", label: w.countries, hint: w.countriesHint })}
    ${textField(filled, { name: "dispatchedFrom", label: w.dispatchedFrom, type: "date" })}
    ${textField(filled, { name: "dispatchedTo", label: w.dispatchedTo, type: "date" })}
    <p class="all"><button class="button main">${w.check}</button></p></form>`;
}
