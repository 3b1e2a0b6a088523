import type { Move } from "./message.ts";
import { type Identity, sameIdentity } from "./plan-input.ts";

export interface Standing {
  /** The operator cancelled it, whatever came after: that cannot be undone (P5). */
  readonly cancelled: Move | null;
  /** The last move that is not a cancel; `release` leaves the message to the plan again. */
  readonly last: Move | null;
}

const untouched: Standing = { cancelled: null, last: null };
/** Of two moves at the same instant the later in this list holds. */
const words: readonly Move["move"][] = ["release", "hold", "send-now", "cancel"];

/** What the operators' moves on one message come to, whatever order they are given in. */
export function standingMoves(moves: readonly Move[], identity: Identity): Standing {
  if (moves.length === 0) return untouched;
  let cancelled: Move | null = null;
  let last: Move | null = null;
  for (const move of moves) {
    if (!sameIdentity(move, identity)) continue;
    if (move.move === "cancel") cancelled = cancelled === null || move.at < cancelled.at ? move : cancelled;
    else if (last === null || move.at > last.at || (move.at === last.at && words.indexOf(move.move) > words.indexOf(last.move)))
      last = move;
  }
  return { cancelled, last };
}
