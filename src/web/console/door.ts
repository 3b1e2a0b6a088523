import type { Hono } from "hono";
import { z } from "zod";
import { isId, newId } from "../../core/ids.ts";
import { audited } from "../../store/audit.ts";
import { anyUser, findUser, findUserByEmail, insertUser, type User, updateUser } from "../../store/users.ts";
import * as field from "../api/fields.ts";
import { readBody } from "../body.ts";
import { callerOf, type WebContext, type WebEnv } from "../caller.ts";
import type { WebDeps, WebLimits } from "../deps.ts";
import { newUser } from "../people.ts";
import { type RateLimit, rateLimit } from "../rate-limit.ts";
import { choosePage, gonePage, setUpPage, signInPage } from "./door-pages.ts";
import { isOurForm } from "./form-token.ts";
import { languageOf } from "./language.ts";
import { isPasswordToken, isSetupToken, userOfPasswordToken } from "./links.ts";
import { emptyForm, readForm } from "./parts/form.ts";
import { checkPassword, hashPassword } from "./password.ts";
import { newPassword, sameTwice } from "./passwords-chosen.ts";
import { closeSession, openSession, sessionOf, visitorSecret, wallClock } from "./session.ts";
import { doorWords } from "./words/door.ts";

const account = z.object({ name: field.line(100), email: field.address, password: newPassword, again: z.string() }).superRefine(sameTwice);
const chosen = z.object({ password: newPassword, again: z.string() }).superRefine(sameTwice);

/** What one may see without being signed in: the way in. */
export function serveDoor(app: Hono<WebEnv>, deps: WebDeps, limits: WebLimits): void {
  const perAccount = rateLimit(limits.wrongPasswords);
  const perCaller = rateLimit(limits.wrongPasswords);
  const guesses = rateLimit(limits.wrongLinks);

  app.get("/console/sign-in", async (c) => {
    if ((await sessionOf(c, deps)) !== null) return c.redirect(pathOf(c.req.query("to")), 303);
    return signInPage(c, deps, null);
  });

  app.post("/console/sign-in", async (c) => {
    const form = await doorForm(c, deps);
    const w = doorWords[languageOf(c, null)];
    if (form === null) return signInPage(c, deps, w.stale, 403);
    const email = (form.get("email") ?? "").trim().toLowerCase().slice(0, 320);
    const password = (form.get("password") ?? "").slice(0, 1_000);
    const tries: readonly (readonly [RateLimit, string])[] = [
      [perAccount, email],
      [perCaller, callerOf(c)],
    ];
    // Counted before the password is looked at, so that a guess too many learns nothing; given back when it was right.
    const wait = Math.max(...tries.map(([limit, key]) => limit.take(key)));
    if (wait > 0) {
      c.header("retry-after", String(wait));
      return signInPage(c, deps, w.wait(Math.ceil(wait / 60)), 429);
    }
    const user = await findUserByEmail(deps.db, email);
    const right = await checkPassword(password, user?.disabled === false ? user.passwordHash : null);
    if (user === null || !right) return signInPage(c, deps, w.wrong, 401);
    for (const [limit, key] of tries) limit.giveBack(key);
    await openSession(c, deps, user.id);
    return c.redirect(pathOf(form.get("to") ?? undefined), 303);
  });

  app.post("/console/sign-out", async (c) => {
    const session = await sessionOf(c, deps);
    const form = await formOf(c);
    if (session !== null && form !== null && isOurForm(c, deps, session.hash, form)) await closeSession(c, deps);
    return c.redirect("/console/sign-in", 303);
  });

  app.on(["get", "post"], "/setup/:token", async (c) => {
    if (!isSetupToken(deps.keys, c.req.param("token")) || (await anyUser(deps.db))) return gonePage(c, deps, guesses);
    const form = c.req.method === "POST" ? await doorForm(c, deps) : null;
    if (form === null) return setUpPage(c, deps, emptyForm);
    const read = readForm({ form, language: languageOf(c, null) }, account);
    if (!read.ok) return setUpPage(c, deps, read);
    const { name, email, password } = read.value;
    const now = deps.now();
    const user: User = {
      ...newUser,
      id: newId(now),
      email,
      name,
      role: "owner",
      passwordHash: await hashPassword(password),
      createdAt: now,
    };
    const made = await audited(deps.db, { actor: { kind: "user", id: user.id, name }, now }, async (trx) => {
      const result = await insertUser(trx, user, { firstOnly: true });
      return {
        entry: result ? { shopId: null, action: "user.added", subject: user.id, after: { email, name, role: "owner" } } : null,
        result,
      };
    });
    if (!made) return gonePage(c, deps, guesses);
    await openSession(c, deps, user.id);
    return c.redirect("/console", 303);
  });

  app.on(["get", "post"], "/console/password/:token", async (c) => {
    const token = c.req.param("token");
    const id = userOfPasswordToken(token);
    const user = id !== null && isId(id) ? await findUser(deps.db, id) : null;
    if (user === null || user.disabled || !isPasswordToken(deps.keys, token, user, wallClock(deps))) return gonePage(c, deps, guesses);
    const form = c.req.method === "POST" ? await doorForm(c, deps) : null;
    if (form === null) return choosePage(c, deps, user, emptyForm);
    const read = readForm({ form, language: languageOf(c, user.locale) }, chosen);
    if (!read.ok) return choosePage(c, deps, user, read);
    const passwordHash = await hashPassword(read.value.password);
    await audited(deps.db, { actor: { kind: "user", id: user.id, name: user.name }, now: deps.now() }, async (trx) => ({
      entry: { shopId: null, action: "user.password-chosen", subject: user.id },
      result: await updateUser(trx, user.id, { passwordHash }),
    }));
    await openSession(c, deps, user.id);
    return c.redirect("/console", 303);
  });
}

/** A path of the console, never another site (an open redirect). */
function pathOf(to: string | undefined): string {
  return to !== undefined && /^\/console(\/[\w\-./?=&%]*)?$/.test(to) && !to.includes("//") ? to : "/console";
}

async function formOf(c: WebContext): Promise<URLSearchParams | null> {
  const reading = await readBody(c, { maxBytes: 20_000, withinMs: 15_000 });
  return reading.kind === "read" ? new URLSearchParams(reading.body.toString("utf8").replaceAll(/%00|\0/g, "")) : null;
}

/** What a visitor posted, `null` when it was not from a page of ours. */
async function doorForm(c: WebContext, deps: WebDeps): Promise<URLSearchParams | null> {
  const secret = visitorSecret(c, deps, { fresh: false });
  const form = await formOf(c);
  return secret !== null && form !== null && isOurForm(c, deps, secret, form) ? form : null;
}
