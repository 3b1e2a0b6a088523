import { type Kysely, sql } from "kysely";
import { instantOf } from "../core/instant.ts";
import { type PublishedSchedule, parseSchedule, publish } from "../core/schedule.ts";
import type { Schema } from "./schema.ts";

/** Published versions never change, so what was parsed once is kept; the oldest go when there are too many. */
const parsedSchedules = new Map<string, PublishedSchedule>();
const parsedSchedulesKept = 2_000;

/** Loads published versions by `scheduleKey`; those that do not exist are missing. Throws when one that was published can't be read. */
export async function schedulesOf(
  db: Kysely<Schema>,
  wanted: readonly { readonly shopId: string; readonly version: number }[],
): Promise<ReadonlyMap<string, PublishedSchedule>> {
  const missing = new Map(wanted.map((w) => [scheduleKey(w.shopId, w.version), w]));
  const found = new Map<string, PublishedSchedule>();
  for (const key of [...missing.keys()]) {
    const parsed = parsedSchedules.get(key);
    if (parsed === undefined) continue;
    found.set(key, parsed);
    missing.delete(key);
  }
  if (missing.size === 0) return found;
  const input = [...missing.values()].map((w) => ({ shop_id: w.shopId, version: w.version }));
  const { rows } = await sql<{ shop_id: string; version: number; schedule: unknown; since: Record<string, string | null> }>`
    select s.shop_id, s.version, s.schedule, s.since
    from jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as i (shop_id uuid, version integer)
    join schedules as s on s.shop_id = i.shop_id and s.version = i.version`.execute(db);
  for (const row of rows) {
    const parsed = parseSchedule(row.schedule);
    if (!parsed.ok)
      throw new Error(`the published schedule ${row.version} of shop ${row.shop_id} can't be read: ${JSON.stringify(parsed.errors)}`);
    const since = Object.fromEntries(Object.entries(row.since).map(([step, at]) => [step, at === null ? null : instantOf(at)]));
    const published = publish(parsed.schedule, row.version, since);
    const key = scheduleKey(row.shop_id, row.version);
    if (parsedSchedules.size >= parsedSchedulesKept) {
      for (const oldest of parsedSchedules.keys()) {
        parsedSchedules.delete(oldest);
        break;
      }
    }
    parsedSchedules.set(key, published);
    found.set(key, published);
  }
  return found;
}

export function scheduleKey(shopId: string, version: number): string {
  return `${shopId} ${version}`;
}
