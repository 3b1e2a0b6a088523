import { expect, test } from "vitest";
import { addressHash, linkToken, readLinkToken } from "../../src/core/keys.ts";
import { suppress } from "../../src/store/suppressions.ts";
import { pageLocales } from "../../src/web/words/words.ts";
import { type BuyerWorld, buyerWorld, textOf } from "./buyer-world.ts";
import { keys, openWeb } from "./set-up.ts";

const web = await openWeb();
let last = 0;

async function world(): Promise<BuyerWorld & { scopes(): Promise<Record<string, string>>; email: string }> {
  last += 1;
  const email = `buyer${last}@post.example`;
  const one = await buyerWorld(web, {}, email);
  return {
    ...one,
    email,
    async scopes() {
      const { suppressions } = await web.ok("GET", `/shops/${one.shopId}/suppressions`);
      return Object.fromEntries(suppressions.map(({ scope, reason }: { scope: string; reason: string }) => [scope, reason]));
    },
  };
}

function ticked(html: string): readonly string[] {
  return [...html.matchAll(/type="checkbox" name="(\w+)" value="on" checked/g)].map((match) => match[1] ?? "");
}

async function form(one: BuyerWorld): Promise<string> {
  return (await fetch(`${web.url}${one.path}?topic=mails`)).text();
}

test("unticked kinds are stopped at once, and ticking them brings them back (OUT-05, OUT-06)", async () => {
  const one = await world();
  expect(ticked(await form(one))).toEqual(["care", "review", "offer"]);
  expect((await one.post("mails", { review: "on" })).location).toBe(`${one.path}?done=saved`);
  expect(await one.scopes()).toEqual({ care: "unsubscribed", offer: "unsubscribed" });
  expect((await one.stands())["check-in"]).toBe("cancelled suppressed");
  expect(ticked(await form(one))).toEqual(["review"]);
  await one.post("mails", { review: "on", care: "on", offer: "on" });
  expect(await one.scopes()).toEqual({});
  expect((await one.stands())["check-in"]).toBe("planned");
});

test("what the shop stopped the buyer can't bring back here, and is told so", async () => {
  const one = await world();
  await web.ok("POST", `/shops/${one.shopId}/suppressions`, { address: one.email, scope: "care", reason: "asked on the phone" });
  const html = await form(one);
  expect(ticked(html)).toEqual(["review", "offer"]);
  expect(textOf(html)).toContain("We do not send these to you at present.");
  await one.post("mails", { care: "on", review: "on", offer: "on" });
  expect(await one.scopes()).toEqual({ care: "asked on the phone" });
});

test("who had stopped everything may have it back, kind by kind; a dead mailbox stays stopped", async () => {
  const one = await world();
  const hash = addressHash(keys, one.shopId, one.email);
  const stop = (reason: string) =>
    suppress(web.db, { shopId: one.shopId, addressHash: hash, address: one.email, scopes: ["all"], reason }, web.deps.now);
  await stop("unsubscribed");
  expect(ticked(await form(one))).toEqual([]);
  await one.post("mails", {});
  expect(await one.scopes()).toEqual({ all: "unsubscribed" });
  await one.post("mails", { order: "on", care: "on" });
  expect(await one.scopes()).toEqual({ review: "unsubscribed", offer: "unsubscribed" });
  await stop("550 no such user");
  expect((await one.post("mails", { care: "on", review: "on", offer: "on" })).status).toBe(409);
  expect(await one.scopes()).toMatchObject({ all: "550 no such user" });
});

test("a link that is not a buyer's opens nothing and takes nothing; posts on one page are slowed down", async () => {
  const strict = await openWeb({ limits: { buyerPosts: { burst: 2, perSecond: 0.01 }, wrongLinks: { burst: 1, perSecond: 0.01 } } });
  const one = await buyerWorld(strict);
  expect([(await one.post("mails", { care: "on" })).status, (await one.post("mails", {})).status]).toEqual([303, 303]);
  const slowed = await one.post("mails", {});
  expect([slowed.status, textOf(slowed.text)]).toEqual([429, expect.stringContaining("That was too often.")]);
  const stranger = `/b/${linkToken(keys, "unsubscribe", one.orderId)}`;
  const posted = await fetch(`${strict.url}${stranger}/feedback`, { method: "POST", body: new URLSearchParams({ rating: "1" }) });
  expect([posted.status, readLinkToken(keys, "buyer", stranger.slice(3))]).toEqual([404, null]);
  expect((await fetch(`${strict.url}${stranger}/feedback`, { method: "POST" })).status).toBe(429);
});

