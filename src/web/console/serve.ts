import type { Hono } from "hono";
import { isId } from "../../core/ids.ts";
import { includesRole } from "../../core/token-role.ts";
import { audited } from "../../store/audit.ts";
import { keepToast, type Session } from "../../store/sessions.ts";
import { listShops, type Shop } from "../../store/shops.ts";
import { readBody } from "../body.ts";
import type { WebContext, WebEnv } from "../caller.ts";
import type { WebDeps, WebLimits } from "../deps.ts";
import type { HookSources } from "../hook-sources.ts";
import { mailFrame } from "../mail-frame.ts";
import { consolePolicy } from "../security-headers.ts";
import { serveDoor } from "./door.ts";
import { refusal } from "./errors.ts";
import { formFields, formHeaders, isOurForm } from "./form-token.ts";
import { framed } from "./frame.ts";
import { type FrameState, frameState } from "./frame-state.ts";
import { languageOf } from "./language.ts";
import { type PageReply, type Reply, type Route, sections, type Toast, type Visit } from "./route.ts";
import { routes } from "./routes.ts";
import { sessionOf } from "./session.ts";

const maxFormBytes = 1024 * 1024;
const formMs = 15_000;
const noState: FrameState = { tasks: 0, errands: 0, sourcesNeedLook: false };
/** Sections that have a page: the navigation shows those. */
const built = sections.filter((section) =>
  routes.some((route) => route.path === `/console/shops/:shop/${section}` && route.method === "get"),
);

/** The operators' pages. Nobody sees one without being signed in, nor does anything without the role its route names. */
export function serveConsole(app: Hono<WebEnv>, deps: WebDeps, limits: WebLimits, sources: HookSources): void {
  for (const place of ["/console/*", "/setup/*"]) {
    app.use(place, async (c, next) => {
      c.header("cache-control", "private, no-store");
      await next();
      // A mail in a frame has a stricter one of its own.
      if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", consolePolicy);
    });
  }
  app.get("/", (c) => c.redirect("/console", 302));
  serveDoor(app, deps, limits);
  const house: House = { app, deps, sources };
  for (const route of routes) {
    app.on(route.method, route.path, async (c) => {
      const session = await sessionOf(c, deps);
      return session === null ? toSignIn(c, route) : answered(c, house, session, route);
    });
  }
  app.get("/console/*", async (c) => {
    const session = await sessionOf(c, deps);
    if (session === null) return toSignIn(c, null);
    const visit = await visitOf(c, house, session, new URLSearchParams());
    return show(c, visit, refusal(visit, "notFound"), null, null);
  });
}

interface House {
  readonly app: Hono<WebEnv>;
  readonly deps: WebDeps;
  readonly sources: HookSources;
}

async function answered(c: WebContext, house: House, session: Session, route: Route): Promise<Response> {
  const { deps } = house;
  const form = route.method === "post" ? await formOf(c) : new URLSearchParams();
  const visit = await visitOf(c, house, session, form ?? new URLSearchParams());
  if (form === null || (route.method === "post" && !isOurForm(c, deps, session.hash, form)))
    return show(c, visit, refusal(visit, "stale"), route, null);
  if (!includesRole(session.user.role, route.role)) return show(c, visit, refusal(visit, "forbidden", route.role), route, null);
  const unknown =
    Object.entries(visit.params).some(([name, value]) => name !== "token" && !isId(value)) || (route.ofShop && visit.shop === null);
  const reply: Reply = unknown ? { kind: "missing" } : await route.handle(visit);
  switch (reply.kind) {
    case "response":
      return reply.response;
    case "mail":
      return mailFrame(c, reply);
    case "part":
      return c.html(reply.body, reply.status ?? 200);
    case "go":
      if (reply.toast !== null) await keepToast(deps.db, session.hash, reply.toast);
      return c.redirect(reply.to, 303);
    case "missing":
      return show(c, visit, refusal(visit, "notFound"), route, null);
    case "page": {
      // What could be kept as a toast was made by `go`.
      const toast = session.toast as Toast | null;
      if (toast !== null) await keepToast(deps.db, session.hash, null);
      return show(c, visit, reply, route, toast);
    }
  }
}

async function show(
  c: WebContext,
  visit: Visit,
  reply: Omit<PageReply, "kind">,
  route: Route | null,
  toast: Toast | null,
): Promise<Response> {
  const state = visit.shop === null ? noState : await frameState(visit.deps.db, visit.shop.id, visit.now);
  const shown = framed({ visit, reply, section: route?.section ?? null, built, state, toast, mailbox: visit.deps.mailbox });
  return c.html(shown, reply.status ?? 200);
}

async function visitOf(c: WebContext, { app, deps, sources }: House, session: Session, form: URLSearchParams): Promise<Visit> {
  const { user, hash } = session;
  const now = deps.now();
  const url = new URL(c.req.url);
  const language = languageOf(c, user.locale);
  const shops = await listShops(deps.db, { after: null, limit: 200 });
  const shop = shopFor(url, shops);
  return {
    deps,
    sources,
    user,
    shops,
    shop,
    language,
    now,
    params: c.req.param(),
    url,
    form,
    partial: c.req.header("hx-request") === "true",
    say: (words) => words[language],
    link: (path, query = {}) => withQuery(`/console/shops/${shop?.id ?? ""}${path}`, new URLSearchParams(), query),
    here: (query) => withQuery(url.pathname, url.searchParams, query),
    formFields: () => formFields(deps.keys, hash),
    formHeaders: formHeaders(deps.keys, hash),
    change: (run) => audited(deps.db, { actor: { kind: "user", id: user.id, name: user.name }, now }, run),
    ask: async (path, init) => app.request(path, init),
    signal: c.req.raw.signal,
    sessionHash: hash,
  };
}

/** The one in the address; on pages of the installation the newest. `null` for one that there is not. */
function shopFor(url: URL, shops: readonly Shop[]): Shop | null {
  const named = /^\/console\/shops\/([^/]+)/.exec(url.pathname)?.[1];
  return (named === undefined ? shops[0] : shops.find(({ id }) => id === named)) ?? null;
}

function withQuery(path: string, from: URLSearchParams, changes: Readonly<Record<string, string | null | undefined>>): string {
  const query = new URLSearchParams(from);
  for (const [name, value] of Object.entries(changes)) {
    if (value == null) query.delete(name);
    else query.set(name, value);
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

/** What was posted, `null` when it did not come, is too large, or is no form. */
async function formOf(c: WebContext): Promise<URLSearchParams | null> {
  if (!(c.req.header("content-type") ?? "").startsWith("application/x-www-form-urlencoded")) return null;
  const reading = await readBody(c, { maxBytes: maxFormBytes, withinMs: formMs });
  // PostgreSQL's text holds no NUL.
  return reading.kind === "read" ? new URLSearchParams(reading.body.toString("utf8").replaceAll(/%00|\0/g, "")) : null;
}

/** Back here after signing in, when that is a page; a part of one asks for the whole page instead. */
function toSignIn(c: WebContext, route: Route | null): Response {
  const url = new URL(c.req.url);
  const to = route?.method === "post" ? "/console" : `${url.pathname}${url.search}`;
  const address = `/console/sign-in?to=${encodeURIComponent(to)}`;
  if (c.req.header("hx-request") !== "true") return c.redirect(address, 303);
  c.header("hx-redirect", "/console/sign-in");
  return c.body(null, 401);
}
