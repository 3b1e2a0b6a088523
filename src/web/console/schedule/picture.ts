import { html } from "hono/html";
import type { WrittenSchedule, WrittenStep } from "../../../core/schedule-shape.ts";
import type { Html } from "../../html.ts";
import type { Visit } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { scheduleWords } from "./words.ts";

const left = 200;
const right = 930;
const laneHeight = 28;
const top = 26;
const leastDays = 60;

interface Lane {
  readonly step: WrittenStep;
  readonly from: number;
  readonly to: number;
  /** Where `after` begins: the lane and the day of the step before. */
  readonly prior: { readonly lane: number; readonly day: number } | null;
  /** Other waits, by service. */
  readonly ghosts: readonly { readonly name: string; readonly day: number }[];
}

/**
 * The schedule as a picture: a lane for each step on an axis of days, a bar for a range, a dot for a fixed day, pale dots for other services,
 * a line from the step that comes before. Days count from what starts a chain of steps. The list of steps says the same in words.
 */
export function schedulePicture(visit: Pick<Visit, "say" | "language">, schedule: Pick<WrittenSchedule, "steps">): Html {
  const w = visit.say(scheduleWords);
  const lanes = lanesOf(schedule.steps);
  const first = Math.min(0, ...lanes.map(({ from }) => Math.floor(from)));
  const last = Math.max(leastDays, ...lanes.flatMap(({ to, ghosts }) => [to, ...ghosts.map(({ day }) => day)]));
  const x = (day: number) => Math.round((left + ((day - first) / (last - first)) * (right - left)) * 10) / 10;
  const y = (lane: number) => top + lane * laneHeight + laneHeight / 2;
  const height = top + lanes.length * laneHeight + 8;
  const every = last - first > 120 ? 30 : 10;
  const ticks = Array.from({ length: Math.floor(last / every) + 1 }, (_, index) => index * every);
  const label = lanes.map(({ step, from, to }) => w.pictureLabel(stepName(step.key, visit.language), round(from), round(to))).join("; ");
  return html`<figure class="schedule-picture"><div class="wide" tabindex="0" role="group" aria-label="${w.picture}"><svg viewBox="0 0 960 ${height}" role="img" aria-label="${w.picture}: ${label}">
    ${ticks.map((day) => html`<line class="tick" x1="${x(day)}" x2="${x(day)}" y1="${top - 4}" y2="${height - 8}"/><text class="tick" x="${x(day)}" y="14" text-anchor="middle">${day}</text>`)}
    ${lanes.map(({ step, from, to, prior, ghosts }, index) => {
      const off = step.enabled === false ? " off" : "";
      return html`<g class="lane ${step.category}${off}">
        <text class="name" x="0" y="${y(index) + 4}">${shortened(stepName(step.key, visit.language))}${off === "" ? "" : ` (${w.off})`}</text>
        <line class="rail" x1="${left}" x2="${right}" y1="${y(index)}" y2="${y(index)}"/>
        ${prior === null ? "" : html`<path class="after" d="M${x(prior.day)} ${y(prior.lane) + 6}V${y(index)}H${x(from) - 7}"/>`}
        ${ghosts.map(({ name, day }) => html`<circle class="ghost" cx="${x(day)}" cy="${y(index)}" r="4"><title>${name}: ${day}</title></circle>`)}
        ${
          from === to
            ? html`<circle class="dot" cx="${x(from)}" cy="${y(index)}" r="6"><title>${round(from)} ${w.days}</title></circle>`
            : html`<rect class="span" x="${x(from)}" y="${y(index) - 6}" width="${Math.max(4, x(to) - x(from))}" height="12" rx="6"><title>${round(from)}–${round(to)} ${w.days}</title></rect>`
        }</g>`;
    })}
  </svg></div><figcaption class="small">${w.picture}</figcaption></figure>`;
}

function lanesOf(steps: readonly WrittenStep[]): readonly Lane[] {
  const indexOf = new Map(steps.map(({ key }, index) => [key, index]));
  const known = new Map<string, { from: number; to: number }>();
  const spanOf = (step: WrittenStep, depth: number): { from: number; to: number } => {
    const found = known.get(step.key);
    if (found !== undefined) return found;
    const own = waitDays(step);
    const before = step.after === undefined || depth > steps.length ? undefined : steps[indexOf.get(step.after) ?? -1];
    const base = before === undefined ? { from: 0, to: 0 } : spanOf(before, depth + 1);
    const span = { from: base.from + own.from, to: base.to + own.to };
    known.set(step.key, span);
    return span;
  };
  return steps.map((step) => {
    const { from, to } = spanOf(step, 0);
    const lane = step.after === undefined ? undefined : indexOf.get(step.after);
    const before = lane === undefined ? undefined : steps[lane];
    const services = step.wait !== undefined && "days" in step.wait ? Object.entries(step.wait.byService ?? {}) : [];
    return {
      step,
      from,
      to,
      prior: lane === undefined || before === undefined ? null : { lane, day: spanOf(before, 0).to },
      ghosts: services.map(([name, day]) => ({ name, day })),
    };
  });
}

/** The wait in days; working days as they pass in a week of seven. */
function waitDays({ wait }: WrittenStep): { readonly from: number; readonly to: number } {
  if (wait === undefined) return { from: 0, to: 0 };
  const [value, days] = "hours" in wait ? [wait.hours, 1 / 24] : "days" in wait ? [wait.days, 1] : [wait.businessDays, 7 / 5];
  const [from, to] = Array.isArray(value) ? value : [value, value];
  return { from: from * days, to: to * days };
}

function round(days: number): number {
  return Math.round(days * 10) / 10;
}

function shortened(name: string): string {
  return name.length > 26 ? `${name.slice(0, 25)}…` : name;
}
