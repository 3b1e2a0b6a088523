import type { Kysely, Selectable } from "kysely";
import { type CivilDay, parseCivilDay } from "../core/civil-day.ts";
import type { Closure } from "../core/closure.ts";
import type { DeclaredDisruption } from "../core/disruption.ts";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";

/* What operators declared of a shop, as planning needs it: one query a table for any number of shops. */

/** An event that delays parcels already on their way. Dates are `YYYY-MM-DD` in the shop's zone. */
export interface StoredDisruption {
  readonly id: string;
  readonly shopId: string;
  readonly name: string;
  /** What happened, in one sentence for buyers. */
  readonly text: string;
  readonly starts: string;
  readonly expectedEnd: string | null;
  /** `null`, each: whatever they are. */
  readonly carriers: readonly string[] | null;
  readonly services: readonly string[] | null;
  readonly countries: readonly string[] | null;
  readonly dispatchedFrom: string | null;
  readonly dispatchedTo: string | null;
  readonly telling: number;
  readonly toldFrom: Instant;
  readonly endedAt: Instant | null;
  readonly createdAt: Instant;
}

/** The closures of some shops, by shop. */
export async function closuresOf(db: Kysely<Schema>, shopIds: readonly string[]): Promise<ReadonlyMap<string, readonly Closure[]>> {
  const rows = await db.selectFrom("closures").selectAll().where("shop_id", "in", shopIds).execute();
  return byShop(rows, closureOf);
}

/** The disruptions of some shops, by shop. */
export async function disruptionsOf(
  db: Kysely<Schema>,
  shopIds: readonly string[],
): Promise<ReadonlyMap<string, readonly DeclaredDisruption[]>> {
  const rows = await db.selectFrom("disruptions").selectAll().where("shop_id", "in", shopIds).execute();
  return byShop(rows, (row) => declaredDisruption(storedDisruption(row)));
}

function byShop<Row extends { readonly shop_id: string }, One>(rows: readonly Row[], read: (row: Row) => One): ReadonlyMap<string, One[]> {
  const found = new Map<string, One[]>();
  for (const row of rows) {
    const others = found.get(row.shop_id);
    if (others === undefined) found.set(row.shop_id, [read(row)]);
    else others.push(read(row));
  }
  return found;
}

/** A stored disruption as the planner sees it. */
export function declaredDisruption({ shopId: _, createdAt: __, ...stored }: StoredDisruption): DeclaredDisruption {
  return {
    ...stored,
    starts: dayOf(stored.starts),
    expectedEnd: maybeDay(stored.expectedEnd),
    dispatchedFrom: maybeDay(stored.dispatchedFrom),
    dispatchedTo: maybeDay(stored.dispatchedTo),
  };
}

export function storedDisruption(row: Selectable<Schema["disruptions"]>): StoredDisruption {
  return {
    id: row.id,
    shopId: row.shop_id,
    name: row.name,
    text: row.text,
    starts: row.starts,
    expectedEnd: row.expected_end,
    carriers: row.carriers,
    services: row.services,
    countries: row.countries,
    dispatchedFrom: row.dispatched_from,
    dispatchedTo: row.dispatched_to,
    telling: row.telling,
    toldFrom: row.told_from,
    endedAt: row.ended_at,
    createdAt: row.created_at,
  };
}

/** A closure whose dates are texts. */
interface WrittenClosure {
  readonly id: string;
  readonly name: string;
  readonly starts: string;
  readonly ends: string;
  readonly resumes: string;
  readonly carriers: readonly string[] | null;
}

/** A closure with its dates read. */
export function closureOf({ id, name, starts, ends, resumes, carriers }: WrittenClosure): Closure {
  return { id, name, starts: dayOf(starts), ends: dayOf(ends), resumes: dayOf(resumes), carriers };
}

function maybeDay(text: string | null): CivilDay | null {
  return text === null ? null : dayOf(text);
}

function dayOf(text: string): CivilDay {
  const day = parseCivilDay(text);
  if (day === null) throw new Error(`a date was stored that is none: ${text}`);
  return day;
}
