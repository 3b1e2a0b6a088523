import { type Kysely, sql } from "kysely";
import { newId } from "../core/ids.ts";
import { type Instant, iso } from "../core/instant.ts";
import type { Change } from "../core/message.ts";
import { type PlanningCase, readdressedStates } from "./planning.ts";
import type { Schema } from "./schema.ts";

/** An order's case with the changes that `reconcile` wants. */
export interface Planned {
  readonly case: PlanningCase;
  readonly changes: readonly Change[];
}

/** How many rows of the ledger were changed. */
export interface PlanCounts {
  readonly added: number;
  readonly retimed: number;
  readonly cancelled: number;
}

/**
 * Writes the outcome of planning locked orders: new messages, changed ones, and what the orders' rows remember; three statements at most.
 *
 * A message whose state is no longer the one that was planned upon is left as it is: its order is marked again by whoever changed it.
 * One in doubt that was to go out once more, and no longer is, stays in doubt: it may have arrived (P2).
 */
export async function applyPlans(db: Kysely<Schema>, planned: readonly Planned[], now: Instant): Promise<PlanCounts> {
  const added = await addMessages(db, planned, now);
  const { retimed, cancelled } = await setMessages(db, planned, now);
  await rememberOrders(db, planned, now);
  return { added, retimed, cancelled };
}

async function addMessages(db: Kysely<Schema>, planned: readonly Planned[], now: Instant): Promise<number> {
  const rows = planned.flatMap(({ case: { orderId, shopId, orderDay, emailHash }, changes }) =>
    changes.flatMap((change) =>
      change.kind !== "add"
        ? []
        : [
            {
              id: newId(now),
              shop_id: shopId,
              order_id: orderId,
              order_day: orderDay,
              step: change.step,
              occurrence_kind: change.occurrence.kind,
              occurrence_id: change.occurrence.id,
              template: change.template,
              category: change.category,
              email_hash: hex(emailHash),
              ...columnsOf(change.next),
            },
          ],
    ),
  );
  if (rows.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into messages (id, shop_id, order_id, order_day, step, occurrence_kind, occurrence_id, template, category, email_hash,
      state, slot_at, due_at, stale_at, deferred_until, reason, schedule_version, because, updated_at)
    select id, shop_id, order_id, order_day, step, occurrence_kind, occurrence_id, template, category, decode(email_hash, 'hex'),
      state, slot_at, due_at, stale_at, deferred_until, reason, schedule_version, because, ${iso(now)}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id uuid, shop_id uuid, order_id uuid, order_day date, step text, occurrence_kind text,
      occurrence_id text, template text, category text, email_hash text, state text, slot_at timestamptz, due_at timestamptz, stale_at timestamptz,
      deferred_until timestamptz, reason text, schedule_version integer, because jsonb)
    order by due_at
    on conflict do nothing`.execute(db);
  return Number(numAffectedRows ?? 0);
}

async function setMessages(
  db: Kysely<Schema>,
  planned: readonly Planned[],
  now: Instant,
): Promise<{ readonly retimed: number; readonly cancelled: number }> {
  const rows = planned.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.kind !== "set" ? [] : [{ id: change.id, from_state: change.from, ...columnsOf(change.next) }])),
  );
  if (rows.length === 0) return { retimed: 0, cancelled: 0 };
  const { rows: changed } = await sql<{ state: string; was: string; moved: boolean }>`
    update messages as m set state = case when m.resend and c.state in ('cancelled', 'stale') then 'unsure' else c.state end,
      reason = case when m.resend and c.state in ('cancelled', 'stale') then 'answer-unknown' else c.reason end,
      slot_at = c.slot_at, due_at = c.due_at, stale_at = c.stale_at, deferred_until = c.deferred_until, schedule_version = c.schedule_version, because = c.because, lease_token = null, lease_until = null, updated_at = ${iso(now)}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (id uuid, from_state text, state text, slot_at timestamptz, due_at timestamptz,
      stale_at timestamptz, deferred_until timestamptz, reason text, schedule_version integer, because jsonb)
    join messages as was on was.id = c.id
    -- named once more as an array, whose length PostgreSQL knows: of a set made from JSON it expects 100 rows
    where m.id = any(${rows.map(({ id }) => id)}::uuid[]) and was.id = any(${rows.map(({ id }) => id)}::uuid[]) and m.id = c.id and m.state = c.from_state
    returning m.state, was.state as was, m.due_at is distinct from was.due_at as moved`.execute(db);
  return {
    retimed: changed.filter((row) => row.state === "planned" && row.moved).length,
    cancelled: changed.filter((row) => row.state === "cancelled" && row.was !== "cancelled").length,
  };
}

async function rememberOrders(db: Kysely<Schema>, planned: readonly Planned[], now: Instant): Promise<void> {
  if (planned.length === 0) return;
  const rows = planned.map(({ case: { orderId, emailHash, input } }) => ({
    id: orderId,
    known: input.order.known,
    number: input.order.known ? input.order.number : null,
    placed_at: input.order.placedAt === null ? null : iso(input.order.placedAt),
    country: input.order.address.country,
    buyer_name: input.order.buyer.name,
    email: input.order.buyer.email,
    email_hash: hex(emailHash),
    test: input.order.test,
  }));
  await sql`
    update orders as o set dirty = 0, known = r.known, number = coalesce(r.number, o.number), placed_at = r.placed_at, country = r.country,
      buyer_name = r.buyer_name, email = r.email, email_hash = decode(r.email_hash, 'hex'), test = r.test
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, known boolean, number text, placed_at timestamptz, country text,
      buyer_name text, email text, email_hash text, test boolean)
    where o.id = any(${rows.map(({ id }) => id)}::uuid[]) and o.id = r.id`.execute(db);
  const readdressed = planned
    .filter(({ case: { readdressed } }) => readdressed)
    .map(({ case: { orderId, emailHash } }) => ({ id: orderId, email_hash: hex(emailHash) }));
  if (readdressed.length === 0) return;
  await sql`
    update messages as m set email_hash = decode(r.email_hash, 'hex'), updated_at = ${iso(now)}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(readdressed)}::jsonb) as r (id uuid, email_hash text)
    where m.order_id = r.id and m.state = any(${[...readdressedStates]}::text[]) and m.email_hash is distinct from decode(r.email_hash, 'hex')`.execute(
    db,
  );
}

function columnsOf(next: Change["next"]) {
  return {
    state: next.state,
    slot_at: iso(next.slotAt),
    due_at: iso(next.dueAt),
    stale_at: iso(next.staleAt),
    deferred_until: next.deferredUntil === null ? null : iso(next.deferredUntil),
    reason: next.reason,
    schedule_version: next.scheduleVersion,
    because: next.because,
  };
}

function hex(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString("hex");
}
