import { html } from "hono/html";
import { sharedKey, type TemplateProblem } from "../../../core/override.ts";
import type { Html } from "../../html.ts";
import { judgeFiles } from "../../template-publishing.ts";
import { mark } from "../parts/badge.ts";
import { emptyForm, textField } from "../parts/form.ts";
import { missing, page, part, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { type Sheet, sheetOf, wordFields } from "./draft.ts";
import { editWords } from "./edit-words.ts";
import { languageName } from "./gallery.ts";
import { draftMail } from "./preview.ts";
import { templateWords } from "./words.ts";

/** One sheet of a template to be changed, with the mail it makes beside it. */
export const editTemplate = shopRoute({
  method: "get",
  path: "/templates/edit",
  role: "operator",
  section: "templates",
  async handle(visit) {
    const sheet = await sheetOf(visit);
    return sheet === null ? missing() : editPage(visit, sheet);
  },
});

/** What would become of the draft: subject, size, and what is wrong with it; asked for while somebody types. */
export const checkTemplate = shopRoute({
  method: "post",
  path: "/templates/check",
  role: "operator",
  section: "templates",
  async handle(visit) {
    const sheet = await sheetOf(visit);
    return sheet === null ? missing() : part(await verdict(visit, sheet, await problemsOf(sheet)));
  },
});

/** Problems of the draft in the language that is looked at; publication looks at all. */
function problemsOf({ samples, key, files, inForce, locale }: Sheet): Promise<readonly TemplateProblem[]> {
  return judgeFiles(samples, key, files, inForce, [locale]);
}

interface Outcome {
  readonly notice?: Html;
  /** What publication found; when absent, the draft is looked at. */
  readonly problems?: readonly TemplateProblem[];
  readonly status?: 409 | 422;
}

export async function editPage(visit: ShopVisit, sheet: Sheet, outcome: Outcome = {}): Promise<Reply> {
  const { key, locale, part: half, builtIn, basedOn } = sheet;
  const w = visit.say(templateWords);
  const e = visit.say(editWords);
  const name = nameOf(visit, key);
  const problems = outcome.problems ?? (await problemsOf(sheet));
  const languages = Object.keys(builtIn).flatMap((file) => /^strings\.(.+)\.json$/.exec(file)?.[1] ?? []);
  const tab = (query: Record<string, string>, label: string, here: boolean, lang?: string) =>
    html`<a href="${visit.link("/templates/edit", { key, lang: locale, part: half, ...query })}"${lang === undefined ? "" : html` lang="${lang}"`}${here ? html` aria-current="page"` : ""}>${label}</a>`;
  const title = key === sharedKey ? name : e.title(name);
  return page({
    title,
    sentence:
      half === "body"
        ? e.bodySentence(name)
        : e.wordsSentence(name, new Intl.DisplayNames(visit.language, { type: "language" }).of(locale) ?? locale),
    crumbs: [
      { name: w.title, href: visit.link("/templates") },
      ...(key === sharedKey ? [] : [{ name, href: visit.link("/templates/one", { key, lang: locale }) }]),
    ],
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
    body: html`${outcome.notice ?? ""}
      <nav class="tabs" aria-label="${w.language}">${languages.map((one) => tab({ lang: one }, languageName(one), one === locale, one))}</nav>
      ${key === sharedKey ? "" : html`<nav class="tabs" aria-label="${e.halves}">${tab({ part: "words" }, e.words, half === "words")}${tab({ part: "body" }, e.body, half === "body")}</nav>`}
      <form method="post" action="${visit.link("/templates/publish")}" class="editor" data-preview>${visit.formFields()}
        <input type="hidden" name="key" value="${key}"><input type="hidden" name="lang" value="${locale}"><input type="hidden" name="part" value="${half}"><input type="hidden" name="based" value="${basedOn}">
        <div class="sheet-fields" hx-post="${visit.link("/templates/check")}" hx-trigger="input delay:400ms" hx-target="#verdict">
          ${half === "body" ? bodyFields(visit, sheet) : wordList(visit, sheet)}</div>
        <div class="beside">
          <div id="verdict">${await verdict(visit, sheet, problems)}</div>
          <fieldset class="views"><legend class="unseen">${w.viewsLabel}</legend>${(["html", "phone", "dark", "text"] as const).map(
            (view) =>
              html`<label><input type="radio" name="view" value="${view}"${view === "html" ? html` checked` : ""}> ${w.views[view]}</label>`,
          )}<button class="button" formaction="${visit.link("/templates/mail")}" formtarget="draft" data-show>${e.show}</button></fieldset>
          <div class="frame"><iframe name="draft" title="${w.frame(name, languageName(locale))}" src="${visit.link("/templates/mail", { key, lang: locale })}"
            sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe></div>
          ${textField(emptyForm, { name: "note", label: e.note, hint: e.noteHint })}
          <p class="acts"><button class="button main">${e.publish}</button>
            <button class="button" formaction="${visit.link("/templates/test")}">${e.test}</button></p>
        </div>
      </form>`,
  });
}

export function nameOf(visit: Pick<ShopVisit, "say" | "language">, key: string): string {
  return key === sharedKey ? visit.say(editWords).shared : stepName(key, visit.language);
}

/** A field for each word, with the English beside it. */
function wordList(visit: ShopVisit, sheet: Sheet): Html {
  const e = visit.say(editWords);
  const { locale } = sheet;
  return html`<p class="small">${e.help}</p><ul class="word-list">${wordFields(sheet).map(({ name, english, builtIn, value, changed }) => {
    const id = `w-${name}`;
    const rows = Math.min(8, Math.max(1, Math.ceil(value.length / 52)));
    return html`<li><label for="${id}"><code>${name}</code>${changed ? html` ${mark("good", e.changed)}` : ""}</label>
      <textarea id="${id}" name="${id}" rows="${rows}" lang="${locale}" dir="auto" spellcheck="true" aria-describedby="${id}-en">${value}</textarea>
      <p class="hint" id="${id}-en" lang="en" dir="ltr">${locale === "en" ? (changed ? html`${e.was} <q>${builtIn}</q>` : "") : html`<q>${english}</q>`}</p></li>`;
  })}</ul>`;
}

/** The two bodies, with numbers beside their lines. */
function bodyFields(visit: ShopVisit, { files, builtIn }: Sheet): Html {
  const e = visit.say(editWords);
  const field = (id: string, file: string, label: string) => {
    const text = files[file] ?? builtIn[file] ?? "";
    const lines = text.split("\n").length;
    return html`<div class="field"><label for="${id}">${label} <code>${file}</code>${Object.hasOwn(files, file) ? html` ${mark("good", e.changed)}` : ""}</label>
      <div class="lined"><pre aria-hidden="true">${Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join("")}</pre>
      <textarea id="${id}" name="${id}" rows="${lines}" wrap="off" spellcheck="false" dir="ltr" class="code" data-lined>
${text}</textarea></div></div>`;
  };
  return html`<p class="small">${e.bodyHelp}</p>${field("mjml", "body.mjml", e.html)}${field("text", "body.txt", e.text)}`;
}

/** Subject and size as the inbox has them, and everything that is wrong, each with the way to it. */
async function verdict(visit: ShopVisit, sheet: Sheet, problems: readonly TemplateProblem[]): Promise<Html> {
  const w = visit.say(templateWords);
  const e = visit.say(editWords);
  const mail = await draftMail(visit, sheet);
  const list = html`<ul class="lines problems">${problems.map((one) => html`<li>${mark(one.severity === "block" ? "bad" : "warn", w.severity[one.severity])} ${placeLink(sheet, one)} <span lang="en">${one.detail}</span></li>`)}</ul>`;
  if (mail.kind === "failed" && problems.length === 0)
    return html`<div class="notice bad" role="status"><p lang="en">${mail.reason}</p></div>`;
  const bytes = mail.kind === "rendered" ? Buffer.byteLength(mail.html) : 0;
  const size = new Intl.NumberFormat(visit.language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 }).format(bytes / 1_000);
  return html`${
    mail.kind === "failed"
      ? ""
      : html`<dl class="pairs"><dt>${w.subject}</dt><dd lang="${sheet.locale}"><strong>${visit.shop.fromName}</strong> <bdi>${mail.subject}</bdi></dd>
      <dt>${w.size}</dt><dd>${w.sizeOf(size)} <progress max="80000" value="${bytes}" aria-label="${w.size}"></progress></dd></dl>`
  }
    <div role="status">${problems.length === 0 ? html`<p class="quiet">${e.fine}</p>` : html`<p><strong>${e.problems(problems.length)}</strong></p>${list}`}</div>`;
}

function placeLink({ part: half, locale }: Sheet, { key, file, line, column }: TemplateProblem): Html {
  if (key !== null && half === "words" && file === `strings.${locale}.json`) return html`<a href="#w-${key}"><code>${key}</code></a>`;
  if (half === "body" && key === null)
    return html`<a href="#${file === "body.txt" ? "text" : "mjml"}"><code>${file}:${line}:${column}</code></a>`;
  return html`<code>${file}:${line}${key === null ? "" : ` ${key}`}</code>`;
}
