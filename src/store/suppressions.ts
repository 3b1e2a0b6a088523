import { setTimeout as pause } from "node:timers/promises";
import { type Kysely, type Selectable, sql } from "kysely";
import { newId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { type Category, categories } from "../core/timetable.ts";
import { retryingConflicts } from "./conflicts.ts";
import { inTransaction } from "./in-transaction.ts";
import { markDirty } from "./planning.ts";
import type { Schema, SuppressionScope } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** An address that must not be mailed, and for what. */
export interface Suppression {
  readonly id: string;
  readonly shopId: string;
  readonly addressHash: Buffer;
  /** For the operator's list; `null` once the buyer was erased. */
  readonly address: string | null;
  readonly scope: SuppressionScope;
  readonly reason: string;
  readonly createdAt: Instant;
}

/** The reason of what a buyer stopped: only that may the buyer have back. */
export const ownReason = "unsubscribed";

export interface SuppressionOrder {
  readonly shopId: string;
  readonly addressHash: Buffer;
  readonly address: string | null;
  readonly scopes: readonly SuppressionScope[];
  /** A word or sentence for the operator's list: `unsubscribed`, … */
  readonly reason: string;
}

/**
 * Stops mail of these scopes to an address, and answers when nothing more can go out (OUT-06).
 *
 * One transaction stores the suppression and cancels what is planned, queued or held. The sender's gate flips a message from `queued`
 * to `sending` in a statement that also looks at suppressions: row locks put the two in order, so a message is either cancelled
 * here or already `sending`. Then this waits until no message of that address and scope is `sending` under a running lease, at most 20 s.
 * A message that was planned by somebody who could not see the suppression yet is cancelled while waiting.
 *
 * Harmless to repeat: what is suppressed stays as it was first recorded. `now` is the service's clock. `also` is written in the same transaction.
 */
export async function suppress(
  db: Kysely<Schema>,
  order: SuppressionOrder,
  now: () => Instant,
  also: (trx: Kysely<Schema>, stored: readonly Suppression[]) => Promise<void> = async () => undefined,
): Promise<readonly Suppression[]> {
  const stored = await retryingConflicts(() =>
    db.transaction().execute(async (trx) => {
      // Orders before messages, as everywhere.
      await markDirty(trx, { shopId: order.shopId, emailHash: order.addressHash });
      const rows = await storeSuppressions(trx, order, now());
      await cancelOpen(trx, order, now());
      await also(trx, rows);
      return rows;
    }),
  );
  await settled(db, order, now);
  return stored;
}

/** The suppressions of a shop, newest first; of one address when `addressHash` is given. */
export async function listSuppressions(
  db: Kysely<Schema>,
  shopId: string,
  { after, limit, addressHash }: Page & { readonly addressHash: Buffer | null },
): Promise<readonly Suppression[]> {
  const rows = await db
    .selectFrom("suppressions")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(addressHash !== null, (query) => query.where("address_hash", "=", addressHash ?? Buffer.alloc(0)))
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(suppressionOf);
}

/**
 * Takes a suppression away and marks that buyer's orders to be planned again; `false` when this shop has none of that id.
 *
 * What it had cancelled may come back with the next planning, if its time has not passed.
 */
export async function liftSuppression(db: Kysely<Schema>, shopId: string, id: string): Promise<boolean> {
  const lift = () =>
    inTransaction(db, async (trx) => {
      const row = await trx
        .deleteFrom("suppressions")
        .where("shop_id", "=", shopId)
        .where("id", "=", id)
        .returning("address_hash")
        .executeTakeFirst();
      if (row === undefined) return false;
      await markDirty(trx, { shopId, emailHash: row.address_hash });
      return true;
    });
  return retryingConflicts(lift, db);
}

/** The categories a scope covers. */
export function categoriesOf(scopes: readonly SuppressionScope[]): readonly Category[] {
  return categories.filter((category) => scopes.some((scope) => scope === "all" || scope === category));
}

async function storeSuppressions(
  trx: Kysely<Schema>,
  { shopId, addressHash, address, scopes, reason }: SuppressionOrder,
  now: Instant,
): Promise<readonly Suppression[]> {
  const rows = await trx
    .insertInto("suppressions")
    .values(
      scopes.map((scope) => ({
        id: newId(now),
        shop_id: shopId,
        address_hash: addressHash,
        address,
        scope,
        reason,
        created_at: time(now),
      })),
    )
    .onConflict((conflict) =>
      // Setting what is there already makes `returning` answer the first record, too.
      conflict.columns(["shop_id", "address_hash", "scope"]).doUpdateSet({ reason: sql`suppressions.reason` }),
    )
    .returningAll()
    .execute();
  return rows.map(suppressionOf);
}

/** Cancels what could still be stopped; what waits for its repetition may have arrived, and stays in doubt. Locks in the order of ids, as every writer of several messages does. */
async function cancelOpen(db: Kysely<Schema>, { shopId, addressHash, scopes }: SuppressionOrder, now: Instant): Promise<void> {
  await sql`
    with open as (
      select id from messages
      where shop_id = ${shopId} and email_hash = ${addressHash} and category = any(${[...categoriesOf(scopes)]}::text[])
        and state in ('planned', 'queued', 'held')
      order by id for update
    )
    update messages set
      state = case when messages.resend then 'unsure' else 'cancelled' end, reason = case when messages.resend then 'answer-unknown' else 'suppressed' end, lease_token = null, lease_until = null, updated_at = ${time(now)}
    from open where messages.id = open.id and messages.state in ('planned', 'queued', 'held')`.execute(db);
}

const pollMs = 25;
const waitMs = 20_000;

/**
 * Waits until nothing of the address and scope is in flight.
 *
 * The cancelling comes again before each look, and at least once after the suppression was committed: a message that was inserted
 * and claimed while the first cancelling waited for a lock was not seen by it, and its gate may have begun before the commit.
 * This one waits for that gate's row lock, and the look that follows sees what the gate did. Gates that begin now see the suppression.
 */
async function settled(db: Kysely<Schema>, order: SuppressionOrder, now: () => Instant): Promise<void> {
  const { shopId, addressHash, scopes } = order;
  const giveUp = performance.now() + waitMs;
  for (;;) {
    await retryingConflicts(() => db.transaction().execute((trx) => cancelOpen(trx, order, now())));
    const { rows } = await sql`
      select 1 from messages
      where shop_id = ${shopId} and email_hash = ${addressHash} and category = any(${[...categoriesOf(scopes)]}::text[])
        and state = 'sending' and lease_until > ${time(now())} limit 1`.execute(db);
    if (rows.length === 0 || performance.now() > giveUp) return;
    await pause(pollMs);
  }
}

function suppressionOf(row: Selectable<Schema["suppressions"]>): Suppression {
  return {
    id: row.id,
    shopId: row.shop_id,
    addressHash: row.address_hash,
    address: row.address,
    scope: row.scope,
    reason: row.reason,
    createdAt: row.created_at,
  };
}
