import { z } from "zod";
import { type Actor, writeAudit } from "../src/store/audit.ts";
import { beginBatch, type Errand, endErrand, openErrands } from "../src/store/errands.ts";
import type { Deps } from "./deps.ts";
import { moveBatch } from "./errand-moves.ts";
import { planShopBatch } from "./errand-plan-shop.ts";
import { defineJob } from "./job.ts";

const atOnce = 20;
/** A batch that failed so often in a row, or took its process with it, is not begun again: it would for ever. */
const mostTries = 20;

/**
 * Does long work that somebody asked for, a batch of each in turn, so that a large one holds up no small one.
 *
 * What is done is noted in the transaction of the batch: after a crash the next process goes on where the last one was, and of two that do the
 * same batch one is undone.
 */
export const errands = defineJob({
  name: "errands",
  payload: z.undefined(),
  everyMs: 5_000,
  concurrency: 1,
  timeoutMs: 60_000,
  async run(_payload, deps, signal) {
    while (!signal.aborted) if (!(await errandsTurn(deps))) return;
  },
});

export type ErrandDeps = Pick<Deps, "db" | "keys" | "now" | "log" | "wake">;

/** How a batch ended: there is more to do, or there is nothing more, or somebody else has done it, or the errand was cancelled. */
export type BatchEnd = "more" | "done" | "overtaken";

/** One batch of each open errand; whether it is worth asking at once again. */
export async function errandsTurn(deps: ErrandDeps): Promise<boolean> {
  let again = false;
  for (const errand of await openErrands(deps.db, atOnce)) again = (await takeBatch(deps, errand)) || again;
  return again;
}

async function takeBatch(deps: ErrandDeps, errand: Errand): Promise<boolean> {
  const tries = await beginBatch(deps.db, errand.id);
  if (tries === null) return false;
  if (tries > mostTries) {
    deps.log.error({ errandId: errand.id }, "long work was given up after many tries");
    await end(deps, errand, "failed");
    return false;
  }
  try {
    const ended = await batchOf(deps, errand);
    if (ended === "done") await end(deps, errand, "done");
    return ended === "more";
  } catch (error) {
    deps.log.warn({ errandId: errand.id, error: String(error) }, "a batch of long work failed; it is tried again");
    return false;
  }
}

function batchOf(deps: ErrandDeps, errand: Errand): Promise<BatchEnd> {
  const { asked } = errand;
  switch (asked.kind) {
    case "moves":
      return moveBatch(deps, errand, asked);
    case "plan-shop":
      return planShopBatch(deps, errand);
  }
}

/** Ends it, with a line in the audit log that says what came of it; once, whoever is first. */
async function end({ db, now }: ErrandDeps, { id }: Errand, state: "done" | "failed"): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const ended = await endErrand(trx, id, state, now());
    if (ended === null) return;
    const actor: Actor = ended.actor;
    const after = {
      state,
      total: ended.total,
      ...ended.counts,
      ...(Object.keys(ended.skipped).length === 0 ? {} : { skipped: ended.skipped }),
    };
    await writeAudit(trx, actor, { shopId: ended.shopId, action: "errand.ended", subject: id, after }, now());
  });
}
