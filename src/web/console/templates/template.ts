import { html } from "hono/html";
import { parseSchedule } from "../../../core/schedule.ts";
import { currentSchedule } from "../../../store/schedules.ts";
import { mailFrame } from "../parts/act.ts";
import { mark } from "../parts/badge.ts";
import { missing, page, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { askedFor, languageName, localesOf } from "./gallery.ts";
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
    const mail = await samples.render(key, locale, visit.shop);
    const findings = await samples.lint(key, locale);
    const parsed = parseSchedule((await currentSchedule(visit.deps.db, visit.shop.id))?.schedule ?? null);
    const used = parsed.ok
      ? parsed.schedule.steps.filter(({ template }) => template === key).map((step) => stepName(step.key, visit.language))
      : [];
    const view = views.find((one) => one === visit.url.searchParams.get("view")) ?? "html";
    const name = stepName(key, visit.language);
    const source = visit.link("/templates/mail", { key, lang: locale, ...(view === "dark" ? { scheme: "dark" } : {}) });
    const kilobytes = new Intl.NumberFormat(visit.language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 }).format(
      Buffer.byteLength(mail.html) / 1_000,
    );
    return page({
      title: name,
      sentence: w.one(name),
      crumbs: [{ name: w.title, href: visit.link("/templates", { lang: locale }) }],
      body: html`<nav class="tabs" aria-label="${w.language}">${localesOf(samples).map(
        (one) =>
          html`<a href="${visit.here({ lang: one })}" lang="${one}"${one === locale ? html` aria-current="page"` : ""}>${languageName(one)}</a>`,
      )}</nav>
      <dl class="pairs"><dt>${w.subject}</dt><dd lang="${locale}"><bdi>${mail.subject}</bdi></dd>
        <dt>${w.size}</dt><dd>${w.sizeOf(kilobytes)} <progress max="80000" value="${Buffer.byteLength(mail.html)}" aria-label="${w.size}"></progress></dd>
        <dt>${w.used}</dt><dd>${used.length === 0 ? w.unused : used.join(", ")}</dd></dl>
      <section><h2>${w.findings}</h2>${
        findings.length === 0
          ? html`<p class="quiet">${w.clean}</p>`
          : html`<ul class="lines">${findings.map(
              ({ rule, severity, words, wrong, instead, string }) =>
                html`<li>${mark(severity === "block" ? "bad" : "warn", `${rule}: ${w.severity[severity]}`)} ${string === null ? "" : html`<code>${string}</code>`} “${words}” <span lang="en">${wrong} ${instead}</span></li>`,
            )}</ul>`
      }</section>
      <section><nav class="tabs" aria-label="${w.viewsLabel}">${views.map(
        (one) =>
          html`<a href="${visit.here({ view: one === "html" ? null : one })}"${one === view ? html` aria-current="page"` : ""}>${w.views[one]}</a>`,
      )}</nav>
      ${view === "text" ? html`<pre class="sheet" tabindex="0" lang="${locale}" dir="auto">${mail.text}</pre>` : mailFrame({ src: source, title: w.frame(name, locale), phone: view === "phone" })}</section>`,
    });
  },
});
