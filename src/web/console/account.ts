import { html } from "hono/html";
import { z } from "zod";
import { difference } from "../../store/audit.ts";
import { themes, updateUser } from "../../store/users.ts";
import * as field from "../api/fields.ts";
import { languages } from "./language.ts";
import { emptyForm, type Filled, formErrors, readForm, textField } from "./parts/form.ts";
import { checkPassword, hashPassword } from "./password.ts";
import { newPassword, sameTwice } from "./passwords-chosen.ts";
import { go, houseRoute, page, type Reply, type Visit } from "./route.ts";
import { accountWords } from "./words/account.ts";
import { doorWords } from "./words/door.ts";
import { frameWords } from "./words/frame.ts";

/** `/console`: on to the newest shop, or to making the first one. */
export const home = houseRoute({
  method: "get",
  path: "",
  role: "viewer",
  handle: async (visit) => go(visit.shop === null ? "/console/new-shop" : visit.link("/today")),
});

/** One's own name and password. */
export const account = houseRoute({
  method: "get",
  path: "/account",
  role: "viewer",
  handle: async (visit) => accountPage(visit, emptyForm, emptyForm),
});

const renaming = z.object({ name: field.line(100) });

export const renameMyself = houseRoute({
  method: "post",
  path: "/account",
  role: "viewer",
  async handle(visit) {
    const read = readForm(visit, renaming);
    if (!read.ok) return accountPage(visit, read, emptyForm);
    await changeMyself(visit, read.value);
    return go("/console/account", { text: visit.say(frameWords).saved });
  },
});

const repassing = z.object({ current: z.string().max(1_000), password: newPassword, again: z.string() }).superRefine(sameTwice);

export const changeMyPassword = houseRoute({
  method: "post",
  path: "/account/password",
  role: "viewer",
  async handle(visit) {
    const read = readForm(visit, repassing);
    if (!read.ok) return accountPage(visit, emptyForm, read);
    if (!(await checkPassword(read.value.current, visit.user.passwordHash))) {
      return accountPage(visit, emptyForm, { values: {}, errors: { current: visit.say(accountWords).notYours } });
    }
    const passwordHash = await hashPassword(read.value.password);
    await visit.change(async (trx) => ({
      entry: { shopId: null, action: "user.password-changed", subject: visit.user.id },
      result: await updateUser(trx, visit.user.id, { passwordHash }, visit.sessionHash),
    }));
    return go("/console/account", { text: visit.say(accountWords).passwordSaved });
  },
});

const preferring = z.object({ locale: z.enum(languages), theme: z.enum(themes) });

/** Language and theme, from the corner of every page, and back there. */
export const prefer = houseRoute({
  method: "post",
  path: "/preferences",
  role: "viewer",
  async handle(visit) {
    const read = readForm(visit, preferring);
    if (read.ok) await changeMyself(visit, read.value);
    const to = visit.form.get("to") ?? "";
    return go(/^\/console(\/|$|\?)/.test(to) ? to : "/console");
  },
});

async function changeMyself(visit: Visit, change: Parameters<typeof updateUser>[2]): Promise<void> {
  await visit.change(async (trx) => {
    const result = await updateUser(trx, visit.user.id, change);
    const changed = difference(pick(visit.user, change), change);
    const entry =
      Object.keys(changed.after).length === 0 ? null : { shopId: null, action: "user.changed", subject: visit.user.id, ...changed };
    return { entry, result };
  });
}

function pick(user: Visit["user"], change: object): object {
  return Object.fromEntries(Object.entries(user).filter(([name]) => name in change));
}

function accountPage(visit: Visit, name: Filled, password: Filled): Reply {
  const w = visit.say(accountWords);
  const door = visit.say(doorWords);
  const save = visit.say(frameWords).save;
  const wrong = Object.keys(name.errors).length + Object.keys(password.errors).length > 0;
  return page({
    title: w.title,
    sentence: w.sentence(visit.user.email, visit.say(frameWords).roles[visit.user.role]),
    status: wrong ? 422 : 200,
    body: html`<section class="narrow"><h2>${w.name}</h2>${formErrors(visit, name)}
        <form method="post" action="/console/account" class="stack">${visit.formFields()}
          ${textField(name, { name: "name", label: door.name, value: visit.user.name, autocomplete: "name", required: true })}
          <div><button class="button main">${save}</button></div></form></section>
      <section class="narrow"><h2>${door.password}</h2><p class="quiet">${w.passwordHelp}</p>${formErrors(visit, password)}
        <form method="post" action="/console/account/password" class="stack">${visit.formFields()}
          ${textField(password, { name: "current", label: w.current, type: "password", autocomplete: "current-password", required: true })}
          ${textField(password, { name: "password", label: door.newPassword, type: "password", autocomplete: "new-password", hint: door.passwordHint, required: true })}
          ${textField(password, { name: "again", label: door.again, type: "password", autocomplete: "new-password", required: true })}
          <div><button class="button main">${save}</button></div></form></section>`,
  });
}
