import type { MiddlewareHandler } from "hono";
import { sameSecret } from "./api/auth.ts";
import { callerOf, isLocal, type WebEnv } from "./caller.ts";
import type { WebDeps, WebLimits } from "./deps.ts";
import type { DeskLink } from "./html.ts";
import { rateLimit } from "./rate-limit.ts";

/** The links of the bar; `here` is the one that is open. */
export function deskLinks({ mailbox }: Pick<WebDeps, "mailbox">, here: string): readonly DeskLink[] {
  const links = [...(mailbox ? [{ href: "/mailbox", name: "Mailbox" }] : []), { href: "/api/docs", name: "API" }];
  return links.map((link) => ({ ...link, here: link.href === here }));
}

/**
 * Lets in who sits at this machine, and others with the API token as the password (HTTP Basic, any user name).
 *
 * Without a token the others are refused: what buyers get is not for everybody who finds the port.
 */
export function operatorsOnly({ apiToken }: Pick<WebDeps, "apiToken">, limits: WebLimits): MiddlewareHandler<WebEnv> {
  const guesses = rateLimit(limits.wrongTokens);
  return async (c, next) => {
    if (isLocal(c)) return next();
    if (apiToken === null) return c.text("Only from this machine. Set API_TOKEN to open it with a password.", 403);
    const given = passwordOf(c.req.header("authorization") ?? "");
    if (given !== null && sameSecret(given, apiToken)) return next();
    const wait = given === null ? 0 : guesses.take(callerOf(c));
    if (wait > 0) {
      c.header("retry-after", String(wait));
      return c.text("Too many wrong passwords from this address.", 429);
    }
    c.header("www-authenticate", 'Basic realm="Afterword", charset="UTF-8"');
    return c.text("Log in with the API token as the password.", 401);
  };
}

function passwordOf(header: string): string | null {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? null : text.slice(colon + 1);
}
