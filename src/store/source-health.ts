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

/** A source as its list shows it. */
export interface SourceHealth {
  readonly id: string;
  readonly platform: string;
  readonly domain: string | null;
  readonly augments: string | null;
  /** An old secret is still valid. */
  readonly rotating: boolean;
  readonly createdAt: Instant;
  readonly lastDeliveryAt: Instant | null;
  /** Could not be read (counted up to 1,000), and waits for an order that has not come. */
  readonly quarantined: number;
  readonly waiting: number;
}

/** The sources of a shop, oldest first, at most 100; those of imports are left out. */
export async function sourcesOfShop(db: Kysely<Schema>, shopId: string): Promise<readonly SourceHealth[]> {
  const { rows } = await sql<{
    id: string;
    platform: string;
    domain: string | null;
    augments: string | null;
    rotating: boolean;
    created_at: Instant;
    last_delivery_at: Instant | null;
    quarantined: number;
    waiting: number;
  }>`
    select s.id, s.platform, s.domain, s.augments, s.old_secret is not null as rotating, s.created_at, s.last_delivery_at,
      count(*) filter (where d.state = 'quarantined') as quarantined, count(*) filter (where d.state = 'waiting') as waiting
    from sources s
    left join lateral (
      select state from deliveries where source_id = s.id and state in ('quarantined', 'waiting') limit 1000
    ) d on true
    where s.shop_id = ${shopId} and not exists (select from import_sources i where i.source_id = s.id)
    group by s.id order by s.id limit 100`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    platform: row.platform,
    domain: row.domain,
    augments: row.augments,
    rotating: row.rotating,
    createdAt: row.created_at,
    lastDeliveryAt: row.last_delivery_at,
    quarantined: row.quarantined,
    waiting: row.waiting,
  }));
}
