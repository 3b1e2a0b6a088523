import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { WebEnv } from "../caller.ts";

/** Writes the addresses outside the API into its document: webhooks, links in mails, and what monitors ask for. */
export function registerPublic(app: OpenAPIHono<WebEnv>): void {
  const token = z.object({ token: z.string() });
  const calls: readonly Parameters<typeof app.openAPIRegistry.registerPath>[0][] = [
    {
      method: "post",
      path: "/hooks/{sourceId}",
      summary: "Takes a webhook, signed as its platform does",
      description: "202 also for a repeat, for a topic that is not acted on, and for a signed body that can't be read.",
      request: { params: z.object({ sourceId: z.string() }), body: { content: { "application/json": { schema: z.unknown() } } } },
      responses: {
        200: { description: "A platform's unsigned first ping" },
        202: { description: "Durably stored" },
        401: { description: "Bad, missing or stale signature" },
        404: { description: "Unknown source" },
        413: { description: "Over 2 MiB" },
        415: { description: "Encoded body" },
        429: { description: "Too fast" },
        503: { description: "Could not be stored; send it again" },
      },
    },
    {
      method: "get",
      path: "/u/{token}",
      summary: "Shows the page to unsubscribe; changes nothing",
      request: { params: token },
      responses: { 200: { description: "A page with a button", content: { "text/html": { schema: z.string() } } } },
    },
    {
      method: "post",
      path: "/u/{token}",
      summary: "Unsubscribes (RFC 8058)",
      request: {
        params: token,
        body: { content: { "application/x-www-form-urlencoded": { schema: z.object({ "List-Unsubscribe": z.literal("One-Click") }) } } },
      },
      responses: {
        200: { description: "Done, and nothing is on its way any more" },
        429: { description: "Too many wrong links" },
        503: { description: "Not done; try again" },
      },
    },
    {
      method: "get",
      path: "/b/{token}",
      summary: "The buyer's page for one order",
      request: { params: token, query: z.object({ topic: z.enum(["not-arrived", "problem"]).optional() }) },
      responses: {
        200: { description: "The page", content: { "text/html": { schema: z.string() } } },
        404: { description: "No order has this link" },
      },
    },
    { method: "get", path: "/healthz", summary: "Says that HTTP listens", responses: { 200: { description: "It does" } } },
    {
      method: "get",
      path: "/readyz",
      summary: "Says whether everything works, check by check",
      responses: { 200: { description: "Migrated, connected and working" }, 503: { description: "Something is not" } },
    },
    {
      method: "get",
      path: "/metrics",
      summary: "Prometheus metrics",
      responses: { 200: { description: "Text format", content: { "text/plain": { schema: z.string() } } } },
    },
  ];
  for (const call of calls) app.openAPIRegistry.registerPath({ tags: ["Public"], ...call });
}
