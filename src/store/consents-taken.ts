import { type Kysely, sql } from "kysely";
import type { ConsentScope, Schema } from "./schema.ts";

/** A consent that came with an order. */
export interface NewConsent {
  readonly id: string;
  readonly shopId: string;
  readonly addressHash: Buffer;
  readonly address: string;
  readonly scope: ConsentScope;
  /** What the buyer was shown and agreed to. */
  readonly text: string;
  readonly source: string;
  /** ISO 8601. */
  readonly at: string;
  readonly orderId: string | null;
}

/**
 * Keeps consents as evidence (LAW-02), in one statement; the same one twice is kept once.
 *
 * A consent belongs to the buyer, not to the order it came with: all open orders of that buyer are marked to be planned again.
 */
export async function insertConsents(db: Kysely<Schema>, consents: readonly NewConsent[]): Promise<void> {
  if (consents.length === 0) return;
  const rows = consents.map((consent) => ({
    id: consent.id,
    shop_id: consent.shopId,
    address_hash: consent.addressHash.toString("hex"),
    address: consent.address,
    scope: consent.scope,
    text: consent.text,
    source: consent.source,
    at: consent.at,
    order_id: consent.orderId,
  }));
  await sql`
    with fresh as (
      insert into consents (id, shop_id, address_hash, address, scope, text, source, at, order_id)
      select id, shop_id, decode(address_hash, 'hex'), address, scope, text, source, at, order_id
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (id uuid, shop_id uuid, address_hash text, address text, scope text, text text,
        source text, at timestamptz, order_id uuid)
      on conflict do nothing
      returning shop_id, address_hash
    ), concerned as (
      select o.id from orders as o
      where o.closed_at is null and (o.shop_id, o.email_hash) in (select shop_id, address_hash from fresh)
      order by o.source_id, o.external_id for update
    )
    update orders set dirty = dirty + 1 from concerned where orders.id = concerned.id`.execute(db);
}
