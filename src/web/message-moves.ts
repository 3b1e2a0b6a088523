import { newId } from "../core/ids.ts";
import { type Instant, plus } from "../core/instant.ts";
import type { Move } from "../core/message.ts";
import type { MessageState } from "../core/timetable.ts";
import { findMessages, type LedgerRow, lastMoves } from "../store/message-list.ts";
import { type NewMove, recordMoves } from "../store/moves.ts";
import type { WebDeps } from "./deps.ts";

export interface MoveRule {
  readonly move: Move["move"];
  readonly summary: string;
  /** States in which it makes sense. */
  readonly from: readonly MessageState[];
  /** Whether the message is then as the operator wants it; a worker may have been quicker. */
  readonly done: (message: LedgerRow) => boolean;
}

/** What operators may do to a message. A move is a fact: it is recorded, and the order is planned again at once. */
export const messageMoves: readonly MoveRule[] = [
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
  { move, from, done }: MoveRule,
  { shopId = null, record = (moves) => recordMoves(deps.db, moves) }: MoveOptions = {},
): Promise<readonly Moved[]> {
  const before = (await findMessages(deps.db, messageIds)).filter((message) => shopId === null || message.shopId === shopId);
  const refused = before.flatMap((message): Moved[] => {
    const why = whyNot(message, { move, from });
    return why === null ? [] : [{ kind: "refused", message, why }];
  });
  const movable = before.filter((message) => whyNot(message, { move, from }) === null);
  const last = await lastMoves(
    deps.db,
    movable.map(({ orderId }) => orderId),
  );
  await record(
    movable.map((message): NewMove => {
      const at = after(last(message), move, deps.now());
      const { shopId, orderId, step, occurrence } = message;
      return { id: newId(at), shopId, orderId, step, occurrence, move, at };
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
      (message): Moved => (done(message) ? { kind: "moved", message } : { kind: "refused", message, why: notIn(message, { move, from }) }),
    ),
  ];
}

function whyNot(message: LedgerRow, { move, from }: Pick<MoveRule, "move" | "from">): string | null {
  if (!from.includes(message.state)) return notIn(message, { move, from });
  if (message.state === "held" && message.reason !== "operator-held" && move !== "cancel") {
    return `this message is held because of ${message.reason}, not by an operator`;
  }
  return null;
}

/** Of moves at one instant the stronger word holds, and a manual clock stands still: a move that must outlive a stronger one comes a moment later. */
const strength: readonly Move["move"][] = ["release", "hold", "send-now", "cancel"];

function after(last: Pick<Move, "move" | "at"> | null, move: Move["move"], now: Instant): Instant {
  if (last === null || last.at < now) return now;
  return strength.indexOf(move) > strength.indexOf(last.move) ? last.at : plus(last.at, 1);
}

function notIn({ state, reason }: LedgerRow, { move, from }: Pick<MoveRule, "move" | "from">): string {
  const why = reason === null ? "" : ` (${reason})`;
  return `this message is ${state}${why}; ${move} is possible when it is ${from.join(" or ")}`;
}
