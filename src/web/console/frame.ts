import { html } from "hono/html";
import { assetUrl } from "../assets.ts";
import type { Html } from "../html.ts";
import type { FrameState } from "./frame-state.ts";
import { type Language, languageNames, languages } from "./language.ts";
import { icon } from "./parts/icon.ts";
import type { PageReply, Section, Toast, Visit } from "./route.ts";
import { frameWords } from "./words/frame.ts";

/** A whole document of the console; `theme` is the user's, or `system`. */
export function document({ language, theme, title, body }: { language: Language; theme: string; title: string; body: Html }): Html {
  return html`<!doctype html>
<html lang="${language}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}'>
<title>${title} · Afterword</title>
<link rel="stylesheet" href="${assetUrl("console.css")}">
<script src="${assetUrl("htmx.js")}" defer></script>
<script src="${assetUrl("console.js")}" defer></script>
</head>
<body>${body}</body>
</html>`;
}

export interface Framed {
  readonly visit: Visit;
  readonly reply: Omit<PageReply, "kind">;
  readonly section: Section | null;
  /** Sections that have a page. */
  readonly built: readonly Section[];
  readonly state: FrameState;
  readonly toast: Toast | null;
  readonly mailbox: boolean;
}

/** The page of a shop: navigation at the side (below, on a phone), where one is, and the page's answer in one sentence. */
export function framed(shown: Framed): Html {
  const { visit, reply, toast } = shown;
  const w = visit.say(frameWords);
  const body = html`<a class="skip" href="#main">${w.skip}</a>
<div class="shell">
  ${side(shown)}
  <div class="stage">
    ${top(shown)}
    <main id="main" tabindex="-1">
      ${notices(visit)}
      <div class="head"><h1>${reply.sentence}</h1>${reply.actions === undefined ? "" : html`<div class="actions">${reply.actions}</div>`}</div>
      ${reply.body}
    </main>
  </div>
</div>
<div id="toasts" role="region" aria-label="${w.news}" aria-live="polite">${toast === null ? "" : toastOf(visit, toast)}</div>
${keysDialog(visit)}`;
  return document({ language: visit.language, theme: visit.user.theme, title: reply.title, body });
}

function side({ visit, section, built, state, mailbox }: Framed): Html {
  const w = visit.say(frameWords);
  const item = (name: Section, key: string | null) =>
    built.includes(name)
      ? html`<li><a href="${visit.link(`/${name}`)}"${name === section ? html` aria-current="page"` : ""}${key === null ? "" : html` data-key="${key}"`}>${icon(name)}<span>${w.sections[name]}</span>${badgeOf(visit, name, state)}</a></li>`
      : "";
  const main: readonly (readonly [Section, string | null])[] = [
    ["today", "t"],
    ["orders", "o"],
    ["schedule", "s"],
    ["messages", "m"],
    ["templates", null],
    ["calendar", null],
    ["buyers", null],
    ["tasks", "k"],
  ];
  const more: readonly (readonly [Section, string | null])[] = [
    ["sources", null],
    ["work", null],
    ["settings", null],
  ];
  const inBar: readonly Section[] = ["today", "orders", "schedule", "tasks"];
  const rest = [...main, ...more].filter(([name]) => !inBar.includes(name));
  const links = html`${mailbox ? html`<li><a href="/mailbox">${w.mailbox}</a></li>` : ""}<li><a href="/api/docs">${w.api}</a></li>`;
  if (visit.shop === null) return html`<nav class="side" aria-label="Afterword"><p class="name"><a href="/console">Afterword</a></p></nav>`;
  return html`<nav class="side" aria-label="${w.navigation}">
    <p class="name"><a href="/console">Afterword</a></p>
    ${switcher(visit, section)}
    <div class="places">
      <ul>${main.map(([name, key]) => item(name, key))}</ul>
      <ul class="lower">${more.map(([name, key]) => item(name, key))}</ul>
      <ul class="quiet-links">${links}</ul>
    </div>
  </nav>
  <nav class="bar" aria-label="${w.navigation}">
    <ul>${inBar.map((name) => item(name, null))}
      <li><details class="more"><summary>${icon("more")}<span>${w.more}</span></summary>
        <div class="sheet">${switcher(visit, section)}<ul>${rest.map(([name]) => item(name, null))}${links}</ul></div></details></li>
    </ul>
  </nav>`;
}

function badgeOf(visit: Visit, name: Section, state: FrameState): Html | "" {
  const w = visit.say(frameWords);
  if (name === "tasks" && state.tasks > 0)
    return html`<span class="count" title="${w.waiting(state.tasks)}">${state.tasks}<span class="unseen"> ${w.waiting(state.tasks)}</span></span>`;
  if (name === "sources" && state.sourcesNeedLook)
    return html`<span class="count warn" title="${w.needsLook}"><span aria-hidden="true">!</span><span class="unseen">${w.needsLook}</span></span>`;
  if (name === "work" && state.errands > 0)
    return html`<span class="count" title="${w.goOn(state.errands)}">${state.errands}<span class="unseen"> ${w.goOn(state.errands)}</span></span>`;
  return "";
}

