import { z } from "zod";
import { newId } from "../src/core/ids.ts";
import { type Instant, plus } from "../src/core/instant.ts";
import type { ComposedMail, ShopIdentity } from "../src/core/letter.ts";
import { outcomeOf } from "../src/core/outcome.ts";
import { rowOf, sameIdentity } from "../src/core/plan-input.ts";
import { nextFor } from "../src/core/reconcile.ts";
import { seedOf } from "../src/core/spread.ts";
import type { Timetable } from "../src/core/timetable.ts";
import { loadClaimed, type MessageToSend } from "../src/store/claimed.ts";
import { type GivenBack, giveBack, renewLease } from "../src/store/claims.ts";
import { loadForPlanning, type PlanningCase } from "../src/store/planning.ts";
import { shopIdentities } from "../src/store/shop-identities.ts";
import { breather } from "./breather.ts";
import type { Deps } from "./deps.ts";
import { endingOf } from "./ending.ts";
import { defineJob } from "./job.ts";
import { type Lease, leaseOf, openLease } from "./lease.ts";
import { letterOf } from "./letter.ts";
import { countPolicyRefusal } from "./policy-refusals.ts";
import { giveBackAll, type SendBatch } from "./release.ts";
import { timetableOf } from "./timetable-of.ts";
import { suppressDeadAddress, suppressFullMailbox } from "./undeliverable.ts";
import { untilWritten } from "./until-written.ts";

/** Sends claimed messages: asks once more whether each may go, renders, hands over by SMTP, writes down how it ended. */
export const send = defineJob({
  name: "send",
  payload: z.object({ token: z.uuid(), messageIds: z.array(z.uuid()).max(200) }),
  concurrency: 4,
  // The answer to the final dot may take 10 minutes; the lease is renewed meanwhile.
  timeoutMs: 15 * 60_000,
  async run(payload, deps) {
    await sendBatch(deps, payload);
    // There is room in hand again.
    deps.wake("release");
  },
});

/**
 * Sends one batch and answers how many mails were accepted. What it was handed and no longer holds, it leaves alone.
 *
 * Throws what went wrong with one mail (the database went away) after all others have ended, their leases kept until then.
 */
export async function sendBatch(deps: Deps, { token, messageIds }: SendBatch): Promise<number> {
  const leaseMs = leaseOf(deps);
  const lease = openLease(leaseMs, deps.now);
  let asking = false;
  const heartbeat = setInterval(() => {
    // While PostgreSQL is slow, another that waits would not make it quicker.
    if (asking) return;
    asking = true;
    const asked = performance.now();
    renewLease(deps.db, token, plus(deps.now(), leaseMs))
      .then(
        (kept) => kept && lease.renewed(asked),
        (error: unknown) => deps.log.warn({ error: String(error) }, "a lease could not be renewed"),
      )
      .finally(() => {
        asking = false;
      });
  }, leaseMs / 4);
  try {
    // Claimed by another process, whose queue we share though its database is not ours; or before the database was put back.
    if (!(await deps.instance.maySend())) {
      await giveBackAll(deps, { token, messageIds });
      return 0;
    }
    const messages = await loadClaimed(deps.db, token, messageIds);
    const cases = await casesOf(deps, messages);
    const shops = await shopIdentities(deps.db, [...new Set(messages.map((message) => message.shopId))]);
    const now = deps.now();
    const decisions = messages.map((message) => decide(message, cases.get(message.orderId), shops.get(message.shopId), now));
    const back = decisions.flatMap((decision) => (decision.kind === "back" ? [decision.message] : []));
    await giveBack(deps.db, { token, now, replan: true, messages: back });
    const results = await Promise.allSettled(
      decisions.flatMap((decision) => (decision.kind === "go" ? [sendOne(deps, { token, lease }, decision)] : [])),
    );
    if (messages.length > 0) deps.wake("plan");
    for (const result of results) if (result.status === "rejected") throw result.reason;
    return results.filter((result) => result.status === "fulfilled" && result.value).length;
  } finally {
    clearInterval(heartbeat);
  }
}

const breathe = breather();

type Decision =
  | { readonly kind: "back"; readonly message: GivenBack }
  | { readonly kind: "go"; readonly message: MessageToSend; readonly case: PlanningCase; readonly shop: ShopIdentity };

interface CaseWithTimetable extends PlanningCase {
  readonly timetable: Timetable;
}

async function casesOf(deps: Deps, messages: readonly MessageToSend[]): Promise<ReadonlyMap<string, CaseWithTimetable>> {
  const orderIds = [...new Set(messages.map((message) => message.orderId))];
  const cases = await loadForPlanning(deps.db, deps.keys, { orderIds, lock: false });
  return new Map(
    cases.flatMap((one) => {
      const timetable = timetableOf(one, deps.log);
      return timetable === null ? [] : [[one.orderId, { ...one, timetable }]];
    }),
  );
}

/**
 * Asks again what planning would do with it now, from the facts as they are now: has it been withdrawn, held, moved to another day, is it
 * too late, or not a decent hour? A queue that took long, or a service that was down at the right time, must not send care mail at
 * night (SCH-06). A message that is still filed under an address the buyer had before waits for planning, so that an unsubscribe finds it.
 * Nobody plans a closed order: what was put back to be tried again after it was closed (a server was busy, a worker died) ends here.
 */
