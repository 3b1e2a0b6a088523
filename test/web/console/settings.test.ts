import { sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import blns from "../../fixtures/robustness/blns.json" with { type: "json" };
import { openWeb, orderData, parcel, shopWithSource, type Web } from "../set-up.ts";
import { password, signedIn, textOf, user, Visitor } from "./set-up.ts";

let web: Web;
let shop: Awaited<ReturnType<typeof shopWithSource>>;
let owner: Visitor;
let here: string;

beforeAll(async () => {
  web = await openWeb();
  shop = await shopWithSource(web);
  owner = await signedIn(web, "owner", { name: "Lin" });
  here = `/console/shops/${shop.shopId}`;
});

const audit = (action: string) => web.db.selectFrom("audit_log").selectAll().where("action", "=", action).orderBy("id", "desc").execute();

const shopFields = {
  name: "Lantern",
  fromName: "Lantern",
  fromAddress: "hello@lantern.example",
  replyTo: "help@lantern.example",
  website: "https://lantern.example",
  country: "CN",
  timeZone: "Asia/Shanghai",
  locale: "en",
};

describe("a shop's settings", () => {
  test("are saved with what differs in the audit log, and nothing else", async () => {
    const { to } = await owner.post(`${here}/settings`, { ...shopFields, signedBy: "Mei", website: "" });
    expect(to).toBe(`${here}/settings`);
    const [row] = await audit("shop.changed");
    expect(row).toMatchObject({ actor: "Lin", shop_id: shop.shopId, before: { signedBy: null, website: "https://lantern.example" } });
    expect(row?.after).toEqual({ signedBy: "Mei", website: null });
    await owner.post(`${here}/settings`, { ...shopFields, signedBy: "Mei", website: "" });
    expect(await audit("shop.changed"), "nothing differed").toHaveLength(1);
  });

  test("with a wrong field nothing is saved, what was typed is kept, and each error stands beside its field", async () => {
    const { status, text } = await owner.post(`${here}/settings`, { ...shopFields, name: "Other", color: "red", timeZone: "Mars" });
    expect(status).toBe(422);
    expect(textOf(text)).toContain("2 fields need another look. Nothing was saved.");
    expect(text).toContain('value="Other"');
    expect(text).toMatch(/id="f-color-error">Is not a colour/);
    expect((await web.ok("GET", `/shops/${shop.shopId}`)).name).toBe("Lantern");
  });

  test("sending is switched off with an undo that switches it on again, and every page says so meanwhile", async () => {
    await owner.post(`${here}/settings/sending`, { sending: "off" });
    const { text } = await owner.get(`${here}/sources`);
    expect(textOf(text)).toContain("Nothing goes out: sending is off for this shop.");
    expect(text).toMatch(/data-toast>.*name="sending" value="on"/s);
    expect((await owner.get(`${here}/sources`)).text, "a toast is shown once").not.toContain("data-toast");
    await owner.post(`${here}/settings/sending`, { sending: "on" });
    expect((await web.ok("GET", `/shops/${shop.shopId}`)).sending).toBe(true);
  });

  test("a change and its line in the log stand or fall together", async () => {
    await web.db.deleteFrom("audit_log").where("action", "=", "shop.changed").execute();
    await sql`alter table audit_log add constraint full_up check (action <> 'shop.changed')`.execute(web.db);
    const { status } = await owner.post(`${here}/settings`, { ...shopFields, name: "Unlogged" });
    await sql`alter table audit_log drop constraint full_up`.execute(web.db);
    expect([status, (await web.ok("GET", `/shops/${shop.shopId}`)).name]).toEqual([500, "Lantern"]);
  });
});

describe("users", () => {
  test("are added with a link, choose their password, get another role, and are signed out when disabled", async () => {
    const added = await owner.post(`${here}/settings/users`, { email: "Mei@Lantern.example", name: "Mei", role: "viewer" });
    const link = /value="http:\/\/afterword\.test(\/console\/password\/[\w-]+)"/.exec(added.text)?.[1] ?? "";
    const mei = new Visitor(web);
    await mei.get(link);
    expect((await mei.post(link, { password, again: password })).status).toBe(303);
    expect((await mei.get(`${here}/settings/users`)).status, "a viewer").toBe(403);
    const { id } = await web.db.selectFrom("users").select("id").where("email", "=", "mei@lantern.example").executeTakeFirstOrThrow();
    await owner.get(`${here}/settings/users`);
    await owner.post(`${here}/settings/users/${id}`, { role: "owner" });
    expect((await mei.get(`${here}/settings/users`)).status, "now an owner").toBe(200);
    await owner.post(`${here}/settings/users/${id}`, { disabled: "yes" });
    expect((await mei.get(`${here}/today`)).to, "signed out").toContain("/console/sign-in");
    expect((await audit("user.changed")).map(({ before, after }) => [before, after])).toEqual([
      [{ disabled: false }, { disabled: true }],
      [{ role: "viewer" }, { role: "owner" }],
    ]);
    const twice = await owner.post(`${here}/settings/users`, { email: "mei@lantern.example", name: "Mei", role: "viewer" });
    expect([twice.status, textOf(twice.text)]).toEqual([422, expect.stringContaining("Is taken.")]);
  });

  test("an installation keeps an owner who may sign in, whoever asks", async () => {
    const fresh = await openWeb();
    const { shopId } = await shopWithSource(fresh);
    const only = await user(fresh);
    const visitor = new Visitor(fresh);
    await visitor.signIn(only);
    await visitor.post(`/console/shops/${shopId}/settings/users/${only.id}`, { role: "viewer" });
    expect(textOf((await visitor.get(`/console/shops/${shopId}/settings/users`)).text)).toContain("This is the last owner who may sign in");
    const refused = await fresh.call("PATCH", `/users/${only.id}`, { disabled: true });
    expect([refused.status, refused.body.detail]).toEqual([409, "this is the last owner who may sign in: make another one first"]);
  });

  test("the API adds, changes and lists them, never shows a password, and its token stands in the log", async () => {
    const made = await web.ok("POST", "/users", { email: "ana@lantern.example", name: "Ana" });
    expect(made).toMatchObject({ role: "operator", hasPassword: false, link: expect.stringContaining("/console/password/") });
    await web.ok("PUT", `/users/${made.id}/password`, { password: "a password for ana" });
    const { users } = await web.ok("GET", "/users");
    expect(JSON.stringify(users)).not.toMatch(/scrypt|passwordHash/);
    const ana = new Visitor(web);
    expect((await ana.signIn({ email: "ana@lantern.example" }, "a password for ana")).status).toBe(303);
    const again = await web.ok("POST", `/users/${made.id}/password-link`);
    expect(Date.parse(again.until)).toBeLessThan(Date.now() + 3_700_000);
    expect((await audit("user.password-set"))[0]).toMatchObject({ actor_kind: "token", actor: "API_TOKEN" });
  });
});

test("a token is shown once, opens the API until it is revoked, and neither it nor its hash is in the log", async () => {
  const { text } = await owner.post(`${here}/settings/tokens`, { name: "export", role: "viewer" });
  const token = /value="(aft_[\w-]{43})"/.exec(text)?.[1] ?? "";
  const ask = () => fetch(`${web.url}/api/v1/shops`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask()).status).toBe(200);
  const list = await owner.get(`${here}/settings/tokens`);
  expect(list.text).not.toContain(token);
  const [row] = await audit("token.made");
  expect(JSON.stringify(row)).not.toContain(token);
  await owner.post(`${here}/settings/tokens/${row?.subject}/revoke`);
  expect((await ask()).status).toBe(401);
});

