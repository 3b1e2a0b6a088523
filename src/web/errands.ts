import { type ErrandAsked, type ErrandState, moves } from "../core/errand.ts";
import { newId } from "../core/ids.ts";
import { oppositeMoves } from "../core/operator-moves.ts";
import { type Actor, audited } from "../store/audit.ts";
import { type Errand, endErrand, findErrand, insertErrand } from "../store/errands.ts";
import type { WebDeps } from "./deps.ts";

export interface ErrandWish {
  readonly shopId: string;
  readonly asked: ErrandAsked;
  readonly actor: Actor;
}

/** Writes long work down, with its line in the audit log, and lets it begin; answers its id. From then on it is done, whatever becomes of us. */
export async function askErrand(deps: Pick<WebDeps, "db" | "now" | "wake">, { shopId, asked, actor }: ErrandWish): Promise<string> {
  const now = deps.now();
  const id = newId(now);
  await audited(deps.db, { actor, now }, async (trx) => {
    await insertErrand(trx, { id, shopId, asked, actor, createdAt: now });
    return { entry: { shopId, action: "errand.asked", subject: id, after: asked }, result: undefined };
  });
  deps.wake("errands");
  return id;
}

/** Stops long work where it is; `null`: it has ended. */
export function cancelErrand(deps: Pick<WebDeps, "db" | "now">, { id, shopId }: Errand, actor: Actor): Promise<Errand | null> {
  const now = deps.now();
  return audited(deps.db, { actor, now }, async (trx) => {
    const ended = await endErrand(trx, id, "cancelled", now);
    const entry = { shopId, action: "errand.cancelled", subject: id, after: { total: ended?.total ?? null, ...ended?.counts } };
    return { entry: ended === null ? null : entry, result: ended };
  });
}

const ends: readonly ErrandState[] = ["done", "cancelled", "failed"];

/** What takes back what this work did, for exactly the messages it moved; `null` where nothing does, or while it goes on. */
export function undoing({ id, asked, state, counts }: Errand): ErrandAsked | null {
  if (asked.kind !== "moves" || !ends.includes(state) || (counts["moved"] ?? 0) === 0) return null;
  const back = oppositeMoves[asked.move];
  return back === undefined ? null : moves(back, { states: null, category: null, step: null, due: null, movedBy: id });
}

/** The messages of an errand, where it is one of this shop that moves some; else `null`. */
export async function findMoves(deps: Pick<WebDeps, "db">, shopId: string, id: string): Promise<Errand | null> {
  const errand = await findErrand(deps.db, shopId, id);
  return errand?.asked.kind === "moves" ? errand : null;
}
