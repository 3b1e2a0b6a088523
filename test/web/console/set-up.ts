import { newId } from "../../../src/core/ids.ts";
import type { TokenRole } from "../../../src/core/token-role.ts";
import { insertUser, type User } from "../../../src/store/users.ts";
import { hashPassword } from "../../../src/web/console/password.ts";
import { newUser } from "../../../src/web/people.ts";
import type { Web } from "../set-up.ts";

export const password = "a lantern in the window";
// Hashing is slow on purpose: once for all users of a test file.
const passwordHash = hashPassword(password);

/** An account of the console. */
export async function user(web: Pick<Web, "db" | "deps">, role: TokenRole = "owner", more: Partial<User> = {}): Promise<User> {
  const now = web.deps.now();
  const id = newId(now);
  const made: User = {
    ...newUser,
    id,
    email: `${role}-${id}@shop.example`,
    name: "Lin",
    role,
    passwordHash: await passwordHash,
    createdAt: now,
    ...more,
  };
  await insertUser(web.db, made);
  return made;
}

/** A browser without script: keeps cookies, follows no redirect by itself, finds the form token on the last page it saw. */
export class Visitor {
  readonly url: string;
  readonly cookies = new Map<string, string>();
  readonly headers: Record<string, string>;
  #form = "";

  constructor(web: Pick<Web, "url">, headers: Record<string, string> = {}) {
    this.url = web.url;
    this.headers = headers;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  get formToken(): string {
    return this.#form;
  }

  async get(path: string, headers: Record<string, string> = {}) {
    return this.#answer(await fetch(`${this.url}${path}`, { redirect: "manual", headers: { ...this.#own(), ...headers } }));
  }

  /** Sends a form with the token of the last page; `_form` in `fields` replaces it. */
  async post(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const body = new URLSearchParams({ _form: this.#form, ...fields });
    return this.#answer(
      await fetch(`${this.url}${path}`, { method: "POST", redirect: "manual", body, headers: { ...this.#own(), ...headers } }),
    );
  }

  /** Signs in; the next `post` has a token of the session. */
  async signIn({ email }: Pick<User, "email">, withPassword = password) {
    await this.get("/console/sign-in");
    const answer = await this.post("/console/sign-in", { email, password: withPassword });
    if (answer.status === 303) await this.get("/console/account");
    return answer;
  }

  #own(): Record<string, string> {
    return { accept: "text/html", cookie: this.cookie, ...this.headers };
  }

  async #answer(response: Response) {
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    // A stream has no end to wait for.
    const streams = response.headers.get("content-type") === "text/event-stream";
    if (streams) await response.body?.cancel();
    const text = streams ? "" : await response.text();
    this.#form = /name="_form" value="([^"]+)"/.exec(text)?.[1] ?? this.#form;
    return { status: response.status, text, to: response.headers.get("location"), headers: response.headers };
  }
}

/** Somebody signed in. */
export async function signedIn(
  web: Pick<Web, "url" | "db" | "deps">,
  role: TokenRole = "owner",
  more: Partial<User> = {},
): Promise<Visitor> {
  const visitor = new Visitor(web);
  const { status } = await visitor.signIn(await user(web, role, more));
  if (status !== 303) throw new Error(`signing in answered ${status}`);
  return visitor;
}

/** Markup as text. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ")
    .trim();
}
