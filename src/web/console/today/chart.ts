import { html } from "hono/html";
import { categories } from "../../../core/timetable.ts";
import type { PlannedDay } from "../../../store/day-figures.ts";
import type { Html } from "../../html.ts";
import { categoryBadge } from "../parts/badge.ts";
import { number, shortDay } from "../parts/time.ts";
import type { ShopVisit } from "../route.ts";
import { badgeWords } from "../words/badges.ts";
import { todayWords } from "./words.ts";

/** A column of the picture: at most so tall, in its own units. */
const tall = 100;
/** The least a day with a mail is tall, so that it can be seen. */
const least = 3;

/** A column is as tall as there is room only from so many mails on: one mail is not a peak. */
const fewest = 4;

/** Mails of coming days as columns, a colour a category, with the same figures as a table. `days` are `YYYY-MM-DD`, in order. */
export function daysChart(visit: ShopVisit, days: readonly string[], planned: readonly PlannedDay[]): Html {
  const w = visit.say(todayWords);
  const counts = days.map((day) => ({
    day,
    parts: categories.map((category) => ({ category, n: planned.find((one) => one.day === day && one.category === category)?.n ?? 0 })),
  }));
  const total = (parts: readonly { readonly n: number }[]) => parts.reduce((sum, { n }) => sum + n, 0);
  const all = counts.reduce((sum, { parts }) => sum + total(parts), 0);
  if (all === 0) return html`<p class="quiet">${w.none14}</p>`;
  const most = Math.max(fewest, ...counts.map(({ parts }) => total(parts)));
  const shown = categories.filter((category) => planned.some((one) => one.category === category));
  return html`<figure class="days" aria-label="${w.chart(number(visit, all))}">
    <div class="columns">${counts.map(({ day, parts }) => {
      const sum = total(parts);
      const split = parts
        .filter(({ n }) => n > 0)
        .map(({ category, n }) => `${visit.say(badgeWords).categories[category]} ${number(visit, n)}`);
      return html`<a class="column" href="${visit.link("/messages", { day, state: "planned" })}" title="${split.join(", ")}"><span class="sum">${sum === 0 ? "" : number(visit, sum)}</span>
        <svg viewBox="0 0 10 ${tall}" preserveAspectRatio="none" aria-hidden="true">${bars(parts, most)}</svg>
        <span class="label"><span class="weekday">${shortDay(visit, day, { weekday: "short" })}</span> ${shortDay(visit, day, { day: "numeric" })}</span></a>`;
    })}</div>
    <figcaption class="legend">${shown.map((category) => categoryBadge(visit, category))}</figcaption>
    <details class="unfold"><summary>${w.asTable}</summary><div class="wide"><table class="data plain">
      <thead><tr><th scope="col">${w.day}</th>${shown.map((category) => html`<th scope="col" class="number">${visit.say(badgeWords).categories[category]}</th>`)}<th scope="col" class="number">${w.all}</th></tr></thead>
      <tbody>${counts.map(
        ({ day, parts }) =>
          html`<tr><th scope="row">${shortDay(visit, day, { weekday: "short", day: "numeric", month: "short" })}</th>${parts
            .filter(({ category }) => shown.includes(category))
            .map(({ n }) => html`<td class="number">${number(visit, n)}</td>`)}<td class="number">${number(visit, total(parts))}</td></tr>`,
      )}</tbody></table></div></details>
  </figure>`;
}

function bars(parts: readonly { readonly category: string; readonly n: number }[], most: number): Html[] {
  let top = tall;
  return parts.flatMap(({ category, n }) => {
    if (n === 0) return [];
    const height = Math.max(least, Math.round((n / most) * tall));
    top = Math.max(0, top - height);
    return [html`<rect class="bar-${category}" x="0" y="${top}" width="10" height="${height}"/>`];
  });
}