/** The same section in another shop. */
function switcher({ shop, shops, say }: Visit, section: Section | null): Html {
  const w = say(frameWords);
  return html`<details class="switcher"><summary><span class="unseen">${w.switchShop}: </span><span class="swatch" aria-hidden="true">${(shop?.name ?? "?").slice(0, 1)}</span><span class="shop-name">${shop?.name}</span>${icon("down")}</summary>
    <ul class="sheet">${shops.map(
      (one) =>
        html`<li><a href="/console/shops/${one.id}/${section ?? "today"}"${one.id === shop?.id ? html` aria-current="true"` : ""}>${one.name}</a></li>`,
    )}
      <li class="rule"><a href="/console/new-shop">${w.newShop}</a></li></ul></details>`;
}

function top({ visit, reply, built, section }: Framed): Html {
  const w = visit.say(frameWords);
  const home = section === null || visit.shop === null ? [] : [{ name: w.sections[section], href: visit.link(`/${section}`) }];
  const crumbs = reply.crumbs ?? [];
  const trail = [...home.filter(({ href }) => !crumbs.some((crumb) => crumb.href === href)), ...crumbs].filter(
    ({ name }) => name !== reply.title,
  );
  return html`<header class="top">
    <nav aria-label="${w.breadcrumbs}" class="crumbs"><ol>${trail.map(({ name, href }) => html`<li><a href="${href}">${name}</a></li>`)}<li aria-current="page">${reply.title}</li></ol></nav>
    ${built.includes("orders") && visit.shop !== null ? search(visit) : ""}
    <details class="account"><summary>${icon("person")}<span class="unseen">${w.account}</span></summary>
      <div class="sheet"><p><strong>${visit.user.name}</strong><br><span class="quiet">${visit.user.email} · ${w.roles[visit.user.role]}</span></p>
      <form method="post" action="/console/preferences">${visit.formFields()}<input type="hidden" name="to" value="${visit.url.pathname}${visit.url.search}">
        <label>${w.language}<select name="locale">${languages.map((one) => html`<option value="${one}"${one === visit.language ? html` selected` : ""}>${languageNames[one]}</option>`)}</select></label>
        <label>${w.theme}<select name="theme">${(["system", "light", "dark"] as const).map((one) => html`<option value="${one}"${one === visit.user.theme ? html` selected` : ""}>${w.themes[one]}</option>`)}</select></label>
        <button class="button">${w.save}</button></form>
      <p class="row"><a href="/console/account">${w.account}</a></p>
      <form method="post" action="/console/sign-out">${visit.formFields()}<button class="button">${w.signOut}</button></form></div></details>
  </header>`;
}

function search(visit: Visit): Html {
  const w = visit.say(frameWords);
  return html`<form class="search" role="search" method="get" action="${visit.link("/orders")}"><label class="unseen" for="search">${w.searchLabel}</label>${icon("search")}
    <input id="search" type="search" name="q" value="${visit.url.searchParams.get("q") ?? ""}" placeholder="${w.search}" aria-keyshortcuts="/" autocomplete="off"><kbd aria-hidden="true">/</kbd></form>`;
}

/** What an operator must not forget on any page. */
function notices({ shop, say, link }: Visit): Html | "" {
  if (shop === null) return "";
  const w = say(frameWords);
  const change = html`<a href="${link("/settings")}">${w.change}</a>`;
  return html`${shop.sending ? "" : html`<p class="notice warn">${w.sendingOff} ${change}</p>`}${
    shop.redirectTo === null ? "" : html`<p class="notice warn">${w.redirected(shop.redirectTo)} ${change}</p>`
  }`;
}

function toastOf(visit: Visit, { text, undo }: Toast): Html {
  const w = visit.say(frameWords);
  return html`<div class="toast" role="status" data-toast><span>${text}</span>${
    undo === undefined
      ? ""
      : html`<form method="post" action="${undo.action}">${visit.formFields()}${Object.entries(undo.fields ?? {}).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
        )}<button class="button">${w.undo}</button></form>`
  }<button type="button" class="button plain" hidden data-dismiss aria-label="${w.dismiss}">×</button></div>`;
}

function keysDialog(visit: Visit): Html {
  const w = visit.say(frameWords).keys;
  return html`<dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">${w.title}</h2>
    <dl class="pairs">${w.list.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
    <form method="dialog"><button class="button">${w.close}</button></form></dialog>`;
}
