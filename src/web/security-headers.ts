import type { MiddlewareHandler } from "hono";
import type { WebEnv } from "./caller.ts";

/** No script, nothing from elsewhere, framed by nobody, forms only to ourselves. */
const strict = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** For the console: scripts and requests of its own, and mails in frames. */
export const consolePolicy = `${strict}; script-src 'self'; connect-src 'self'; frame-src 'self'`;

/** For a page that shows a mail in a frame of ours. */
export const framingPolicy = `${strict}; frame-src 'self'`;

/**
 * For the mail itself, which anybody's words are in (SEC-02): an origin of its own, no script, no form; styles of its own; pictures from elsewhere
 * only when asked for, since fetching one tells its host. Links open beside.
 */
export function mailPolicy(pictures: boolean): string {
  const images = pictures ? "https: data:" : "data:";
  return `sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src ${images}; frame-ancestors 'self'`;
}

/** Headers that every answer has; a route may have set a policy of its own. The token in a link must not leave with a referrer. */
export const securityHeaders: MiddlewareHandler<WebEnv> = async (c, next) => {
  await next();
  if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", strict);
  c.header("x-content-type-options", "nosniff");
  c.header("referrer-policy", "no-referrer");
  c.header("cross-origin-opener-policy", "same-origin");
  c.header("x-robots-tag", "noindex");
};
