import { z } from "@hono/zod-openapi";
import { newId } from "../../core/ids.ts";
import { type Instant, plus } from "../../core/instant.ts";
import type { Move } from "../../core/message.ts";
import type { MessageState } from "../../core/timetable.ts";
import { findMessage, type LedgerRow, lastMove } from "../../store/message-list.ts";
import { recordMove } from "../../store/moves.ts";
import { type Problem, problem } from "../problem.ts";
import type { Api } from "./context.ts";
import { type Answer, answer, serve, unknownId } from "./endpoint.ts";
import { messageSchema, messageView } from "./messages.ts";

interface MoveRule {
  readonly move: Move["move"];
  readonly summary: string;
  /** States in which it makes sense. */
  readonly from: readonly MessageState[];
  /** Whether the message is then as the operator wants it; a worker may have been quicker. */
  readonly done: (message: LedgerRow) => boolean;
}

const moves: readonly MoveRule[] = [
  {
    move: "cancel",
    summary: "Cancels a message for good",
    from: ["planned", "queued", "held"],
    done: ({ state }) => state === "cancelled",
  },
  {
    move: "send-now",
    summary: "Sends a message now: passes over time and caps, never over suppression or exits",
    from: ["planned", "held"],
    done: ({ state }) => state !== "held" && state !== "cancelled",
  },
  { move: "hold", summary: "Holds a message until it is released", from: ["planned", "queued"], done: ({ state }) => state === "held" },
  { move: "release", summary: "Releases a held message", from: ["held"], done: ({ state }) => state !== "held" },
];

/** What operators may do to one message. A move is a fact: it is recorded, and the order is planned again at once. */
export function serveMoves({ app, deps }: Api): void {
  for (const rule of moves) {
    serve(app, {
      method: "post",
      path: `/messages/{id}/${rule.move}`,
      tag: "Messages",
      summary: rule.summary,
      body: z.strictObject({}),
      bodyOptional: true,
      answers: { status: 200, description: "The message as it is then", schema: messageSchema },
      problems: [409],
      handle: async ({ ids }): Promise<Answer | Problem> => {
        const before = await findMessage(deps.db, ids["id"] ?? "");
        if (before === null) return unknownId();
        if (!rule.from.includes(before.state)) return notIn(before, rule);
        if (before.state === "held" && before.reason !== "operator-held" && rule.move !== "cancel") {
          return problem(409, `this message is held because of ${before.reason}, not by an operator`, { state: "held" });
        }
        const { shopId, orderId, step, occurrence } = before;
        const at = after(await lastMove(deps.db, before), rule.move, deps.now());
        await recordMove(deps.db, { id: newId(at), shopId, orderId, step, occurrence, move: rule.move, at });
        await deps.planNow([orderId]);
        const moved = await findMessage(deps.db, before.id);
        if (moved === null) return unknownId();
        return rule.done(moved) ? answer(200, messageView(moved, await deps.instance.standing())) : notIn(moved, rule);
      },
    });
  }
}

/** Of moves at one instant the stronger word holds, and a manual clock stands still: a move that must outlive a stronger one comes a moment later. */
const strength: readonly Move["move"][] = ["release", "hold", "send-now", "cancel"];

function after(last: Pick<Move, "move" | "at"> | null, move: Move["move"], now: Instant): Instant {
  if (last === null || last.at < now) return now;
  return strength.indexOf(move) > strength.indexOf(last.move) ? last.at : plus(last.at, 1);
}

function notIn({ state, reason }: LedgerRow, { move, from }: MoveRule): Problem {
  const why = reason === null ? "" : ` (${reason})`;
  return problem(409, `this message is ${state}${why}; ${move} is possible when it is ${from.join(" or ")}`, { state });
}
