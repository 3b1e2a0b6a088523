import { html } from "hono/html";
import { sharedKey } from "../../../core/override.ts";
import { diffFiles, type FileDiff, overlaid } from "../../../core/override-diff.ts";
import { findOverride, listOverrideVersions, overridesInForce } from "../../../store/template-overrides.ts";
import type { Html } from "../../html.ts";
import { actButton } from "../parts/act.ts";
import { mark } from "../parts/badge.ts";
import { when } from "../parts/time.ts";
import { missing, page, shopRoute } from "../route.ts";
import { nameOf } from "./edit.ts";
import { editWords } from "./edit-words.ts";
import { templateWords } from "./words.ts";

const shownVersions = 20;

/** What was published of a template, what each version changed, and the way back to it. */
export const templateVersions = shopRoute({
  method: "get",
  path: "/templates/versions",
  role: "viewer",
  section: "templates",
  async handle(visit) {
    const key = visit.url.searchParams.get("key") ?? "";
    const builtIn = visit.deps.samples?.().builtIn(key) ?? null;
    if (builtIn === null) return missing();
    const { db } = visit.deps;
    const w = visit.say(templateWords);
    const e = visit.say(editWords);
    const shopId = visit.shop.id;
    const inForce = (await overridesInForce(db, shopId)).get(key)?.version ?? 0;
    const listed = await listOverrideVersions(db, { shopId, template: key, limit: shownVersions + 1 });
    const whole = await Promise.all(listed.map(({ version }) => findOverride(db, shopId, key, version)));
    const files = whole.map((version) => overlaid(builtIn, version?.files ?? {}));
    const mayChange = visit.user.role !== "viewer";
    const back = (version: number) =>
      actButton(visit, {
        action: visit.link("/templates/revert"),
        label: version === 0 ? e.useProduct : e.useVersion(version),
        fields: { key, version: String(version) },
      });
    const name = nameOf(visit, key);
    return page({
      title: e.versions,
      sentence: listed.length === 0 ? e.noVersions(name) : e.versionsSentence(name, inForce),
      crumbs: [
        { name: w.title, href: visit.link("/templates") },
        { name, href: key === sharedKey ? visit.link("/templates/edit", { key }) : visit.link("/templates/one", { key }) },
      ],
      ...(mayChange
        ? {
            actions: html`${inForce === 0 ? "" : back(0)}<a class="button" href="${visit.link("/templates/edit", { key })}">${e.change}</a>`,
          }
        : {}),
      body: html`<ol class="versions">${listed.slice(0, shownVersions).map((version, index) => {
        const before = files[index + 1] ?? overlaid(builtIn, {});
        const diff = diffFiles(before, files[index] ?? {});
        const none = version.fileNames.length === 0;
        return html`<li><h2>${none ? e.toProduct : e.version(version.version)} ${version.version === inForce ? mark("good", e.inForce) : ""}</h2>
          <p class="quiet">${when(visit, version.publishedAt, { exact: true })} · ${version.publishedBy}${version.note === null ? "" : html` · ${version.note}`}</p>
          ${diff.length === 0 ? html`<p class="quiet">${e.noDifference}</p>` : diff.map((one) => fileDiff(one))}
          ${mayChange && version.version !== inForce && !none ? back(version.version) : ""}</li>`;
      })}</ol>`,
    });
  },
});

function fileDiff(diff: FileDiff): Html {
  const locale = /^strings\.(.+)\.json$/.exec(diff.file)?.[1] ?? "en";
  const body =
    diff.kind === "words"
      ? html`<dl class="pairs">${diff.changes.map(({ key, before, after }) => html`<dt><code>${key}</code></dt><dd lang="${locale}" dir="auto">${before === null ? "" : html`<del>${before}</del>`} ${after === null ? "" : html`<ins>${after}</ins>`}</dd>`)}</dl>`
      : html`<pre class="sheet" tabindex="0" dir="ltr">${diff.lines.map(({ sign, text }) => (sign === "+" ? html`<ins>+ ${text}</ins>\n` : sign === "-" ? html`<del>- ${text}</del>\n` : html`${sign} ${text}\n`))}</pre>`;
  return html`<details open><summary><code>${diff.file}</code></summary>${body}</details>`;
}
