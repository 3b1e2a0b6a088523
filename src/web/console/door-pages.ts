import { html } from "hono/html";
import { anyUser, type User } from "../../store/users.ts";
import { callerOf, type WebContext } from "../caller.ts";
import type { WebDeps } from "../deps.ts";
import type { Html } from "../html.ts";
import type { RateLimit } from "../rate-limit.ts";
import { formFields } from "./form-token.ts";
import { document } from "./frame.ts";
import { languageOf } from "./language.ts";
import { emptyForm, type Filled, formErrors, textField } from "./parts/form.ts";
import { visitorSecret } from "./session.ts";
import { doorWords } from "./words/door.ts";

type Status = 200 | 401 | 403 | 410 | 422 | 429;

/** The form to sign in, or, before there is anybody, where to find the link to the first account. */
export async function signInPage(c: WebContext, deps: WebDeps, wrong: string | null, status: Status = 200): Promise<Response> {
  const w = doorWords[languageOf(c, null)];
  if (!(await anyUser(deps.db))) {
    const body = html`<p>${w.nobodyHelp}</p><p><code>${deps.publicUrl}/setup/…</code></p><p class="quiet">${w.nobodyAgain}</p>`;
    return door(c, deps, { title: w.signIn, sentence: w.nobody, body });
  }
  const body = html`${wrong === null ? "" : html`<div class="notice bad" role="alert"><p>${wrong}</p></div>`}
    <form method="post" action="/console/sign-in" class="stack">${fieldsFor(c, deps)}
      <input type="hidden" name="to" value="${c.req.query("to") ?? ""}">
      ${textField(emptyForm, { name: "email", label: w.email, type: "email", autocomplete: "username", required: true })}
      ${textField(emptyForm, { name: "password", label: w.password, type: "password", autocomplete: "current-password", required: true })}
      <button class="button main">${w.signIn}</button></form>
    <p class="small">${w.forgot} <code>npx afterword user reset-link</code></p>`;
  return door(c, deps, { title: w.signIn, sentence: w.signIn, body }, status);
}

/** The first account. */
export function setUpPage(c: WebContext, deps: WebDeps, filled: Filled): Promise<Response> {
  const language = languageOf(c, null);
  const w = doorWords[language];
  const body = html`<p class="quiet">${w.setUpHelp}</p>${formErrors({ say: (words) => words[language] }, filled)}
    <form method="post" class="stack">${fieldsFor(c, deps)}
      ${textField(filled, { name: "name", label: w.name, autocomplete: "name", required: true })}
      ${textField(filled, { name: "email", label: w.email, type: "email", autocomplete: "username", required: true })}
      ${passwordFields(filled, w)}
      <button class="button main">${w.makeAccount}</button></form>`;
  return door(c, deps, { title: w.setUp, sentence: w.setUpSentence, body }, statusOf(filled));
}

/** A password for somebody who came through a link. */
export function choosePage(c: WebContext, deps: WebDeps, user: User, filled: Filled): Promise<Response> {
  const language = languageOf(c, user.locale);
  const w = doorWords[language];
  const body = html`${formErrors({ say: (words) => words[language] }, filled)}
    <form method="post" class="stack">${fieldsFor(c, deps)}
      <input type="hidden" name="email" value="${user.email}" autocomplete="username">
      ${passwordFields(filled, w)}
      <button class="button main">${w.save}</button></form>`;
  return door(c, deps, { title: w.choose, sentence: w.chooseSentence(user.name), body }, statusOf(filled));
}

/** A link that opens nothing any more, or never did; guessing is slowed down. */
export function gonePage(c: WebContext, deps: WebDeps, guesses: RateLimit): Promise<Response> {
  const w = doorWords[languageOf(c, null)];
  const wait = guesses.take(callerOf(c));
  if (wait > 0) c.header("retry-after", String(wait));
  const body = html`<p>${w.goneHelp}</p><p><a class="button" href="/console/sign-in">${w.signIn}</a></p>`;
  return door(c, deps, { title: w.signIn, sentence: w.gone, body }, wait > 0 ? 429 : 410);
}

async function door(
  c: WebContext,
  deps: WebDeps,
  { title, sentence, body }: { title: string; sentence: string; body: Html },
  status: Status = 200,
): Promise<Response> {
  const language = languageOf(c, null);
  const w = doorWords[language];
  const broken = (await deps.ready()).filter(({ ok }) => !ok).map(({ name }) => name);
  const inside = html`<main id="main" class="door"><p class="name">Afterword</p><h1>${sentence}</h1>${body}
    <footer class="small"><p>${broken.length === 0 ? w.works : w.broken(broken.join(", "))}</p>
    <p>${deps.mailbox ? html`<a href="/mailbox">Mailbox</a> · ` : ""}<a href="/api/docs">API</a> · <a href="/readyz">Checks</a> · <a href="/metrics">Metrics</a></p></footer></main>`;
  return c.html(document({ language, theme: "system", title, body: inside }), status);
}

function passwordFields(filled: Filled, w: (typeof doorWords)["en"]): Html {
  return html`${textField(filled, { name: "password", label: w.newPassword, type: "password", autocomplete: "new-password", hint: w.passwordHint, required: true })}
    ${textField(filled, { name: "again", label: w.again, type: "password", autocomplete: "new-password", required: true })}`;
}

function fieldsFor(c: WebContext, deps: WebDeps): Html {
  return formFields(deps.keys, visitorSecret(c, deps, { fresh: true }) ?? Buffer.alloc(0));
}

function statusOf(filled: Filled): Status {
  return Object.keys(filled.errors).length === 0 ? 200 : 422;
}