describe("sources", () => {
  test("a rotated secret is shown once, both hold until the old one is deleted, and neither is in the log", async () => {
    const page = await owner.post(`${here}/sources/${shop.source.id}/rotate-secret`);
    const secret = /value="(whsec_[^"]+)"/.exec(page.text)?.[1] ?? "";
    const order = (number: string) => ({ order: orderData(number, "maya@buyer.example") });
    expect(await web.deliver(shop.source, "order.placed", order("1"))).toBe(202);
    expect(await web.deliver({ ...shop.source, secret }, "order.placed", order("2"))).toBe(202);
    await owner.get(`${here}/sources/${shop.source.id}`);
    await owner.post(`${here}/sources/${shop.source.id}/old-secret`);
    expect(await web.deliver(shop.source, "order.placed", order("3"))).toBe(401);
    const log = JSON.stringify(await web.db.selectFrom("audit_log").selectAll().execute());
    expect(log).not.toContain(secret.slice(6));
    expect(log).not.toContain(shop.source.secret.slice(6));
    expect((await owner.get(`${here}/sources/${shop.source.id}`)).text).not.toContain(secret.slice(6));
    shop.source.secret = secret;
  });

  test("a source, a delivery and a shop of elsewhere are not found (SEC-07)", async () => {
    const other = await shopWithSource(web, { name: "Another" });
    await web.deliver(other.source, "order.placed", { order: { id: "x", number: 7 } });
    await web.work();
    const { deliveries } = await web.ok("GET", `/sources/${other.source.id}/quarantine`);
    for (const path of [`/sources/${other.source.id}`, `/deliveries/${deliveries[0].id}`]) {
      expect((await owner.get(`${here}${path}`)).status, path).toBe(404);
      expect((await owner.get(`/console/shops/${other.shopId}${path}`)).status, path).toBe(200);
    }
    for (const path of [
      `/sources/${other.source.id}/retry`,
      `/sources/${other.source.id}/old-secret`,
      `/deliveries/${deliveries[0].id}/retry`,
    ])
      expect((await owner.post(`${here}${path}`)).status, path).toBe(404);
  });

  test("Shopify's secret must be given; WooCommerce gets one made", async () => {
    const wrong = await owner.post(`${here}/sources/new`, { platform: "shopify" });
    expect([wrong.status, textOf(wrong.text)]).toEqual([
      422,
      expect.stringContaining("Is missing; it is the one the platform signs with."),
    ]);
    const made = await owner.post(`${here}/sources/new`, { platform: "woocommerce", "sends-order-confirmed": "on" });
    expect(made.text).toMatch(/id="hook-secret"[^>]*value="[0-9a-f]{64}"/);
    expect((await audit("source.added"))[0]).toMatchObject({ after: { platform: "woocommerce", platformSends: ["order-confirmed"] } });
  });
});

