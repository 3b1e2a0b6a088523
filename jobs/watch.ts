import { z } from "zod";
import { attentionIn } from "../src/store/attention.ts";
import { allShopIds, keepFindings } from "../src/store/findings.ts";
import type { Deps } from "./deps.ts";
import { defineJob } from "./job.ts";

const shopsAtOnce = 200;

/** Compares what is expected of every shop with what is, and writes down what needs a person's look. */
export const watch = defineJob({
  name: "watch",
  payload: z.undefined(),
  everyMs: 60_000,
  concurrency: 1,
  timeoutMs: 60_000,
  async run(_payload, deps, signal) {
    await watchShops(deps, signal);
  },
});

/** One look at all shops, some at a time. */
export async function watchShops(deps: Pick<Deps, "db" | "now">, signal?: AbortSignal): Promise<void> {
  const ids = await allShopIds(deps.db);
  for (let start = 0; start < ids.length && signal?.aborted !== true; start += shopsAtOnce) {
    const some = ids.slice(start, start + shopsAtOnce);
    const now = deps.now();
    await keepFindings(deps.db, some, await attentionIn(deps.db, some, now), now);
  }
}
