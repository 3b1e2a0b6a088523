import { expect, test } from "vitest";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { instantOf } from "../../src/core/instant.ts";
import { unseal } from "../../src/core/keys.ts";
import { type Json, keys, openWeb, orderData, parcel, plannedOrder, shopBody, shopWithSource, signed, token } from "./set-up.ts";

const web = await openWeb({
  templateKeys: new Set(defaultSchedule.steps.map(({ template }) => template)),
});

test("a shop is made with defaults, and with version 1 of the default schedule", async () => {
  const { status, body } = await web.call("POST", "/shops", { ...shopBody, color: "#1F6F5C", locale: "zh-cn" });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    name: "Lantern",
    sending: true,
    liveFrom: "2025-12-21T08:00:00.000Z",
    from: { name: "Lantern", address: "hello@lantern.example" },
    color: "#1f6f5c",
    locale: "zh-CN",
    postalAddress: null,
    redirectTo: null,
  });
  expect(await web.ok("GET", `/shops/${body.id}`)).toEqual(body);
  const { version, schedule } = await web.ok("GET", `/shops/${body.id}/schedule`);
  expect([version, schedule.steps.length]).toEqual([1, defaultSchedule.steps.length]);
  const { since } = await web.db.selectFrom("schedules").select("since").where("shop_id", "=", body.id).executeTakeFirstOrThrow();
  expect(since).toEqual(Object.fromEntries(defaultSchedule.steps.map(({ key }) => [key, null])));
});

test("a change of a shop leaves absent fields as they are, and null clears one", async () => {
  const { id } = await web.ok("POST", "/shops", { ...shopBody, signedBy: "Lin" });
  const changed = await web.ok("PATCH", `/shops/${id}`, { redirectTo: "test@lantern.example", signedBy: null, sending: false });
  expect(changed).toMatchObject({ redirectTo: "test@lantern.example", signedBy: null, sending: false, website: "https://lantern.example" });
  expect(await web.ok("PATCH", `/shops/${id}`, {})).toEqual(changed);
});

test("sending: false holds what is planned at once, and true lets it go again", async () => {
  const shop = await shopWithSource(web);
  const { orderId } = await plannedOrder(web, shop, "2001");
  await web.ok("PATCH", `/shops/${shop.shopId}`, { sending: false });
  const held = (await web.ok("GET", `/messages?order=${orderId}`)).messages;
  expect(held.map((message: Json) => [message.state, message.reason])).toEqual(held.map(() => ["held", "shop-not-sending"]));
  expect((await web.call("POST", `/messages/${held[0].id}/release`)).body).toMatchObject({ status: 409, state: "held" });
  await web.ok("PATCH", `/shops/${shop.shopId}`, { sending: true });
  const again = (await web.ok("GET", `/messages?order=${orderId}`)).messages;
  expect(new Set(again.map((message: Json) => message.state))).toEqual(new Set(["planned"]));
});

test("lists go page by page, newest first, without gaps or repeats", async () => {
  const fresh = await openWeb();
  for (let count = 0; count < 5; count += 1) await fresh.ok("POST", "/shops", { ...shopBody, name: `Shop ${count}` });
  const seen: string[] = [];
  let path = "/shops?limit=2";
  for (;;) {
    const { shops, next } = await fresh.ok("GET", path);
    seen.push(...shops.map((shop: Json) => shop.id));
    if (next === undefined) break;
    expect(shops).toHaveLength(2);
    path = `/shops?limit=2&cursor=${next}`;
  }
  expect(seen).toHaveLength(5);
  expect(new Set(seen).size).toBe(5);
  expect(seen).toEqual([...seen].sort().reverse());
});

