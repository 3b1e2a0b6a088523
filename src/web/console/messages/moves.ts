import { isId } from "../../../core/ids.ts";
import type { Move } from "../../../core/message.ts";
import { type MoveRule, messageMoves, oppositeMoves } from "../../../core/operator-moves.ts";
import { listMessages } from "../../../store/message-list.ts";
import { recordMoves } from "../../../store/moves.ts";
import { findOrder } from "../../../store/order-list.ts";
import { type Moved, moveMessages } from "../../message-moves.ts";
import { orderWords } from "../orders/words.ts";
import { go, missing, type Route, type ShopVisit, shopRoute, type Toast } from "../route.ts";
import { askMatching, backSearch } from "./matching.ts";
import { messageWords } from "./words.ts";

const most = 200;

/** Each move on one message, on all messages of an order that it suits, and on the messages ticked in a list. */
export const moveRoutes: readonly Route[] = messageMoves.flatMap((rule) => [moveOne(rule), moveOrder(rule), moveSelected(rule)]);

function moveOne(rule: MoveRule): Route {
  return shopRoute({
    method: "post",
    path: `/messages/:id/${rule.move}`,
    role: "operator",
    section: "messages",
    async handle(visit) {
      const id = visit.params["id"] ?? "";
      const [moved] = await make(visit, [id], rule);
      if (moved === undefined) return missing();
      const w = visit.say(orderWords);
      const to = visit.link(`/orders/${moved.message.orderId}`);
      if (moved.kind === "refused") return go(to, { text: w.refused(moved.why) });
      return go(
        to,
        toastOf(w.moved[rule.move], rule, (back) => visit.link(`/messages/${id}/${back}`)),
      );
    },
  });
}

function moveOrder(rule: MoveRule): Route {
  return shopRoute({
    method: "post",
    path: `/orders/:id/${rule.move}`,
    role: "operator",
    section: "orders",
    async handle(visit) {
      const id = visit.params["id"] ?? "";
      const order = await findOrder(visit.deps.db, id);
      if (order === null || order.shopId !== visit.shop.id) return missing();
      const filter = { shopId: visit.shop.id, orderId: id, states: rule.from, after: null, limit: most };
      const ids = (await listMessages(visit.deps.db, filter)).map((message) => message.id);
      const moved = countMoved(await make(visit, ids, rule));
      return go(
        visit.link(`/orders/${id}`),
        toastOf(visit.say(messageWords).movedMany(moved, rule.move), rule, (back) => visit.link(`/orders/${id}/${back}`)),
      );
    },
  });
}

function moveSelected(rule: MoveRule): Route {
  return shopRoute({
    method: "post",
    path: `/selected-messages/${rule.move}`,
    role: "operator",
    section: "messages",
    async handle(visit) {
      if (visit.form.get("all") === "on") return askMatching(visit, rule);
      const ids = [...new Set(visit.form.getAll("id").filter(isId))].slice(0, most);
      const outcome = await make(visit, ids, rule);
      const w = visit.say(messageWords);
      const moved = countMoved(outcome);
      const refused = outcome.length - moved;
      return go(`${visit.link("/messages")}${backSearch(visit)}`, {
        text: `${w.movedMany(moved, rule.move)}${refused === 0 ? "" : ` ${w.refusedMany(refused)}`}`,
      });
    },
  });
}

/** Messages of other shops are left out, as if there were none. */
function make(visit: ShopVisit, ids: readonly string[], rule: MoveRule): Promise<readonly Moved[]> {
  const shopId = visit.shop.id;
  const subject = ids.length === 1 ? (ids[0] ?? null) : null;
  return moveMessages(visit.deps, ids, rule, {
    shopId,
    record: async (moves) => {
      if (moves.length === 0) return;
      await visit.change(async (trx) => {
        await recordMoves(trx, moves);
        const after = subject === null ? { messages: moves.length } : null;
        return { entry: { shopId, action: `message.${rule.move}`, subject, after }, result: undefined };
      });
    },
  });
}

function toastOf(text: string, { move }: MoveRule, undo: (back: Move["move"]) => string): Toast {
  const back = oppositeMoves[move];
  return back === undefined ? { text } : { text, undo: { action: undo(back) } };
}

function countMoved(outcome: readonly Moved[]): number {
  return outcome.filter(({ kind }) => kind === "moved").length;
}
