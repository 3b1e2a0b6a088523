import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import type { WebEnv } from "./caller.ts";

const css = "text/css; charset=utf-8";
const js = "text/javascript; charset=utf-8";

/** Everything that pages link, by name, each one file made of parts; nothing comes from elsewhere. */
const assets = {
  /** What all pages share, then the operator's, then the buyer's. */
  "afterword.css": asset(css, ["./assets/base.css", "./assets/desk.css", "./assets/buyer.css", "./assets/buyer-forms.css"].map(ours)),
  "console.css": asset(
    css,
    [
      "./assets/base.css",
      "./console/assets/tokens.css",
      "./console/assets/side.css",
      "./console/assets/frame.css",
      "./console/assets/phone.css",
      "./console/assets/controls.css",
      "./console/assets/parts.css",
      "./console/assets/table.css",
      "./console/assets/orders.css",
      "./console/assets/schedule.css",
      "./console/assets/calendar.css",
      "./console/assets/today.css",
      "./console/assets/first-run.css",
      "./console/assets/editor.css",
    ].map(ours),
  ),
  "htmx.js": asset(js, [fileURLToPath(import.meta.resolve("htmx.org/dist/htmx.min.js"))]),
  "console.js": asset(js, ["./console/assets/console.js"].map(ours)),
};

interface Asset {
  readonly type: string;
  readonly text: string;
  readonly version: string;
}

function asset(type: string, files: readonly string[]): Asset {
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  return { type, text, version: createHash("sha256").update(text).digest("hex").slice(0, 16) };
}

function ours(part: string): string {
  return fileURLToPath(new URL(part, import.meta.url));
}

/** Where an asset is; the address changes with the content. */
export function assetUrl(name: keyof typeof assets): string {
  return `/assets/${name}?v=${assets[name].version}`;
}

export function serveAssets(app: Hono<WebEnv>): void {
  for (const [name, { type, text, version }] of Object.entries(assets)) {
    const etag = `"${version}"`;
    app.get(`/assets/${name}`, (c) => {
      c.header("etag", etag);
      c.header("cache-control", c.req.query("v") === version ? "public, max-age=31536000, immutable" : "public, max-age=300");
      if (c.req.header("if-none-match") === etag) return c.body(null, 304);
      c.header("content-type", type);
      return c.body(text);
    });
  }
}
