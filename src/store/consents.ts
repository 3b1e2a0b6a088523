import { type Kysely, type Selectable, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import { inTransaction } from "./in-transaction.ts";
import type { ConsentScope, Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { maybeTime, time } from "./values.ts";

/** What a buyer agreed to, kept as evidence (LAW-02). */
export interface StoredConsent {
  readonly id: string;
  readonly shopId: string;
  readonly addressHash: Buffer;
  /** `null` once the buyer was erased. */
  readonly address: string | null;
  readonly scope: ConsentScope;
  /** The words the buyer agreed to. */
  readonly text: string;
  /** Where: a form, a checkout, a letter. */
  readonly source: string;
  readonly at: Instant;
  readonly withdrawnAt: Instant | null;
}

/** How many of a shop's consents stand, by what they are to, and how many were taken back. */
export async function countConsents(
  db: Kysely<Schema>,
  shopId: string,
): Promise<{ readonly review: number; readonly offer: number; readonly withdrawn: number }> {
  const { rows } = await sql<{ review: number; offer: number; withdrawn: number }>`
    select count(*) filter (where scope = 'review' and withdrawn_at is null) as review, count(*) filter (where scope = 'offer' and withdrawn_at is null) as offer,
      count(*) filter (where withdrawn_at is not null) as withdrawn
    from consents where shop_id = ${shopId}`.execute(db);
  return rows[0] ?? { review: 0, offer: 0, withdrawn: 0 };
}

/**
 * Records a consent, or its withdrawal.
 *
 * A withdrawal also ends every earlier consent of that address and scope that still stands: an address is never mailed on the strength of
 * an older record. Recording the same consent twice changes nothing. Answers the record as it stands.
 */
export async function recordConsent(db: Kysely<Schema>, consent: StoredConsent): Promise<StoredConsent> {
  return inTransaction(db, async (trx) => {
    const row = await trx
      .insertInto("consents")
      .values({
        id: consent.id,
        shop_id: consent.shopId,
        address_hash: consent.addressHash,
        address: consent.address,
        scope: consent.scope,
        text: consent.text,
        source: consent.source,
        at: time(consent.at),
        withdrawn_at: maybeTime(consent.withdrawnAt),
      })
      .onConflict((conflict) =>
        conflict
          .columns(["shop_id", "address_hash", "scope", "at"])
          .doUpdateSet({ withdrawn_at: sql`coalesce(consents.withdrawn_at, excluded.withdrawn_at)` }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    if (consent.withdrawnAt !== null) {
      await trx
        .updateTable("consents")
        .set({ withdrawn_at: time(consent.withdrawnAt) })
        .where("shop_id", "=", consent.shopId)
        .where("address_hash", "=", consent.addressHash)
        .where("scope", "=", consent.scope)
        .where("at", "<=", sql<Instant>`${time(consent.withdrawnAt)}::timestamptz`)
        .where("withdrawn_at", "is", null)
        .execute();
    }
    return consentOf(row);
  });
}

/** Why an address is suppressed whose owner took a consent back. */
export const withdrawnReason = "consent withdrawn";

/** Of whom a consent was given, for what, and when (ISO 8601). */
export interface GivenConsent {
  readonly shopId: string;
  readonly addressHash: Buffer;
  readonly scope: ConsentScope;
  readonly at: string;
}

/** Lifts what an earlier withdrawal had suppressed where a later consent was given, and nothing else: an unsubscribe stands. One statement. */
export async function forgetWithdrawals(db: Kysely<Schema>, consents: readonly GivenConsent[]): Promise<void> {
  if (consents.length === 0) return;
  const rows = consents.map(({ shopId, addressHash, scope, at }) => ({
    shop_id: shopId,
    address_hash: addressHash.toString("hex"),
    scope,
    at,
  }));
  await sql`
    delete from suppressions as s
    using jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (shop_id uuid, address_hash text, scope text, at timestamptz)
    where s.shop_id = c.shop_id and s.address_hash = decode(c.address_hash, 'hex') and s.scope = c.scope
      and s.reason = ${withdrawnReason} and s.created_at <= c.at`.execute(db);
}

/** The consents of a shop, newest first; of one address when `addressHash` is given. */
export async function listConsents(
  db: Kysely<Schema>,
  shopId: string,
  { after, limit, addressHash }: Page & { readonly addressHash: Buffer | null },
): Promise<readonly StoredConsent[]> {
  const rows = await db
    .selectFrom("consents")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(addressHash !== null, (query) => query.where("address_hash", "=", addressHash ?? Buffer.alloc(0)))
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(consentOf);
}

function consentOf(row: Selectable<Schema["consents"]>): StoredConsent {
  return {
    id: row.id,
    shopId: row.shop_id,
    addressHash: row.address_hash,
    address: row.address,
    scope: row.scope,
    text: row.text,
    source: row.source,
    at: row.at,
    withdrawnAt: row.withdrawn_at,
  };
}
