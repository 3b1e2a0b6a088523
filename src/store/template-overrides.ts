import { type Kysely, type Selectable, sql } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { OverrideFiles } from "../core/override.ts";
import { retryingConflicts } from "./conflicts.ts";
import { inTransaction } from "./in-transaction.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** One version of what a shop changed of a template. Without files it is the way back to the built-in one. */
export interface OverrideVersion {
  readonly template: string;
  readonly version: number;
  readonly files: OverrideFiles;
  readonly note: string | null;
  readonly publishedAt: Instant;
  /** Who did, by name. */
  readonly publishedBy: string;
}

export interface OverridePublication {
  readonly shopId: string;
  readonly template: string;
  /** Judged by whoever publishes. Empty: back to the built-in one. */
  readonly files: OverrideFiles;
  readonly note: string | null;
  readonly by: string;
  /** The version it was made from, 0 for the built-in one: when another is in force by now, nothing is published. `null`: whatever is in force. */
  readonly basedOn: number | null;
  readonly now: Instant;
}

export type Publishing =
  | { readonly kind: "published"; readonly version: number; readonly before: number }
  /** Somebody else published meanwhile. */
  | { readonly kind: "moved-on"; readonly version: number };

/**
 * Publishes the next version, which the next mail is made of; `null` when there is no such shop.
 *
 * The shop's row is locked meanwhile: two publications at once become two versions, one after the other.
 */
export function publishOverride(db: Kysely<Schema>, wish: OverridePublication): Promise<Publishing | null> {
  return retryingConflicts(() => inTransaction(db, (trx) => publishNext(trx, wish)), db);
}

async function publishNext(trx: Kysely<Schema>, wish: OverridePublication): Promise<Publishing | null> {
  const { shopId, template, files, note, by, basedOn, now } = wish;
  const shop = await trx.selectFrom("shops").select("template_versions").where("id", "=", shopId).forUpdate().executeTakeFirst();
  if (shop === undefined) return null;
  const before = shop.template_versions[template] ?? 0;
  if (basedOn !== null && basedOn !== before) return { kind: "moved-on", version: before };
  const last = await trx
    .selectFrom("template_overrides")
    .select(({ fn }) => fn.max("version").as("version"))
    .where("shop_id", "=", shopId)
    .where("template", "=", template)
    .executeTakeFirst();
  const version = Number(last?.version ?? 0) + 1;
  await trx
    .insertInto("template_overrides")
    .values({ shop_id: shopId, template, version, files: JSON.stringify(files), note, published_at: time(now), published_by: by })
    .execute();
  const inForce =
    Object.keys(files).length === 0
      ? sql`template_versions - ${template}::text`
      : sql`template_versions || ${JSON.stringify({ [template]: version })}::jsonb`;
  await sql`update shops set template_versions = ${inForce}, updated_at = ${time(now)} where id = ${shopId}`.execute(trx);
  return { kind: "published", version, before };
}

/** What of the shop's is in force, by template. */
export async function overridesInForce(db: Kysely<Schema>, shopId: string): Promise<ReadonlyMap<string, OverrideVersion>> {
  const rows = await db
    .selectFrom("template_overrides as t")
    .innerJoin("shops as s", "s.id", "t.shop_id")
    .selectAll("t")
    .where("t.shop_id", "=", shopId)
    .where(sql<boolean>`(s.template_versions ->> t.template)::integer = t.version`)
    .orderBy("t.template")
    .execute();
  return new Map(rows.map((row) => [row.template, versionOf(row)]));
}

/** One version, or `null`. */
export async function findOverride(db: Kysely<Schema>, shopId: string, template: string, version: number): Promise<OverrideVersion | null> {
  const row = await db
    .selectFrom("template_overrides")
    .selectAll()
    .where("shop_id", "=", shopId)
    .where("template", "=", template)
    .where("version", "=", version)
    .executeTakeFirst();
  return row === undefined ? null : versionOf(row);
}

/** The files of one version, or `null`: what sending asks once for each. */
export async function overrideFiles(
  db: Kysely<Schema>,
  { shopId, template, version }: { readonly shopId: string; readonly template: string; readonly version: number },
): Promise<OverrideFiles | null> {
  return (await findOverride(db, shopId, template, version))?.files ?? null;
}

/** The versions of one template, newest first, at most `limit`, without their files. */
export async function listOverrideVersions(
  db: Kysely<Schema>,
  { shopId, template, limit }: { readonly shopId: string; readonly template: string; readonly limit: number },
): Promise<readonly (Omit<OverrideVersion, "files"> & { readonly fileNames: readonly string[] })[]> {
  const rows = await db
    .selectFrom("template_overrides")
    .selectAll()
    .where("shop_id", "=", shopId)
    .where("template", "=", template)
    .orderBy("version", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const { files, ...rest } = versionOf(row);
    return { ...rest, fileNames: Object.keys(files).sort() };
  });
}

function versionOf(row: Selectable<Schema["template_overrides"]>): OverrideVersion {
  const { template, version, files, note, published_at, published_by } = row;
  return { template, version, files, note, publishedAt: published_at, publishedBy: published_by };
}
