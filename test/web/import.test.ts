import { request } from "node:http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linesOf } from "../../src/web/lines.ts";
import { type Json, openWeb, orderData, parcel, shopWithSource, signed, token } from "./set-up.ts";

const web = await openWeb();

function event(type: string, data: object, occurredAt = "2026-01-19T08:00:00.000Z"): string {
  return JSON.stringify({ type, occurredAt, data });
}

function placed(number: number, more: object = {}): string {
  return event("order.placed", { order: orderData(String(number), `b${number}@buyer.example`, more) });
}

function send(shopId: string, body: string, query = "") {
  return web.call("POST", `/shops/${shopId}/import${query}`, body, { "content-type": "application/x-ndjson" });
}

describe("an import", () => {
  test("takes in a line an event, and its orders are planned like any other's", async () => {
    const { shopId } = await shopWithSource(web);
    const lines = [placed(1), event("shipment.dispatched", { order: { id: "id-1" }, shipment: parcel }), placed(2)];
    const { status, body } = await send(shopId, `${lines.join("\n")}\n`);
    expect([status, body]).toEqual([
      200,
      { source: expect.any(String), lines: 3, stored: 3, repeats: 0, ignored: 0, failed: 0, errors: [] },
    ]);
    expect(web.woken).toContain("take-in");
    await web.work();
    const { orders } = await web.ok("GET", `/shops/${shopId}/orders`);
    expect(orders.map((order: Json) => [order.number, order.sourceId])).toEqual([
      ["2", body.source],
      ["1", body.source],
    ]);
    const { messages } = await web.ok("GET", `/messages?order=${orders[1].id}`);
    expect(messages.map((message: Json) => message.step).sort()).toEqual(["check-in", "dispatch-notice"]);
  });

  test("may be repeated: lines that came before are repeats, also within one file, whatever spaces end them", async () => {
    const { shopId } = await shopWithSource(web);
    const file = `${placed(1)}\n${placed(2)}\n`;
    const first = await send(shopId, file + file);
    expect(first.body).toMatchObject({ lines: 4, stored: 2, repeats: 2 });
    const again = await send(shopId, `${file}${placed(3)}`);
    expect(again.body).toMatchObject({ lines: 3, stored: 1, repeats: 2, source: first.body.source });
    expect((await send(shopId, file.replaceAll("\n", "\r\n"))).body).toMatchObject({ lines: 2, stored: 0, repeats: 2 });
    await web.work();
    expect((await web.ok("GET", `/shops/${shopId}/orders`)).orders).toHaveLength(3);
  });

  test("names the lines it can't read, with what is wrong, and takes all others", async () => {
    const { shopId } = await shopWithSource(web);
    const noTotal = placed(2, { total: undefined });
    const lines = [placed(1), "", "{not json", noTotal, event("customer.created", {}), "   ", "[]", placed(3)];
    const { body } = await send(shopId, lines.join("\n"));
    expect(body).toMatchObject({ lines: 6, stored: 2, ignored: 1, failed: 3 });
    expect(body.errors).toEqual([
      { line: 3, pointer: "", detail: "it is not JSON" },
      { line: 4, pointer: "/data/order/total", detail: "data.order.total is missing" },
      { line: 7, pointer: expect.any(String), detail: expect.stringMatching(/^\S+ is /) },
    ]);
    await web.work();
    expect((await web.ok("GET", `/shops/${shopId}/orders`)).orders).toHaveLength(2);
  });

  test("names the first twenty of many wrong lines and counts them all", async () => {
    const { shopId } = await shopWithSource(web);
    const { body } = await send(shopId, Array.from({ length: 500 }, () => "{}").join("\n"));
    expect([body.failed, body.errors.length, body.errors[19].line]).toEqual([500, 20, 20]);
  });

  test("passes over a line longer than 2 MiB and goes on after it (IN-14)", async () => {
    const { shopId } = await shopWithSource(web);
    const { body } = await send(shopId, [placed(1), `"${"x".repeat(2 * 1024 * 1024)}"`, placed(2)].join("\n"));
    expect(body).toMatchObject({ stored: 2, failed: 1, errors: [{ line: 2, pointer: "", detail: "it is longer than 2 MiB" }] });
  });

  test("never becomes a burst: orders from before the shop went live plan nothing, what is long past is not sent (P4)", async () => {
    const { shopId } = await shopWithSource(web, { liveFrom: "2026-01-10T00:00:00Z" });
    const story = (number: number, placedAt: string, dispatchedAt: string) => [
      placed(number, { placedAt }),
      event(
        "shipment.dispatched",
        { order: { id: `id-${number}` }, shipment: { ...parcel, id: `s${number}`, dispatchedAt } },
        dispatchedAt,
      ),
    ];
    const old = Array.from({ length: 40 }, (_, i) => story(i + 1, "2026-01-09T08:00:00.000Z", "2026-01-15T08:00:00.000Z")).flat();
    const recent = Array.from({ length: 40 }, (_, i) => story(i + 101, "2026-01-11T08:00:00.000Z", "2026-01-12T08:00:00.000Z")).flat();
    expect((await send(shopId, [...old, ...recent].join("\n"))).body).toMatchObject({ stored: 160 });
    await web.work();
    const { messages } = await web.ok("GET", `/messages?shop=${shopId}&limit=200`);
    // Announcing a parcel a week after it left is of no use to anybody; asking how it went still is.
    const planned = messages.filter((message: Json) => message.state === "planned");
    expect(planned).toHaveLength(40);
    expect(planned.every((message: Json) => message.step === "check-in" && Number(message.orderNumber) > 100)).toBe(true);
    const notices = messages.filter((message: Json) => message.step === "dispatch-notice");
    expect(notices.map((message: Json) => message.state)).toEqual(Array.from({ length: 40 }, () => "stale"));
  });

  test("belongs to the shop's own source for imports, which nobody else can write to", async () => {
    const { shopId } = await shopWithSource(web);
    const [one, two] = await Promise.all([send(shopId, placed(1)), send(shopId, placed(2))]);
    expect(one.body.source).toBe(two.body.source);
    const { sources } = await web.ok("GET", `/shops/${shopId}/sources`);
    expect(sources.map((source: Json) => source.platform)).toEqual(["standard", "standard"]);
    const body = placed(3);
    const forged = await fetch(`${web.url}/hooks/${one.body.source}`, {
      method: "POST",
      body,
      headers: signed("whsec_bm8gb25lIGtub3dzIHRoaXMgc2VjcmV0", body, web.deps.now()),
    });
    expect(forged.status).toBe(401);
  });

  test("belongs to a source of the shop's when it is named, so that its webhooks go on with the same orders", async () => {
    const { shopId, source } = await shopWithSource(web);
    expect((await send(shopId, placed(1), `?source=${source.id}`)).body.source).toBe(source.id);
    await web.deliver(source, "shipment.dispatched", { order: { id: "id-1" }, shipment: parcel });
    await web.work();
    const { orders } = await web.ok("GET", `/shops/${shopId}/orders`);
    expect(orders).toHaveLength(1);
    expect((await web.ok("GET", `/messages?order=${orders[0].id}`)).messages.length).toBeGreaterThan(0);
  });

  test("refuses a source of another shop or another format", async () => {
    const { shopId } = await shopWithSource(web);
    const other = await shopWithSource(web);
    const shopify = await web.ok("POST", `/shops/${shopId}/sources`, { platform: "shopify", secret: "s3cret" });
    for (const source of [other.source.id, shopify.id, "nonsense"]) {
      const refused = await send(shopId, placed(1), `?source=${source}`);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, "/source"]);
    }
    expect((await send(other.source.id, placed(1))).status).toBe(404);
    expect((await web.call("POST", `/shops/${shopId}/import`, placed(1), { "content-encoding": "gzip" })).status).toBe(415);
    expect((await send(shopId, "")).body).toMatchObject({ lines: 0, stored: 0 });
  });

  test("keeps what came when the sender hangs up in the middle of a line", async () => {
    const { shopId } = await shopWithSource(web);
    const lines = Array.from({ length: 450 }, (_, i) => placed(i + 1)).join("\n");
    const sending = request(`${web.url}/api/v1/shops/${shopId}/import`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    sending.on("error", () => undefined);
    sending.write(`${lines}\n{"type":"order.pl`);
    await expect.poll(() => stored(shopId), { timeout: 10_000 }).toBeGreaterThanOrEqual(400);
    sending.destroy();
    expect((await send(shopId, lines)).body).toMatchObject({ lines: 450, failed: 0 });
    expect(await stored(shopId)).toBe(450);
  });
});

