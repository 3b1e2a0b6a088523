import { html } from "hono/html";
import type { Html } from "../../html.ts";
import type { Visit } from "../route.ts";
import { frameWords } from "../words/frame.ts";
import { icon } from "./icon.ts";

export interface Act {
  readonly action: string;
  readonly label: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly tone?: "plain" | "main" | "danger";
}

/** A button that changes something at once, and can be undone. */
export function actButton(visit: Pick<Visit, "formFields">, { action, label, fields = {}, tone = "plain" }: Act): Html {
  return html`<form method="post" action="${action}" class="act">${visit.formFields()}${hidden(fields)}<button class="button ${tone}">${label}</button></form>`;
}

/** A button that asks once, and says in its last word how much it does ("Cancel 312 mails"); works without script. */
export function confirmButton(
  visit: Pick<Visit, "formFields">,
  act: Act & { readonly question: string | Html; readonly confirm: string },
): Html {
  return html`<details class="confirm"><summary class="button ${act.tone === "danger" ? "danger" : ""}">${act.label}</summary>
    <div class="sheet"><p>${act.question}</p>
    <form method="post" action="${act.action}">${visit.formFields()}${hidden(act.fields ?? {})}<button class="button ${act.tone ?? "danger"}">${act.confirm}</button></form></div></details>`;
}

/** A text to take along: an address, a secret. The button appears where script runs. */
export function copyField(
  visit: Pick<Visit, "say">,
  { id, label, value }: { readonly id: string; readonly label: string; readonly value: string },
): Html {
  const w = visit.say(frameWords);
  return html`<div class="field copy"><label for="${id}">${label}</label>
    <div class="with-button"><input id="${id}" readonly value="${value}" spellcheck="false" class="code">
    <button type="button" class="button" hidden data-copy="${id}" data-copied="${w.copied}">${icon("copy")}<span>${w.copy}</span></button></div></div>`;
}

/** Work that goes on by itself: numbers, asked for every two seconds from `from`, until the answer has no such element any more. It can be left. */
export function progress({
  label,
  done,
  total,
  from,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly from: string;
}): Html {
  return html`<div class="progress" hx-get="${from}" hx-trigger="every 2s" hx-swap="outerHTML"><label>${label}
    <progress max="${Math.max(1, total)}" value="${Math.min(done, total)}"></progress></label></div>`;
}

/** A mail as its reader sees it: an origin of its own, no script (SEC-02). `src` is a route that replies `{ kind: "mail", … }`. */
export function mailFrame({ src, title, phone = false }: { readonly src: string; readonly title: string; readonly phone?: boolean }): Html {
  return html`<div class="frame ${phone ? "phone" : ""}"><iframe title="${title}" src="${src}" sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy"></iframe></div>`;
}

function hidden(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}
