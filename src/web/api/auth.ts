import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { localToken } from "../../core/keys.ts";
import { includesRole, type TokenRole } from "../../core/token-role.ts";
import { useToken } from "../../store/api-tokens.ts";
import { callerOf, type WebEnv } from "../caller.ts";
import type { WebDeps, WebLimits } from "../deps.ts";
import { problem, problemResponse } from "../problem.ts";
import { rateLimit } from "../rate-limit.ts";

/** How tokens that we make look; nothing else is looked up. */
const madeHere = /^aft_[A-Za-z0-9_-]{43}$/;

/**
 * Lets callers with a bearer token pass that may do what they ask for, and nobody else; guessing is limited per caller.
 *
 * Owners are `API_TOKEN` and the local key (`localToken`); tokens that were made have the role they were made with.
 */
export function bearerOnly(deps: WebDeps, limits: WebLimits): MiddlewareHandler<WebEnv> {
  const guesses = rateLimit(limits.wrongTokens);
  return async (c, next) => {
    const given = /^bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (given === undefined) return problemResponse(problem(401, `send a token of the API: Authorization: Bearer …${howToGetOne(deps)}`));
    const holder = await holderOf(deps, given);
    if (holder === null) {
      const wait = guesses.take(callerOf(c));
      if (wait > 0) return problemResponse(problem(429, "too many wrong tokens from this address", { retryAfter: wait }));
      return problemResponse(problem(401, `this API token is not valid${howToGetOne(deps)}`));
    }
    const wanted = roleFor(c.req.method, c.req.path);
    if (!includesRole(holder.role, wanted)) {
      return problemResponse(problem(403, `this takes ${whose[wanted]} token; the one given is ${whose[holder.role]}`));
    }
    c.set("actor", { kind: "token", name: holder.name });
    return next();
  };
}

const whose: Readonly<Record<TokenRole, string>> = { viewer: "a viewer's", operator: "an operator's", owner: "an owner's" };

/** SHA-256, by which tokens are kept: they are 256 random bits, so nothing slower is needed. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Compares in a time that depends on neither. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(tokenHash(a), tokenHash(b));
}

/** Whom a token belongs to: to which its name is what the audit log says. */
async function holderOf(
  { db, keys, apiToken, now }: WebDeps,
  given: string,
): Promise<{ readonly name: string; readonly role: TokenRole } | null> {
  const owners = [
    { name: "command line", token: localToken(keys) },
    ...(apiToken === null ? [] : [{ name: "API_TOKEN", token: apiToken }]),
  ];
  // All are compared, so that the time tells nothing.
  const found = owners.filter((owner) => sameSecret(given, owner.token))[0];
  if (found !== undefined) return { name: found.name, role: "owner" };
  return madeHere.test(given) ? useToken(db, tokenHash(given), now()) : null;
}

/** What a call takes at least: to look, to act, or to decide who may, and to give out what is known of a buyer. */
function roleFor(method: string, path: string): TokenRole {
  if (/^\/api\/v1\/(tokens|buyers|instance\/take-over)(\/|$)/.test(path)) return "owner";
  const looks = method === "GET" || method === "HEAD" || (method === "POST" && /\/schedule\/simulate\/?$/.test(path));
  return looks ? "viewer" : "operator";
}

function howToGetOne({ apiToken }: WebDeps): string {
  return apiToken === null ? "; no API_TOKEN is set: set one, or make a token with `npx afterword token create`" : "";
}
