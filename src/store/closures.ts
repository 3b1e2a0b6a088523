import type { Kysely, Selectable } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** Days on which a shop or some carriers do not dispatch. Dates are `YYYY-MM-DD` in the shop's zone. */
export interface StoredClosure {
  readonly id: string;
  readonly shopId: string;
  readonly name: string;
  readonly starts: string;
  /** The last day of it. */
  readonly ends: string;
  /** The first day on which parcels leave again. */
  readonly resumes: string;
  /** `null`: all of the shop. */
  readonly carriers: readonly string[] | null;
  readonly createdAt: Instant;
}

export async function insertClosure(db: Kysely<Schema>, closure: StoredClosure): Promise<void> {
  await db
    .insertInto("closures")
    .values({
      id: closure.id,
      shop_id: closure.shopId,
      name: closure.name,
      starts: closure.starts,
      ends: closure.ends,
      resumes: closure.resumes,
      carriers: closure.carriers === null ? null : [...closure.carriers],
      created_at: time(closure.createdAt),
    })
    .execute();
}

/** The closures of a shop, newest first. */
export async function listClosures(db: Kysely<Schema>, shopId: string, { after, limit }: Page): Promise<readonly StoredClosure[]> {
  const rows = await db
    .selectFrom("closures")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(closureOf);
}

/** Takes a closure away; `false` when this shop has none of that id. What was planned for it goes at the next planning. */
export async function deleteClosure(db: Kysely<Schema>, shopId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom("closures").where("shop_id", "=", shopId).where("id", "=", id).executeTakeFirst();
  return numDeletedRows > 0n;
}

function closureOf(row: Selectable<Schema["closures"]>): StoredClosure {
  return {
    id: row.id,
    shopId: row.shop_id,
    name: row.name,
    starts: row.starts,
    ends: row.ends,
    resumes: row.resumes,
    carriers: row.carriers,
    createdAt: row.created_at,
  };
}
