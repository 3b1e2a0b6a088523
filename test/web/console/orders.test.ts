import { beforeAll, describe, expect, test } from "vitest";
import { openWeb, orderData, plannedOrder, shopWithSource, type Web } from "../set-up.ts";
import { signedIn, textOf, type Visitor } from "./set-up.ts";

let web: Web;
let shop: Awaited<ReturnType<typeof shopWithSource>>;
let at: string;
let operator: Visitor;

beforeAll(async () => {
  web = await openWeb();
  shop = await shopWithSource(web);
  at = `/console/shops/${shop.shopId}`;
  operator = await signedIn(web, "operator");
});

const read = async (path: string, visitor = operator) => textOf((await visitor.get(path)).text);

describe("an order's page", () => {
  test("says in one sentence what went out, what will and what will not, and for each mail why", async () => {
    const { orderId } = await plannedOrder(web, shop, "2001", "ana@buyer.example");
    const text = await read(`${at}/orders/${orderId}`);
    expect(text).toMatch(/No mail sent yet, \d to come, the next on 20 Jan/);
    expect(text).toContain("10 days after parcel EE123456785CN was dispatched on 2026-01-20");
    expect(text).toContain("Unless one of these comes first: the order is cancelled");
    expect(text).toContain("no closure touches this order");
    expect(text).toContain("at the buyer's");
    expect(text).toMatch(/\d+ facts/);
  });

  test("holds a mail, says so, and the toast takes it back", async () => {
    const { orderId, messages } = await plannedOrder(web, shop, "2002", "bo@buyer.example");
    const page = `${at}/orders/${orderId}`;
    await operator.get(page);
    const held = await operator.post(`${at}/messages/${messages["check-in"]}/hold`);
    expect([held.status, held.to]).toEqual([303, page]);
    const { text } = await operator.get(page);
    expect(textOf(text)).toContain("an operator holds it");
    expect(text).toContain(`action="${at}/messages/${messages["check-in"]}/release"`);
    await operator.post(`${at}/messages/${messages["check-in"]}/release`);
    expect(await read(page)).not.toContain("an operator holds it");
  });

  test("holds and releases everything to come at once", async () => {
    const { orderId } = await plannedOrder(web, shop, "2003", "cy@buyer.example");
    await operator.get(`${at}/orders/${orderId}`);
    await operator.post(`${at}/orders/${orderId}/hold`);
    const held = await web.ok("GET", `/messages?order=${orderId}&state=held`);
    expect(held.messages.length).toBeGreaterThan(1);
    await operator.post(`${at}/orders/${orderId}/release`);
    expect((await web.ok("GET", `/messages?order=${orderId}&state=held`)).messages).toEqual([]);
  });

  test("notes in the audit log who moved what", async () => {
    const { orderId, messages } = await plannedOrder(web, shop, "2004", "di@buyer.example");
    await operator.get(`${at}/orders/${orderId}`);
    await operator.post(`${at}/messages/${messages["check-in"]}/cancel`);
    const row = await web.db.selectFrom("audit_log").selectAll().where("action", "=", "message.cancel").executeTakeFirstOrThrow();
    expect(row).toMatchObject({ action: "message.cancel", subject: messages["check-in"], actor: "Lin", shop_id: shop.shopId });
  });

  test("of another shop is not found, nor are its messages moved (SEC-07)", async () => {
    const other = await shopWithSource(web, { name: "Other" });
    const { orderId, messages } = await plannedOrder(web, other, "1001", "eve@buyer.example");
    const messageId = messages["check-in"] ?? "";
    for (const path of [`orders/${orderId}`, `messages/${messageId}`, `messages/${messageId}/mail`]) {
      expect((await operator.get(`${at}/${path}`)).status, path).toBe(404);
    }
    expect((await operator.post(`${at}/messages/${messageId}/cancel`)).status).toBe(404);
    await operator.post(`${at}/selected-messages/cancel`, { id: messageId });
    expect((await web.ok("GET", `/messages/${messageId}`)).state).toBe("planned");
  });
});

describe("the list of orders", () => {
  test("leads straight to the one order that a number, an address or a parcel names", async () => {
    const { orderId } = await plannedOrder(web, shop, "3001", "finn@buyer.example");
    for (const words of ["3001", "%233001", "finn%40buyer.example"]) {
      const { status, to } = await operator.get(`${at}/orders?q=${words}`);
      expect([words, status, to]).toEqual([words, 303, `${at}/orders/${orderId}`]);
    }
  });

  test("shows many, says when none fits, and the way back", async () => {
    expect(await read(`${at}/orders?q=maya`)).toContain("orders fit.");
    const none = await operator.get(`${at}/orders?q=nobody-of-that-name`);
    expect(textOf(none.text)).toContain("No order fits.");
    expect(none.text).toContain(`href="${at}/orders"`);
  });

  test("shows hostile names and numbers as mere text (SEC-02)", async () => {
    const order = orderData("<img src=x onerror=alert(1)>", "gus@buyer.example", {
      buyer: { email: "gus@buyer.example", name: '"><script>alert(1)</script>' },
    });
    await web.deliver(shop.source, "order.placed", { order });
    await web.work();
    const { text } = await operator.get(`${at}/orders`);
    expect(text).not.toMatch(/<script>alert|<img src=x/);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });
});

