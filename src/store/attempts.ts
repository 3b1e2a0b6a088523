import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import { retryingConflicts } from "./conflicts.ts";
import { storableJson, storableText } from "./json.ts";
import { maySend } from "./rests.ts";
import type { Schema } from "./schema.ts";
import { maybeTime, time } from "./values.ts";

/** An attempt that wants to begin: everything that must be on record before the first word of SMTP about it. */
export interface Beginning {
  readonly attemptId: string;
  readonly messageId: string;
  readonly token: string;
  /** The order's revision (`PlanningCase`) when the mail's facts were read. */
  readonly revision: string;
  readonly rfcMessageId: string;
  readonly rfcDate: Instant;
  readonly recipient: string;
  readonly templateVersion: string;
  readonly input: unknown;
  /** It invites feedback, though it is care mail (LAW-03). */
  readonly invited: boolean;
}

/**
 * The gate: of the messages that are about to be sent lets those begin that still may, and writes down that they did, in one statement.
 *
 * A message may begin while its lease holds, its order's facts are the ones it was rendered from, its shop sends and its address
 * is not suppressed; it is then `sending`, and an attempt is on record. An unsubscribe changes rows in `queued` and waits for those in
 * `sending`, so one of the two always sees the other (OUT-06). Answers per beginning, in order, whether it may;
 * of two for one message at most one may. Those that may not are left `queued` for `giveBack`.
 */
export async function beginAttempts(
  db: Kysely<Schema>,
  beginnings: readonly Beginning[],
  { now, leaseUntil }: { readonly now: Instant; readonly leaseUntil: Instant },
): Promise<readonly boolean[]> {
  const column = <T>(pick: (beginning: Beginning) => T): T[] => beginnings.map(pick);
  // As arrays, whose length PostgreSQL knows: of a set made from JSON it expects 100 rows, and plans for those.
  const messageIds = column((b) => b.messageId);
  const statement = sql<{ id: string }>`
    with asked as (
      select * from unnest(
        ${column((b) => b.attemptId)}::uuid[], ${messageIds}::uuid[], ${column((b) => b.token)}::uuid[], ${column((b) => b.revision)}::text[],
        ${column((b) => storableText(b.rfcMessageId))}::text[], ${column((b) => time(b.rfcDate))}::timestamptz[], ${column((b) => storableText(b.recipient))}::text[],
        ${column((b) => b.templateVersion)}::text[], ${column((b) => storableJson(b.input))}::text[],
        ${column((b) => b.invited)}::boolean[]
      ) as a (attempt_id, message_id, token, revision, rfc_message_id, rfc_date, recipient, template_version, input, invited)
    ), begun as (
      update messages as m
      set state = 'sending', attempts = m.attempts + 1, lease_until = ${time(leaseUntil)}, first_attempt_at = coalesce(m.first_attempt_at, a.rfc_date),
        invited = a.invited, updated_at = ${time(now)}
      from asked as a, orders as o, shops as s
      -- named once more as an array, whose length PostgreSQL knows: else it looks through all that is in hand, for each few
      where m.id = any(${messageIds}::uuid[]) and m.id = a.message_id and m.state = 'queued' and m.lease_token = a.token and m.lease_until > ${time(now)}
        and o.id = m.order_id and o.xmin::text = a.revision and s.id = m.shop_id and ${maySend("s", now)}
        and not exists (
          select 1 from suppressions as x
          where x.shop_id = m.shop_id and x.address_hash = m.email_hash and (x.scope = 'all' or x.scope = m.category)
        )
      returning m.shop_id, a.*
    )
    insert into attempts (id, shop_id, message_id, token, started_at, rfc_message_id, rfc_date, recipient, template_version, input)
    select attempt_id, shop_id, message_id, token, ${time(now)}, rfc_message_id, rfc_date, recipient, template_version, input::jsonb from begun
    returning id`;
  const { rows } = await retryingConflicts(() => statement.execute(db), db);
  const begun = new Set(rows.map((row) => row.id));
  return beginnings.map((beginning) => begun.has(beginning.attemptId));
}

