import { html } from "hono/html";
import { parseSchedule } from "../../../core/schedule.ts";
import { currentSchedule } from "../../../store/schedules.ts";
import { overridesInForce } from "../../../store/template-overrides.ts";
import { judgeFiles } from "../../template-publishing.ts";
import type { TemplateSamples } from "../../template-samples.ts";
import { mailFrame } from "../parts/act.ts";
import { mark } from "../parts/badge.ts";
import { missing, page, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { editWords } from "./edit-words.ts";
import { askedFor, languageName, localesOf } from "./gallery.ts";
import { asShopHas } from "./preview.ts";
import { templateWords } from "./words.ts";

const views = ["html", "phone", "dark", "text"] as const;

/** One message, in each language and width, light and dark, with what the linter says of it. */
export const templatePage = shopRoute({
  method: "get",
  path: "/templates/one",
  role: "viewer",
  section: "templates",
  async handle(visit) {
    const found = askedFor(visit);
    if (found === null) return missing();
    const { samples, key, locale } = found;
    const w = visit.say(templateWords);
    const e = visit.say(editWords);
    const inForce = await overridesInForce(visit.deps.db, visit.shop.id);
    const own = inForce.get(key);
    const mail = await asShopHas(visit, samples, inForce, key, locale);
    const findings =
      own === undefined ? (await samples.lint(key, locale)).map(asProblem) : await judgeFiles(samples, key, own.files, inForce, [locale]);
    const parsed = parseSchedule((await currentSchedule(visit.deps.db, visit.shop.id))?.schedule ?? null);
    const used = parsed.ok
      ? parsed.schedule.steps.filter(({ template }) => template === key).map((step) => stepName(step.key, visit.language))
      : [];
    const view = views.find((one) => one === visit.url.searchParams.get("view")) ?? "html";
    const name = stepName(key, visit.language);
    const source = visit.link("/templates/mail", { key, lang: locale, ...(view === "dark" ? { scheme: "dark" } : {}) });
    const bytes = mail.kind === "failed" ? 0 : Buffer.byteLength(mail.html);
    const kilobytes = new Intl.NumberFormat(visit.language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 }).format(
      bytes / 1_000,
    );
    return page({
      title: name,
      sentence: w.one(name),
      crumbs: [{ name: w.title, href: visit.link("/templates") }],
      actions: html`<a class="button" href="${visit.link("/templates/versions", { key })}">${e.versions}</a>${visit.user.role === "viewer" ? "" : html`<a class="button main" href="${visit.link("/templates/edit", { key, lang: locale })}">${e.change}</a>`}`,
      body: html`<nav class="tabs" aria-label="${w.language}">${localesOf(samples).map(
        (one) =>
          html`<a href="${visit.here({ lang: one })}" lang="${one}"${one === locale ? html` aria-current="page"` : ""}>${languageName(one)}</a>`,
      )}</nav>
      <dl class="pairs"><dt>${w.subject}</dt><dd lang="${locale}"><bdi>${mail.kind === "failed" ? mail.reason : mail.subject}</bdi> ${own === undefined ? "" : mark("good", e.own)}</dd>
        <dt>${w.size}</dt><dd>${w.sizeOf(kilobytes)} <progress max="80000" value="${bytes}" aria-label="${w.size}"></progress></dd>
        <dt>${w.used}</dt><dd>${used.length === 0 ? w.unused : used.join(", ")}</dd></dl>
      <section><h2>${w.findings}</h2>${
        findings.length === 0
          ? html`<p class="quiet">${w.clean}</p>`
          : html`<ul class="lines">${findings.map(
              ({ severity, key: word, detail }) =>
                html`<li>${mark(severity === "block" ? "bad" : "warn", w.severity[severity])} ${word === null ? "" : html`<code>${word}</code>`} <span lang="en">${detail}</span></li>`,
            )}</ul>`
      }</section>
      <section><nav class="tabs" aria-label="${w.viewsLabel}">${views.map(
        (one) =>
          html`<a href="${visit.here({ view: one === "html" ? null : one })}"${one === view ? html` aria-current="page"` : ""}>${w.views[one]}</a>`,
      )}</nav>
      ${view === "text" ? html`<pre class="sheet" tabindex="0" lang="${locale}" dir="auto">${mail.kind === "failed" ? mail.reason : mail.text}</pre>` : mailFrame({ src: source, title: w.frame(name, locale), phone: view === "phone" })}</section>`,
    });
  },
});

/** What the linter says of a built-in template, as problems of the shop's own are told. */
function asProblem({ rule, severity, words, wrong, instead, string }: Awaited<ReturnType<TemplateSamples["lint"]>>[number]) {
  return { severity, key: string, detail: `“${words}” (${rule}). ${wrong} ${instead}` };
}
