import { type Kysely, type Selectable, sql } from "kysely";
import { type Instant, minute, plus } from "../core/instant.ts";
import type { TokenRole } from "../core/token-role.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** A token of the API as it is kept: what is presented itself is stored nowhere. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly createdAt: Instant;
  /** To within a minute; `null`: never. */
  readonly lastUsedAt: Instant | null;
}

/** Stores a token by its SHA-256, 32 bytes. */
export async function insertToken(db: Kysely<Schema>, token: Omit<ApiToken, "lastUsedAt">, hash: Buffer): Promise<void> {
  const { id, name, role, createdAt } = token;
  await db
    .insertInto("api_tokens")
    .values({ id, name, role, hash, created_at: time(createdAt) })
    .execute();
}

/** Tokens, newest first. */
export async function listTokens(db: Kysely<Schema>, { after, limit }: Page): Promise<readonly ApiToken[]> {
  const rows = await db
    .selectFrom("api_tokens")
    .select(["id", "name", "role", "created_at", "last_used_at"])
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(tokenOf);
}

/** Ends a token for good; `false` when there is none of that id. */
export async function deleteToken(db: Kysely<Schema>, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom("api_tokens").where("id", "=", id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Name and role of the token of this hash, `null` when there is none; notes that it was used, at most once a minute. */
export async function useToken(db: Kysely<Schema>, hash: Buffer, now: Instant): Promise<Pick<ApiToken, "name" | "role"> | null> {
  const { rows } = await sql<{ name: string; role: string }>`
    with found as (select id, name, role, last_used_at from api_tokens where hash = ${hash}),
    used as (
      update api_tokens set last_used_at = ${time(now)} from found
      where api_tokens.id = found.id and (found.last_used_at is null or found.last_used_at < ${time(plus(now, -minute))})
    )
    select name, role from found`.execute(db);
  const row = rows[0];
  return row === undefined ? null : { name: row.name, role: roleOf(row.role) };
}

function tokenOf(row: Omit<Selectable<Schema["api_tokens"]>, "hash">): ApiToken {
  return { id: row.id, name: row.name, role: roleOf(row.role), createdAt: row.created_at, lastUsedAt: row.last_used_at };
}

/** The table's `CHECK` lets no other words in. */
function roleOf(role: string): TokenRole {
  return role as TokenRole;
}
