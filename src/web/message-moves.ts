import { newId } from "../core/ids.ts";
import { type MoveRule, moveTime, notIn, whyNot } from "../core/operator-moves.ts";
import { findMessages, type LedgerRow, lastMoves } from "../store/message-list.ts";
import { type NewMove, recordMoves } from "../store/moves.ts";
import type { WebDeps } from "./deps.ts";

export type Moved =
  | { readonly kind: "moved"; readonly message: LedgerRow }
  | { readonly kind: "refused"; readonly message: LedgerRow; readonly why: string };

export interface MoveOptions {
  /** Messages of other shops are left alone, as if there were none. */
  readonly shopId?: string | null;
  /** Writes the moves down, in one transaction; for callers that have more to write with them. */
  readonly record?: (moves: readonly NewMove[]) => Promise<void>;
}

/**
 * Makes one move on messages and plans their orders at once; a handful of statements, whatever their number (at most 500).
 *
 * Answers for each message that exists, in no order, whether it is now as wanted, and if not, why. Harmless to repeat: what is moved already is refused.
 */
export async function moveMessages(
  deps: Pick<WebDeps, "db" | "now" | "planNow">,
  messageIds: readonly string[],
  rule: MoveRule,
  { shopId = null, record = (moves) => recordMoves(deps.db, moves) }: MoveOptions = {},
): Promise<readonly Moved[]> {
  const before = (await findMessages(deps.db, messageIds)).filter((message) => shopId === null || message.shopId === shopId);
  const refused = before.flatMap((message): Moved[] => {
    const why = whyNot(message, rule);
    return why === null ? [] : [{ kind: "refused", message, why }];
  });
  const movable = before.filter((message) => whyNot(message, rule) === null);
  const last = await lastMoves(
    deps.db,
    movable.map(({ orderId }) => orderId),
  );
  await record(
    movable.map((message): NewMove => {
      const at = moveTime(last(message), rule.move, deps.now());
      const { shopId, orderId, step, occurrence } = message;
      return { id: newId(at), shopId, orderId, step, occurrence, move: rule.move, at };
    }),
  );
  await deps.planNow([...new Set(movable.map(({ orderId }) => orderId))]);
  const moved = await findMessages(
    deps.db,
    movable.map(({ id }) => id),
  );
  return [
    ...refused,
    ...moved.map(
      (message): Moved => (rule.done(message) ? { kind: "moved", message } : { kind: "refused", message, why: notIn(message, rule) }),
    ),
  ];
}
