import { html } from "hono/html";
import { formatCivilDay } from "../../../core/civil-day.ts";
import { chosenOf, type ErrandAsked } from "../../../core/errand.ts";
import { localDay } from "../../../core/local-time.ts";
import { includesRole } from "../../../core/token-role.ts";
import { type Errand, findErrand } from "../../../store/errands.ts";
import { askErrand, cancelErrand, undoing } from "../../errands.ts";
import type { Html } from "../../html.ts";
import { actButton, confirmButton } from "../parts/act.ts";
import { number, when } from "../parts/time.ts";
import { go, missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { following } from "./list.ts";
import { errandName, errandResult, errandScope, errandState, isOpen, meanwhile, skipText } from "./shown.ts";
import { workWords } from "./words.ts";

/** One piece of long work: how far it is, what came of it, what was left alone and why. */
export const workOne = shopRoute({
  method: "get",
  path: "/work/:id",
  role: "viewer",
  section: "work",
  async handle(visit) {
    const errand = await errandAt(visit);
    if (errand === null) return missing();
    const w = visit.say(workWords);
    return page({
      title: errandName(visit, errand),
      crumbs: [{ name: w.title, href: visit.link("/work") }],
      sentence: html`<span id="answer">${w.one.sentence(errandName(visit, errand), w.states[errand.state])}</span>`,
      body: following(visit, isOpen(errand), details(visit, errand)),
    });
  },
});

export const cancelWork = shopRoute({
  method: "post",
  path: "/work/:id/cancel",
  role: "operator",
  section: "work",
  async handle(visit) {
    const errand = await errandAt(visit);
    if (errand === null) return missing();
    const ended = await cancelErrand(visit.deps, errand, actorOf(visit));
    const w = visit.say(workWords);
    return go(visit.link(`/work/${errand.id}`), { text: ended === null ? w.ended : w.cancelled });
  },
});

/** Takes back what was moved: long work of its own. */
export const undoWork = shopRoute({
  method: "post",
  path: "/work/:id/undo",
  role: "operator",
  section: "work",
  async handle(visit) {
    const errand = await errandAt(visit);
    const asked = errand === null ? null : undoing(errand);
    if (asked === null) return missing();
    const id = await askErrand(visit.deps, { shopId: visit.shop.id, asked, actor: actorOf(visit) });
    return go(visit.link(`/work/${id}`), { text: visit.say(workWords).ask.started });
  },
});

export function actorOf({ user }: Pick<ShopVisit, "user">) {
  return { kind: "user", id: user.id, name: user.name } as const;
}

function errandAt(visit: ShopVisit): Promise<Errand | null> {
  return findErrand(visit.deps.db, visit.shop.id, visit.params["id"] ?? "");
}

function details(visit: ShopVisit, errand: Errand): Html {
  const w = visit.say(workWords);
  const { asked, actor, createdAt, endedAt } = errand;
  const list = listOf(visit, asked);
  return html`<p>${errandState(visit, errand)}</p><p>${errandResult(visit, errand)}</p>
    ${errand.state === "failed" ? html`<p class="notice bad">${w.one.failed}</p>` : ""}
    ${includesRole(visit.user.role, "operator") ? acts(visit, errand) : ""}
    <dl class="pairs">
      <dt>${w.one.filter}</dt><dd>${errandScope(visit, asked)}${list === null ? "" : html` · <a href="${list}">${w.one.seeThem}</a>`}</dd>
      <dt>${w.columns.by}</dt><dd>${actor.name}</dd>
      <dt>${w.columns.asked}</dt><dd>${when(visit, createdAt, { exact: true })}</dd>
      ${endedAt === null ? "" : html`<dt>${w.one.ended}</dt><dd>${when(visit, endedAt, { exact: true })}</dd>`}
    </dl>
    ${skippedTable(visit, Object.entries(errand.skipped), meanwhile(errand))}`;
}

function acts(visit: ShopVisit, errand: Errand): Html | "" {
  const w = visit.say(workWords);
  const at = (act: string) => visit.link(`/work/${errand.id}/${act}`);
  if (isOpen(errand))
    return html`<p class="acts">${confirmButton(visit, { action: at("cancel"), label: w.cancel, question: w.cancelQuestion, confirm: w.cancelConfirm, tone: "danger" })}</p>`;
  if (errand.asked.kind !== "moves" || undoing(errand) === null) return "";
  return html`<p class="acts">${actButton(visit, { action: at("undo"), label: w.undo[errand.asked.move] ?? "" })}</p>`;
}

/** What is left alone, by reason. */
export function skippedTable(visit: ShopVisit, skipped: readonly (readonly [string, number])[], changed = 0): Html | "" {
  const w = visit.say(workWords).one;
  const rows = [
    ...skipped.map(([key, n]) => [skipText(visit, key), n] as const),
    ...(changed === 0 ? [] : [[w.meanwhile, changed] as const]),
  ];
  if (rows.length === 0) return "";
  return html`<table class="data plain"><thead><tr><th scope="col">${w.why}</th><th scope="col" class="number">${w.count}</th></tr></thead>
    <tbody>${rows.map(([text, n]) => html`<tr><td>${text}</td><td class="number">${number(visit, n)}</td></tr>`)}</tbody></table>`;
}

/** The same filter in the list of messages, where it can be said there. */
function listOf(visit: ShopVisit, asked: ErrandAsked): string | null {
  if (asked.kind !== "moves") return null;
  const { states, category, step, due, movedBy } = chosenOf(asked);
  if (movedBy !== null || (states?.length ?? 0) > 1) return null;
  const day = due === null ? undefined : formatCivilDay(localDay(visit.shop.timeZone, due[0]));
  return visit.link("/messages", { state: states?.[0], category: category ?? undefined, step: step ?? undefined, day });
}
