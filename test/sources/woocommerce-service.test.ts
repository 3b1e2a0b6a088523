import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultShop, type Json, type Service, startService } from "../support/service.ts";
import { wooSnapshot, wooTracked, wooTracking } from "./support/subjects.ts";

const secret = "s3cret & <more>";

describe("a shop on WooCommerce", () => {
  let service: Service;
  let shopId: string;
  let path: string;

  beforeAll(async () => {
    service = await startService({ start: "2026-01-05T09:00:00Z" });
    shopId = (await service.ok("POST", "/shops", { ...defaultShop, liveFrom: "2026-01-01T00:00:00Z" })).id;
    const source = await service.ok("POST", `/shops/${shopId}/sources`, { platform: "woocommerce", secret, domain: "shop.example" });
    path = `/hooks/${source.id}`;
  }, 60_000);

  /** Sends a body the way WordPress does, over HTTP/1.0, and answers the status. */
  function send(topic: string, body: unknown, deliveryId = "0c2f4d6a8b"): Promise<number> {
    const bytes = JSON.stringify(body);
    return http10(bytes, {
      "content-type": "application/json",
      "x-wc-webhook-source": "https://shop.example/",
      "x-wc-webhook-topic": topic,
      "x-wc-webhook-delivery-id": deliveryId,
      "x-wc-webhook-signature": createHmac("sha256", secret).update(bytes).digest("base64"),
    });
  }

  function http10(body: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const { port, hostname } = new URL(service.url);
    const lines = [`POST ${path} HTTP/1.0`, "Host: mail.example", `Content-Length: ${Buffer.byteLength(body)}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`));
      let answer = "";
      socket.setEncoding("latin1");
      socket.on("data", (chunk) => {
        answer += chunk;
      });
      socket.on("end", () => resolve(Number(/^HTTP\/1\.\d (\d+)/.exec(answer)?.[1])));
      socket.on("error", reject);
    });
  }

  async function entry(step: string): Promise<Json> {
    const { orders } = await service.ok("GET", `/shops/${shopId}/orders?number=727`);
    const { entries } = await service.ok("GET", `/orders/${orders[0].id}/timetable`);
    return entries.find((one: Json) => one.step === step);
  }

  const mails = () => service.sink.mails().map((mail) => mail.text);
  const order = (modified: string, changes: object = {}) => wooSnapshot(modified, { "/billing/email": "maya@buyer.example", ...changes });

  test("has its unsigned ping answered with 200, and can't do without a secret (IN-10)", async () => {
    expect(await http10("webhook_id=3", { "content-type": "application/x-www-form-urlencoded" })).toBe(200);
    expect(await http10("webhook_id=3&id=727", { "content-type": "application/x-www-form-urlencoded" })).toBe(401);
    const refused = await service.api("POST", `/shops/${shopId}/sources`, { platform: "woocommerce" });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: "/secret" }] } });
  });

  test("has its buyer told of a parcel once, when the tracking plugin's entry comes, however often it comes", async () => {
    expect(await send("order.created", order("2026-01-05T08:00:00"))).toBe(202);
    const shipped = order("2026-01-06T09:00:02", wooTracked(wooTracking));
    expect(await service.moveTo("2026-01-06T09:00:05Z")).toBe(0);
    expect(await send("order.updated", shipped, "one")).toBe(202);
    expect(await send("order.updated", shipped, "another")).toBe(202);
    const completed = { ...wooTracked(wooTracking), "/status": "completed", "/date_completed_gmt": "2026-01-06T09:05:00" };
    expect(await send("order.updated", order("2026-01-06T09:05:00", completed))).toBe(202);
    await service.moveTo("2026-01-06T09:10:00Z");
    expect(mails()).toEqual([expect.stringContaining("RR473124829FI")]);
    expect(await entry("check-in")).toMatchObject({ state: "planned" });
  });

  test("has nothing more sent of an order that was deleted, and sent again when it is restored", async () => {
    expect(await send("order.deleted", { id: 727 })).toBe(202);
    await service.moveTo("2026-01-07T09:00:00Z");
    expect(await entry("check-in")).toMatchObject({ reason: "order-cancelled" });
    const back = { ...wooTracked(wooTracking), "/status": "completed", "/date_completed_gmt": "2026-01-06T09:05:00" };
    expect(await send("order.restored", order("2026-01-07T10:00:00", back))).toBe(202);
    await service.moveTo("2026-01-07T11:00:00Z");
    expect(await entry("check-in")).toMatchObject({ state: "planned" });
    expect(mails()).toHaveLength(1);
  });

  test("has a slip of its plugin kept apart from what it means: what can't be read is quarantined, with the field", async () => {
    expect(await send("order.updated", order("2026-01-08T08:00:00", { "/line_items/1/quantity": "many" }))).toBe(202);
    await service.moveTo("2026-01-08T09:00:00Z");
    const { deliveries } = await service.ok("GET", `/sources/${path.split("/").at(-1)}/quarantine`);
    expect(deliveries).toMatchObject([{ topic: "order.updated", pointer: "/line_items/1/quantity" }]);
  });
});
