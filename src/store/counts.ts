import { type Kysely, sql } from "kysely";
import type { Schema } from "./schema.ts";

/** How many messages are in each state, from kept counters: costs the same with ten and with ten million. States without a message are missing. */
export async function messageCounts(db: Kysely<Schema>): Promise<readonly { readonly state: string; readonly n: number }[]> {
  const { rows } = await sql<{ state: string; n: number }>`
    select state, sum(n)::bigint as n from (select state, n from message_counts union all select state, n from message_count_changes) as counted
    group by state having sum(n) <> 0 order by state`.execute(db);
  return rows;
}

/** Adds the changes that triggers appended to the counters, so that few are left to add up when reading. Harmless to run twice at once. */
export async function foldCounts(db: Kysely<Schema>): Promise<void> {
  await sql`
    with gone as (delete from message_count_changes where ctid in (select ctid from message_count_changes limit 50000 for update skip locked) returning state, n)
    insert into message_counts (state, n) select state, sum(n) from gone group by state order by state
    on conflict (state) do update set n = message_counts.n + excluded.n`.execute(db);
}
