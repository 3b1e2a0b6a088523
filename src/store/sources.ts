import { type Kysely, type Selectable, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** One connected sender of webhooks. Its secrets are sealed (`core/keys.ts`). */
export interface Source {
  readonly id: string;
  readonly shopId: string;
  readonly platform: string;
  readonly domain: string | null;
  /** The source to whose orders this one adds facts; `null`: it brings orders of its own. */
  readonly augments: string | null;
  readonly secret: Buffer;
  /** Still valid beside `secret` during a rotation (IN-03). */
  readonly oldSecret: Buffer | null;
  /** Keys of the templates whose mails the platform sends itself; written by `setPlatformSends`. */
  readonly platformSends: readonly string[];
  readonly createdAt: Instant;
  /** When the last webhook came, to within about ten seconds. */
  readonly lastDeliveryAt: Instant | null;
}

/** A source as it is made: what its platform sends is said afterwards, by `setPlatformSends`. */
export type NewSource = Omit<Source, "platformSends">;

/** Stores a source. `augments` must be a source of the same shop: the table refuses another. */
export async function insertSource(db: Kysely<Schema>, source: NewSource): Promise<void> {
  await db
    .insertInto("sources")
    .values({
      id: source.id,
      shop_id: source.shopId,
      platform: source.platform,
      domain: source.domain,
      augments: source.augments,
      secret: source.secret,
      old_secret: source.oldSecret,
      created_at: time(source.createdAt),
    })
    .execute();
}

/** The source, or `null`. `id` must have the form of an id. */
export async function findSource(db: Kysely<Schema>, id: string): Promise<Source | null> {
  const row = await db.selectFrom("sources").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : sourceOf(row);
}

/** The sources of a shop, newest first. */
export async function listSources(db: Kysely<Schema>, shopId: string, { after, limit }: Page): Promise<readonly Source[]> {
  const rows = await db
    .selectFrom("sources")
    .selectAll()
    .where("shop_id", "=", shopId)
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(sourceOf);
}

/**
 * Makes `secret` the new one; the one before stays valid beside it.
 *
 * Of two rotations without a deletion in between only the last two secrets count. Answers `null` when there is no such source.
 */
export async function rotateSecret(db: Kysely<Schema>, id: string, secret: Buffer): Promise<Source | null> {
  const row = await db
    .updateTable("sources")
    .set({ old_secret: sql`secret`, secret })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : sourceOf(row);
}

/** Ends a rotation: only the new secret is valid. Harmless to repeat; `false` when there is no such source. */
export async function dropOldSecret(db: Kysely<Schema>, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable("sources").set({ old_secret: null }).where("id", "=", id).executeTakeFirst();
  return numUpdatedRows > 0n;
}

function sourceOf(row: Selectable<Schema["sources"]>): Source {
  return {
    id: row.id,
    shopId: row.shop_id,
    platform: row.platform,
    domain: row.domain,
    augments: row.augments,
    secret: row.secret,
    oldSecret: row.old_secret,
    platformSends: row.platform_sends,
    createdAt: row.created_at,
    lastDeliveryAt: row.last_delivery_at,
  };
}
