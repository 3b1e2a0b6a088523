import { html } from "hono/html";
import { type AuditRow, listAudit } from "../../../store/audit.ts";
import type { Html } from "../../html.ts";
import { pageOf } from "../parts/paging.ts";
import { dataTable } from "../parts/table.ts";
import { when } from "../parts/time.ts";
import { page, shopRoute } from "../route.ts";
import { settingsTabs } from "./tabs.ts";
import { settingsWords } from "./words.ts";

/** Who changed what, in this shop and in the installation. */
export const auditPage = shopRoute({
  method: "get",
  path: "/settings/audit",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const w = visit.say(settingsWords).audit;
    const { rows, next } = await pageOf(visit, (wanted) => listAudit(visit.deps.db, { ...wanted, shopId: visit.shop.id }));
    return page({
      title: visit.say(settingsWords).tabs.audit,
      sentence: w.sentence,
      body: html`${settingsTabs(visit, "audit")}${dataTable<AuditRow>(visit, {
        caption: w.sentence,
        rows,
        keyOf: ({ id }) => id,
        next,
        empty: html`<p>${w.empty}</p>`,
        columns: [
          { key: "when", head: w.when, kind: "when", cell: ({ at }) => when(visit, at) },
          {
            key: "who",
            head: w.who,
            cell: ({ actor, actorKind }) =>
              html`${actor} ${actorKind === "user" ? "" : html`<span class="small">${w.by[actorKind]}</span>`}`,
          },
          { key: "what", head: w.what, kind: "main", cell: ({ action }) => html`<code>${action}</code>` },
          { key: "scope", head: w.scope, cell: ({ shopId }) => (shopId === null ? w.installation : w.shop) },
          { key: "change", head: w.change, cell: changeOf },
        ],
      })}`,
    });
  },
});

/** `name: Lantern → Lantern & Co`, field by field. */
function changeOf({ before, after }: AuditRow): Html {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return html`<span class="lines small">${names.map(
    (name) =>
      html`<span>${name}: ${name in old ? html`<del>${shownValue(old[name])}</del> → ` : ""}${name in now ? shownValue(now[name]) : "–"}</span>`,
  )}</span>`;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function shownValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
