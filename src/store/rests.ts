import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** A server refused mail of a shop for policy. */
export interface PolicyRefusal {
  readonly shopId: string;
  readonly at: Instant;
  /** The server's words. */
  readonly answer: string;
}

/** When refusals become too many, and what follows. */
export interface RestRule {
  /** So many since `since`, this one included. */
  readonly atLeast: number;
  readonly since: Instant;
  /** How long the shop rests then. */
  readonly until: Instant;
}

/** Notes a refusal; whether it was the one too many, so that the shop rests from now on. */
export async function notePolicyRefusal(db: Kysely<Schema>, { shopId, at, answer }: PolicyRefusal, rule: RestRule): Promise<boolean> {
  // Noted first and counted then, in two statements: of several at once, the last to count sees them all.
  await db
    .insertInto("policy_refusals")
    .values({ shop_id: shopId, at: time(at) })
    .execute();
  const { rows } = await sql`
    with forgotten as (
      delete from policy_refusals where shop_id = ${shopId} and at <= ${time(rule.since)}
    ), counted as (
      select count(*) as n from policy_refusals where shop_id = ${shopId} and at > ${time(rule.since)}
    )
    insert into shop_rests as r (shop_id, until, because)
    select ${shopId}::uuid, ${time(rule.until)}, ${answer.slice(0, 500).replaceAll("\0", "")} from counted where n >= ${rule.atLeast}
    on conflict (shop_id) do update set until = excluded.until, because = excluded.because where r.until <= ${time(at)}
    returning 1`.execute(db);
  return rows.length > 0;
}

/** Lets a shop send again at once. */
export async function endRest(db: Kysely<Schema>, shopId: string): Promise<void> {
  await db.deleteFrom("shop_rests").where("shop_id", "=", shopId).execute();
  await db.deleteFrom("policy_refusals").where("shop_id", "=", shopId).execute();
}

export interface RestingShop {
  readonly name: string;
  readonly until: Instant;
  readonly because: string;
}

/** Shops that rest. At most 50. */
export async function restingShops(db: Kysely<Schema>, now: Instant): Promise<readonly RestingShop[]> {
  return db
    .selectFrom("shop_rests as r")
    .innerJoin("shops as s", "s.id", "r.shop_id")
    .select(["s.name", "r.until", "r.because"])
    .where(sql<boolean>`r.until > ${time(now)}`)
    .orderBy("r.until")
    .limit(50)
    .execute();
}

/** Whether a shop may send: it is switched on and does not rest. `shop` is its row's name in the query. */
export function maySend(shop: string, now: Instant) {
  const row = sql.ref(shop);
  return sql`${row}.sending and not exists (select 1 from shop_rests as r where r.shop_id = ${row}.id and r.until > ${time(now)})`;
}