describe("messages", () => {
  test("are filtered by state, category, step and day, as the address says", async () => {
    await plannedOrder(web, shop, "4001", "hal@buyer.example");
    expect(await read(`${at}/messages?state=planned&category=care&step=check-in`)).toMatch(/fits?\b|fit\b/);
    expect(await read(`${at}/messages?state=sent`)).toContain("No message fits.");
    expect(await read(`${at}/messages?day=2026-01-20`)).toContain("Dispatch notice");
    expect(await read(`${at}/messages?day=2026-01-20`)).not.toContain("Feedback reminder 4001");
    expect((await operator.get(`${at}/messages?state=nonsense&day=31.12.&cursor=x`)).status).toBe(200);
  });

  test("ticked in a list are moved together, and the list stays as it was", async () => {
    const one = await plannedOrder(web, shop, "4002", "ida@buyer.example");
    const two = await plannedOrder(web, shop, "4003", "jo@buyer.example");
    await operator.get(`${at}/messages`);
    const body = new URLSearchParams({ _form: operator.formToken, back: "?state=planned" });
    for (const { messages } of [one, two]) body.append("id", messages["check-in"] ?? "");
    const response = await fetch(`${web.url}${at}/selected-messages/hold`, {
      method: "POST",
      redirect: "manual",
      body,
      headers: { accept: "text/html", cookie: operator.cookie },
    });
    expect([response.status, response.headers.get("location")]).toEqual([303, `${at}/messages?state=planned`]);
    expect(await read(`${at}/messages?state=held`)).toContain("2 mails held.");
    for (const { messages } of [one, two]) expect((await web.ok("GET", `/messages/${messages["check-in"]}`)).state).toBe("held");
  });

  test("leave as a file that no spreadsheet runs", async () => {
    const order = orderData("=1+1", "kim@buyer.example");
    await web.deliver(shop.source, "order.placed", { order });
    await web.deliver(shop.source, "shipment.dispatched", {
      order: { id: "id-=1+1" },
      shipment: { id: "s1", carrier: "DHL", dispatchedAt: "2026-01-20T08:00:00.000Z" },
    });
    await web.work();
    const { text, headers } = await operator.get(`${at}/messages.csv`);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const rows = text.split("\r\n");
    expect(rows[0]).toBe(
      "\uFEFFid,order,step,occurrence,category,state,due,sent,reason,attempts".slice(rows[0]?.startsWith("\uFEFF") ? 0 : 1),
    );
    expect(rows.some((row) => row.includes(",'=1+1,"))).toBe(true);
    expect(rows.some((row) => row.includes(",=1+1,"))).toBe(false);
  });

  test("show their mail in a frame of an origin of its own (SEC-02)", async () => {
    const { messages } = await plannedOrder(web, shop, "4004", "lee@buyer.example");
    const page = await operator.get(`${at}/messages/${messages["check-in"]}`);
    expect(textOf(page.text)).toContain("As it would go out now");
    expect(page.text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const mail = await operator.get(`${at}/messages/${messages["check-in"]}/mail`);
    expect(mail.headers.get("content-security-policy")).toMatch(/^sandbox /);
    expect(mail.text).toContain("<p>hello</p>");
  });
});

describe("a buyer's page", () => {
  test("is named by a hash, never by the address, and shows orders and mails", async () => {
    await plannedOrder(web, shop, "5001", "mia@buyer.example");
    await operator.get(`${at}/buyers`);
    const found = await operator.post(`${at}/buyers`, { who: "MIA@buyer.example" });
    expect([found.status, found.to?.includes("mia")]).toEqual([303, false]);
    const text = await read(found.to ?? "");
    expect(text).toContain("has one order.");
    expect(text).toContain("Check-in");
  });

  test("stops mail and allows it again, with a line in the audit log for each", async () => {
    const { messages } = await plannedOrder(web, shop, "5002", "ned@buyer.example");
    await operator.get(`${at}/buyers`);
    const to = (await operator.post(`${at}/buyers`, { who: "ned@buyer.example" })).to ?? "";
    await operator.post(`${to}/stop`, { scope: "care", reason: "asked by phone" });
    expect((await web.ok("GET", `/messages/${messages["check-in"]}`)).state).toBe("cancelled");
    const { text } = await operator.get(to);
    expect(textOf(text)).toContain("asked by phone");
    const id = /name="id" value="([^"]+)"/.exec(text)?.[1] ?? "";
    await operator.post(`${to}/lift`, { id });
    await web.work();
    expect((await web.ok("GET", `/messages/${messages["check-in"]}`)).state).toBe("planned");
    const actions = await web.db.selectFrom("audit_log").select("action").where("action", "like", "suppression.%").execute();
    expect(actions.map(({ action }) => action).sort()).toEqual(["suppression.lifted", "suppression.made"]);
  });

  test("gives an owner everything that is kept, and erases it, and the log names nobody", async () => {
    const owner = await signedIn(web, "owner");
    const { orderId } = await plannedOrder(web, shop, "5003", "oli@buyer.example");
    await owner.get(`${at}/buyers`);
    const to = (await owner.post(`${at}/buyers`, { who: "oli@buyer.example" })).to ?? "";
    const out = await owner.post(`${to}/export`);
    expect(JSON.parse(out.text)).toMatchObject({ address: "oli@buyer.example", orders: [{ id: orderId }] });
    await owner.post(`${to}/erase`);
    expect(await read(`${at}/orders/${orderId}`, owner)).not.toContain("oli@buyer.example");
    const rows = await web.db.selectFrom("audit_log").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain("oli@buyer.example");
  });
});