test("what is no form, too large or empty is refused and changes nothing", async () => {
  const one = await world();
  const post = (part: string, body: string, type: string) =>
    fetch(`${web.url}${one.path}/${part}`, { method: "POST", body, headers: { "content-type": type }, redirect: "manual" });
  expect((await post("feedback", JSON.stringify({ rating: 5 }), "application/json")).status).toBe(422);
  expect((await post("report", `topic=problem&text=${"x".repeat(70_000)}`, "application/x-www-form-urlencoded")).status).toBe(422);
  expect((await post("feedback", "", "application/x-www-form-urlencoded")).status).toBe(422);
  expect((await fetch(`${web.url}${one.path}/nothing`, { method: "POST" })).status).toBe(404);
  expect(await one.tasks()).toEqual([]);
});

test("an order that is closed shows its page and takes nothing any more", async () => {
  const one = await world();
  await web.db
    .updateTable("orders")
    .set({ closed_at: new Date("2026-01-20T08:00:00Z"), dirty: 0 })
    .where("id", "=", one.orderId)
    .execute();
  const html = await (await fetch(`${web.url}${one.path}`)).text();
  expect(html).toContain("EE123456785CN");
  expect(html).not.toContain("<form");
  for (const [part, fields] of [
    ["report", { topic: "problem", text: "x", once: "019bd4a0-6c00-7cc3-98c4-dc0c0c07398f" }],
    ["feedback", { rating: "5", text: "" }],
    ["mails", {}],
  ] as const)
    expect((await one.post(part, fields)).status, part).toBe(409);
});

test.each(pageLocales)(
  "the page in %s says its language and direction, sets no cookie, and keeps the language through a form",
  async (locale) => {
    const one = await world();
    const response = await fetch(`${web.url}${one.path}?lang=${locale}`);
    const html = await response.text();
    expect(html).toContain(`<html lang="${locale}" dir="${locale === "ar" ? "rtl" : "ltr"}">`);
    expect([response.headers.get("set-cookie"), response.headers.get("cache-control")]).toEqual([null, "private, no-store"]);
    expect(html).not.toMatch(/undefined|\[object|NaN|<script/);
    expect((await one.post("feedback", { rating: "4", text: "" }, locale)).location).toBe(`${one.path}?done=reviewed&lang=${locale}`);
    const out = await (await fetch(`${web.url}/u/${linkToken(keys, "unsubscribe", one.messages["check-in"] ?? "")}?lang=${locale}`)).text();
    expect(out).toContain(`<html lang="${locale}" dir="${locale === "ar" ? "rtl" : "ltr"}">`);
  },
);

test("what a buyer wrote on the page is in the buyer's export, and gone with the buyer (IN-18, LAW-05)", async () => {
  const one = await world();
  const secret = "the blue door behind the bakery";
  await one.mailed("delivery-late", { kind: "shipment", id: "s1" });
  await one.post("choice", { of: "delivery-late", about: "s1", choice: "resend", note: secret });
  await one.post("report", { topic: "problem", text: secret, once: "019bd4a0-6c00-7cc3-98c4-dc0c0c07398f" });
  await one.post("feedback", { rating: "3", text: secret });
  const address = { shopId: one.shopId, address: one.email };
  const { orders } = await web.ok("POST", "/buyers/export", address);
  expect(JSON.stringify(orders).split(secret)).toHaveLength(6);
  await web.ok("POST", "/buyers/erase", address);
  const kept = await Promise.all([
    web.db.selectFrom("facts").selectAll().where("order_id", "=", one.orderId).execute(),
    web.db.selectFrom("tasks").selectAll().where("order_id", "=", one.orderId).execute(),
  ]);
  expect(kept[1]).toHaveLength(2);
  expect(JSON.stringify(kept)).not.toContain(secret);
  expect((await fetch(`${web.url}${one.path}`)).status).toBe(200);
});
