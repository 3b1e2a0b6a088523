import { z } from "@hono/zod-openapi";
import { messageMoves } from "../../core/operator-moves.ts";
import { audited } from "../../store/audit.ts";
import { type NewMove, recordMoves } from "../../store/moves.ts";
import { moveMessages } from "../message-moves.ts";
import { type Problem, problem } from "../problem.ts";
import type { Api } from "./context.ts";
import { type Answer, answer, serve, unknownId } from "./endpoint.ts";
import { messageSchema, messageView } from "./messages.ts";

/** What operators may do to one message. */
export function serveMoves({ app, deps }: Api): void {
  for (const rule of messageMoves) {
    serve(app, {
      method: "post",
      path: `/messages/{id}/${rule.move}`,
      tag: "Messages",
      summary: rule.summary,
      body: z.strictObject({}),
      bodyOptional: true,
      answers: { status: 200, description: "The message as it is then", schema: messageSchema },
      problems: [409],
      handle: async ({ ids, actor }): Promise<Answer | Problem> => {
        const record = (moves: readonly NewMove[]) =>
          audited(deps.db, { actor, now: deps.now() }, async (trx) => {
            await recordMoves(trx, moves);
            const [move] = moves;
            const subject = ids["id"] ?? null;
            return {
              entry: move === undefined ? null : { shopId: move.shopId, action: `message.${rule.move}`, subject },
              result: undefined,
            };
          });
        const [moved] = await moveMessages(deps, [ids["id"] ?? ""], rule, { record });
        if (moved === undefined) return unknownId();
        return moved.kind === "moved"
          ? answer(200, messageView(moved.message, await deps.instance.standing()))
          : problem(409, moved.why, { state: moved.message.state });
      },
    });
  }
}