/** How an attempt that had begun ended, and what that makes of its message. */
export interface Ending {
  readonly attemptId: string;
  readonly messageId: string;
  readonly token: string;
  readonly outcome: "sent" | "later" | "refused" | "unsure" | "transport-down" | "mailbox-full" | "stale";
  readonly phase: string | null;
  /** The server's words, or what became of the connection. */
  readonly answer: string;
  readonly next: {
    readonly state: "sent" | "planned" | "failed" | "unsure" | "stale";
    readonly reason: string | null;
    /** When it is tried again; ignored unless `planned`. */
    readonly dueAt: Instant | null;
    readonly sentAt: Instant | null;
    /** An order mail in doubt that goes out once more (REL-02). */
    readonly resend: boolean;
    /** Whether the attempt counts against the message; our own faults do not. */
    readonly counts: boolean;
  };
}

/**
 * Writes down how attempts ended, in one statement, which locks orders before messages as planning does, and has their orders planned again.
 *
 * Whoever lost the lease does not decide what becomes of a message, with one exception: an answer that comes after the message was
 * taken for `unsure` settles the doubt.
 */
export async function endAttempts(db: Kysely<Schema>, endings: readonly Ending[], now: Instant): Promise<void> {
  if (endings.length === 0) return;
  const column = <T>(pick: (ending: Ending) => T): T[] => endings.map(pick);
  const attemptIds = column((e) => e.attemptId);
  const messageIds = column((e) => e.messageId);
  const statement = sql`
    with ended as (
      select * from unnest(
        ${attemptIds}::uuid[], ${messageIds}::uuid[], ${column((e) => e.token)}::uuid[], ${column((e) => e.outcome)}::text[],
        ${column((e) => e.phase)}::text[], ${column((e) => storableText(e.answer.slice(0, 2_000)))}::text[], ${column((e) => e.next.state)}::text[],
        ${column((e) => e.next.reason)}::text[], ${column((e) => maybeTime(e.next.dueAt))}::timestamptz[],
        ${column((e) => maybeTime(e.next.sentAt))}::timestamptz[], ${column((e) => e.next.resend)}::boolean[],
        ${column((e) => (e.next.counts ? 0 : 1))}::smallint[]
      ) as e (attempt_id, message_id, token, outcome, phase, answer, state, reason, due_at, sent_at, resend, uncounted)
    ), noted as (
      update attempts as a set ended_at = ${time(now)}, outcome = e.outcome, phase = e.phase, answer = e.answer
      from ended as e where a.id = any(${attemptIds}::uuid[]) and a.id = e.attempt_id
    ), concerned as (
      select id from orders where id in (select order_id from messages where id = any(${messageIds}::uuid[]))
      order by source_id, external_id for update
    ), settled as (
      update messages as m set state = case when m.resend and e.state = 'stale' then 'unsure' else e.state end,
        reason = case when m.resend and e.state = 'stale' then 'answer-unknown' else e.reason end, due_at = coalesce(e.due_at, m.due_at), sent_at = coalesce(m.sent_at, e.sent_at),
        resend = m.resend or e.resend, attempts = m.attempts - e.uncounted, lease_token = null, lease_until = null, updated_at = ${time(now)}
      from ended as e
      where m.id = any(${messageIds}::uuid[]) and m.id = e.message_id and m.order_id in (select id from concerned) and (
        m.state = 'sending' and m.lease_token = e.token
        or e.state = 'sent' and (m.state = 'unsure' or m.state in ('planned', 'queued') and m.resend)
      )
      returning m.order_id
    )
    update orders set dirty = dirty + 1 where id in (select order_id from settled)`;
  await retryingConflicts(() => statement.execute(db), db);
}

