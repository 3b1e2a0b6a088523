import type { Transaction } from "kysely";
import type { Instant } from "../../core/instant.ts";
import type { TokenRole } from "../../core/token-role.ts";
import type { AuditEntry } from "../../store/audit.ts";
import type { Schema } from "../../store/schema.ts";
import type { Shop } from "../../store/shops.ts";
import type { User } from "../../store/users.ts";
import type { WebDeps } from "../deps.ts";
import type { HookSources } from "../hook-sources.ts";
import type { Html } from "../html.ts";
import type { Language, Words } from "./language.ts";

/*
 * How a page is made.
 *
 *   // src/web/console/buyers/list.ts
 *   export const buyerList = shopRoute({
 *     method: "get",
 *     path: "/buyers",                       // → /console/shops/:shop/buyers
 *     role: "viewer",                        // the least role that may
 *     section: "buyers",                     // what is marked in the navigation; it appears there by itself
 *     async handle(visit) {
 *       const w = visit.say(buyerWords);     // buyers/words.ts: words({ en: {…}, "zh-CN": {…} })
 *       const rows = await listBuyers(visit.deps.db, visit.shop.id, pageOf(visit));
 *       return page({ title: w.title, sentence: w.sentence(rows.length), body: html`${dataTable(visit, {…})}` });
 *     },
 *   });
 *
 *   export const pauseBuyer = shopRoute({
 *     method: "post",
 *     path: "/buyers/:id/pause",
 *     role: "operator",
 *     section: "buyers",
 *     async handle(visit) {
 *       const done = await visit.change(async (trx) => ({      // one transaction: the change, and its line in the audit log
 *         entry: { shopId: visit.shop.id, action: "buyer.paused", subject: visit.params["id"] ?? null },
 *         result: await pause(trx, …),
 *       }));
 *       return go(visit.link("/buyers"), { text: w.paused, undo: { action: visit.link(`/buyers/${id}/resume`) } });
 *     },
 *   });
 *
 * Then: add both to `routes.ts` and a line each to the table in `test/web/console/routes.test.ts`. Forms hold `visit.formFields()` (the token
 * that proves they are ours); `readForm` checks them with a zod object; parts to build with are in `parts/`, styles of a section in
 * `assets/`, listed in `../assets.ts`. Ids from the address are checked to be ids before `handle` sees them; a row of another
 * shop must come out as `missing()`, so give every store function the shop's id.
 */

/** Who asks, for what, in which shop. */
export interface Visit {
  readonly deps: WebDeps;
  readonly sources: HookSources;
  readonly user: User;
  /** All shops of the installation, newest first, at most 200. */
  readonly shops: readonly Shop[];
  /** The one whose pages are shown; `null` before there is any, or on pages of the installation. */
  readonly shop: Shop | null;
  readonly language: Language;
  /** The service's clock. */
  readonly now: Instant;
  /** The names in the route's path, ids among them checked. */
  readonly params: Readonly<Record<string, string>>;
  readonly url: URL;
  /** What was posted; empty for a look. */
  readonly form: URLSearchParams;
  /** htmx asks for a part of a page. */
  readonly partial: boolean;
  /** Words in the user's language. */
  say<W>(words: Words<W>): W;
  /** An address within the shop (`/console/shops/…`), with a query when given; `undefined` values are left out. */
  link(path: string, query?: Readonly<Record<string, string | undefined>>): string;
  /** This address with some of its query changed; `null` takes one out. */
  here(query: Readonly<Record<string, string | null>>): string;
  /** Hidden fields that every posted form holds (SEC-06). */
  formFields(): Html;
  /** The same for a request that htmx makes: a value for `hx-headers`. */
  readonly formHeaders: string;
  /** Changes something in one transaction with its line in the audit log, which says that this user did it. */
  change<Result>(
    run: (trx: Transaction<Schema>) => Promise<{ readonly entry: AuditEntry | null; readonly result: Result }>,
  ): Promise<Result>;
  /** Asks this very service over HTTP, as from outside, but for the network. */
  ask(path: string, init: RequestInit): Promise<Response>;
  /** When the caller hangs up. */
  readonly signal: AbortSignal;
  /** Which tab of the browser is served what: for sign-out and the like only. */
  readonly sessionHash: Buffer;
}

export type ShopVisit = Visit & { readonly shop: Shop };

export const sections = [
  "today",
  "orders",
  "schedule",
  "messages",
  "templates",
  "calendar",
  "buyers",
  "tasks",
  "sources",
  "work",
  "settings",
] as const;
export type Section = (typeof sections)[number];

export interface Crumb {
  readonly name: string;
  readonly href: string;
}

/** One short sentence about what was just done, and how it is undone within ten seconds. */
export interface Toast {
  readonly text: string;
  readonly undo?: { readonly action: string; readonly fields?: Readonly<Record<string, string>> };
}

export interface PageReply {
  readonly kind: "page";
  /** In the browser's tab, and the last of the crumbs. */
  readonly title: string;
  /** The page's answer, in one sentence: its heading. */
  readonly sentence: string | Html;
  /** Above the page: where one came from. */
  readonly crumbs?: readonly Crumb[];
  /** Beside the heading. */
  readonly actions?: Html;
  readonly body: Html;
  readonly status?: 200 | 403 | 404 | 409 | 422;
}

/** What a route answers. */
export type Reply =
  | PageReply
  /** A part of a page, for htmx. */
  | { readonly kind: "part"; readonly body: Html; readonly status?: 200 | 422 }
  /** On to another page of ours, which says what was done. */
  | { readonly kind: "go"; readonly to: string; readonly toast: Toast | null }
  | { readonly kind: "missing" }
  /** A mail for the frame that `mailFrame` of `parts/act.ts` makes: an origin of its own, no script. */
  | { readonly kind: "mail"; readonly html: string | null; readonly text: string }
  /** Anything else: a stream, a file. */
  | { readonly kind: "response"; readonly response: Response };

export function page(reply: Omit<PageReply, "kind">): Reply {
  return { kind: "page", ...reply };
}

export function part(body: Html): Reply {
  return { kind: "part", body };
}

export function go(to: string, toast: Toast | null = null): Reply {
  return { kind: "go", to, toast };
}

/** 404: there is none, or it is another shop's. */
export function missing(): Reply {
  return { kind: "missing" };
}

/** One address of the console. */
export interface Route {
  readonly method: "get" | "post";
  /** From the root of the site on. */
  readonly path: string;
  /** The least role that may. */
  readonly role: TokenRole;
  readonly section: Section | null;
  readonly ofShop: boolean;
  handle(visit: Visit): Promise<Reply>;
}

type Described = Pick<Route, "method" | "path" | "role">;

/** A route within a shop: `path` comes after `/console/shops/:shop`. */
export function shopRoute(route: Described & { readonly section: Section; handle(visit: ShopVisit): Promise<Reply> }): Route {
  return {
    ...route,
    path: `/console/shops/:shop${route.path}`,
    ofShop: true,
    handle: (visit) => (visit.shop === null ? Promise.resolve(missing()) : route.handle({ ...visit, shop: visit.shop })),
  };
}

/** A route of the installation: `path` comes after `/console`. */
export function houseRoute(route: Described & { handle(visit: Visit): Promise<Reply> }): Route {
  return { ...route, path: `/console${route.path}`, section: null, ofShop: false };
}