function decide(message: MessageToSend, known: CaseWithTimetable | undefined, shop: ShopIdentity | undefined, now: Instant): Decision {
  if (message.closed) return { kind: "back", message: { ...giveUp(message), state: "cancelled", reason: "order-closed" } };
  const entry = known?.timetable.entries.find((candidate) => sameIdentity(candidate, message));
  if (known === undefined || shop === undefined || entry?.kind !== "planned" || known.readdressed) return back(message, message.dueAt);
  if (message.staleAt <= now) return { kind: "back", message: { ...giveUp(message), state: "stale", reason: "stale" } };
  const next = nextFor(entry, rowOf(known.input.messages, message), known.timetable, now);
  if (next !== null) return back(message, next.state === "planned" ? next.dueAt : message.dueAt);
  return { kind: "go", message, case: known, shop };
}

function back(message: MessageToSend, dueAt: Instant): Decision {
  return { kind: "back", message: { ...giveUp(message), state: "planned", dueAt } };
}

function giveUp({ id, dueAt }: MessageToSend): GivenBack {
  return { id, state: "planned", dueAt, deferredUntil: null, reason: null };
}

/** What whoever claimed a message holds it by. */
interface Hold {
  readonly token: string;
  readonly lease: Lease;
}

/** Sends one mail; whether it was accepted. Nothing in here may keep the others of the batch from being sent. */
async function sendOne(deps: Deps, { token, lease }: Hold, { message, case: known, shop }: Decision & { kind: "go" }): Promise<boolean> {
  const startedAt = deps.now();
  const resting = deps.health.restingAt(startedAt);
  if (resting !== null) return giveBackOne(deps, token, { ...giveUp(message), dueAt: resting });
  // Fifty mails are put together at a time; mails on their way must not wait for all of them.
  await breathe();
  const letter = letterOf(message, known, shop, startedAt, { mayAsk: message.invited });
  const composed = await deps.mailer.compose(letter);
  if (composed.kind === "failed") {
    deps.log.error({ messageId: message.id, template: message.template, reason: composed.reason }, "a mail could not be rendered");
    return giveBackOne(deps, token, { ...giveUp(message), state: "failed", reason: composed.because, detail: composed.reason });
  }
  const attemptId = newId(startedAt);
  let begun = false;
  const stopwatch = performance.now();
  const result = await deps.mailer.send(
    composed,
    async () => {
      const asked = performance.now();
      begun = await deps.begin(
        beginningOf(attemptId, token, message, known, { ...composed, invited: letter.mayInviteFeedback }, startedAt),
      );
      if (begun) lease.renewed(asked);
      return begun;
    },
    lease.held,
  );
  const now = deps.now();
  const outcome = outcomeOf(result, {
    category: message.category,
    attempts: message.attempts + 1,
    firstAttemptAt: message.firstAttemptAt ?? startedAt,
    now,
    staleAt: message.staleAt,
    resent: message.resend,
    random: seedOf(message.id, String(message.attempts), message.occurrence) / 2 ** 32,
    haste: deps.haste,
  });
  if (outcome.kind === "transport-down") {
    const retryAt = deps.health.failed(now, outcome.retryAt);
    deps.log.error({ messageId: message.id, reason: outcome.detail, retryAt }, "the SMTP server can't be used; mail waits");
    if (!begun) return giveBackOne(deps, token, { ...giveUp(message), dueAt: retryAt });
  } else {
    deps.health.worked();
  }
  const phase = "phase" in result ? result.phase : null;
  const ending = endingOf(outcome, now, message.dueAt);
  if (!begun) {
    // The gate said no: facts changed, somebody held it, or the address is suppressed. Planning says which.
    if (outcome.kind === "withdrawn") return giveBackOne(deps, token, giveUp(message));
    const { next, answer } = ending;
    const state = next.state === "failed" || next.state === "stale" ? next.state : "planned";
    return giveBackOne(deps, token, { ...giveUp(message), state, dueAt: next.dueAt ?? message.dueAt, reason: next.reason, detail: answer });
  }
  await untilWritten(() => deps.end({ attemptId, messageId: message.id, token, phase, ...ending }), deps.log);
  deps.counters.sendSeconds((performance.now() - stopwatch) / 1_000);
  if (outcome.kind === "sent") deps.counters.sent(message.category);
  if (outcome.kind === "refused" && outcome.address === "dead") await suppressDeadAddress(deps, known, outcome.detail);
  if (outcome.kind === "refused" && outcome.class === "policy") await countPolicyRefusal(deps, message.shopId, outcome.detail);
  if (outcome.kind === "mailbox-full") await suppressFullMailbox(deps, known);
  deps.log.info({ messageId: message.id, step: message.step, outcome: outcome.kind, phase }, "an attempt ended");
  return outcome.kind === "sent";
}

async function giveBackOne(deps: Deps, token: string, message: GivenBack): Promise<false> {
  await giveBack(deps.db, { token, now: deps.now(), replan: true, messages: [message] });
  return false;
}

function beginningOf(
  attemptId: string,
  token: string,
  message: MessageToSend,
  known: PlanningCase,
  mail: ComposedMail & { readonly invited: boolean },
  startedAt: Instant,
) {
  return {
    attemptId,
    messageId: message.id,
    token,
    revision: known.revision,
    rfcMessageId: mail.rfcMessageId,
    rfcDate: message.firstAttemptAt ?? startedAt,
    recipient: mail.envelope.to,
    templateVersion: mail.templateVersion,
    input: mail.input,
    invited: mail.invited,
  };
}
