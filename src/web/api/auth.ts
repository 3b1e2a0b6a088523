import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { callerOf, type WebEnv } from "../caller.ts";
import type { WebDeps, WebLimits } from "../deps.ts";
import { problem, problemResponse } from "../problem.ts";
import { rateLimit } from "../rate-limit.ts";

/** Lets callers with the bearer token pass, and nobody else; guessing is limited per caller. */
export function bearerOnly({ apiToken }: WebDeps, limits: WebLimits): MiddlewareHandler<WebEnv> {
  const guesses = rateLimit(limits.wrongTokens);
  return async (c, next) => {
    if (apiToken === null) {
      return problemResponse(problem(401, "the API is closed: no API_TOKEN is set; start with one to use it"));
    }
    const given = /^bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (given === undefined) return problemResponse(problem(401, "send the API token: Authorization: Bearer …"));
    if (sameSecret(given, apiToken)) return next();
    const wait = guesses.take(callerOf(c));
    if (wait > 0) return problemResponse(problem(429, "too many wrong tokens from this address", { retryAfter: wait }));
    return problemResponse(problem(401, "this API token is not valid"));
  };
}

/** Compares in a time that depends on neither. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
