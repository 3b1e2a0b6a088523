import { type Kysely, sql } from "kysely";
import type { Schema } from "./schema.ts";

/** What a shop that does not send yet would do. */
export interface ShopStart {
  readonly orders: number;
  /** Orders that have a mail planned or held. */
  readonly withMail: number;
  /** Mails that would be due within the next day if sending began now. */
  readonly soon: number;
}

export async function shopStart(db: Kysely<Schema>, shopId: string, soonBefore: Date): Promise<ShopStart> {
  const { rows } = await sql<ShopStart>`
    select
      (select count(*) from orders where shop_id = ${shopId} and known) as orders,
      (select count(distinct order_id) from messages where shop_id = ${shopId} and state in ('planned', 'held')) as "withMail",
      (select count(*) from messages where shop_id = ${shopId} and state in ('planned', 'held') and due_at < ${soonBefore}) as soon`.execute(
    db,
  );
  return rows[0] ?? { orders: 0, withMail: 0, soon: 0 };
}