test("secrets are answered once and stored sealed (SEC-08)", async () => {
  const shop = await shopWithSource(web);
  const secret = "a-shopify-secret-of-the-app";
  const made = await web.ok("POST", `/shops/${shop.shopId}/sources`, { platform: "shopify", secret });
  expect(made.secret).toBe(secret);
  const listed = await web.call("GET", `/shops/${shop.shopId}/sources`);
  expect(JSON.stringify(listed.body)).not.toContain('secret"');
  expect(JSON.stringify(listed.body)).not.toContain(secret);
  const row = await web.db.selectFrom("sources").select("secret").where("id", "=", made.id).executeTakeFirstOrThrow();
  expect(row.secret.includes(Buffer.from(secret))).toBe(false);
  expect(unseal(keys, row.secret)).toBe(secret);
  expect(Buffer.from(shop.source.secret.replace("whsec_", ""), "base64")).toHaveLength(32);
  expect(web.logged.join()).not.toContain(secret);
});

test("a platform that brings its own secret is refused without it (IN-10)", async () => {
  const { shopId } = await shopWithSource(web);
  const answer = await web.call("POST", `/shops/${shopId}/sources`, { platform: "shopify" });
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, "/secret"]);
});

test("an order is found by its number with or without #, and its timetable explains every step", async () => {
  const shop = await shopWithSource(web);
  await plannedOrder(web, shop, "3001");
  const { orders } = await web.ok("GET", `/shops/${shop.shopId}/orders?number=%233001`);
  expect(orders).toHaveLength(1);
  expect(orders[0]).toMatchObject({ number: "3001", externalId: "id-3001", country: "US", buyer: { email: "maya@buyer.example" } });
  const { order, entries } = await web.ok("GET", `/orders/${orders[0].id}/timetable`);
  expect(order.id).toBe(orders[0].id);
  expect(new Set(entries.map((entry: Json) => entry.step))).toEqual(new Set(defaultSchedule.steps.map(({ key }) => key)));
  for (const entry of entries) expect(entry.because.length, entry.step).toBeGreaterThan(0);
  expect((await web.ok("GET", `/shops/${shop.shopId}/orders?number=nope`)).orders).toEqual([]);
});

test("the ledger can be filtered by state", async () => {
  const shop = await shopWithSource(web);
  const { messages } = await plannedOrder(web, shop, "3101");
  await web.ok("POST", `/messages/${messages["check-in"]}/cancel`);
  const cancelled = await web.ok("GET", `/messages?shop=${shop.shopId}&state=cancelled`);
  expect(cancelled.messages.map((message: Json) => message.id)).toEqual([messages["check-in"]]);
  expect((await web.call("GET", "/messages?state=lost")).status).toBe(422);
});

test("moves: hold, release, send now and cancel do what they say; an illegal one is 409 with the state", async () => {
  const shop = await shopWithSource(web);
  const { messages } = await plannedOrder(web, shop, "4001");
  const id = messages["check-in"];
  const move = (name: string) => web.call("POST", `/messages/${id}/${name}`);
  expect((await move("release")).body).toMatchObject({ status: 409, state: "planned" });
  expect((await move("hold")).body).toMatchObject({ state: "held", reason: "operator-held" });
  expect((await move("hold")).body).toMatchObject({ status: 409, state: "held" });
  expect((await move("release")).body).toMatchObject({ state: "planned" });
  expect((await move("send-now")).body).toMatchObject({ state: "planned", dueAt: "2026-01-20T08:00:00.001Z" });
  expect((await move("cancel")).body).toMatchObject({ state: "cancelled", reason: "operator-cancelled" });
  for (const name of ["cancel", "hold", "release", "send-now"])
    expect((await move(name)).body).toMatchObject({ status: 409, state: "cancelled" });
});

test("a mail that is just being sent can't be cancelled any more", async () => {
  const shop = await shopWithSource(web);
  const { messages } = await plannedOrder(web, shop, "4002");
  const lease = { lease_token: crypto.randomUUID(), lease_until: new Date("2026-01-20T08:02:00Z") };
  await web.db
    .updateTable("messages")
    .set({ state: "sending", ...lease })
    .where("id", "=", messages["check-in"] ?? "")
    .execute();
  expect((await web.call("POST", `/messages/${messages["check-in"]}/cancel`)).body).toMatchObject({ status: 409, state: "sending" });
});