test("whatever orders and webhooks hold comes out inert on every page (SEC-02)", async () => {
  const evil = [
    ...(blns as string[]).filter((text) => /[<>"'&]/.test(text)).slice(0, 120),
    `"><script src=//canary.example></script>`,
  ].join(" ");
  const name = evil.slice(0, 180);
  const order = orderData("666", "maya@buyer.example", { number: name.slice(0, 60), buyer: { email: "maya@buyer.example", name } });
  await web.deliver(shop.source, "order.placed", { order });
  await web.deliver(shop.source, "shipment.dispatched", {
    order: { id: "id-666" },
    shipment: { ...parcel, carrier: name, trackingNumber: name },
  });
  await web.deliver(shop.source, "order.placed", { order: { id: evil, number: 7, [evil]: evil } });
  await web.work();
  const { deliveries } = await web.ok("GET", `/sources/${shop.source.id}/quarantine`);
  const paths = [
    "/today",
    "/today/now",
    "/orders",
    "/messages",
    "/sources",
    `/sources/${shop.source.id}`,
    `/deliveries/${deliveries[0].id}`,
    "/settings/audit",
  ];
  for (const path of paths) {
    const { text, headers, status } = await owner.get(`${here}${path}`);
    expect(status, path).toBe(200);
    const own = text.replaceAll(/<script src="\/assets\/(htmx|console)\.js\?v=\w+" defer><\/script>/g, "");
    expect(own, path).not.toMatch(/<script|<img|<iframe|<svg[^>]*onload|\son\w+="|href="javascript/i);
    expect(headers.get("content-security-policy"), path).toMatch(/^default-src 'none'; style-src 'self';.*script-src 'self'(;|$)/);
    expect(headers.get("content-security-policy"), path).not.toMatch(/unsafe|https:/);
    expect(headers.get("cache-control"), path).toBe("private, no-store");
  }
});

test("every page is in the user's language, and says so", async () => {
  const reader = await signedIn(web, "viewer", { locale: "zh-CN" });
  const { text } = await reader.get(`${here}/today`);
  expect(text).toContain('<html lang="zh-CN"');
  expect(textOf(text)).toContain("未来 14 天");
  await reader.post("/console/preferences", { locale: "en", theme: "dark", to: `${here}/today` });
  expect((await reader.get(`${here}/today`)).text).toContain('<html lang="en" data-theme="dark"');
});
