import { html } from "hono/html";
import { directionOf } from "../core/locale.ts";
import { assetUrl } from "./assets.ts";

/** Markup in which everything that was filled in is escaped. Made by hono's `html` only. */
export type Html = ReturnType<typeof html>;

export interface Page {
  readonly title: string;
  /** BCP 47. */
  readonly lang: string;
  readonly body: Html;
}

/** A page for operators: the bar of the service, and the page's own content. */
export function deskPage({ title, lang, body, links }: Page & { readonly links: readonly DeskLink[] }): Html {
  const bar = html`<header class="bar"><div>
    <a class="name" href="/">Afterword</a>
    <nav aria-label="Afterword">${links.map(({ href, name, here }) => html`<a href="${href}"${here ? html` aria-current="page"` : ""}>${name}</a> `)}</nav>
  </div></header>`;
  return whole({ title: `${title} · Afterword`, lang, body: html`${bar}<main class="desk" id="main">${body}</main>`, kind: "desk" });
}

export interface DeskLink {
  readonly href: string;
  readonly name: string;
  readonly here: boolean;
}

/** A page for buyers: nothing but what concerns them. */
export function letterPage({ title, lang, body }: Page): Html {
  return whole({ title, lang, body: html`<main class="letter" id="main">${body}</main>`, kind: "buyer" });
}

function whole({ title, lang, body, kind }: Page & { readonly kind: "desk" | "buyer" }): Html {
  return html`<!doctype html>
<html lang="${lang}" dir="${directionOf(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${assetUrl("afterword.css")}">
</head>
<body class="${kind}">${body}</body>
</html>`;
}
