import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import { personalDataGone } from "./personal-data.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** Drops bodies of deliveries received before these times: of those taken in, and of those in quarantine. Answers how many. */
export async function dropOldBodies(
  db: Kysely<Schema>,
  { taken, quarantined, limit }: { readonly taken: Instant; readonly quarantined: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update deliveries set body = null where id in (
      select id from deliveries where body is not null and received_at < ${time(taken)} and state <> 'stored'
        and (state in ('taken', 'ignored') or received_at < ${time(quarantined)})
      limit ${limit}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Drops idempotency keys first seen before `seenBefore` (IN-05). Answers how many. */
export async function dropOldKeys(
  db: Kysely<Schema>,
  { seenBefore, limit }: { readonly seenBefore: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from delivery_keys where (source_id, key) in (
      select source_id, key from delivery_keys where first_seen < ${time(seenBefore)} limit ${limit}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Closes orders without a fact newer than `quietSince` and without a message that may still go out: they are never planned again. */
export async function closeOldOrders(
  db: Kysely<Schema>,
  { now, quietSince, limit }: { readonly now: Instant; readonly quietSince: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    with quiet as (
      select o.id from orders as o
      where o.closed_at is null and o.dirty = 0 and o.first_seen < ${time(quietSince)}
        and not exists (select 1 from facts as f where f.order_id = o.id and f.at >= ${time(quietSince)})
        and not exists (select 1 from messages as m where m.order_id = o.id
          and (m.state in ('planned', 'queued', 'sending', 'held') or m.updated_at >= ${time(quietSince)}))
      order by o.source_id, o.external_id limit ${limit} for update skip locked
    )
    update orders set closed_at = ${time(now)} from quiet where orders.id = quiet.id`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/**
 * Takes names, addresses and texts that people wrote out of orders closed before `closedBefore` and out of their mails, with what servers
 * answered, which often names the recipient (LAW-05). The ledger itself stays. Answers how many orders.
 */
export async function pseudonymise(
  db: Kysely<Schema>,
  { closedBefore, limit }: { readonly closedBefore: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    with gone as (
      select id from orders
      where closed_at < ${time(closedBefore)} and (
        email is not null or buyer_name is not null
        or exists (select 1 from facts where facts.order_id = orders.id and facts.slot in ('buyer', 'address'))
      )
      limit ${limit} for update skip locked
    ), ${personalDataGone}
    update orders set email = null, buyer_name = null where id in (select id from gone)`.execute(db);
  return Number(numAffectedRows ?? 0);
}
