import { createHash, randomBytes } from "node:crypto";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { day24, type Instant, instant, minute, plus } from "../../core/instant.ts";
import { endSession, findSession, insertSession, type Session, sessionSeen } from "../../store/sessions.ts";
import { userSeen } from "../../store/users.ts";
import type { WebContext } from "../caller.ts";
import type { WebDeps } from "../deps.ts";

/** A session ends when it was not used for this long … */
const idleMs = 7 * day24;
/** … and at the latest so long after sign-in. */
const longestMs = 30 * day24;

/** The clock of sessions and links. */
export function wallClock(deps: Pick<WebDeps, "wallClock">): Instant {
  return deps.wallClock?.() ?? instant(Date.now());
}

/** Begins a session for a user, always a new one: whoever knew the old cookie has nothing (SEC-05). */
export async function openSession(c: WebContext, deps: WebDeps, userId: string): Promise<void> {
  const now = wallClock(deps);
  const former = cookieHash(c, deps);
  if (former !== null) await endSession(deps.db, former, now);
  const token = randomBytes(32).toString("base64url");
  const expiresAt = plus(now, idleMs);
  await insertSession(deps.db, { hash: hashOf(token), userId, now, expiresAt });
  writeCookie(c, deps, token, idleMs);
}

/** The session of a request, or `null`; being asked for keeps it alive. */
export async function sessionOf(c: WebContext, deps: WebDeps): Promise<Session | null> {
  const hash = cookieHash(c, deps);
  if (hash === null) return null;
  const now = wallClock(deps);
  const session = await findSession(deps.db, hash, now);
  if (session === null) return null;
  if (session.seenAt < plus(now, -minute)) {
    const expiresAt = instant(Math.min(plus(now, idleMs), plus(session.createdAt, longestMs)));
    if (expiresAt > session.createdAt) await sessionSeen(deps.db, hash, now, expiresAt);
    await userSeen(deps.db, session.user, now);
    writeCookie(c, deps, getCookie(c, cookieName(deps)) ?? "", expiresAt - now);
  }
  return session;
}

export async function closeSession(c: WebContext, deps: WebDeps): Promise<void> {
  const hash = cookieHash(c, deps);
  if (hash !== null) await endSession(deps.db, hash, wallClock(deps));
  deleteCookie(c, cookieName(deps), { path: "/", secure: isSecure(deps) });
}

const visitorCookie = "afterword_visitor";

/** What form tokens of somebody who is not signed in are made over; `fresh` gives one who has none a cookie. */
export function visitorSecret(c: WebContext, deps: WebDeps, { fresh }: { readonly fresh: boolean }): Buffer | null {
  const known = getCookie(c, visitorCookie);
  if (known !== undefined && /^[\w-]{22}$/.test(known)) return Buffer.from(known, "base64url");
  if (!fresh) return null;
  const secret = randomBytes(16);
  setCookie(c, visitorCookie, secret.toString("base64url"), { path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure(deps) });
  return secret;
}

function cookieHash(c: WebContext, deps: WebDeps): Buffer | null {
  const token = getCookie(c, cookieName(deps));
  return token !== undefined && /^[\w-]{43}$/.test(token) ? hashOf(token) : null;
}

function writeCookie(c: WebContext, deps: WebDeps, token: string, lifeMs: number): void {
  setCookie(c, cookieName(deps), token, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isSecure(deps),
    maxAge: Math.max(1, Math.floor(lifeMs / 1_000)),
  });
}

/** With the prefix a browser takes the cookie only from us, over TLS. */
function cookieName(deps: WebDeps): string {
  return isSecure(deps) ? "__Host-afterword_session" : "afterword_session";
}

function isSecure({ publicUrl }: WebDeps): boolean {
  return publicUrl.startsWith("https:");
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
