import { newId } from "../core/ids.ts";
import { day24, hour, type Instant, plus } from "../core/instant.ts";
import type { TokenRole } from "../core/token-role.ts";
import { type Actor, audited, difference } from "../store/audit.ts";
import { findUser, insertUser, type User, type UserChange, type UserChanged, updateUser } from "../store/users.ts";
import { passwordToken } from "./console/links.ts";
import { wallClock } from "./console/session.ts";
import type { WebDeps } from "./deps.ts";

/*
 * What is done with users, by the console and by the API alike: each with its line in the audit log.
 */

/** Somebody new, as far as it is the same for all. */
export const newUser = { locale: null, theme: "system", disabled: false, lastSeenAt: null } as const;

/** A first password may be chosen for three days, a new one for an hour (SEC-05). */
const firstPasswordMs = 3 * day24;
const newPasswordMs = hour;

export interface PasswordLink {
  readonly link: string;
  readonly until: Instant;
}

/** A link with which a user chooses a password: once, and for a limited time. */
export function passwordLink(deps: WebDeps, user: Pick<User, "id" | "passwordHash">): PasswordLink {
  const until = plus(wallClock(deps), user.passwordHash === null ? firstPasswordMs : newPasswordMs);
  return { link: `${deps.publicUrl}/console/password/${passwordToken(deps.keys, user, until)}`, until };
}

/** Adds a user without a password; `null` when the address is taken. */
export async function addUser(
  deps: WebDeps,
  actor: Actor,
  { email, name, role }: { readonly email: string; readonly name: string; readonly role: TokenRole },
): Promise<User | null> {
  const now = deps.now();
  const user: User = { ...newUser, id: newId(now), email: email.toLowerCase(), name, role, passwordHash: null, createdAt: now };
  const made = await audited(deps.db, { actor, now }, async (trx) => {
    const result = await insertUser(trx, user);
    return {
      entry: result ? { shopId: null, action: "user.added", subject: user.id, after: { email: user.email, name, role } } : null,
      result,
    };
  });
  return made ? user : null;
}

/** Changes a user. An installation keeps an owner who may sign in. */
export function changeUser(deps: WebDeps, actor: Actor, id: string, change: Omit<UserChange, "passwordHash">): Promise<UserChanged> {
  return audited<UserChanged>(deps.db, { actor, now: deps.now() }, async (trx) => {
    const result = await updateUser(trx, id, change);
    if (result.kind !== "changed") return { entry: null, result };
    const { before, after } = difference(publicOf(result.before), publicOf(result.after));
    const entry = Object.keys(after).length === 0 ? null : { shopId: null, action: "user.changed", subject: id, before, after };
    return { entry, result };
  });
}

/** Gives a user another password, which signs them out everywhere; `false` when there is no such user. */
export async function setPassword(deps: WebDeps, actor: Actor, id: string, passwordHash: string): Promise<boolean> {
  return audited(deps.db, { actor, now: deps.now() }, async (trx) => {
    const { kind } = await updateUser(trx, id, { passwordHash });
    const entry = kind === "changed" ? { shopId: null, action: "user.password-set", subject: id } : null;
    return { entry, result: kind === "changed" };
  });
}

/** Makes a password link for a user, which the log remembers; `null` when there is none, or one that may not sign in. */
export async function linkFor(deps: WebDeps, actor: Actor, id: string): Promise<PasswordLink | null> {
  return audited(deps.db, { actor, now: deps.now() }, async (trx) => {
    const user = await findUser(trx, id);
    if (user === null || user.disabled) return { entry: null, result: null };
    return { entry: { shopId: null, action: "user.link-made", subject: id }, result: passwordLink(deps, user) };
  });
}

function publicOf({ name, role, locale, theme, disabled }: User): object {
  return { name, role, locale, theme, disabled };
}