test("preview and sent answer the mail, or say why there is none", async () => {
  const mail = { subject: "Hi", html: "<p>Hi</p>", text: "Hi", headers: { From: "a@b.example" } };
  const shown = await openWeb({ preview: async () => ({ failed: "no word for tracking" }), sent: async () => mail });
  const { messages } = await plannedOrder(shown, await shopWithSource(shown));
  const id = messages["check-in"];
  expect((await shown.call("GET", `/messages/${id}/preview`)).body).toMatchObject({
    status: 409,
    detail: expect.stringContaining("no word for tracking"),
  });
  expect(await shown.ok("GET", `/messages/${id}/sent`)).toEqual(mail);
  const unsent = await plannedOrder(web, await shopWithSource(web), "4003");
  expect((await web.call("GET", `/messages/${unsent.messages["check-in"]}/sent`)).status).toBe(404);
});

const oneStep = { key: "check-in", template: "check-in", category: "care", on: "shipment.dispatched", wait: { days: 3 } };

test("a schedule published with retime moves open orders, with keep it leaves them", async () => {
  const shop = await shopWithSource(web);
  const { orderId } = await plannedOrder(web, shop, "5001");
  const due = async () =>
    (await web.ok("GET", `/orders/${orderId}/timetable`)).entries.find((entry: Json) => entry.step === "check-in").dueAt.slice(0, 10);
  const before = await due();
  const kept = await web.ok("PUT", `/shops/${shop.shopId}/schedule`, { schedule: { name: "Quick", steps: [oneStep] }, queued: "keep" });
  expect(kept).toEqual({ version: 2, retimed: 0, cancelled: 0, added: 0 });
  expect(await due()).toBe(before);
  const moved = await web.ok("PUT", `/shops/${shop.shopId}/schedule`, { schedule: { name: "Quick", steps: [oneStep] }, queued: "retime" });
  expect(moved).toEqual({ version: 3, retimed: 1, cancelled: 1, added: 0 });
  expect(await due()).toBe("2026-01-23");
  expect(await web.ok("GET", `/shops/${shop.shopId}/schedule`)).toMatchObject({ version: 3, schedule: { name: "Quick" } });
});

test("schedules published at the same time become versions one after the other; none is lost", async () => {
  const { shopId } = await shopWithSource(web);
  const names = ["a", "b", "c", "d", "e"];
  const versions = await Promise.all(
    names.map((name) => web.ok("PUT", `/shops/${shopId}/schedule`, { schedule: { name, steps: [oneStep] }, queued: "retime" })),
  );
  expect(versions.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6]);
  const rows = await web.db.selectFrom("schedules").select("version").where("shop_id", "=", shopId).orderBy("version").execute();
  expect(rows.map((row) => row.version)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a step keeps the time since when it is there over versions; a new one counts from its publication (P4)", async () => {
  const { shopId } = await shopWithSource(web);
  const second = { ...oneStep, key: "second" };
  await web.ok("PUT", `/shops/${shopId}/schedule`, { schedule: { name: "x", steps: [oneStep, second] }, queued: "keep" });
  web.setClock("2026-01-25T08:00:00Z");
  await web.ok("PUT", `/shops/${shopId}/schedule`, {
    schedule: { name: "x", steps: [oneStep, second, { ...oneStep, key: "third" }] },
    queued: "keep",
  });
  web.setClock("2026-01-20T08:00:00Z");
  const row = await web.db
    .selectFrom("schedules")
    .select("since")
    .where("shop_id", "=", shopId)
    .where("version", "=", 3)
    .executeTakeFirstOrThrow();
  expect(row.since).toEqual({ "check-in": null, second: "2026-01-20T08:00:00.000Z", third: "2026-01-25T08:00:00.000Z" });
});

