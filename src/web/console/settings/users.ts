import { html } from "hono/html";
import { z } from "zod";
import { tokenRoles } from "../../../core/token-role.ts";
import { listUsers, type User } from "../../../store/users.ts";
import * as field from "../../api/fields.ts";
import type { Html } from "../../html.ts";
import { addUser, changeUser, linkFor, type PasswordLink, passwordLink } from "../../people.ts";
import { actButton, copyField } from "../parts/act.ts";
import { mark } from "../parts/badge.ts";
import { emptyForm, type Filled, formErrors, readForm, selectField, textField } from "../parts/form.ts";
import { dataTable } from "../parts/table.ts";
import { exactTime, when } from "../parts/time.ts";
import { go, missing, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { fieldErrorIn } from "../words/field-errors.ts";
import { frameWords } from "../words/frame.ts";
import { settingsTabs } from "./tabs.ts";
import { settingsWords } from "./words.ts";

const section = "settings";
const role = z.enum(tokenRoles);

/** Who may sign in, and do what. */
export const userList = shopRoute({
  method: "get",
  path: "/settings/users",
  role: "owner",
  section,
  handle: (visit) => show(visit, emptyForm),
});

export const addSomebody = shopRoute({
  method: "post",
  path: "/settings/users",
  role: "owner",
  section,
  async handle(visit) {
    const read = readForm(visit, z.object({ email: field.address, name: field.line(100), role }));
    if (!read.ok) return show(visit, read);
    const user = await addUser(visit.deps, actorOf(visit), read.value);
    if (user === null) return show(visit, { values: read.value, errors: { email: fieldErrorIn(visit.language, "is taken") } });
    return linkPage(visit, user.name, passwordLink(visit.deps, user));
  },
});

export const changeSomebody = shopRoute({
  method: "post",
  path: "/settings/users/:id",
  role: "owner",
  section,
  async handle(visit) {
    const read = readForm(visit, z.object({ role: role.optional(), disabled: z.enum(["yes", "no"]).optional() }));
    if (!read.ok) return show(visit, read);
    const { role: newRole, disabled } = read.value;
    const change = { ...(newRole !== undefined && { role: newRole }), ...(disabled !== undefined && { disabled: disabled === "yes" }) };
    const changed = await changeUser(visit.deps, actorOf(visit), visit.params["id"] ?? "", change);
    const w = visit.say(settingsWords).users;
    if (changed.kind === "unknown") return missing();
    if (changed.kind === "last-owner") return go(visit.link("/settings/users"), { text: w.lastOwner });
    const { before, after } = changed;
    const fields = { role: before.role, disabled: before.disabled ? "yes" : "no" };
    const text = after.disabled && !before.disabled ? w.disabledToast(after.name) : w.changed(after.name);
    return go(visit.link("/settings/users"), { text, undo: { action: visit.link(`/settings/users/${after.id}`), fields } });
  },
});

export const relinkSomebody = shopRoute({
  method: "post",
  path: "/settings/users/:id/link",
  role: "owner",
  section,
  async handle(visit) {
    const link = await linkFor(visit.deps, actorOf(visit), visit.params["id"] ?? "");
    return link === null ? missing() : linkPage(visit, visit.form.get("name") ?? "", link);
  },
});

async function show(visit: ShopVisit, filled: Filled): Promise<Reply> {
  const w = visit.say(settingsWords).users;
  const users = await listUsers(visit.deps.db, { after: null, limit: 500 });
  const roles = tokenRoles.map((value) => ({ value, label: visit.say(frameWords).roles[value] }));
  return page({
    title: visit.say(settingsWords).tabs.users,
    sentence: w.sentence(users.filter(({ disabled }) => !disabled).length),
    status: Object.keys(filled.errors).length === 0 ? 200 : 422,
    body: html`${settingsTabs(visit, "users")}<p class="quiet">${w.help}</p>
      ${dataTable(visit, {
        caption: visit.say(settingsWords).tabs.users,
        rows: users,
        keyOf: ({ id }) => id,
        next: null,
        empty: html``,
        columns: [
          {
            key: "name",
            head: w.name,
            kind: "main",
            cell: ({ name, email }) => html`<span class="lines"><strong>${name}</strong><span class="small">${email}</span></span>`,
          },
          { key: "role", head: w.role, cell: (user) => roleForm(visit, user) },
          { key: "state", head: w.state, cell: (user) => stateOf(visit, user) },
          { key: "seen", head: w.seen, kind: "when", cell: ({ lastSeenAt }) => (lastSeenAt === null ? w.never : when(visit, lastSeenAt)) },
          { key: "acts", head: w.acts, cell: (user) => acts(visit, user) },
        ],
      })}
      <section aria-labelledby="add"><h2 id="add">${w.add}</h2>${formErrors(visit, filled)}
        <form method="post" class="stack narrow">${visit.formFields()}
          ${textField(filled, { name: "email", label: w.email, type: "email", autocomplete: "off", required: true })}
          ${textField(filled, { name: "name", label: w.name, autocomplete: "off", required: true })}
          ${selectField(filled, { name: "role", label: w.role, value: "operator", options: roles })}
          <div><button class="button main">${w.addButton}</button></div></form></section>`,
  });
}

function roleForm(visit: ShopVisit, { id, name, role: own }: User): Html {
  const w = visit.say(settingsWords).users;
  const roles = visit.say(frameWords).roles;
  return html`<form method="post" action="${visit.link(`/settings/users/${id}`)}" class="with-button">${visit.formFields()}
    <select name="role" aria-label="${w.role}: ${name}">${tokenRoles.map((one) => html`<option value="${one}"${one === own ? html` selected` : ""}>${roles[one]}</option>`)}</select>
    <button class="button">${w.save}</button></form>`;
}

function stateOf(visit: ShopVisit, { disabled, passwordHash }: User): Html {
  const w = visit.say(settingsWords).users;
  if (disabled) return mark("bad", w.disabled);
  return passwordHash === null ? mark("quiet", w.invited) : mark("good", w.active);
}

function acts(visit: ShopVisit, { id, name, disabled }: User): Html {
  const w = visit.say(settingsWords).users;
  const here = visit.link(`/settings/users/${id}`);
  const link = disabled ? "" : actButton(visit, { action: `${here}/link`, label: w.newLink, fields: { name } });
  return html`<span class="acts">${link} ${actButton(visit, { action: here, label: disabled ? w.enable : w.disable, fields: { disabled: disabled ? "no" : "yes" } })}</span>`;
}

function linkPage(visit: ShopVisit, name: string, { link, until }: PasswordLink): Reply {
  const w = visit.say(settingsWords).users;
  return page({
    title: w.link,
    crumbs: [{ name: visit.say(settingsWords).tabs.users, href: visit.link("/settings/users") }],
    sentence: w.linkSentence(name),
    body: html`<div class="narrow">${copyField(visit, { id: "link", label: w.link, value: link })}</div>
      <p class="quiet">${w.linkHelp(exactTime(visit, until))}</p>
      <p><a class="button" href="${visit.link("/settings/users")}">${w.back}</a></p>`,
  });
}

function actorOf({ user }: ShopVisit) {
  return { kind: "user" as const, id: user.id, name: user.name };
}
