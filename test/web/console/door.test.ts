import { createHook } from "node:async_hooks";
import { beforeAll, describe, expect, test } from "vitest";
import { type Instant, instantOf, plus } from "../../../src/core/instant.ts";
import { passwordToken, setupToken } from "../../../src/web/console/links.ts";
import { hashPassword } from "../../../src/web/console/password.ts";
import { defaultLimits } from "../../../src/web/deps.ts";
import { keys, openWeb, type Web } from "../set-up.ts";
import { password, signedIn, textOf, user, Visitor } from "./set-up.ts";

const day = 24 * 3_600_000;
const generous = { wrongPasswords: { burst: 1_000, perSecond: 100 } };
let web: Web;
let wall: Instant = instantOf("2026-01-20T08:00:00Z");

beforeAll(async () => {
  web = await openWeb({ limits: generous, wallClock: () => wall });
});

describe("the first account", () => {
  test("is made through the one link there is, once, by whoever opens it first; then nobody finds it any more", async () => {
    const fresh = await openWeb({ limits: generous });
    const link = `/setup/${setupToken(keys)}`;
    const someone = new Visitor(fresh);
    expect(textOf((await someone.get("/console/sign-in")).text)).toContain("There is no account yet.");
    expect((await someone.get("/setup/anything")).status).toBe(410);
    const [one, two] = [new Visitor(fresh), new Visitor(fresh)];
    await Promise.all([one.get(link), two.get(link)]);
    const form = { name: "Lin", password, again: password };
    const answers = await Promise.all([
      one.post(link, { ...form, email: "lin@lantern.example" }),
      two.post(link, { ...form, email: "evil@lantern.example" }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410]);
    expect(await fresh.db.selectFrom("users").select("role").execute()).toEqual([{ role: "owner" }]);
    expect((await someone.get(link)).status).toBe(410);
    const winner = answers[0]?.status === 303 ? one : two;
    expect((await winner.get("/console")).to).toBe("/console/new-shop");
    const log = await fresh.db.selectFrom("audit_log").select(["action", "actor"]).execute();
    expect(log).toEqual([{ action: "user.added", actor: "Lin" }]);
  });

  test("is refused with what is wrong beside each field, and what was typed is kept, but no password", async () => {
    const fresh = await openWeb();
    const visitor = new Visitor(fresh);
    const link = `/setup/${setupToken(keys)}`;
    await visitor.get(link);
    const { status, text } = await visitor.post(link, { name: "<b>Lin</b>", email: "no address", password: "zz9", again: "zz9" });
    expect(status).toBe(422);
    expect(text).toContain('value="&lt;b&gt;Lin&lt;/b&gt;"');
    expect(textOf(text)).toContain("2 fields need another look.");
    expect(text).not.toContain("zz9");
    expect(await fresh.db.selectFrom("users").select("id").execute()).toEqual([]);
  });
});

describe("signing in (SEC-05)", () => {
  test("gives a session of its own in a cookie no script reads, and takes the one before away", async () => {
    const visitor = await signedIn(web);
    const before = visitor.cookies.get("afterword_session") ?? "";
    expect((await visitor.get("/console/account")).status).toBe(200);
    const { email } = await user(web);
    await visitor.post("/console/sign-out");
    const copy = new Visitor(web);
    copy.cookies.set("afterword_session", before);
    expect((await copy.get("/console/account")).status).toBe(303);
    const again = await visitor.signIn({ email });
    expect(again.headers.getSetCookie().join()).toMatch(/afterword_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax/);
    expect(visitor.cookies.get("afterword_session")).not.toBe(before);
    const stored = await web.db.selectFrom("sessions").select("hash").execute();
    expect(stored.some(({ hash }) => hash.includes(Buffer.from(before, "base64url")))).toBe(false);
  });

  test("over TLS the cookie is Secure and bound to the host", async () => {
    const secure = await openWeb({ publicUrl: "https://afterword.test", limits: generous });
    const visitor = new Visitor(secure);
    const answer = await visitor.signIn(await user(secure));
    expect(answer.headers.getSetCookie().join()).toMatch(
      /__Host-afterword_session=[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
  });

  test("answers a wrong password, an unknown and a disabled account alike, after the same work", async () => {
    const { email } = await user(web);
    const disabled = await user(web, "viewer", { disabled: true });
    const visitor = new Visitor(web);
    const tries = [
      [email, "not the password"],
      ["nobody@shop.example", password],
      [disabled.email, password],
    ] as const;
    // Hashing is nearly all of the work of a sign-in: each must do as much of it.
    let hashed = 0;
    const count = (_id: number, type: string) => {
      if (type === "SCRYPTREQUEST") hashed += 1;
    };
    const hook = createHook({ init: count }).enable();
    const answers: (readonly [number, string, number])[] = [];
    for (const [address, word] of tries) {
      const before = hashed;
      const { status, text } = await visitor.signIn({ email: address }, word);
      answers.push([status, textOf(text), hashed - before]);
    }
    hook.disable();
    expect(answers[0]).toEqual([401, expect.stringContaining("This e-mail and password do not go together."), 1]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test("after so many wrong passwords even the right one waits, for the account and for the caller; a right one before does not count", async () => {
    expect(defaultLimits.wrongPasswords).toEqual({ burst: 10, perSecond: 10 / (15 * 60) });
    const strict = await openWeb({ limits: { wrongPasswords: { burst: 3, perSecond: 0.001 } } });
    const [one, two] = [await user(strict), await user(strict)];
    const here = new Visitor(strict, { "x-forwarded-for": "203.0.113.7" });
    expect((await here.signIn(one)).status).toBe(303);
    await here.post("/console/sign-out");
    for (let index = 0; index < 3; index += 1) expect((await here.signIn(one, "wrong")).status).toBe(401);
    const refused = await here.signIn(one);
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect((await here.signIn(two)).status, "another account from the same place").toBe(429);
    const elsewhere = new Visitor(strict, { "x-forwarded-for": "203.0.113.8" });
    expect((await elsewhere.signIn(one)).status, "the same account from another place").toBe(429);
    expect((await elsewhere.signIn(two)).status).toBe(303);
  });

  test("leads back to where one was going, but never to another site", async () => {
    const { email } = await user(web);
    for (const [to, ends] of [
      ["/console/account?x=1", "/console/account?x=1"],
      ["//evil.example", "/console"],
      ["/console//evil.example", "/console"],
      ["https://evil.example", "/console"],
      ["/console/\\evil.example", "/console"],
    ] as const) {
      const visitor = new Visitor(web);
      await visitor.get(`/console/sign-in?to=${encodeURIComponent(to)}`);
      expect((await visitor.post("/console/sign-in", { email, password, to })).to).toBe(ends);
    }
    expect((await new Visitor(web).get("/console/account?x=1")).to).toBe("/console/sign-in?to=%2Fconsole%2Faccount%3Fx%3D1");
    expect((await new Visitor(web).get("/")).to).toBe("/console");
  });

  test("a session slides on while it is used, ends after a week without, and after 30 days anyway", async () => {
    const visitor = await signedIn(web);
    const begin = wall;
    for (let days = 6; days < 30; days += 6) {
      wall = plus(begin, days * day);
      expect((await visitor.get("/console/account")).status, `day ${days}`).toBe(200);
    }
    wall = plus(begin, 30 * day);
    expect((await visitor.get("/console/account")).status).toBe(303);
    const idle = await signedIn(web);
    wall = plus(wall, 8 * day);
    expect((await idle.get("/console/account")).status).toBe(303);
  });
});

describe("a link to choose a password", () => {
  test("works once, within its time, for its user, and signs out whoever was signed in", async () => {
    const lin = await user(web);
    const visitor = new Visitor(web);
    await visitor.signIn(lin);
    const link = `/console/password/${passwordToken(keys, lin, plus(wall, 3_600_000))}`;
    const other = new Visitor(web);
    expect((await other.get(link)).status).toBe(200);
    const word = "another lantern, another window";
    expect((await other.post(link, { password: word, again: word })).to).toBe("/console");
    expect((await other.get("/console/account")).status).toBe(200);
    expect((await visitor.get("/console/account")).status).toBe(303);
    expect((await other.get(link)).status).toBe(410);
    const late = passwordToken(keys, { ...lin, passwordHash: await hashPassword("x") }, plus(wall, 3_600_000));
    expect((await other.get(`/console/password/${late}`)).status).toBe(410);
    const { password_hash } = await web.db.selectFrom("users").select("password_hash").where("id", "=", lin.id).executeTakeFirstOrThrow();
    const over = passwordToken(keys, { id: lin.id, passwordHash: password_hash }, plus(wall, -1));
    expect((await other.get(`/console/password/${over}`)).status).toBe(410);
    const { actions } = await auditOf(lin.id);
    expect(actions).toEqual(["user.password-chosen"]);
  });
});

test("changing one's own password takes the old one, and ends all other sessions", async () => {
  const lin = await user(web);
  const [here, there] = [new Visitor(web), new Visitor(web)];
  await here.signIn(lin);
  await there.signIn(lin);
  const word = "quite another sentence";
  const wrong = await here.post("/console/account/password", { current: "nonsense", password: word, again: word });
  expect([wrong.status, textOf(wrong.text).includes("This is not your password.")]).toEqual([422, true]);
  expect((await here.post("/console/account/password", { current: password, password: word, again: word })).status).toBe(303);
  expect(textOf((await here.get("/console/account")).text)).toContain("Your password is changed.");
  expect((await there.get("/console/account")).status).toBe(303);
});

async function auditOf(subject: string): Promise<{ actions: readonly string[] }> {
  const rows = await web.db.selectFrom("audit_log").select("action").where("subject", "=", subject).orderBy("id").execute();
  return { actions: rows.map(({ action }) => action) };
}
