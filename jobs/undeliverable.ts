import { fullTooLong } from "../src/core/retry.ts";
import { mailboxFullTimes } from "../src/store/attempts.ts";
import type { PlanningCase } from "../src/store/planning.ts";
import { suppress } from "../src/store/suppressions.ts";
import type { Deps } from "./deps.ts";

/** A server said for good that nobody is there: nothing more goes to that address, not even order mail (standards 2.4). */
export async function suppressDeadAddress(deps: Deps, known: PlanningCase, answer: string): Promise<void> {
  await stopMail(deps, known, `undeliverable: ${answer.slice(0, 300)}`);
}

/** A full mailbox is a bad day; one that was full at least three times over a week, with nothing delivered since, is taken for abandoned. */
export async function suppressFullMailbox(deps: Deps, known: PlanningCase): Promise<void> {
  if (known.emailHash === null) return;
  const times = await mailboxFullTimes(deps.db, known.shopId, known.emailHash);
  if (fullTooLong(times)) await stopMail(deps, known, "undeliverable: the mailbox has been full for a week");
}

async function stopMail(deps: Deps, { shopId, emailHash, input }: PlanningCase, reason: string): Promise<void> {
  if (emailHash === null) return;
  await suppress(deps.db, { shopId, addressHash: emailHash, address: input.order.buyer.email, scopes: ["all"], reason }, () => deps.now());
  deps.wake("plan");
}
