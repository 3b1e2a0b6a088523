import { sql } from "kysely";
import { expect, test } from "vitest";
import { openWeb, orderData, plannedOrder, shopWithSource } from "./set-up.ts";

const web = await openWeb();

async function order() {
  const shop = await shopWithSource(web);
  const planned = await plannedOrder(web, shop);
  /** Sets the state of a message as its sender would, and plans again. */
  const ends = async (step: string, state: string, reason: string | null) => {
    const id = planned.messages[step] ?? "";
    const sent = state === "unsure" || state === "sent";
    await sql`update messages set state = ${state}, reason = ${reason}, sent_at = ${sent ? sql`due_at` : null} where id = ${id}`.execute(
      web.db,
    );
    await web.deps.planNow([planned.orderId]);
    return id;
  };
  const open = async () => (await web.ok("GET", `/shops/${shop.shopId}/tasks?state=open`)).tasks;
  return { ...shop, ...planned, ends, open };
}

test("a check-in of which nobody knows whether it arrived becomes one task, however often its order is planned", async () => {
  const { shopId, orderId, ends, open } = await order();
  const messageId = await ends("check-in", "unsure", "answer-unknown");
  await web.deps.planNow([orderId]);
  const tasks = await open();
  expect(tasks).toMatchObject([
    { kind: "message-unsure", shopId, orderId, orderNumber: "1001", messageId, step: "check-in", state: "open" },
  ]);
  expect(tasks[0].toDo).toContain("check-in");
});

test("an order mail in doubt goes again by itself (REL-02): no task", async () => {
  const { ends, open } = await order();
  await ends("dispatch-notice", "unsure", "answer-unknown");
  expect(await open()).toEqual([]);
});

test("a mail that could not be made becomes a task; one that a server refused does not", async () => {
  const { ends, open } = await order();
  await ends("dispatch-notice", "failed", "refused");
  expect(await open()).toEqual([]);
  await ends("check-in", "failed", "render-failed");
  expect(await open()).toMatchObject([{ kind: "message-failed", step: "check-in", occurrence: { kind: "order" } }]);
});

test("a late answer of the server ends the task; doubt that comes back opens another", async () => {
  const { shopId, ends, open } = await order();
  await ends("check-in", "unsure", "answer-unknown");
  await ends("check-in", "sent", null);
  expect(await open()).toEqual([]);
  const { tasks } = await web.ok("GET", `/shops/${shopId}/tasks?state=resolved`);
  expect(tasks).toMatchObject([{ resolution: "no-longer-needed", resolvedAt: "2026-01-20T08:00:00.000Z" }]);
  await ends("check-in", "unsure", "answer-unknown");
  expect(await open()).toHaveLength(1);
});

test("what a person resolved is not opened again, and can't be resolved twice", async () => {
  const { shopId, orderId, ends, open } = await order();
  await ends("check-in", "unsure", "answer-unknown");
  const [{ id }] = await open();
  const resolved = await web.ok("POST", `/tasks/${id}/resolve`, { resolution: "answered", note: "asked the server" });
  expect(resolved).toMatchObject({ id, state: "resolved", resolution: "answered", note: "asked the server" });
  const again = await web.call("POST", `/tasks/${id}/resolve`);
  expect([again.status, again.body.state]).toEqual([409, "resolved"]);
  await web.deps.planNow([orderId]);
  expect(await open()).toEqual([]);
  expect((await web.ok("GET", `/shops/${shopId}/tasks?order=${orderId}`)).tasks).toHaveLength(1);
});

test("doubt about a mail that went before everything was refunded is no task any more", async () => {
  const { shopId, source, ends, open } = await order();
  await ends("check-in", "unsure", "answer-unknown");
  expect(await open()).toHaveLength(1);
  // The check-in went when it was due, ten days after the parcel.
  web.setClock("2026-02-10T08:00:00Z");
  await web.deliver(source, "order.refunded", { order: { id: "id-1001" }, refund: { id: "f1", amount: "49.90" } }, "2026-02-10T08:00:00Z");
  await web.work();
  expect(await open()).toEqual([]);
  const { tasks } = await web.ok("GET", `/shops/${shopId}/tasks?state=resolved`);
  expect(tasks).toMatchObject([{ resolution: "no-longer-needed", note: "The order was refunded in full." }]);
  web.setClock("2026-01-20T08:00:00Z");
});

test("a schedule that leaves no hour for a mail becomes a task, and mending it ends the task", async () => {
  const { shopId, source, open } = await order();
  // A country of several zones and no region: the window must hold in Shanghai, too (SCH-04). These hours are shared, but never on a Sunday.
  const moved = orderData("1001", "maya@buyer.example", { shippingAddress: { country: "US" } });
  await web.deliver(source, "order.updated", { order: moved }, "2026-01-20T08:00:01Z");
  await web.work();
  const step = { key: "a", template: "check-in", category: "care", on: "shipment.dispatched", wait: { days: 3 } };
  const publish = async (window?: object) => {
    await web.ok("PUT", `/shops/${shopId}/schedule`, { schedule: { name: "x", steps: [{ ...step, window }] }, queued: "retime" });
    await web.deps.replanShop(shopId);
  };
  await publish({ from: "00:00", to: "13:00", days: ["sun"] });
  expect(await open()).toMatchObject([{ kind: "needs-attention", step: "a", messageId: null }]);
  await publish();
  expect(await open()).toEqual([]);
});

test("tasks of another shop's order are not listed under one's own (SEC-07)", async () => {
  const mine = await order();
  const theirs = await order();
  await theirs.ends("check-in", "unsure", "answer-unknown");
  expect(await mine.open()).toEqual([]);
  expect((await web.call("GET", `/shops/${mine.shopId}/tasks?order=${theirs.orderId}`)).status).toBe(404);
});
