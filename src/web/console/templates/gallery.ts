import { html } from "hono/html";
import { sharedKey } from "../../../core/override.ts";
import { overridesInForce } from "../../../store/template-overrides.ts";
import type { TemplateSamples } from "../../template-samples.ts";
import { categoryBadge, mark } from "../parts/badge.ts";
import { missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { editWords } from "./edit-words.ts";
import { asShopHas, mailReply, shownForShared } from "./preview.ts";
import { templateWords } from "./words.ts";

/** Every message as buyers see it, in one language, in the shop's brand. */
export const templateGallery = shopRoute({
  method: "get",
  path: "/templates",
  role: "viewer",
  section: "templates",
  async handle(visit) {
    const w = visit.say(templateWords);
    const samples = visit.deps.samples?.();
    if (samples === undefined) return page({ title: w.title, sentence: w.none, body: html`` });
    const locales = localesOf(samples);
    const locale = localeOf(visit, locales);
    const inForce = await overridesInForce(visit.deps.db, visit.shop.id);
    const e = visit.say(editWords);
    return page({
      title: w.title,
      sentence: w.sentence(samples.list.length, locales.length),
      body: html`<nav class="tabs" aria-label="${w.language}">${locales.map(
        (one) =>
          html`<a href="${visit.here({ lang: one })}" lang="${one}"${one === locale ? html` aria-current="page"` : ""}>${languageName(one)}</a>`,
      )}</nav>
      <p class="small">${w.brandHelp}${visit.user.role === "viewer" ? "" : html` <a href="${visit.link("/templates/edit", { key: sharedKey, lang: locale })}">${e.shared}</a>`}</p>
      <ul class="gallery">${samples.list
        .filter(({ locales: written }) => written.includes(locale))
        .map(({ key, category }) => {
          const name = stepName(key, visit.language);
          return html`<li><a href="${visit.link("/templates/one", { key, lang: locale })}"><span class="shot"><iframe title="${w.frame(name, locale)}" src="${visit.link("/templates/mail", { key, lang: locale })}"
            sandbox="" loading="lazy" tabindex="-1" aria-hidden="true"></iframe></span><strong>${name}</strong></a> ${categoryBadge(visit, category)}${inForce.has(key) ? html` ${mark("good", e.own)}` : ""}</li>`;
        })}</ul>`,
    });
  },
});

/** A mail as the shop has it, by itself, for the frames. */
export const templateMail = shopRoute({
  method: "get",
  path: "/templates/mail",
  role: "viewer",
  section: "templates",
  async handle(visit) {
    const found = askedFor(visit);
    if (found === null) return missing();
    const mail = await asShopHas(visit, found.samples, await overridesInForce(visit.deps.db, visit.shop.id), found.key, found.locale);
    if (mail.kind === "failed") return { kind: "mail", html: null, text: mail.reason };
    return mailReply(mail, visit.url.searchParams.get("scheme"));
  },
});

/** Which template of which language the address names; `null` for one that there is not. */
export function askedFor(visit: ShopVisit): { readonly samples: TemplateSamples; readonly key: string; readonly locale: string } | null {
  const samples = visit.deps.samples?.();
  if (samples === undefined) return null;
  const asked = visit.url.searchParams.get("key") ?? "";
  const key = asked === sharedKey ? shownForShared : asked;
  const locale = localeOf(visit, localesOf(samples));
  return samples.list.some((one) => one.key === key && one.locales.includes(locale)) ? { samples, key, locale } : null;
}

export function localesOf({ list }: TemplateSamples): readonly string[] {
  return [...new Set(list.flatMap(({ locales }) => locales))];
}

/** The language asked for, else the shop's, else English. */
function localeOf({ url, shop }: ShopVisit, locales: readonly string[]): string {
  const asked = url.searchParams.get("lang");
  return locales.find((one) => one === asked) ?? locales.find((one) => one === shop.locale) ?? "en";
}

/** A language by its own name. */
export function languageName(locale: string): string {
  return new Intl.DisplayNames(locale, { type: "language" }).of(locale) ?? locale;
}
