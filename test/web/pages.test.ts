import { request } from "node:http";
import { expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { instantOf, plus } from "../../src/core/instant.ts";
import { linkToken } from "../../src/core/keys.ts";
import { findMail, keepMail, listMail } from "../../src/store/mailbox.ts";
import { type Json, keys, openWeb, orderData, parcel, plannedOrder, shopWithSource, token } from "./set-up.ts";

const web = await openWeb();
const at = instantOf("2026-01-20T08:00:00Z");

async function page(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(`${web.url}${path}`, { headers: { accept: "text/html", ...headers } });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** As text, for words. */
function words(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");
}

/** `fetch` writes its own Host. */
function get(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port: web.port, path, headers }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const raw = Buffer.from(
  [
    "From: Lantern <hello@lantern.example>",
    "To: maya@buyer.example",
    "Subject: =?UTF-8?Q?Your_parcel_is_on_its_way?=",
    "MIME-Version: 1.0",
    'Content-Type: multipart/alternative; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Thank you =E2=9C=93",
    "--b",
    "Content-Type: text/html; charset=utf-8",
    "",
    '<html><head><title>x</title></head><body><p>Thank you</p><script>alert(1)</script><img src="https://canary.example/x.png"></body></html>',
    "--b--",
    "",
  ].join("\r\n"),
);

let mails = 0;

async function mail(subject = "Your parcel is on its way"): Promise<string> {
  mails += 1;
  const id = newId(plus(at, mails));
  await keepMail(web.db, { id, receivedAt: at, sender: "hello@lantern.example", recipient: "maya@buyer.example", subject, raw });
  return id;
}

test("every page forbids script, frames and other hosts, and gives away no address (SEC-02)", async () => {
  const id = await mail();
  for (const path of ["/mailbox", `/mailbox/${id}`, "/api/docs", "/u/x", "/b/x", "/nothing"]) {
    const { headers, text } = await page(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toContain("unsafe-inline");
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect([headers.get("x-content-type-options"), headers.get("referrer-policy")], path).toEqual(["nosniff", "no-referrer"]);
    expect(text, path).not.toMatch(/<script|style="|javascript:|onclick/i);
    expect(text, path).toMatch(/<html lang="\w/);
  }
});

test("the style sheet is found, and not sent again while it is the same", async () => {
  const { text } = await page("/mailbox");
  const href = /rel="stylesheet" href="([^"]+)"/.exec(text)?.[1] ?? "";
  const first = await fetch(`${web.url}${href}`);
  expect([first.status, first.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
  expect(first.headers.get("cache-control")).toContain("immutable");
  const again = await fetch(`${web.url}${href}`, { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
  expect(again.status).toBe(304);
});

test("health, readiness and metrics answer; a failed check makes it not ready, and is named", async () => {
  expect(await (await fetch(`${web.url}/healthz`)).json()).toEqual({ ok: true });
  expect((await fetch(`${web.url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${web.url}/metrics`)).text()).toContain("afterword_up 1");
  const broken = await openWeb({ ready: async () => [{ name: "queue", ok: false, detail: "Redis is away" }] });
  const answer = await fetch(`${broken.url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([503, { ok: false, checks: { queue: { ok: false, detail: "Redis is away" } } }]);
  expect(words(await (await fetch(`${broken.url}/`)).text())).toContain("Not working: queue.");
});

test("an unexpected error is 500 without its inside; whoever wants JSON gets a problem, a browser a page", async () => {
  const broken = await openWeb({ metricsText: () => Promise.reject(new Error("inner secret")) });
  const asProblem = await fetch(`${broken.url}/metrics`);
  expect([asProblem.status, asProblem.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
  const asPage = await fetch(`${broken.url}/metrics`, { headers: { accept: "text/html" } });
  expect([asPage.status, asPage.headers.get("content-type")]).toEqual([500, "text/html; charset=UTF-8"]);
  expect((await asProblem.text()) + (await asPage.text())).not.toContain("inner secret");
  expect(broken.logged.join()).toContain("a request failed");
});

test("the mailbox lists mails newest first and shows each as mail, text, headers and file", async () => {
  const id = await mail("Second <b>mail</b>");
  const list = await page("/mailbox");
  expect(list.text).toContain("Second &lt;b&gt;mail&lt;/b&gt;");
  expect(list.text.indexOf("Second")).toBeLessThan(list.text.indexOf("Your parcel"));
  expect((await page(`/mailbox/${id}?view=text`)).text).toContain("Thank you ✓");
  expect((await page(`/mailbox/${id}?view=headers`)).text).toContain("From: Lantern &lt;hello@lantern.example&gt;");
  expect((await page(`/mailbox/${id}`)).text).toMatch(/<iframe[^>]+sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  const file = await fetch(`${web.url}/mailbox/${id}/raw`);
  expect(file.headers.get("content-type")).toBe("message/rfc822");
  expect(Buffer.from(await file.arrayBuffer())).toEqual(raw);
  expect((await page(`/mailbox/${newId(at)}`)).status).toBe(404);
  expect((await page("/mailbox/x/html")).status).toBe(404);
});

test("the mail itself has an origin of its own, no script, and fetches pictures only when asked (SEC-02)", async () => {
  const id = await mail();
  const shown = await page(`/mailbox/${id}/html`);
  const policy = shown.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/);
  expect(policy).toContain("img-src data:;");
  expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
  expect((await page(`/mailbox/${id}/html?images=1`)).headers.get("content-security-policy")).toContain("img-src https: data:;");
});

test("the mailbox keeps the newest 2,000", async () => {
  const full = await openWeb();
  const ids = Array.from({ length: 2_003 }, (_, index) => newId(plus(at, index)));
  const rows = ids
    .slice(0, 2_002)
    .map((id) => ({ id, received_at: new Date(at), sender: "a", recipient: "b", subject: "c", raw: Buffer.from("x") }));
  await full.db.insertInto("mailbox").values(rows).execute();
  const newest = { id: ids[2_002] ?? "", receivedAt: at, sender: "a", recipient: "b", subject: "nul \0 in it", raw: Buffer.from("y") };
  await keepMail(full.db, newest);
  const { n } = await full.db
    .selectFrom("mailbox")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow();
  expect(n).toBe(2_000);
  expect((await listMail(full.db, { after: null, limit: 1 }))[0]?.id).toBe(newest.id);
  expect(await findMail(full.db, ids[2] ?? "")).toBeNull();
  expect(await findMail(full.db, ids[3] ?? "")).not.toBeNull();
});

test("the mailbox is open on this machine only: not through a proxy, not under another name, but with the token as password", async () => {
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`operator:${password}`).toString("base64")}` });
  const proxied = { "x-forwarded-for": "203.0.113.9" };
  expect(await get("/mailbox", { host: "localhost:3000" })).toBe(200);
  expect(await get("/mailbox", { host: `127.0.0.1:${web.port}` })).toBe(200);
  expect(await get("/mailbox", { host: "rebound.evil.example" })).toBe(401);
  expect(await get("/mailbox", { host: "localhost", ...proxied })).toBe(401);
  expect(await get("/mailbox", { host: "localhost", ...proxied, ...basic("wrong") })).toBe(401);
  expect(await get("/mailbox", { host: "localhost", ...proxied, ...basic(token) })).toBe(200);
  const closed = await openWeb({ apiToken: null });
  expect((await fetch(`${closed.url}/mailbox`, { headers: proxied })).status).toBe(403);
  const none = await openWeb({ mailbox: false });
  expect((await fetch(`${none.url}/mailbox`)).status).toBe(404);
  expect(await (await fetch(`${none.url}/`)).text()).not.toContain("/mailbox");
});

test("the buyer's page says where the order is, in the buyer's language, with first name and city and no more", async () => {
  const shop = await shopWithSource(web);
  const { orderId } = await plannedOrder(web, shop, "7001");
  const path = `/b/${linkToken(keys, "buyer", orderId)}`;
  const shown = await page(path, { "accept-language": "zh-CN" });
  expect(shown.status).toBe(200);
  const text = words(shown.text);
  expect(text).toContain("Hello Maya, your order is on its way.");
  expect(text).toContain("Order 7001, placed on January 19, 2026, going to Portland");
  expect(text).toContain("EE123456785CN");
  expect(text).toMatch(/Usually arrives January 2\d – February \d, 2026/);
  expect(text).not.toMatch(/Neill|buyer\.example|49\.90/);
  expect(shown.headers.get("x-robots-tag")).toBe("noindex");
  expect(shown.headers.get("cache-control")).toBe("private, no-store");
  const chinese = await page(`${path}?lang=zh-CN`);
  expect(chinese.text).toContain('lang="zh-CN"');
  expect(words(chinese.text)).toContain("Maya，您好！您的包裹正在路上。");
});

test("each topic opens its form with what to try, and a mail to the shop is one press away", async () => {
  const shop = await shopWithSource(web);
  const { orderId } = await plannedOrder(web, shop, "7002");
  for (const topic of ["not-arrived", "problem"]) {
    const { text } = await page(`/b/${linkToken(keys, "buyer", orderId)}?topic=${topic}`);
    expect(text.match(/<details class="fold" open>/g)).toHaveLength(1);
    expect(text.indexOf('id="help"')).toBeLessThan(text.indexOf("EE123456785CN"));
    const href = /href="(mailto:[^"]+)"/.exec(text)?.[1] ?? "";
    const mailto = new URL(href.replaceAll("&amp;", "&"));
    expect([mailto.pathname, mailto.searchParams.get("subject")]).toEqual(["help@lantern.example", "Order 7002"]);
  }
});

test.each([
  ["nothing dispatched", [], "we are getting your order ready", "as soon as it leaves"],
  ["cancelled before dispatch", ["order.cancelled"], "your order was cancelled", "Nothing more will be sent"],
  ["delivered", ["shipment.dispatched", "delivered"], "your order has arrived", "ask your neighbours"],
  ["sent back", ["shipment.dispatched", "returned"], "your parcel is coming back", "We will write to you"],
  ["at customs", ["shipment.dispatched", "customs"], "your order is on its way", "If it is not with you by"],
])("the page of an order that is %s says so", async (what, events, headline, next) => {
  const shop = await shopWithSource(web);
  const number = `8${what.length}`;
  const order = { id: `id-${number}` };
  await web.deliver(shop.source, "order.placed", { order: orderData(number, "maya@buyer.example") });
  for (const event of events) {
    const status = { id: "s1", status: event, occurredAt: "2026-01-20T08:30:00Z", location: "Portland" };
    if (event === "order.cancelled") await web.deliver(shop.source, event, { order });
    else if (event === "shipment.dispatched") await web.deliver(shop.source, event, { order, shipment: parcel });
    else await web.deliver(shop.source, "shipment.updated", { order, shipment: status });
  }
  await web.work();
  const { orders } = await web.ok("GET", `/shops/${shop.shopId}/orders`);
  const text = words((await page(`/b/${linkToken(keys, "buyer", orders[0].id)}`)).text);
  expect(text).toContain(headline);
  expect(text).toContain(next);
});

test("the page does not speak of a day that has passed as one to come: late to leave, then late to arrive", async () => {
  const shop = await shopWithSource(web);
  const order = { id: "id-8500" };
  const promised = { promisedDispatchBy: "2026-01-22T08:00:00Z" };
  await web.deliver(shop.source, "order.placed", { order: orderData("8500", "maya@buyer.example", promised) });
  await web.work();
  const { orders } = await web.ok("GET", `/shops/${shop.shopId}/orders`);
  const read = async () => words((await page(`/b/${linkToken(keys, "buyer", orders[0].id)}`)).text);
  expect(await read()).toContain("It leaves by January 22");
  try {
    web.setClock("2026-01-23T08:00:00Z");
    const waiting = await read();
    expect(waiting).toContain("your order leaves later than promised, and we are sorry.");
    expect(waiting).toContain("It should have left by January 22");
    await web.deliver(shop.source, "shipment.dispatched", { order, shipment: { ...parcel, dispatchedAt: "2026-01-23T07:00:00Z" } });
    await web.work();
    expect(await read()).toContain("your order is on its way.");
    web.setClock("2026-04-01T08:00:00Z");
    const late = await read();
    expect(late).toContain("your order is late, and we are sorry.");
    expect(late).toContain("It should have been with you by February");
  } finally {
    web.setClock("2026-01-20T08:00:00Z");
  }
});

test("hostile order data comes out inert on the buyer's page", async () => {
  const shop = await shopWithSource(web);
  const evil = `<img src=x onerror=alert(1)>"'&`;
  await web.deliver(shop.source, "order.placed", {
    order: orderData("9001", "maya@buyer.example", {
      number: evil,
      buyer: { email: "maya@buyer.example", name: evil },
      shippingAddress: { country: "US", region: "OR", city: evil },
    }),
  });
  const shipment = { ...parcel, carrier: evil, service: evil, trackingNumber: evil, trackingUrl: "javascript:alert(1)" };
  await web.deliver(shop.source, "shipment.dispatched", { order: { id: "id-9001" }, shipment });
  await web.work();
  const { orders } = await web.ok("GET", `/shops/${shop.shopId}/orders`);
  const { text } = await page(`/b/${linkToken(keys, "buyer", orders[0].id)}?topic=problem`);
  expect(text).not.toMatch(/<img|javascript:|onerror=alert\(1\)>"/);
});

test("a link that is no order's is 404, and guessing is slowed down", async () => {
  const strict = await openWeb({ limits: { wrongLinks: { burst: 2, perSecond: 0.01 } } });
  const statuses: Json[] = [];
  for (const text of ["x", "a".repeat(44), linkToken(keys, "unsubscribe", newId(at))])
    statuses.push((await fetch(`${strict.url}/b/${text}`)).status);
  expect(statuses).toEqual([404, 404, 429]);
  expect((await fetch(`${strict.url}/b/${linkToken(keys, "buyer", newId(at))}`)).status).toBe(404);
});
