import { html } from "hono/html";
import { directionOf } from "../core/locale.ts";
import { type Scheme, schemes } from "./shown.ts";

type Html = ReturnType<typeof html>;

/** A mail as it lies in an inbox. */
export interface Row {
  readonly key: string;
  readonly category: string;
  readonly from: string;
  readonly subject: string;
  readonly preheader: string;
}

/** What is looked at. `all` shows the one message in every language. */
export interface View {
  readonly message: string;
  readonly locale: string;
  readonly all: boolean;
  readonly width: Width;
  readonly scheme: Scheme;
}

export const widths = [600, 360] as const;
export type Width = (typeof widths)[number];

/** The one page: an inbox with every message on the left, the chosen one as readers show it on the right. Works without script. */
export function galleryPage(view: View, rows: readonly Row[], locales: readonly string[], written: readonly string[]): Html {
  const shown = rows.find(({ key }) => key === view.message);
  const each = view.all ? written : [view.locale];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view.message} · mails</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/gallery.css">
</head>
<body>
<nav aria-label="Messages">
  <h1>Mails</h1>
  <ol class="inbox">${rows.map((row) => inboxRow(row, view))}</ol>
</nav>
<main>
  <header>
    ${choice(
      "Language",
      locales.map((locale) => option(locale, hrefTo({ ...view, locale, all: false }), !view.all && locale === view.locale)),
    )}
    ${choice("Together", [option("all languages", hrefTo({ ...view, all: true }), view.all)])}
    ${choice(
      "Width",
      widths.map((width) => option(String(width), hrefTo({ ...view, width }), width === view.width)),
    )}
    ${choice(
      "Scheme",
      schemes.map((scheme) => option(scheme, hrefTo({ ...view, scheme }), scheme === view.scheme)),
    )}
  </header>
  ${shown === undefined ? "" : html`<h2 lang="${view.locale}" dir="${directionOf(view.locale)}">${shown.subject}</h2>`}
  <div class="mails">${each.map((locale) => mailFrame(view, locale))}</div>
</main>
</body>
</html>`;
}

/** The address of the page for a view. */
export function hrefTo({ message, locale, all, width, scheme }: View): string {
  return `/?${new URLSearchParams({ message, locale, ...(all ? { all: "1" } : {}), width: String(width), scheme }).toString()}`;
}

function inboxRow({ key, category, from, subject, preheader }: Row, view: View): Html {
  return html`<li><a href="${hrefTo({ ...view, message: key })}"${key === view.message ? html` aria-current="page"` : ""}>
    <span class="from">${from} <small>${key} · ${category}</small></span>
    <span class="subject" lang="${view.locale}" dir="${directionOf(view.locale)}">${subject}</span>
    <span class="preheader" lang="${view.locale}" dir="${directionOf(view.locale)}">${preheader}</span>
  </a></li>`;
}

function mailFrame({ message, width, scheme, all }: View, locale: string): Html {
  const source = `/mail/${message}/${locale}`;
  return html`<figure style="width:${width}px">
    <figcaption>${message} in ${locale} · <a href="${source}.html?scheme=${scheme}">alone</a> · <a href="${source}.txt">as text</a></figcaption>
    <iframe sandbox title="${message} in ${locale}" src="${source}.html?scheme=${scheme}" width="${width}" height="${all ? 720 : 1600}" loading="lazy"></iframe>
  </figure>`;
}

function choice(name: string, options: readonly Html[]): Html {
  return html`<div class="choice" role="group" aria-label="${name}">${options}</div>`;
}

function option(name: string, href: string, chosen: boolean): Html {
  return html`<a href="${href}"${chosen ? html` aria-current="true"` : ""}>${name}</a>`;
}
