import { describe, expect, test } from "vitest";
import { type Json, openWeb, shopWithSource } from "./set-up.ts";

const web = await openWeb();
const at = await shopWithSource(web);

async function deliver(made: Json, headers: Record<string, string> = made.headers): Promise<number> {
  const path = new URL(made.url).pathname;
  return (await fetch(`${web.url}${path}`, { method: "POST", headers, body: made.body })).status;
}

describe.each([
  ["standard", {}],
  ["shopify", { secret: "s3cret" }],
  ["shopify", { secret: "s3cret", domain: "lantern.myshopify.com" }],
  ["woocommerce", { secret: "s3cret & more" }],
  ["woocommerce", { secret: "s3cret", domain: "lantern.example" }],
])("a test of a %s source with %j", (platform, settings) => {
  test("is taken at the hook, is understood, and touches no order", async () => {
    const source = await web.ok("POST", `/shops/${at.shopId}/sources`, { platform, ...settings });
    const made = await web.ok("POST", `/sources/${source.id}/tests`);
    expect(made.url).toBe(source.hookUrl);
    const fate = () => web.ok("GET", `/sources/${source.id}/tests/${made.id}`);
    expect(await fate()).toEqual({ state: "not-arrived", reason: null, receivedAt: null });
    expect(await deliver(made)).toBe(202);
    expect(await fate()).toMatchObject({ state: "stored", receivedAt: "2026-01-20T08:00:00.000Z" });
    await web.work();
    expect(await fate()).toMatchObject({ state: "ignored", reason: expect.stringContaining("test") });
    expect((await web.ok("GET", `/shops/${at.shopId}/orders`)).orders).toEqual([]);
  });

  test("is signed with the newest secret, and refused when it was changed on the way", async () => {
    const source = await web.ok("POST", `/shops/${at.shopId}/sources`, { platform, ...settings });
    await web.ok("POST", `/sources/${source.id}/rotate-secret`, platform === "standard" ? {} : { secret: "newer" });
    await web.ok("DELETE", `/sources/${source.id}/old-secret`);
    const made = await web.ok("POST", `/sources/${source.id}/tests`);
    expect(await deliver({ ...made, body: `${made.body} ` }, { ...made.headers })).toBe(platform === "woocommerce" ? 202 : 401);
    expect(await deliver({ ...made, body: made.body.replace("test", "text") })).toBe(401);
    expect(await deliver(made)).toBe(202);
  });
});

test("an unknown source is 404", async () => {
  expect((await web.call("POST", `/sources/${at.shopId}/tests`)).status).toBe(404);
  expect((await web.call("GET", `/sources/${at.shopId}/tests/${at.shopId}`)).status).toBe(404);
});
