import { type AskedMoves, type ChosenMessages, chosenOf } from "../src/core/errand.ts";
import { newId } from "../src/core/ids.ts";
import { canMove, type Movable, type MoveRule, moveRule, moveTime } from "../src/core/operator-moves.ts";
import { keepMoved, nextChosen, tallyChosen } from "../src/store/chosen-messages.ts";
import { retryingConflicts } from "../src/store/conflicts.ts";
import { advanceErrand, correctErrand, type Errand, startErrand, sums } from "../src/store/errands.ts";
import { findMessages, type LedgerRow, lastMoves } from "../src/store/message-list.ts";
import { type NewMove, recordMoves } from "../src/store/moves.ts";
import type { BatchEnd, ErrandDeps } from "./errands.ts";
import { planNow } from "./plan.ts";

const batchSize = 200;

/** Makes one operator's move on the next messages of a choice: counts first, then a batch a time, from the newest message to the oldest: what is planned later is not meant. */
export async function moveBatch(deps: ErrandDeps, errand: Errand, asked: AskedMoves): Promise<BatchEnd> {
  const rule = moveRule(asked.move);
  const choice = chosenOf(asked);
  if (errand.state === "waiting") return (await start(deps, errand, choice, rule)) ? "more" : "overtaken";
  const page = { before: errand.cursor, limit: batchSize };
  const ids = await nextChosen(deps.db, errand.shopId, movableOf(choice, rule), page);
  const cursor = ids.at(-1);
  if (cursor === undefined) return "done";
  return (await moveThese(deps, errand, rule, { ids, cursor })) ? "more" : "overtaken";
}

/** Those that can't be moved as they are are not looked at one by one: a million that were sent long ago are one line of the result. */
async function start(deps: ErrandDeps, errand: Errand, choice: ChosenMessages, rule: MoveRule): Promise<boolean> {
  const tallies = await tallyChosen(deps.db, errand.shopId, choice);
  const total = tallies.reduce((sum, { n }) => sum + n, 0);
  const skipped: Record<string, number> = {};
  for (const one of tallies) if (!canMove(one, rule)) skipped[skipKey(one)] = (skipped[skipKey(one)] ?? 0) + one.n;
  return startErrand(deps.db, errand.id, { total, skipped }, deps.now());
}

/** Why one is left alone: its state, with the reason when it is held for one that is not an operator's. */
function skipKey({ state, reason }: Movable): string {
  return state === "held" && reason !== null ? `held:${reason}` : state;
}

/** Of a choice only the states from which the move leads. */
function movableOf(choice: ChosenMessages, { from }: MoveRule): ChosenMessages {
  return { ...choice, states: choice.states === null ? from : choice.states.filter((state) => from.includes(state)) };
}

interface Batch {
  readonly ids: readonly string[];
  readonly cursor: string;
}

/** `false`: somebody else has done this batch meanwhile, or the errand was cancelled; nothing was changed. */
async function moveThese(deps: ErrandDeps, errand: Errand, rule: MoveRule, { ids, cursor }: Batch): Promise<boolean> {
  const movable = (await findMessages(deps.db, ids)).filter((message) => canMove(message, rule));
  const orderIds = [...new Set(movable.map(({ orderId }) => orderId))];
  const last = await lastMoves(deps.db, orderIds);
  const recorded = movable.map((message): NewMove => {
    const at = moveTime(last(message), rule.move, deps.now());
    const { shopId, orderId, step, occurrence } = message;
    return { id: newId(at), shopId, orderId, step, occurrence, move: rule.move, at };
  });
  // Messages held for another reason were counted as skipped at the start.
  const progress = { cursor, done: movable.length, counts: { moved: movable.length } };
  const noted = await retryingConflicts(() =>
    deps.db
      .transaction()
      .execute(async (trx) => {
        if (!(await advanceErrand(trx, errand, progress))) throw new Overtaken();
        await recordMoves(trx, recorded);
        await keepMoved(
          trx,
          errand.id,
          movable.map(({ id }) => id),
        );
        return true;
      })
      .catch((error: unknown) => {
        if (error instanceof Overtaken) return false;
        throw error;
      }),
  );
  if (!noted) return false;
  // The moves are recorded and their orders dirty: should this process die here, the plan job does the rest.
  await planNow(deps, orderIds);
  await correct(deps, errand, rule, movable);
  if (rule.move !== "hold" && rule.move !== "cancel") deps.wake("release");
  return true;
}

class Overtaken extends Error {}

/** A worker may have been quicker with some of them. */
async function correct(deps: ErrandDeps, errand: Errand, rule: MoveRule, movable: readonly LedgerRow[]): Promise<void> {
  const now = await findMessages(
    deps.db,
    movable.map(({ id }) => id),
  );
  const refused = now.filter((message) => !rule.done(message));
  if (refused.length === 0) return;
  const counts = sums(errand.counts, { moved: movable.length - refused.length });
  const skipped = refused.reduce((sum, message) => sums(sum, { [skipKey(message)]: 1 }), errand.skipped);
  await correctErrand(deps.db, errand.id, { counts, skipped });
}
