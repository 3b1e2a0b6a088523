import { html } from "hono/html";
import type { Saying } from "../../../core/facts.ts";
import type { SourcedFact } from "../../../store/order-facts.ts";
import type { Html } from "../../html.ts";
import { when } from "../parts/time.ts";
import type { ShopVisit } from "../route.ts";
import type { ExplainedOrder } from "./explained.ts";
import { orderWords } from "./words.ts";

/** What the timetable follows from: each fact with who said it. */
export function factsSection(visit: ShopVisit, { facts }: ExplainedOrder): Html {
  const w = visit.say(orderWords);
  return html`<details class="facts"><summary><h2>${w.facts(facts.length)}</h2></summary><p class="quiet">${w.factsHelp}</p>
    <div class="wide"><table class="data"><thead><tr><th scope="col" class="when">${w.factColumns.at}</th><th scope="col">${w.factColumns.says}</th><th scope="col">${w.factColumns.from}</th></tr></thead>
    <tbody>${facts.map((fact) => factRow(visit, fact))}</tbody></table></div></details>`;
}

function factRow(visit: ShopVisit, { at, says, platform, deliveryId }: SourcedFact): Html {
  const w = visit.say(orderWords);
  return html`<tr><td class="when">${when(visit, at, { exact: true })}</td>
    <td><strong>${says.kind}</strong> <span class="quiet">${summary(says)}</span></td>
    <td>${platform === null ? w.fromBuyer : html`<span title="${deliveryId === null ? "" : `${w.delivery} ${deliveryId}`}">${platform}</span>`}</td></tr>`;
}

const longest = 160;

/** What it says, field by field, without what is unknown. */
function summary(says: Saying): string {
  const parts = Object.entries(says).flatMap(([name, value]) =>
    name === "kind" || value === null || value === false ? [] : [`${name} ${shown(value)}`],
  );
  const text = parts.join(" · ");
  return text.length > longest * 3 ? `${text.slice(0, longest * 3)}…` : text;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map(shown).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.values(value)
      .filter((one) => one !== null && one !== false)
      .map(shown)
      .join(" ");
  }
  const text = String(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
