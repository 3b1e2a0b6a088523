import { randomBytes } from "node:crypto";
import { html } from "hono/html";
import { z } from "zod";
import { newId } from "../../../core/ids.ts";
import { tokenRoles } from "../../../core/token-role.ts";
import { deleteToken, insertToken, listTokens } from "../../../store/api-tokens.ts";
import { tokenHash } from "../../api/auth.ts";
import * as field from "../../api/fields.ts";
import { confirmButton, copyField } from "../parts/act.ts";
import { emptyForm, type Filled, formErrors, readForm, selectField, textField } from "../parts/form.ts";
import { dataTable } from "../parts/table.ts";
import { when } from "../parts/time.ts";
import { go, missing, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { frameWords } from "../words/frame.ts";
import { settingsTabs } from "./tabs.ts";
import { settingsWords } from "./words.ts";

const section = "settings";

/** What opens the API to scripts. */
export const tokenList = shopRoute({
  method: "get",
  path: "/settings/tokens",
  role: "owner",
  section,
  handle: (visit) => show(visit, emptyForm),
});

export const makeToken = shopRoute({
  method: "post",
  path: "/settings/tokens",
  role: "owner",
  section,
  async handle(visit) {
    const read = readForm(visit, z.object({ name: field.line(100), role: z.enum(tokenRoles) }));
    if (!read.ok) return show(visit, read);
    const { name, role } = read.value;
    const token = `aft_${randomBytes(32).toString("base64url")}`;
    const made = { id: newId(visit.now), name, role, createdAt: visit.now };
    await visit.change(async (trx) => ({
      entry: { shopId: null, action: "token.made", subject: made.id, after: { name, role } },
      result: await insertToken(trx, made, tokenHash(token)),
    }));
    const w = visit.say(settingsWords).tokens;
    return page({
      title: name,
      crumbs: [{ name: visit.say(settingsWords).tabs.tokens, href: visit.link("/settings/tokens") }],
      sentence: w.shown(name),
      body: html`<div class="narrow">${copyField(visit, { id: "token", label: w.token, value: token })}</div><p class="notice warn">${w.shownHelp}</p>
        <p><a class="button" href="${visit.link("/settings/tokens")}">${w.back}</a></p>`,
    });
  },
});

export const revokeToken = shopRoute({
  method: "post",
  path: "/settings/tokens/:id/revoke",
  role: "owner",
  section,
  async handle(visit) {
    const id = visit.params["id"] ?? "";
    const name = (await listTokens(visit.deps.db, { after: null, limit: 500 })).find((token) => token.id === id)?.name;
    if (name === undefined) return missing();
    await visit.change(async (trx) => {
      const result = await deleteToken(trx, id);
      return { entry: result ? { shopId: null, action: "token.revoked", subject: id, before: { name } } : null, result };
    });
    return go(visit.link("/settings/tokens"), { text: visit.say(settingsWords).tokens.revoked(name) });
  },
});

async function show(visit: ShopVisit, filled: Filled): Promise<Reply> {
  const w = visit.say(settingsWords).tokens;
  const roles = visit.say(frameWords).roles;
  const tokens = await listTokens(visit.deps.db, { after: null, limit: 500 });
  return page({
    title: visit.say(settingsWords).tabs.tokens,
    sentence: w.sentence(tokens.length),
    status: Object.keys(filled.errors).length === 0 ? 200 : 422,
    body: html`${settingsTabs(visit, "tokens")}<p class="quiet">${w.help}</p>
      ${dataTable(visit, {
        caption: visit.say(settingsWords).tabs.tokens,
        rows: tokens,
        keyOf: ({ id }) => id,
        next: null,
        empty: html`<p>${w.empty}</p>`,
        columns: [
          { key: "name", head: w.name, kind: "main", cell: ({ name }) => html`<strong>${name}</strong>` },
          { key: "role", head: w.role, cell: ({ role }) => roles[role] },
          { key: "made", head: w.made, kind: "when", cell: ({ createdAt }) => when(visit, createdAt) },
          { key: "used", head: w.used, kind: "when", cell: ({ lastUsedAt }) => (lastUsedAt === null ? w.never : when(visit, lastUsedAt)) },
          {
            key: "acts",
            head: w.acts,
            cell: ({ id, name }) =>
              confirmButton(visit, {
                action: visit.link(`/settings/tokens/${id}/revoke`),
                label: w.revoke,
                tone: "danger",
                question: w.revokeQuestion(name),
                confirm: w.revokeConfirm,
              }),
          },
        ],
      })}
      <section aria-labelledby="make"><h2 id="make">${w.make}</h2>${formErrors(visit, filled)}
        <form method="post" class="stack narrow">${visit.formFields()}
          ${textField(filled, { name: "name", label: w.name, placeholder: w.namePlaceholder, required: true })}
          ${selectField(filled, { name: "role", label: w.role, value: "operator", options: tokenRoles.map((value) => ({ value, label: roles[value] })) })}
          <div><button class="button main">${w.makeButton}</button></div></form></section>`,
  });
}
