import { Hono } from "hono";
import { html } from "hono/html";
import { createApi } from "./api/api.ts";
import { serveAssets } from "./assets.ts";
import { serveBuyerPage } from "./buyer-page.ts";
import type { WebContext, WebEnv } from "./caller.ts";
import { serveConsole } from "./console/serve.ts";
import { defaultLimits, type WebDeps } from "./deps.ts";
import { deskLinks } from "./desk.ts";
import { serveDocsPage } from "./docs-page.ts";
import { serveHealth } from "./health.ts";
import { hookSources } from "./hook-sources.ts";
import { serveHooks } from "./hooks.ts";
import { deskPage } from "./html.ts";
import { serveMailbox } from "./mailbox.ts";
import { type Problem, problem, problemResponse, titleOf } from "./problem.ts";
import { securityHeaders } from "./security-headers.ts";
import { serveUnsubscribe } from "./unsubscribe.ts";

/** Everything that is answered over HTTP. */
export function createWeb(deps: WebDeps): Hono<WebEnv> {
  const limits = { ...defaultLimits, ...deps.limits };
  const sources = hookSources(deps.db, deps.keys);
  const app = new Hono<WebEnv>();
  app.use(securityHeaders);
  serveAssets(app);
  serveHealth(app, deps);
  serveHooks(app, deps, limits, sources);
  serveUnsubscribe(app, deps, limits);
  serveBuyerPage(app, deps, limits);
  serveMailbox(app, deps, limits);
  serveConsole(app, deps, limits, sources);
  const api = createApi(deps, limits, sources);
  serveDocsPage(app, deps, api.document);
  app.route("/", api.app);

  app.notFound((c) => refused(c, deps, problem(404, "there is nothing at this address")));
  app.onError((error, c) => {
    deps.log.error({ err: error, method: c.req.method, route: routeOf(c) }, "a request failed");
    return refused(c, deps, problem(500, "something went wrong here; it was noted, and nothing was half done that a retry would repeat"));
  });
  return app;
}

/** What a process answers that only works (`ROLE=worker`): monitors, nobody else. */
export function createWorkerWeb(deps: Pick<WebDeps, "ready" | "metricsText">): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(securityHeaders);
  serveHealth(app, deps);
  app.notFound(() => problemResponse(problem(404, "this process only works (ROLE=worker); ask one that serves the web")));
  return app;
}

/** As a page for who reads pages, as a problem document for everybody else. */
function refused(c: WebContext, deps: WebDeps, refusal: Problem): Response | Promise<Response> {
  if (c.req.path.startsWith("/api/v1") || !(c.req.header("accept") ?? "").includes("text/html")) return problemResponse(refusal);
  const title = titleOf(refusal.status);
  const body = html`<h1>${title}: ${refusal.detail}.</h1><p><a href="/">Start</a></p>`;
  return c.html(deskPage({ title, lang: "en", links: deskLinks(deps, ""), body }), refusal.status);
}

/** The shape of the address, without the tokens and ids in it. */
function routeOf(c: WebContext): string {
  return c.req.path
    .split("/")
    .slice(0, 4)
    .map((part) => (part.length > 24 ? "…" : part))
    .join("/");
}
