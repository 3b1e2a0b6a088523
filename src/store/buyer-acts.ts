import { type Kysely, sql } from "kysely";
import type { ChoiceSaying, ReportSaying } from "../core/choice.ts";
import type { ReviewSaying, Saying } from "../core/facts.ts";
import { newId } from "../core/ids.ts";
import { type Instant, iso } from "../core/instant.ts";
import type { LedgerMessage } from "../core/message.ts";
import { keepWaiting, waitNoMore } from "./buyer-waits.ts";
import { retryingConflicts } from "./conflicts.ts";
import { heldSaying, type OrderRef, sayOfOrder } from "./order-sayings.ts";
import { markDirty } from "./planning.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/**
 * What became of something a buyer did: written down, known already word for word, or not possible any more (the order is closed, what was
 * chosen is settled, or there were too many).
 */
export type Recorded = "recorded" | "known" | "refused";

/** The review a buyer leaves on the buyer's page: one an order, which may be changed. */
export const pageReviewId = "buyers-page";
const mostReports = 20;

export type NewChoice = OrderRef &
  Pick<ChoiceSaying, "of" | "about" | "choice" | "note"> & {
    /** The mail that offered it. */
    readonly mail: Pick<LedgerMessage, "id" | "step" | "occurrence">;
    /** `YYYY-MM-DD`: when the buyer is promised an answer. */
    readonly answerBy: string;
  };

/** Writes a choice down as a fact, with the task it asks of a person, in one transaction. A later choice replaces an earlier one until its task is resolved. */
export function recordChoice(db: Kysely<Schema>, choice: NewChoice, now: Instant): Promise<Recorded> {
  const { shopId, orderId, of, about, choice: chosen, note, mail, answerBy } = choice;
  const slot = `choice:${of}:${about}`;
  return inOrder(db, choice, async (trx) => {
    const { rows } = await sql<{ state: string }>`
      select state from tasks where order_id = ${orderId} and kind = ${of} and about = ${about} order by state limit 1`.execute(trx);
    if (rows[0]?.state === "resolved") return "refused";
    const held = await heldSaying(trx, orderId, slot);
    if (held?.kind === "choice" && held.choice === chosen && held.note === note && rows.length > 0) return "known";
    await sayOfOrder(trx, choice, slot, now, (at) => ({ kind: "choice", of, about, choice: chosen, note, chosenAt: at }));
    await openTask(trx, { shopId, orderId, kind: of, about, mail, choice: chosen, words: note, answerBy }, now);
    if (chosen === "talk") await keepWaiting(trx, choice, now);
    else if (held?.kind === "choice" && held.choice === "talk") await waitNoMore(trx, choice, now);
    return "recorded";
  });
}

export type NewReport = OrderRef &
  Pick<ReportSaying, "id" | "topic" | "text"> & {
    readonly answerBy: string;
  };

/** Writes down what a buyer told, as a fact, with the task to answer it, in one transaction. The same id again corrects it; at most 20 an order. */
export function recordReport(db: Kysely<Schema>, report: NewReport, now: Instant): Promise<Recorded> {
  const { shopId, orderId, id, topic, text, answerBy } = report;
  const slot = `report:${id}`;
  return inOrder(db, report, async (trx) => {
    const held = await heldSaying(trx, orderId, slot);
    if (held?.kind === "report" && held.topic === topic && held.text === text) return "known";
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from facts where order_id = ${orderId} and slot like 'report:%' and slot <> ${slot}`.execute(trx);
    if ((rows[0]?.n ?? 0) >= mostReports) return "refused";
    await sayOfOrder(trx, report, slot, now, (at) => ({ kind: "report", id, topic, text, reportedAt: at }));
    await openTask(trx, { shopId, orderId, kind: topic, about: id, mail: null, choice: null, words: text, answerBy }, now);
    await keepWaiting(trx, report, now);
    return "recorded";
  });
}

export type NewFeedback = OrderRef & { readonly rating: number; readonly text: string | null };

/** Writes down a buyer's feedback as a review that was posted on the buyer's page. Given again, it replaces the earlier one. */
export function recordFeedback(db: Kysely<Schema>, feedback: NewFeedback, now: Instant): Promise<Recorded> {
  const { orderId, rating, text } = feedback;
  const slot = `review:${pageReviewId}`;
  return inOrder(db, feedback, async (trx) => {
    const held = reviewIn(await heldSaying(trx, orderId, slot));
    if (held !== null && !held.removed && held.rating === rating && held.text === text) return "known";
    await sayOfOrder(trx, feedback, slot, now, (at) => ({
      kind: "review",
      id: pageReviewId,
      postedAt: held?.postedAt ?? at,
      rating,
      removed: false,
      text,
      itemId: null,
      url: null,
    }));
    return "recorded";
  });
}

function reviewIn(says: Saying | null): ReviewSaying | null {
  return says?.kind === "review" ? says : null;
}

/** Locks the order and marks it to be planned again; what is closed takes no more facts. */
function inOrder(db: Kysely<Schema>, { shopId, orderId }: OrderRef, act: (trx: Kysely<Schema>) => Promise<Recorded>): Promise<Recorded> {
  return retryingConflicts(() =>
    db.transaction().execute(async (trx) => ((await markDirty(trx, { shopId, orderIds: [orderId] })) === 0 ? "refused" : act(trx))),
  );
}

interface NewTask extends OrderRef {
  readonly kind: string;
  readonly about: string;
  readonly mail: NewChoice["mail"] | null;
  readonly choice: string | null;
  readonly words: string | null;
  readonly answerBy: string;
}

function openTask(
  trx: Kysely<Schema>,
  { shopId, orderId, kind, about, mail, choice, words, answerBy }: NewTask,
  now: Instant,
): Promise<unknown> {
  return sql`
    insert into tasks (id, shop_id, order_id, message_id, kind, about, step, occurrence_kind, occurrence_id, choice, words, answer_by, state, opened_at, updated_at)
    values (${newId(now)}, ${shopId}, ${orderId}, ${mail?.id ?? null}, ${kind}, ${about}, ${mail?.step ?? null}, ${mail?.occurrence.kind ?? null},
      ${mail?.occurrence.id ?? null}, ${choice}, ${words}, ${answerBy}, 'open', ${time(now)}, ${time(now)})
    on conflict (order_id, kind, about) where state = 'open' do update
      set choice = excluded.choice, words = excluded.words, answer_by = excluded.answer_by, updated_at = ${iso(now)}::timestamptz`.execute(
    trx,
  );
}
