import { type Kysely, type Selectable, sql, type Updateable } from "kysely";
import { type Instant, minute, plus } from "../core/instant.ts";
import type { TokenRole } from "../core/token-role.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Somebody who may use the console. Users are of the whole installation: each sees all its shops. */
export interface User {
  readonly id: string;
  /** In small letters. */
  readonly email: string;
  readonly name: string;
  readonly role: TokenRole;
  /** `null` until a password was chosen. */
  readonly passwordHash: string | null;
  /** BCP 47; `null`: as the browser asks. */
  readonly locale: string | null;
  readonly theme: Theme;
  /** May not sign in. */
  readonly disabled: boolean;
  readonly createdAt: Instant;
  /** To within a minute; `null`: never. */
  readonly lastSeenAt: Instant | null;
}

export type UserChange = Partial<Pick<User, "name" | "role" | "passwordHash" | "locale" | "theme" | "disabled">>;

/** Stores a user; `false` when the address is taken. `firstOnly`: only as the very first one, also when two try at once. */
export async function insertUser(db: Kysely<Schema>, user: User, { firstOnly = false } = {}): Promise<boolean> {
  // Held to the end of the transaction: a second first user waits, and then is none.
  if (firstOnly) await sql`lock table users in share row exclusive mode`.execute(db);
  if (firstOnly && (await anyUser(db))) return false;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("users")
    .values({
      id: user.id,
      email: user.email.toLowerCase(),
      name: user.name,
      role: user.role,
      password_hash: user.passwordHash,
      locale: user.locale,
      theme: user.theme,
      disabled: user.disabled,
      created_at: time(user.createdAt),
    })
    .onConflict((conflict) => conflict.column("email").doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function anyUser(db: Kysely<Schema>): Promise<boolean> {
  return (await db.selectFrom("users").select("id").limit(1).executeTakeFirst()) !== undefined;
}

/** The user, or `null`. `id` must have the form of an id. */
export async function findUser(db: Kysely<Schema>, id: string): Promise<User | null> {
  const row = await db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : userOf(row);
}

export async function findUserByEmail(db: Kysely<Schema>, email: string): Promise<User | null> {
  const row = await db.selectFrom("users").selectAll().where("email", "=", email.toLowerCase()).executeTakeFirst();
  return row === undefined ? null : userOf(row);
}

/** Users, newest first. */
export async function listUsers(db: Kysely<Schema>, { after, limit }: Page): Promise<readonly User[]> {
  const rows = await db
    .selectFrom("users")
    .selectAll()
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(userOf);
}

/** What came of changing a user: an installation keeps an owner who may sign in. */
export type UserChanged =
  | { readonly kind: "changed"; readonly before: User; readonly after: User }
  | { readonly kind: "unknown" }
  | { readonly kind: "last-owner" };

/** Changes a user, within a transaction. Whoever is disabled or gets another password is signed out everywhere, but for the session `keep`. */
export async function updateUser(db: Kysely<Schema>, id: string, change: UserChange, keep: Buffer | null = null): Promise<UserChanged> {
  await sql`lock table users in share row exclusive mode`.execute(db);
  const before = await findUser(db, id);
  if (before === null) return { kind: "unknown" };
  const after = { ...before, ...change };
  if (isOwner(before) && !isOwner(after)) {
    const { others } = await db
      .selectFrom("users")
      .select(({ fn }) => fn.countAll<number>().as("others"))
      .where("role", "=", "owner")
      .where("disabled", "=", false)
      .where("id", "<>", id)
      .executeTakeFirstOrThrow();
    if (others === 0) return { kind: "last-owner" };
  }
  const columns = columnsOf(change);
  if (Object.keys(columns).length > 0) await db.updateTable("users").set(columns).where("id", "=", id).execute();
  if (after.disabled || after.passwordHash !== before.passwordHash) {
    await db
      .deleteFrom("sessions")
      .where("user_id", "=", id)
      .$if(keep !== null, (query) => query.where("hash", "<>", keep ?? Buffer.alloc(0)))
      .execute();
  }
  return { kind: "changed", before, after };
}

/** Notes that a user is there, at most once a minute. */
export async function userSeen(db: Kysely<Schema>, user: User, now: Instant): Promise<void> {
  if (user.lastSeenAt !== null && user.lastSeenAt > plus(now, -minute)) return;
  await db
    .updateTable("users")
    .set({ last_seen_at: time(now) })
    .where("id", "=", user.id)
    .execute();
}

function isOwner({ role, disabled }: User): boolean {
  return role === "owner" && !disabled;
}

function columnsOf(change: UserChange): Updateable<Schema["users"]> {
  return {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.role !== undefined && { role: change.role }),
    ...(change.passwordHash !== undefined && { password_hash: change.passwordHash }),
    ...(change.locale !== undefined && { locale: change.locale }),
    ...(change.theme !== undefined && { theme: change.theme }),
    ...(change.disabled !== undefined && { disabled: change.disabled }),
  };
}

/** The table's checks let no other words in. */
export function userOf(row: Selectable<Schema["users"]>): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role as TokenRole,
    passwordHash: row.password_hash,
    locale: row.locale,
    theme: row.theme as Theme,
    disabled: row.disabled,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}
