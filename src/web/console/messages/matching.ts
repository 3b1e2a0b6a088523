import { html } from "hono/html";
import { type ChosenMessages, moves } from "../../../core/errand.ts";
import { canMove, type MoveRule, messageMoves } from "../../../core/operator-moves.ts";
import { countChosen, type Tally, tallyChosen } from "../../../store/chosen-messages.ts";
import { askErrand } from "../../errands.ts";
import { number } from "../parts/time.ts";
import { go, page, part, type Reply, type Route, type ShopVisit, shopRoute } from "../route.ts";
import { actorOf, skippedTable } from "../work/one.ts";
import { workWords } from "../work/words.ts";
import { filterOf } from "./filter.ts";
import { messageWords } from "./words.ts";

const mostCounted = 10_000;

/** How many messages match, for a label that comes after the page: counting may take longer than the page may. */
export const countMatching = shopRoute({
  method: "get",
  path: "/messages/count",
  role: "viewer",
  section: "messages",
  async handle(visit) {
    const n = await countChosen(visit.deps.db, visit.shop.id, chosenIn(visit, visit.url.search), mostCounted + 1);
    const shown = n > mostCounted ? `${number(visit, mostCounted)}+` : number(visit, n);
    return part(html`${visit.say(workWords).allCounted(shown)}`);
  },
});

/** Asks once before a move on all that matches: how many, and which are left alone. */
export async function askMatching(visit: ShopVisit, rule: MoveRule): Promise<Reply> {
  const w = visit.say(workWords).ask;
  const search = backSearch(visit);
  const tallies = await tallyChosen(visit.deps.db, visit.shop.id, chosenIn(visit, search));
  const sum = (rows: readonly Tally[]) => rows.reduce((total, { n }) => total + n, 0);
  const movable = sum(tallies.filter((one) => canMove(one, rule)));
  const left = tallies.filter((one) => !canMove(one, rule));
  const n = number(visit, movable);
  const help = { hold: w.undoHelp, release: w.undoHelp, cancel: w.cancelHelp, "send-now": w.sendHelp }[rule.move];
  return page({
    title: w.title,
    sentence: movable === 0 ? w.none : w.sentence(rule.move, n, movable === 1),
    crumbs: [{ name: visit.say(messageWords).title, href: `${visit.link("/messages")}${search}` }],
    body: html`${movable === 0 ? "" : html`<p>${w.help} ${help}</p>`}
      ${
        left.length === 0
          ? ""
          : html`<p>${w.leftAlone}</p>${skippedTable(
              visit,
              left.map(({ state, reason, n }) => [state === "held" && reason !== null ? `held:${reason}` : state, n]),
            )}`
      }
      <form method="post" action="${visit.link(`/matching-messages/${rule.move}`)}" class="acts">${visit.formFields()}<input type="hidden" name="back" value="${search}">
        <a class="button" href="${visit.link("/messages")}${search}">${w.back}</a>
        ${movable === 0 ? "" : html`<button class="button ${rule.move === "cancel" ? "danger" : "main"}">${w.confirm(rule.move, n, movable === 1)}</button>`}</form>`,
  });
}

/** Begins it. */
export const matchingRoutes: readonly Route[] = messageMoves.map((rule) =>
  shopRoute({
    method: "post",
    path: `/matching-messages/${rule.move}`,
    role: "operator",
    section: "messages",
    async handle(visit) {
      const asked = moves(rule.move, chosenIn(visit, backSearch(visit)));
      const id = await askErrand(visit.deps, { shopId: visit.shop.id, asked, actor: actorOf(visit) });
      return go(visit.link(`/work/${id}`), { text: visit.say(workWords).ask.started });
    },
  }),
);

/** The list's filter, which travels with its forms. */
export function backSearch(visit: ShopVisit): string {
  const query = visit.form.get("back") ?? "";
  return /^\?[\w=&%.:~+-]{0,500}$/.test(query) ? query : "";
}

function chosenIn(visit: ShopVisit, search: string): ChosenMessages {
  const { states, category, step, due } = filterOf({ ...visit, url: new URL(search, visit.url) });
  return { states, category, step, due, movedBy: null };
}
