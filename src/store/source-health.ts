import { type Kysely, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** How many sources of a shop have been heard of, but not since `silentSince`, and how many deliveries could not be read (counted up to 1,000). */
export async function sourcesState(
  db: Kysely<Schema>,
  shopId: string,
  silentSince: Instant,
): Promise<{ readonly silent: number; readonly quarantined: number }> {
  const { rows } = await sql<{ silent: number; quarantined: number }>`
    select
      (select count(*) from sources s where s.shop_id = ${shopId} and s.last_delivery_at < ${time(silentSince)}
        and not exists (select from import_sources i where i.source_id = s.id)) as silent,
      (select count(*) from (
        select from sources s join deliveries d on d.source_id = s.id and d.state in ('quarantined', 'waiting')
        where s.shop_id = ${shopId} and d.state = 'quarantined' limit 1000) as counted) as quarantined`.execute(db);
  return rows[0] ?? { silent: 0, quarantined: 0 };
}
