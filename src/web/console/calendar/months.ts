import { html } from "hono/html";
import { addDays, type CivilDay, civilDay, formatCivilDay, partsOf, weekdayOf } from "../../../core/civil-day.ts";
import type { Html } from "../../html.ts";
import { shortDay } from "../parts/time.ts";
import type { ShopVisit } from "../route.ts";
import { calendarWords } from "./words.ts";

/** What lies on days, as `YYYY-MM-DD`. */
export interface YearMarks {
  readonly year: number;
  readonly today: CivilDay;
  readonly home: ReadonlyMap<string, string>;
  readonly worked: ReadonlySet<string>;
  readonly abroad: ReadonlyMap<string, string>;
  readonly closures: readonly Span[];
  readonly suggestions: readonly Span[];
  readonly disruptions: readonly Span[];
}

export interface Span {
  readonly name: string;
  /** Both included. */
  readonly starts: string;
  readonly ends: string;
}

/** A year as twelve months: dots for holidays here and where buyers live, bars for closures, hatched ones for disruptions, dashed ones for suggestions. */
export function yearView(visit: ShopVisit, marks: YearMarks): Html {
  const w = visit.say(calendarWords);
  return html`<div class="months">${Array.from({ length: 12 }, (_, index) => monthView(visit, marks, index + 1))}</div>
    <p class="small legend"><span class="day home"></span> ${w.legend.home} <span class="day abroad"></span> ${w.legend.abroad}
    <span class="day closed"></span> ${w.legend.closure} <span class="day worked"></span> ${w.legend.workday} <span class="day disrupted"></span> ${w.legend.disruption}</p>`;
}

function monthView(visit: ShopVisit, marks: YearMarks, month: number): Html {
  const first = civilDay(marks.year, month, 1);
  const next = month === 12 ? civilDay(marks.year + 1, 1, 1) : civilDay(marks.year, month + 1, 1);
  const monday = addDays(first, 1 - weekdayOf(first));
  const weeks = Math.ceil((next - monday) / 7);
  const name = new Intl.DateTimeFormat(visit.language, { month: "long", timeZone: "UTC" }).format(Date.UTC(marks.year, month - 1, 1));
  const weekday = new Intl.DateTimeFormat(visit.language, { weekday: "narrow", timeZone: "UTC" });
  const long = new Intl.DateTimeFormat(visit.language, { weekday: "long", timeZone: "UTC" });
  return html`<table class="month"><caption>${name}</caption><thead><tr>${[0, 1, 2, 3, 4, 5, 6].map(
    (day) => html`<th scope="col" abbr="${long.format(Date.UTC(2024, 0, 1 + day))}">${weekday.format(Date.UTC(2024, 0, 1 + day))}</th>`,
  )}</tr></thead><tbody>${Array.from(
    { length: weeks },
    (_, week) =>
      html`<tr>${[0, 1, 2, 3, 4, 5, 6].map((at) => {
        const day = addDays(monday, week * 7 + at);
        return day < first || day >= next ? html`<td></td>` : dayView(visit, marks, day);
      })}</tr>`,
  )}</tbody></table>`;
}

function dayView(visit: ShopVisit, marks: YearMarks, day: CivilDay): Html {
  const text = formatCivilDay(day);
  const within = (span: Span) => span.starts <= text && text <= span.ends;
  const closure = marks.closures.find(within);
  const suggestion = marks.suggestions.find(within);
  const disruption = marks.disruptions.find(within);
  const home = marks.home.get(text);
  const abroad = marks.abroad.get(text);
  const classes = [
    ...(closure === undefined ? [] : ["closed"]),
    ...(closure === undefined && suggestion !== undefined ? ["suggested"] : []),
    ...(disruption === undefined ? [] : ["disrupted"]),
    ...(home === undefined ? [] : ["home"]),
    ...(abroad === undefined ? [] : ["abroad"]),
    ...(marks.worked.has(text) ? ["worked"] : []),
    ...(weekdayOf(day) > 5 ? ["weekend"] : []),
    ...(day === marks.today ? ["today"] : []),
  ];
  const said = [closure?.name, closure === undefined ? suggestion?.name : undefined, disruption?.name, home, abroad].filter(
    (one) => one !== undefined,
  );
  const title = said.length === 0 ? "" : `${shortDay(visit, text)}: ${said.join(", ")}`;
  return html`<td><span class="day ${classes.join(" ")}"${title === "" ? "" : html` title="${title}"`}>${partsOf(day).day}${
    said.length === 0 ? "" : html`<span class="unseen"> ${said.join(", ")}</span>`
  }</span></td>`;
}
