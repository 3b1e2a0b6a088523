import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Hono } from "hono";
import type { WebEnv } from "./caller.ts";

/** What all pages share, then the operator's, then the buyer's. */
const parts = ["base.css", "desk.css", "buyer.css"];
const css = parts.map((part) => readFileSync(new URL(`./assets/${part}`, import.meta.url), "utf8")).join("\n");
const version = createHash("sha256").update(css).digest("hex").slice(0, 16);
const etag = `"${version}"`;

/** The one stylesheet of every page; its address changes with its content. */
export const stylesheet = `/assets/afterword.css?v=${version}`;

export function serveAssets(app: Hono<WebEnv>): void {
  app.get("/assets/afterword.css", (c) => {
    c.header("etag", etag);
    c.header("cache-control", c.req.query("v") === version ? "public, max-age=31536000, immutable" : "public, max-age=300");
    if (c.req.header("if-none-match") === etag) return c.body(null, 304);
    c.header("content-type", "text/css; charset=utf-8");
    return c.body(css);
  });
}
