import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** What is to be done in the whole installation; each is counted up to 10,000. */
export interface Backlog {
  readonly dirty: number;
  readonly stored: number;
  /** Due for more than a minute. */
  readonly overdue: number;
  readonly inFlight: number;
  readonly unsure: number;
  readonly failed: number;
}

export async function backlog(db: Kysely<Schema>, now: Instant): Promise<Backlog> {
  const { rows } = await sql<Backlog>`
    select
      (select count(*) from (select from orders where dirty > 0 limit 10000) as counted) as dirty,
      (select count(*) from (select from deliveries where state = 'stored' limit 10000) as counted) as stored,
      (select count(*) from (select from messages m join shops s on s.id = m.shop_id where m.state = 'planned' and s.sending
        and m.due_at < ${time(now)}::timestamptz - interval '1 minute' limit 10000) as counted) as overdue,
      (select count(*) from (select from messages where state in ('queued', 'sending') limit 10000) as counted) as "inFlight",
      (select coalesce(sum(n), 0) from (select n from message_counts where state = 'unsure' union all select n from message_count_changes where state = 'unsure') as kept)::bigint as unsure,
      (select coalesce(sum(n), 0) from (select n from message_counts where state = 'failed' union all select n from message_count_changes where state = 'failed') as kept)::bigint as failed`.execute(
    db,
  );
  return rows[0] ?? { dirty: 0, stored: 0, overdue: 0, inFlight: 0, unsure: 0, failed: 0 };
}