async function stored(shopId: string): Promise<number> {
  const rows = await web.db.selectFrom("deliveries").select("id").where("shop_id", "=", shopId).execute();
  return rows.length;
}

test("lines are the same however the bytes come", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "\n", "\r", "世", "{"), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), async (whole, sizes) => {
      const bytes = Buffer.from(whole);
      async function* pieces() {
        let at = 0;
        for (let index = 0; at < bytes.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          yield new Uint8Array(bytes.subarray(at, at + size));
          at += size;
        }
      }
      const found: string[] = [];
      for await (const { bytes: line } of linesOf(pieces(), 1_000)) found.push(line?.toString("utf8") ?? "too long");
      const wanted = whole.split("\n");
      if (wanted.at(-1) === "") wanted.pop();
      expect(found).toEqual(wanted);
    }),
  );
});

test("of a line that is too long no more than allowed is kept, and the next is whole", async () => {
  async function* pieces() {
    yield Buffer.from("ab");
    for (let times = 0; times < 50; times += 1) yield Buffer.alloc(100, "x");
    yield Buffer.from("\nnext\nlast");
  }
  const found: (string | null)[] = [];
  for await (const { number, bytes } of linesOf(pieces(), 100)) found.push(bytes === null ? null : `${number} ${bytes}`);
  expect(found).toEqual([null, "2 next", "3 last"]);
});
