import { hour, minute, plus } from "../src/core/instant.ts";
import { notePolicyRefusal } from "../src/store/rests.ts";
import type { Deps } from "./deps.ts";

/** So many refusals for policy within a quarter of an hour, and the shop's mail rests for an hour: each further one would be lost the same way. */
const atLeast = 10;
const windowMs = 15 * minute;
const restMs = hour;

/** Counts a refusal that is not the recipient's fault but ours (5.7.x: authentication, reputation, a block list; standards 2.4). */
export async function countPolicyRefusal(deps: Deps, shopId: string, answer: string): Promise<void> {
  const at = deps.now();
  const rule = { atLeast, since: plus(at, -windowMs), until: plus(at, restMs) };
  if (!(await notePolicyRefusal(deps.db, { shopId, at, answer }, rule))) return;
  deps.log.error({ shopId, answer, until: rule.until }, "servers refuse this shop's mail for policy; all of it rests for an hour");
}