/** What `rescue` found. */
export interface Rescued {
  readonly planned: number;
  readonly unsure: number;
  readonly resent: number;
}

/**
 * Takes back what processes that died (or fell asleep past their lease) had in hand, in one statement.
 *
 * `queued` goes back to `planned`: nothing was said about it yet. `sending` may have been accepted: order mail is sent once more
 * at `resendAt` with the same Message-ID and Date, everything else, and order mail that was resent already, is `unsure` (REL-02).
 */
export async function rescueLost(
  db: Kysely<Schema>,
  { now, resendAt, limit }: { readonly now: Instant; readonly resendAt: Instant; readonly limit: number },
): Promise<Rescued> {
  const statement = sql<{ state: string; again: boolean; n: number }>`
    with lost as (
      select id, state, state = 'sending' and category = 'order' and not resend and stale_at > ${time(resendAt)} as again
      from messages where state in ('queued', 'sending') and lease_until <= ${time(now)}
      order by lease_until limit ${limit} for update skip locked
    ), taken as (
      update messages as m set
        state = case when lost.state = 'queued' or lost.again then 'planned' else 'unsure' end,
        reason = case when lost.state = 'queued' then m.reason else 'answer-unknown' end,
        resend = m.resend or lost.again,
        due_at = case when lost.again then ${time(resendAt)} else m.due_at end,
        sent_at = case when lost.state = 'sending' then coalesce(m.sent_at, m.updated_at) else m.sent_at end,
        lease_token = null, lease_until = null, updated_at = ${time(now)}
      from lost where m.id = lost.id
      returning m.id, m.order_id, m.state, lost.again, lost.state as was
    ), noted as (
      update attempts as a set ended_at = ${time(now)}, outcome = 'unsure', answer = 'the process that sent it ended before the answer was written down'
      from taken where a.message_id = taken.id and taken.was = 'sending' and a.ended_at is null
    ), marked as (
      update orders set dirty = dirty + 1 where id in (select order_id from taken where was = 'sending')
    )
    select state, again, count(*) as n from taken group by 1, 2`;
  const { rows } = await retryingConflicts(() => statement.execute(db), db);
  const count = (state: string, again: boolean): number =>
    rows.filter((row) => row.state === state && row.again === again).reduce((sum, row) => sum + row.n, 0);
  return { planned: count("planned", false), resent: count("planned", true), unsure: count("unsure", false) };
}

/** When a buyer's mailbox was found full since something was last accepted for it, oldest first. */
export async function mailboxFullTimes(db: Kysely<Schema>, shopId: string, emailHash: Buffer): Promise<readonly Instant[]> {
  const { rows } = await sql<{ outcome: string; started_at: Instant }>`
    select a.outcome, a.started_at from orders as o
    join messages as m on m.order_id = o.id
    join attempts as a on a.message_id = m.id
    where o.shop_id = ${shopId} and o.email_hash = ${emailHash} and a.outcome in ('sent', 'mailbox-full')
    order by a.started_at desc limit 50`.execute(db);
  const delivered = rows.findIndex((row) => row.outcome === "sent");
  return (delivered === -1 ? rows : rows.slice(0, delivered)).map((row) => row.started_at).reverse();
}

/** The attempt by which a message went out, or may have, with the template of that time; `null` when there is none. */
export async function acceptedAttempt(
  db: Kysely<Schema>,
  messageId: string,
): Promise<{ readonly input: unknown; readonly compiled: unknown } | null> {
  const row = await db
    .selectFrom("attempts as a")
    .innerJoin("templates as t", "t.version", "a.template_version")
    .select(["a.input", "t.compiled"])
    .where("a.message_id", "=", messageId)
    .where("a.outcome", "in", ["sent", "unsure"])
    .orderBy("a.outcome")
    .orderBy("a.started_at", "desc")
    .executeTakeFirst();
  return row ?? null;
}
