import type { OpenAPIHono } from "@hono/zod-openapi";
import { isId } from "../../core/ids.ts";
import { findShop, type Shop } from "../../store/shops.ts";
import type { WebEnv } from "../caller.ts";
import type { WebDeps } from "../deps.ts";
import type { HookSources } from "../hook-sources.ts";

/** What the parts of the API work with. */
export interface Api {
  readonly app: OpenAPIHono<WebEnv>;
  readonly deps: WebDeps;
  readonly sources: HookSources;
}

/** The shop of that id, or `null`; any text may be asked for. */
export function shopOfId({ deps }: Api, id: string | undefined): Promise<Shop | null> {
  return id !== undefined && isId(id) ? findShop(deps.db, id) : Promise.resolve(null);
}
