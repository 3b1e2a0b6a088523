import { beforeAll, describe, expect, test } from "vitest";
import { openWeb, orderData, parcel, shopWithSource, type Web } from "../set-up.ts";
import { signedIn, textOf, type Visitor } from "./set-up.ts";

const orders = 30;
let web: Web;
let shop: Awaited<ReturnType<typeof shopWithSource>>;
let at: string;
let operator: Visitor;

beforeAll(async () => {
  web = await openWeb();
  shop = await shopWithSource(web);
  at = `/console/shops/${shop.shopId}`;
  for (let n = 0; n < orders; n += 1) {
    await web.deliver(shop.source, "order.placed", { order: orderData(`3${n}`, `b${n}@buyer.example`) });
    await web.deliver(shop.source, "shipment.dispatched", { order: { id: `id-3${n}` }, shipment: { ...parcel, id: `s-${n}` } });
  }
  await web.work();
  operator = await signedIn(web, "operator", { name: "Mei" });
});

const count = async (state: string) => (await web.ok("GET", `/messages?shop=${shop.shopId}&state=${state}&limit=200`)).messages.length;

describe("all messages that match a filter", () => {
  test("are counted for a label, are asked about once with those that stay, are moved in the background, and moved back", async () => {
    const list = await operator.get(`${at}/messages`);
    expect(textOf(list.text)).toContain("All that match the filter");
    expect(textOf((await operator.get(`${at}/messages/count?state=planned`)).text)).toBe(`All ${orders * 2} that match`);

    const [first] = (await web.ok("GET", `/messages?shop=${shop.shopId}&limit=1`)).messages;
    await web.ok("POST", `/messages/${first.id}/cancel`, {});
    await operator.get(`${at}/messages`);
    const asked = await operator.post(`${at}/selected-messages/hold`, { all: "on", back: "" });
    expect(asked.status).toBe(200);
    expect(textOf(asked.text)).toContain(`Hold ${orders * 2 - 1} mails?`);
    expect(textOf(asked.text)).toContain("Cancelled 1");
    expect(await count("held")).toBe(0);

    const { to } = await operator.post(`${at}/matching-messages/hold`, { back: "" });
    const path = new URL(to ?? "", web.url).pathname;
    expect(web.woken).toContain("errands");
    expect(textOf((await operator.get(path)).text)).toContain("Hold mails: waiting.");
    expect(textOf((await operator.get(`${at}/today`)).text)).toContain("Work 1");
    await web.errands();
    expect(await count("held")).toBe(orders * 2 - 1);
    const done = textOf((await operator.get(path)).text);
    expect(done).toContain("Hold mails: done.");
    expect(done).toContain(`${orders * 2 - 1} moved · 1 left as they were`);
    expect(textOf((await operator.get(`${at}/work`)).text)).toMatch(/Hold mails all of the shop .*done .*Mei/);

    const back = await operator.post(`${path}/undo`);
    expect(back.to).toContain("/work/");
    await web.errands();
    expect(await count("held")).toBe(0);
    // Whatever is undone is not undone twice.
    expect((await operator.post(`${new URL(back.to ?? "", web.url).pathname}/undo`)).status).toBe(303);
    await web.errands();
    const audit = await web.db.selectFrom("audit_log").select(["action", "actor"]).where("action", "like", "errand.%").execute();
    expect(audit.filter(({ action, actor }) => action === "errand.asked" && actor === "Mei")).toHaveLength(3);
    expect(audit.filter(({ action, actor }) => action === "errand.ended" && actor === "Mei")).toHaveLength(3);
  });

  test("are only those of the filter, by the API as well, which answers at once and can be asked how far it is", async () => {
    const body = { move: "cancel", filter: { step: "check-in", due: { from: "2026-01-01T00:00:00Z", before: "2027-01-01T00:00:00Z" } } };
    const asked = await web.call("POST", `/shops/${shop.shopId}/messages/moves`, body);
    expect([asked.status, asked.body.state, asked.body.total]).toEqual([202, "waiting", null]);
    await web.errands();
    const moves = `/shops/${shop.shopId}/messages/moves/${asked.body.id}`;
    const done = await web.ok("GET", moves);
    expect(done).toMatchObject({ state: "done", total: orders, by: "API_TOKEN" });
    expect(done.moved + done.skipped.reduce((sum: number, one: { count: number }) => sum + one.count, 0)).toBe(orders);
    const { messages } = await web.ok("GET", `/messages?shop=${shop.shopId}&state=cancelled&limit=200`);
    expect(messages.filter((message: { step: string }) => message.step === "check-in")).toHaveLength(orders);
    expect((await web.call("POST", `${moves}/cancel`, {})).status).toBe(409);
    const other = await shopWithSource(web, { name: "Another" });
    expect((await web.call("GET", `/shops/${other.shopId}/messages/moves/${asked.body.id}`)).status).toBe(404);
  });
});
