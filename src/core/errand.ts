import { z } from "zod";
import { isId } from "./ids.ts";
import { type Instant, instantOf, iso } from "./instant.ts";
import type { Move } from "./message.ts";
import { categories, type MessageState, messageStates } from "./timetable.ts";

/** What happens to long work. `waiting`: nobody has begun it; the last three are ends. */
export const errandStates = ["waiting", "running", "done", "cancelled", "failed"] as const;
export type ErrandState = (typeof errandStates)[number];

/** Which messages of a shop: those that are in all that is said here; `null` says nothing. */
const chosen = z.object({
  states: z.array(z.enum(messageStates)).nullable(),
  category: z.enum(categories).nullable(),
  step: z.string().nullable(),
  /** Due from the first instant on and before the second. */
  due: z.tuple([z.iso.datetime(), z.iso.datetime()]).nullable(),
  /** Only those that this errand moved. */
  movedBy: z.string().refine(isId).nullable(),
});

const asked = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("moves"), move: z.enum(["release", "hold", "send-now", "cancel"]), chosen }),
  z.object({ kind: z.literal("plan-shop"), because: z.string() }),
]);

/** What somebody asked for, as it is stored. */
export type ErrandAsked = z.output<typeof asked>;
export type AskedMoves = Extract<ErrandAsked, { kind: "moves" }>;

/** Reads what was stored; throws for what no version of this program has written. */
export function readAsked(stored: unknown): ErrandAsked {
  return asked.parse(stored);
}

/** Which messages an operator means by a filter. */
export interface ChosenMessages {
  readonly states: readonly MessageState[] | null;
  readonly category: (typeof categories)[number] | null;
  readonly step: string | null;
  readonly due: readonly [Instant, Instant] | null;
  readonly movedBy: string | null;
}

export function moves(move: Move["move"], { states, due, ...rest }: ChosenMessages): AskedMoves {
  return {
    kind: "moves",
    move,
    chosen: { ...rest, states: states === null ? null : [...states], due: due === null ? null : [iso(due[0]), iso(due[1])] },
  };
}

export function chosenOf({ chosen: { due, ...rest } }: AskedMoves): ChosenMessages {
  return { ...rest, due: due === null ? null : [instantOf(due[0]), instantOf(due[1])] };
}
