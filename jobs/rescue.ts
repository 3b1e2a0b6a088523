import { z } from "zod";
import { minute, plus } from "../src/core/instant.ts";
import { rescueLost } from "../src/store/attempts.ts";
import { foldCounts } from "../src/store/counts.ts";
import type { Deps } from "./deps.ts";
import { defineJob } from "./job.ts";

/** Order mail in doubt goes out once more after this time, long enough for a slow server to have finished with the first copy. */
const resendAfterMs = 15 * minute;
const batch = 500;

/** Takes back what processes that died had in hand: planned again, or in doubt. */
export const rescue = defineJob({
  name: "rescue",
  payload: z.undefined(),
  everyMs: 15_000,
  concurrency: 1,
  timeoutMs: 30_000,
  async run(_payload, deps, signal) {
    while (!signal.aborted) {
      if ((await rescueBatch(deps)) < batch) break;
    }
    await foldCounts(deps.db);
    await deps.instance.advance();
  },
});

/** One batch of it; answers how many messages were taken back. */
export async function rescueBatch(deps: Deps): Promise<number> {
  const now = deps.now();
  const found = await rescueLost(deps.db, { now, resendAt: plus(now, resendAfterMs / deps.haste), limit: batch });
  const all = found.planned + found.resent + found.unsure;
  if (all === 0) return 0;
  deps.log.warn(found, "took back messages whose lease had run out");
  deps.wake("plan");
  deps.wake("release");
  return all;
}
