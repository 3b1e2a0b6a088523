import { html } from "hono/html";
import { addDays, formatCivilDay, yearOf } from "../../../core/civil-day.ts";
import { localDay } from "../../../core/local-time.ts";
import { closuresBetween, type StoredClosure } from "../../../store/closures.ts";
import { listDisruptions } from "../../../store/disruptions.ts";
import type { Html } from "../../html.ts";
import { calendarYear, suggestionsOf } from "../../shop-year.ts";
import { actButton, confirmButton } from "../parts/act.ts";
import { mark } from "../parts/badge.ts";
import { emptyForm, type Filled, formErrors, textField } from "../parts/form.ts";
import { shortDay } from "../parts/time.ts";
import { page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { disruptionSection } from "./disruption-section.ts";
import { yearView } from "./months.ts";
import { ownDaySection, ownDaysOf } from "./own-day-section.ts";
import { calendarWords } from "./words.ts";

const furthest = 400;

/** Days without dispatch, holidays here and where buyers live, and what the calendar suggests. */
export const calendarPage = shopRoute({
  method: "get",
  path: "/calendar",
  role: "viewer",
  section: "calendar",
  handle: (visit) => showCalendar(visit, emptyForm),
});

export async function showCalendar(visit: ShopVisit, filled: Filled): Promise<Reply> {
  const w = visit.say(calendarWords);
  const { deps, shop } = visit;
  const today = localDay(shop.timeZone, visit.now);
  const asked = Number(visit.url.searchParams.get("year"));
  const year = Number.isInteger(asked) && asked >= 1990 && asked <= 2075 ? asked : yearOf(today);
  const view = await calendarYear(deps, shop, year);
  const suggestions = (await suggestionsOf(deps, shop)).map(({ starts, ends, resumes, ...rest }) => ({
    ...rest,
    starts: formatCivilDay(starts),
    ends: formatCivilDay(ends),
    resumes: formatCivilDay(resumes),
  }));
  const ahead = await closuresBetween(deps.db, shop.id, formatCivilDay(today), formatCivilDay(addDays(today, furthest)));
  const open = (await listDisruptions(deps.db, shop.id, { after: null, limit: 100 })).filter(({ endedAt }) => endedAt === null);
  const acts = visit.user.role !== "viewer";
  const abroad = new Map<string, string>();
  for (const { country, days } of view.contact) {
    if (country === shop.country) continue;
    for (const { day, kind, name } of days)
      if (kind === "holiday") abroad.set(day, [abroad.get(day), `${name} (${country})`].filter(Boolean).join(", "));
  }
  return page({
    title: w.title,
    sentence: w.sentence(ahead.length, suggestions.length),
    ...(filled === emptyForm ? {} : { status: 422 as const }),
    body: html`${formErrors(visit, filled)}
      ${view.horizon.map(({ warning }) => (warning === null ? "" : html`<p class="notice warn" lang="en">${warning}</p>`))}
      ${
        suggestions.length === 0
          ? ""
          : html`<section><h2>${w.suggested}</h2><p class="quiet">${w.suggestedHelp}</p><ul class="lines">${suggestions.map(
              (
                one,
              ) => html`<li class="acts"><span><strong>${one.name}</strong> ${days(visit, one)} <span class="quiet">${w.resumes(shortDay(visit, one.resumes))}</span>
                ${one.announced ? "" : mark("warn", w.notAnnounced)}</span>
                ${
                  acts
                    ? html`${actButton(visit, { action: visit.link("/calendar/closures/check"), label: w.declare, fields: { name: one.name, starts: one.starts, ends: one.ends, resumes: one.resumes } })}
                      ${actButton(visit, { action: visit.link("/calendar/suggestions/dismiss"), label: w.dismiss, fields: { suggestion: one.id } })}`
                    : ""
                }</li>`,
            )}</ul></section>`
      }
      <section><h2>${w.closures}</h2>${ahead.length === 0 ? html`<p class="quiet">${w.noClosures}</p>` : closureList(visit, ahead, acts)}
        ${acts ? html`<details class="unfold"${filled === emptyForm ? "" : html` open`}><summary>${w.new}</summary>${closureForm(visit, filled)}</details>` : ""}</section>
      ${disruptionSection(visit, open, filled)}
      ${ownDaySection(visit, await ownDaysOf(visit), filled)}
      <section><nav class="tabs" aria-label="${w.year}">${[year - 1, year, year + 1].map(
        (one) => html`<a href="${visit.here({ year: String(one) })}"${one === year ? html` aria-current="page"` : ""}>${String(one)}</a>`,
      )}</nav>
      ${yearView(visit, {
        year,
        today,
        home: new Map(view.dispatch.days.flatMap(({ day, kind, name }) => (kind === "holiday" ? [[day, name] as const] : []))),
        worked: new Set(view.dispatch.days.flatMap(({ day, kind }) => (kind === "workday" ? [day] : []))),
        abroad,
        closures: view.closures,
        suggestions,
        disruptions: open.map(({ name, starts, expectedEnd }) => ({ name, starts, ends: expectedEnd ?? formatCivilDay(today) })),
      })}
      <p class="small">${w.horizon}: ${view.horizon.map(({ country, knownUntil }) => w.until(country, knownUntil)).join("; ")}</p></section>`,
  });
}

function days(visit: ShopVisit, { starts, ends }: { readonly starts: string; readonly ends: string }): string {
  return starts === ends ? shortDay(visit, starts) : `${shortDay(visit, starts)} – ${shortDay(visit, ends)}`;
}

function closureList(visit: ShopVisit, closures: readonly StoredClosure[], acts: boolean): Html {
  const w = visit.say(calendarWords);
  return html`<ul class="lines">${closures.map(
    (
      one,
    ) => html`<li class="acts"><span><strong>${one.name}</strong> ${days(visit, one)} <span class="quiet">${w.resumes(shortDay(visit, one.resumes))}${one.carriers === null ? "" : ` · ${one.carriers.join(", ")}`}</span></span>
      ${acts ? confirmButton(visit, { action: visit.link(`/calendar/closures/${one.id}/remove`), label: w.remove, question: w.removeQuestion, confirm: w.remove, tone: "danger" }) : ""}</li>`,
  )}</ul>`;
}

function closureForm(visit: ShopVisit, filled: Filled): Html {
  const w = visit.say(calendarWords);
  return html`<form method="post" action="${visit.link("/calendar/closures/check")}" class="stack two">${visit.formFields()}
    ${textField(filled, { name: "name", label: w.name, hint: w.nameHint, required: true })}
    ${textField(filled, { name: "starts", label: w.starts, type: "date", required: true })}
    ${textField(filled, { name: "ends", label: w.ends, type: "date", required: true })}
    ${textField(filled, { name: "resumes", label: w.resumesField, type: "date", required: true })}
    ${textField(filled, { name: "carriers", label: w.carriers, hint: w.carriersHint })}
    <p class="all"><button class="button main">${w.check}</button></p></form>`;
}
