import { html } from "hono/html";
import { day24, type Instant } from "../../../core/instant.ts";
import { deliveredAt } from "../../../core/order-state.ts";
import type { Html } from "../../html.ts";
import { shortDay, shortTime } from "../parts/time.ts";
import type { ShopVisit } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { comingStates, type ExplainedOrder, leftStates } from "./explained.ts";
import { orderWords } from "./words.ts";

const width = 960;
const left = 12;
const right = width - 12;

interface Point {
  readonly at: Instant;
  readonly kind: "fact" | "sent" | "coming" | "now";
  readonly name: string;
}

/**
 * The order as a line of time: what happened, what was sent, now, and what will be sent. A picture beside the list, which says the same in
 * words; `null` when nothing has a time yet.
 */
export function timeLine(visit: ShopVisit, { order, entries }: ExplainedOrder): Html | null {
  const w = visit.say(orderWords);
  const facts: Point[] = [
    ...(order.placedAt === null ? [] : [{ at: order.placedAt, kind: "fact" as const, name: w.line.placed }]),
    ...order.shipments.flatMap(({ dispatchedAt }) =>
      dispatchedAt === null ? [] : [{ at: dispatchedAt, kind: "fact" as const, name: w.line.dispatched }],
    ),
    ...order.shipments.flatMap((shipment) => {
      const at = deliveredAt(shipment);
      return at === null ? [] : [{ at, kind: "fact" as const, name: w.line.delivered }];
    }),
  ];
  const mails = entries.flatMap(({ at, state, step, provisional }): Point[] => {
    if (at === null) return [];
    if (leftStates.has(state)) return [{ at, kind: "sent", name: stepName(step, visit.language) }];
    if (comingStates.has(state) || provisional === true) return [{ at, kind: "coming", name: stepName(step, visit.language) }];
    return [];
  });
  if (facts.length + mails.length === 0) return null;
  const points = [...facts, ...mails, { at: visit.now, kind: "now" as const, name: w.line.today }].sort((a, b) => a.at - b.at);
  const first = points[0]?.at ?? visit.now;
  const last = Math.max(points.at(-1)?.at ?? visit.now, first + day24);
  const x = (at: Instant) => left + ((at - first) / (last - first)) * (right - left);
  const label = points.map(({ at, name }) => `${name}: ${shortTime(visit, at)}`).join("; ");
  return html`<figure class="line-of-time" tabindex="0" aria-label="${w.timeline}"><svg viewBox="0 0 ${width} 76" role="img" aria-label="${w.timeline}: ${label}">
    <line class="axis" x1="${left}" x2="${right}" y1="38" y2="38"/>
    ${points.map((point) => mark(point, x(point.at)))}
    ${labelled(points, x).map(
      ({ point, at, above, anchor }) =>
        html`<text class="${point.kind}" x="${at.toFixed(1)}" y="${above ? 22 : 60}" text-anchor="${anchor}">${point.name}<title>${shortTime(visit, point.at)}</title></text>
      <text class="date" x="${at.toFixed(1)}" y="${above ? 9 : 73}" text-anchor="${anchor}">${shortDay(visit, dayIn(visit.shop.timeZone, point.at))}</text>`,
    )}
  </svg></figure>`;
}

function mark({ kind }: Point, at: number): Html {
  const x = at.toFixed(1);
  switch (kind) {
    case "now":
      return html`<line class="now" x1="${x}" x2="${x}" y1="26" y2="50"/>`;
    case "fact":
      return html`<rect class="fact" x="${(at - 4).toFixed(1)}" y="34" width="8" height="8" rx="2"/>`;
    default:
      return html`<circle class="${kind}" cx="${x}" cy="38" r="5"/>`;
  }
}

const room = 110;

/** Words go below the line and above it in turns, and are left out where there is no room: the list below has them all. */
function labelled(points: readonly Point[], x: (at: Instant) => number) {
  const ends = { above: Number.NEGATIVE_INFINITY, below: Number.NEGATIVE_INFINITY };
  return points.flatMap((point) => {
    const at = x(point.at);
    const anchor = at < room / 2 ? "start" : at > width - room / 2 ? "end" : "middle";
    const begins = anchor === "start" ? at : anchor === "end" ? at - room : at - room / 2;
    const side = point.kind === "now" || ends.below > begins ? "above" : "below";
    if (ends[side] > begins) return [];
    ends[side] = begins + room;
    return [{ point, at, above: side === "above", anchor }];
  });
}

function dayIn(timeZone: string, at: Instant): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}