test("a schedule may come as YAML with ?queued=, and says where it is wrong", async () => {
  const { shopId } = await shopWithSource(web);
  const put = async (text: string, query: string) => {
    const response = await fetch(`${web.url}/api/v1/shops/${shopId}/schedule${query}`, {
      method: "PUT",
      body: text,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/yaml" },
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const yaml =
    "name: Yaml\nsteps:\n  - { key: check-in, template: check-in, category: care, on: shipment.dispatched, wait: { days: 4 } }\n";
  expect(await put(yaml, "?queued=keep")).toEqual({ status: 200, body: { version: 2, retimed: 0, cancelled: 0, added: 0 } });
  const wrong = await put(yaml.replace("days: 4", "days: never"), "");
  expect([wrong.status, wrong.body.errors.map((error: Json) => error.pointer).sort()]).toEqual([422, ["/queued", "/steps/0/wait/days"]]);
  expect((await put("a: [", "?queued=keep")).status).toBe(400);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e", "f", "g"].map((name, i) => `${name}: &${name} [${`*${"abcdef"[i]},`.repeat(9)}]`).join("\n")}`;
  expect((await put(bomb, "?queued=keep")).status).toBe(400);
});

test("a schedule that names a template there is not is refused", async () => {
  const { shopId } = await shopWithSource(web);
  const answer = await web.call("PUT", `/shops/${shopId}/schedule`, {
    schedule: { name: "x", steps: [{ ...oneStep, template: "chek-in" }] },
    queued: "keep",
  });
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, "/schedule/steps/0/template"]);
});

test("a closure's dry run lists who would be told and changes nothing; the closure itself plans them", async () => {
  const shop = await shopWithSource(web);
  const paid = { order: orderData("6001", "maya@buyer.example") };
  await web.deliver(shop.source, "order.placed", paid);
  await web.deliver(shop.source, "order.placed", { order: { ...orderData("6002", "lee@buyer.example"), test: true, id: "id-6002" } });
  await web.work();
  const rest = { name: "Spring rest", starts: "2026-01-22", ends: "2026-01-28", resumes: "2026-01-29" };
  const before = await web.db.selectFrom("messages").select("id").where("shop_id", "=", shop.shopId).execute();
  const dry = await web.call("POST", `/shops/${shop.shopId}/closures?dryRun=true`, rest);
  expect(dry.status).toBe(200);
  expect(dry.body.orders.map((order: Json) => order.number)).toContain("6001");
  expect(await web.db.selectFrom("messages").select("id").where("shop_id", "=", shop.shopId).execute()).toEqual(before);
  expect((await web.ok("GET", `/shops/${shop.shopId}/closures`)).closures).toEqual([]);

  const closure = await web.ok("POST", `/shops/${shop.shopId}/closures`, rest);
  expect(closure).toMatchObject({ ...rest, carriers: null });
  const told = (await web.ok("GET", `/messages?shop=${shop.shopId}&state=planned`)).messages.filter(
    (m: Json) => m.step === "holiday-delay",
  );
  expect(told.map((message: Json) => message.orderNumber).sort()).toEqual(dry.body.orders.map((order: Json) => order.number).sort());
  expect((await web.call("DELETE", `/shops/${shop.shopId}/closures/${closure.id}`)).status).toBe(204);
  const after = (await web.ok("GET", `/messages?shop=${shop.shopId}&state=planned`)).messages.filter(
    (m: Json) => m.step === "holiday-delay",
  );
  expect(after).toEqual([]);
});

test("a consent's withdrawal ends earlier ones and stops such mail; a later consent opens the way again (LAW-02)", async () => {
  const shop = await shopWithSource(web);
  const path = `/shops/${shop.shopId}/consents`;
  const consent = { address: "maya@buyer.example", scope: "review", text: "Yes, ask me.", source: "checkout", at: "2026-01-10T00:00:00Z" };
  const given = await web.ok("POST", path, consent);
  expect(given.withdrawnAt).toBeNull();
  expect((await web.ok("POST", path, consent)).id).toBe(given.id);
  await web.ok("POST", path, { ...consent, at: "2026-01-15T00:00:00Z", withdrawn: true });
  const { consents } = await web.ok("GET", `${path}?address=MAYA@buyer.example`);
  expect(consents.map((one: Json) => one.withdrawnAt)).toEqual(["2026-01-20T08:00:00.000Z", "2026-01-20T08:00:00.000Z"]);
  const suppressed = async () => (await web.ok("GET", `/shops/${shop.shopId}/suppressions`)).suppressions.map((one: Json) => one.scope);
  expect(await suppressed()).toEqual(["review"]);
  await web.ok("POST", path, { ...consent, at: "2026-01-21T00:00:00Z" });
  expect(await suppressed()).toEqual([]);
  await web.ok("POST", `/shops/${shop.shopId}/suppressions`, { address: consent.address, scope: "review", reason: "asked by phone" });
  await web.ok("POST", path, { ...consent, at: "2026-01-22T00:00:00Z" });
  expect(await suppressed()).toEqual(["review"]);
});

test("what can't be read is listed with the place and the reason, and can be tried again", async () => {
  const shop = await shopWithSource(web);
  const body = JSON.stringify({ type: "order.placed", occurredAt: "2026-01-20T07:00:00Z", data: { order: { id: "1" } } });
  await fetch(`${web.url}/hooks/${shop.source.id}`, {
    method: "POST",
    body,
    headers: signed(shop.source.secret, body, instantOf("2026-01-20T08:00:00Z")),
  });
  await web.work();
  const { deliveries } = await web.ok("GET", `/sources/${shop.source.id}/quarantine`);
  expect(deliveries).toHaveLength(1);
  expect(deliveries[0]).toMatchObject({
    state: "quarantined",
    topic: "order.placed",
    pointer: expect.stringContaining("/data/order"),
    bytes: body.length,
  });
  expect((await web.call("POST", `/deliveries/${deliveries[0].id}/retry`)).body).toEqual({ id: deliveries[0].id, state: "stored" });
  expect((await web.ok("GET", `/sources/${shop.source.id}/quarantine`)).deliveries).toEqual([]);
  await web.work();
  expect((await web.ok("GET", `/sources/${shop.source.id}/quarantine`)).deliveries).toHaveLength(1);
  await web.deliver(shop.source, "shipment.dispatched", { order: { id: "id-9" }, shipment: parcel });
  await web.work();
  const taken = await web.db
    .selectFrom("deliveries")
    .select("id")
    .where("source_id", "=", shop.source.id)
    .where("state", "=", "taken")
    .executeTakeFirstOrThrow();
  expect((await web.call("POST", `/deliveries/${taken.id}/retry`)).body).toMatchObject({ status: 409, state: "taken" });
});

test("the clock is 404 without CLOCK=manual; with it, it moves forward and never back", async () => {
  expect((await web.call("GET", "/clock")).body.detail).toContain("CLOCK=manual");
  let now = instantOf("2026-01-20T08:00:00Z");
  const moving = await openWeb({
    clock: {
      now: () => now,
      moveTo: async (at) => {
        now = at;
        return { now, sent: 3 };
      },
    },
  });
  expect(await moving.ok("GET", "/clock")).toEqual({ now: "2026-01-20T08:00:00.000Z" });
  expect(await moving.ok("PUT", "/clock", { now: "2026-01-21T09:00:00+01:00" })).toEqual({ now: "2026-01-21T08:00:00.000Z", sent: 3 });
  expect((await moving.call("PUT", "/clock", { now: "2026-01-21T07:59:59Z" })).status).toBe(409);
});

test("nothing about a buyer is logged (SEC-08)", async () => {
  expect(web.logged.join("\n")).not.toMatch(/buyer\.example|whsec_/);
});
