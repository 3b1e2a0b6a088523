import { html } from "hono/html";
import { formatCivilDay } from "../../../core/civil-day.ts";
import { chosenOf, type ErrandAsked } from "../../../core/errand.ts";
import { localDay } from "../../../core/local-time.ts";
import type { MessageState, Reason } from "../../../core/timetable.ts";
import type { Errand } from "../../../store/errands.ts";
import type { Html } from "../../html.ts";
import { mark } from "../parts/badge.ts";
import { number, shortDay } from "../parts/time.ts";
import type { ShopVisit } from "../route.ts";
import { badgeWords } from "../words/badges.ts";
import { reasonText } from "../words/reasons.ts";
import { stepName } from "../words/steps.ts";
import { workWords } from "./words.ts";

const tones = { waiting: "quiet", running: "plain", done: "good", cancelled: "quiet", failed: "bad" } as const;

export function isOpen({ state }: Errand): boolean {
  return state === "waiting" || state === "running";
}

/** What it is called. */
export function errandName(visit: ShopVisit, { asked }: Pick<Errand, "asked">): string {
  return visit.say(workWords).kinds[asked.kind === "moves" ? asked.move : asked.kind];
}

/** Which messages it is about, or why it is done, in a few words. */
export function errandScope(visit: ShopVisit, asked: ErrandAsked): string {
  const w = visit.say(workWords);
  if (asked.kind === "plan-shop") return w.because[asked.because] ?? "";
  const badges = visit.say(badgeWords);
  const { states, category, step, due, movedBy } = chosenOf(asked);
  const said = [
    ...(step === null ? [] : [stepName(step, visit.language)]),
    ...(category === null ? [] : [badges.categories[category]]),
    ...(states ?? []).map((state) => badges.states[state]),
    ...(due === null ? [] : [w.due(shortDay(visit, formatCivilDay(localDay(visit.shop.timeZone, due[0]))))]),
    ...(movedBy === null ? [] : [w.movedBy]),
  ];
  return said.length === 0 ? w.all : said.join(" · ");
}

/** How far it is: a bar with numbers while it goes on, then a word. */
export function errandState(visit: ShopVisit, errand: Errand): Html {
  const w = visit.say(workWords);
  if (!isOpen(errand)) return mark(tones[errand.state], w.states[errand.state]);
  if (errand.total === null) return mark("quiet", w.counting);
  const label = w.progress(number(visit, errand.done), number(visit, errand.total));
  return html`<span class="bar-line"><progress max="${Math.max(1, errand.total)}" value="${errand.done}" aria-label="${errandName(visit, errand)}"></progress> <span class="small">${label}</span></span>`;
}

/** What came of it until now. */
export function errandResult(visit: ShopVisit, errand: Errand): string {
  const w = visit.say(workWords);
  const changed = Object.entries(errand.counts).flatMap(([name, n]) => (n === 0 ? [] : [w.counts[name]?.(number(visit, n)) ?? ""]));
  const left = Object.values(errand.skipped).reduce((sum, n) => sum + n, 0) + meanwhile(errand);
  if (errand.total === null) return "";
  return [
    ...(changed.length === 0 && !isOpen(errand) ? [w.nothing] : changed),
    ...(left === 0 ? [] : [w.leftAlone(number(visit, left))]),
  ].join(" · ");
}

/** What it was about and never came to: it had changed by then. */
export function meanwhile({ state, total, done }: Errand): number {
  return state === "done" ? Math.max(0, (total ?? 0) - done) : 0;
}

/** Why messages are left alone: `sent`, `held:shop-not-sending`. */
export function skipText(visit: ShopVisit, key: string): string {
  const [state = "", reason] = key.split(":");
  const word = visit.say(badgeWords).states[state as MessageState] ?? state;
  return reason === undefined ? word : `${word}: ${reasonText(reason as Reason, visit.language)}`;
}
