import { OpenAPIHono } from "@hono/zod-openapi";
import type { WebEnv } from "../caller.ts";
import type { WebDeps, WebLimits } from "../deps.ts";
import type { HookSources } from "../hook-sources.ts";
import { problem, problemResponse } from "../problem.ts";
import { bearerOnly } from "./auth.ts";
import { serveBuyers } from "./buyers.ts";
import { serveClock } from "./clock.ts";
import { serveClosures } from "./closures.ts";
import { serveConsents } from "./consents.ts";
import type { Api } from "./context.ts";
import { openApiDocument } from "./document.ts";
import { apiRoot } from "./endpoint.ts";
import { serveImport } from "./import.ts";
import { serveMessages } from "./messages.ts";
import { serveMoves } from "./moves.ts";
import { serveOrders } from "./orders.ts";
import { registerPublic } from "./public.ts";
import { serveQuarantine } from "./quarantine.ts";
import { serveSchedule } from "./schedule.ts";
import { serveShops } from "./shops.ts";
import { serveSimulate } from "./simulate.ts";
import { serveSourceTests } from "./source-tests.ts";
import { serveSources } from "./sources.ts";
import { serveSuppressions } from "./suppressions.ts";
import { serveTasks } from "./tasks.ts";
import { serveTokens } from "./tokens.ts";

export type OpenApi = ReturnType<typeof openApiDocument>;

/** The API, and the document that describes it. Every call wants the token, also one to an address that does not exist. */
export function createApi(deps: WebDeps, limits: WebLimits, sources: HookSources): { app: OpenAPIHono<WebEnv>; document: OpenApi } {
  const app = new OpenAPIHono<WebEnv>();
  const api: Api = { app, deps, sources };
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  app.use(`${apiRoot}/*`, bearerOnly(deps, limits));
  serveShops(api);
  serveSources(api);
  serveSourceTests(api);
  serveQuarantine(api);
  serveOrders(api);
  serveImport(api);
  serveMessages(api);
  serveMoves(api);
  serveSchedule(api);
  serveSimulate(api);
  serveTasks(api);
  serveClosures(api);
  serveSuppressions(api);
  serveConsents(api);
  serveBuyers(api);
  serveClock(api);
  serveTokens(api);
  registerPublic(app);
  app.all(`${apiRoot}/*`, () => problemResponse(problem(404, "there is no such call; /api/docs lists them all")));
  const document = openApiDocument(app, deps.publicUrl);
  app.get("/api/openapi.json", (c) => c.json(document));
  return { app, document };
}
