import { type Instant, plus } from "./instant.ts";
import type { Move } from "./message.ts";
import type { MessageState } from "./timetable.ts";

export interface MoveRule {
  readonly move: Move["move"];
  readonly summary: string;
  /** States in which it makes sense. */
  readonly from: readonly MessageState[];
  /** Whether the message is then as the operator wants it; a worker may have been quicker. */
  readonly done: (message: { readonly state: MessageState }) => boolean;
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

export const moveNames = messageMoves.map(({ move }) => move);

/** What takes a move back, where something does: a mail that is sent or cancelled stays so. */
export const oppositeMoves: Partial<Record<Move["move"], Move["move"]>> = { hold: "release", release: "hold" };

export function moveRule(move: Move["move"]): MoveRule {
  const rule = messageMoves.find((one) => one.move === move);
  if (rule === undefined) throw new Error(`there is no move ${move}`);
  return rule;
}

/** Of a message: what decides whether it can be moved. */
export interface Movable {
  readonly state: MessageState;
  readonly reason: string | null;
}

/** Whether a message can be moved so as it is now. */
export function canMove({ state, reason }: Movable, { move, from }: Pick<MoveRule, "move" | "from">): boolean {
  return from.includes(state) && (state !== "held" || reason === "operator-held" || move === "cancel");
}

/** Why a message can't be moved, in a sentence; `null` when it can. */
export function whyNot(message: Movable, rule: Pick<MoveRule, "move" | "from">): string | null {
  if (canMove(message, rule)) return null;
  if (!rule.from.includes(message.state)) return notIn(message, rule);
  return `this message is held because of ${message.reason}, not by an operator`;
}

export function notIn({ state, reason }: Movable, { move, from }: Pick<MoveRule, "move" | "from">): string {
  const why = reason === null ? "" : ` (${reason})`;
  return `this message is ${state}${why}; ${move} is possible when it is ${from.join(" or ")}`;
}

/** Of moves at one instant the stronger word holds, and a manual clock stands still: a move that must outlive a stronger one comes a moment later. */
const strength: readonly Move["move"][] = ["release", "hold", "send-now", "cancel"];

/** When a move counts as made: now, or just after the last one on the same message where that would outdo it. */
export function moveTime(last: Pick<Move, "move" | "at"> | null, move: Move["move"], now: Instant): Instant {
  if (last === null || last.at < now) return now;
  return strength.indexOf(move) > strength.indexOf(last.move) ? last.at : plus(last.at, 1);
}
