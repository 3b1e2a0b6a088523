import { type Kysely, sql } from "kysely";
import { type Instant, iso } from "../core/instant.ts";
import { reportTaskKinds } from "../core/task.ts";
import { heldSaying, type OrderRef, sayOfOrder } from "./order-sayings.ts";
import type { Schema } from "./schema.ts";

/** The buyer of a locked order waits for an answer: care and review mail is paused. */
export function keepWaiting(trx: Kysely<Schema>, order: OrderRef, now: Instant): Promise<void> {
  return sayWaiting(trx, order, true, now);
}

/** Says that the buyer of a locked order was answered, unless something of the buyer is still open. */
export async function waitNoMore(trx: Kysely<Schema>, order: OrderRef, now: Instant): Promise<void> {
  const { rows } = await sql`
    select 1 from tasks where order_id = ${order.orderId} and state = 'open'
      and (kind = any(${[...reportTaskKinds]}::text[]) or choice = 'talk') limit 1`.execute(trx);
  if (rows.length === 0) await sayWaiting(trx, order, false, now);
}

/** A task of a locked order was resolved: what the buyer told in it, or wanted to talk about, is answered; what the buyer chose is settled, done or declined. */
export async function answerBuyer(
  trx: Kysely<Schema>,
  order: OrderRef,
  { kind, about, choice }: { readonly kind: string; readonly about: string; readonly choice: string | null },
  now: Instant,
): Promise<void> {
  const told = reportTaskKinds.some((one) => one === kind);
  if (!told && choice === null) return;
  const slot = told ? `report:${about}` : `choice:${kind}:${about}`;
  const said = await heldSaying(trx, order.orderId, slot);
  if (said?.kind === "report") await sayOfOrder(trx, order, slot, now, () => ({ ...said, answeredAt: iso(now) }));
  if (said?.kind === "choice") await sayOfOrder(trx, order, slot, now, () => ({ ...said, settledAt: iso(now) }));
  if (told || choice === "talk") await waitNoMore(trx, order, now);
}

function sayWaiting(trx: Kysely<Schema>, order: OrderRef, waiting: boolean, now: Instant): Promise<void> {
  return sayOfOrder(trx, order, "conversation", now, (at) => ({ kind: "conversation", waiting, changedAt: at }));
}
