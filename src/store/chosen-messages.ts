import { type Kysely, type SqlBool, sql } from "kysely";
import type { ChosenMessages } from "../core/errand.ts";
import { iso } from "../core/instant.ts";
import type { MessageState } from "../core/timetable.ts";
import type { Schema } from "./schema.ts";

/** So many messages of a choice are in this state, and for this reason where they are held. */
export interface Tally {
  readonly state: MessageState;
  readonly reason: string | null;
  readonly n: number;
}

/** How many messages of a shop a choice means, by what decides whether they can be moved. */
export async function tallyChosen(db: Kysely<Schema>, shopId: string, choice: ChosenMessages): Promise<readonly Tally[]> {
  const { rows } = await sql<Tally>`
    select state, case when state = 'held' then reason end as reason, count(*) as n from messages as m
    where ${chosen(shopId, choice, null)} group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

/** How many messages a choice means, counted up to `atMost`: the count of millions would hold up a page. */
export async function countChosen(db: Kysely<Schema>, shopId: string, choice: ChosenMessages, atMost: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (select 1 from messages as m where ${chosen(shopId, choice, null)} limit ${atMost}) as counted`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The next ids of a choice below `before` (from the highest on when `null`), the highest first. */
export async function nextChosen(
  db: Kysely<Schema>,
  shopId: string,
  choice: ChosenMessages,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select m.id from messages as m where ${chosen(shopId, choice, before)} order by m.id desc limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Notes which messages an errand moved. */
export async function keepMoved(trx: Kysely<Schema>, errandId: string, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await trx
    .insertInto("errand_messages")
    .values(messageIds.map((message_id) => ({ errand_id: errandId, message_id })))
    .execute();
}

function chosen(shopId: string, { states, category, step, due, movedBy }: ChosenMessages, before: string | null) {
  const all = [sql<SqlBool>`m.shop_id = ${shopId}`];
  if (states !== null) all.push(sql`m.state = any(${[...states]}::text[])`);
  if (category !== null) all.push(sql`m.category = ${category}`);
  if (step !== null) all.push(sql`m.step = ${step}`);
  if (due !== null) all.push(sql`m.due_at >= ${iso(due[0])}::timestamptz and m.due_at < ${iso(due[1])}::timestamptz`);
  if (movedBy !== null) all.push(sql`m.id in (select message_id from errand_messages where errand_id = ${movedBy})`);
  if (before !== null) all.push(sql`m.id < ${before}::uuid`);
  return sql.join(all, sql` and `);
}
