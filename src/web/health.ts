import type { Hono } from "hono";
import type { WebEnv } from "./caller.ts";
import type { WebDeps } from "./deps.ts";

/** What monitors ask for. */
export function serveHealth(app: Hono<WebEnv>, deps: Pick<WebDeps, "ready" | "metricsText">): void {
  app.get("/healthz", (c) => c.json({ ok: true }));

  app.get("/readyz", async (c) => {
    const checks = await deps.ready();
    const ok = checks.every((check) => check.ok || check.vital === false);
    const named = checks.map(({ name, ok, detail }) => [name, detail === undefined ? { ok } : { ok, detail }]);
    c.header("cache-control", "no-store");
    return c.json({ ok, checks: Object.fromEntries(named) }, ok ? 200 : 503);
  });

  app.get("/metrics", async (c) => {
    c.header("content-type", "text/plain; version=0.0.4; charset=utf-8");
    c.header("cache-control", "no-store");
    return c.body(await deps.metricsText());
  });
}
