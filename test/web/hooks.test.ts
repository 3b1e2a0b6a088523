import { createHmac, randomUUID } from "node:crypto";
import { createConnection } from "node:net";
import { expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { openWeb, orderData, shopBody, shopWithSource, signed } from "./set-up.ts";

const at = instantOf("2026-01-20T08:00:00Z");
const web = await openWeb();
const { shopId, source } = await shopWithSource(web);
const body = JSON.stringify({ type: "order.placed", occurredAt: "2026-01-20T07:00:00Z", data: { order: orderData("1", "a@b.example") } });

function post(
  sourceId: string,
  bytes: NonNullable<RequestInit["body"]>,
  headers: Record<string, string>,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${web.url}/hooks/${sourceId}`, { method: "POST", body: bytes, headers, ...init });
}

function storedDeliveries(): Promise<number> {
  return web.db
    .selectFrom("deliveries")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow()
    .then((row) => row.n);
}

test("a signed webhook is answered 202 once its bytes and the headers that matter are stored, and wakes the reader", async () => {
  const headers = { ...signed(source.secret, body, at), cookie: "secret=1", "x-forwarded-for": "203.0.113.9" };
  const response = await post(source.id, body, headers);
  expect([response.status, await response.text()]).toEqual([202, "{}"]);
  const row = await web.db.selectFrom("deliveries").selectAll().where("source_id", "=", source.id).executeTakeFirstOrThrow();
  expect(row.body?.toString()).toBe(body);
  expect([row.topic, row.state, row.received_at]).toEqual(["order.placed", "stored", at]);
  expect(Object.keys(row.headers).sort()).toEqual(["content-type", "user-agent", "webhook-id", "webhook-signature", "webhook-timestamp"]);
  expect(web.woken).toContain("take-in");
  expect(web.counted).toContain("standard stored");
});

test("a repeat is answered 202 and stored once (IN-05)", async () => {
  const headers = signed(source.secret, body, at);
  const before = await storedDeliveries();
  const answers = await Promise.all([1, 2, 3].map(() => post(source.id, body, headers)));
  expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202]);
  expect(await storedDeliveries()).toBe(before + 1);
});

test.each([
  ["no signature", { "content-type": "application/json" }],
  ["another secret's signature", signed("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", body, at)],
  ["a signature over other bytes", signed(source.secret, `${body} `, at)],
  ["a stale signature (IN-11)", signed(source.secret, body, instantOf("2026-01-20T07:54:00Z"))],
  ["a signature that is not base64", { ...signed(source.secret, body, at), "webhook-signature": "v1,§§§".replaceAll("§", "!") }],
])("%s is answered 401, and nothing is stored (IN-01)", async (_name, headers) => {
  const before = await storedDeliveries();
  const response = await post(source.id, body, headers);
  expect([response.status, response.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
  expect(await storedDeliveries()).toBe(before);
});

test("a valid signature of one source is worth nothing at another's address (IN-02)", async () => {
  const other = await shopWithSource(web, { name: "Another" });
  expect((await post(other.source.id, body, signed(source.secret, body, at))).status).toBe(401);
});

test("a Shopify webhook that names another domain than the source's is refused, though signed (IN-02)", async () => {
  const made = await web.ok("POST", `/shops/${shopId}/sources`, {
    platform: "shopify",
    secret: "shopify-secret",
    domain: "Lantern.myshopify.com",
  });
  const bytes = '{"id":1,"path":"a\\/b"}';
  const headers = (domain: string) => ({
    "content-type": "application/json",
    "x-shopify-topic": "orders/paid",
    "x-shopify-shop-domain": domain,
    "x-shopify-webhook-id": randomUUID(),
    "x-shopify-hmac-sha256": createHmac("sha256", "shopify-secret").update(bytes).digest("base64"),
  });
  expect((await post(made.id, bytes, headers("evil.myshopify.com"))).status).toBe(401);
  expect((await post(made.id, bytes, headers("lantern.myshopify.com"))).status).toBe(202);
});

test("WooCommerce's unsigned creation ping gets exactly 200, and nothing is stored (IN-10)", async () => {
  const made = await web.ok("POST", `/shops/${shopId}/sources`, { platform: "woocommerce", secret: "woo-secret-of-the-shop" });
  const before = await storedDeliveries();
  expect((await post(made.id, "webhook_id=12", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(200);
  expect((await post(made.id, "webhook_id=12&x=1", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(401);
  expect(await storedDeliveries()).toBe(before);
});

test("an unknown source is 404, whatever its name looks like", async () => {
  for (const id of [randomUUID(), "x", "%00", "..%2f..", "a".repeat(3_000), "' or 1=1"]) {
    expect((await post(encodeURI(id), body, signed(source.secret, body, at))).status, id).toBe(404);
  }
  expect((await fetch(`${web.url}/hooks/${source.id}`)).status).toBe(405);
});

test("a signed body that can't be read is still 202: a 4xx would make senders unsubscribe us (IN-13)", async () => {
  for (const bytes of ["", "{", "null", "[".repeat(100_000), '{"type":"no.such.type"}', "\u0000", "\ufeff{}"]) {
    expect((await post(source.id, bytes, signed(source.secret, bytes, at))).status, bytes.slice(0, 20)).toBe(202);
  }
  const latin = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]);
  expect((await post(source.id, latin, signed(source.secret, latin, at))).status).toBe(202);
});

test("2 MiB are taken, one byte more is 413: when it is announced and when it is not (IN-14)", async () => {
  const most = Buffer.alloc(2 * 1024 * 1024, 0x20);
  expect((await post(source.id, most, signed(source.secret, most, at))).status).toBe(202);
  const more = Buffer.alloc(most.length + 1, 0x20);
  expect((await post(source.id, more, signed(source.secret, more, at))).status).toBe(413);
  const chunks = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(256 * 1024));
    },
  });
  const endless = post(source.id, chunks, signed(source.secret, "", at), { duplex: "half" } as RequestInit);
  expect((await endless).status).toBe(413);
});

test("an encoded body is 415, one that says it is not encoded is fine (IN-14)", async () => {
  expect((await post(source.id, body, { ...signed(source.secret, body, at), "content-encoding": "gzip" })).status).toBe(415);
  expect((await post(source.id, body, { ...signed(source.secret, body, at), "content-encoding": "identity" })).status).toBe(202);
});

test("an HTTP/1.0 caller without a Host is served (IN-10)", async () => {
  const headers = Object.entries(signed(source.secret, body, at)).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await rawRequest(`POST /hooks/${source.id} HTTP/1.0\r\n${headers.join("")}content-length: ${body.length}\r\n\r\n${body}`);
  expect(answer).toMatch(/^HTTP\/1\.[01] 202 /);
});

test("a secret is rotated without loss: old and new are valid until the old one is deleted, at once in this process (IN-03)", async () => {
  const one = await shopWithSource(web);
  const send = (secret: string) => post(one.source.id, body, signed(secret, body, at)).then((response) => response.status);
  expect(await send(one.source.secret)).toBe(202);
  const rotated = await web.ok("POST", `/sources/${one.source.id}/rotate-secret`);
  expect(rotated.secret).toMatch(/^whsec_/);
  expect([await send(one.source.secret), await send(rotated.secret)]).toEqual([202, 202]);
  await web.ok("DELETE", `/sources/${one.source.id}/old-secret`);
  expect([await send(one.source.secret), await send(rotated.secret)]).toEqual([401, 202]);
});

test("callers whose signatures fail are slowed down; the shop's own webhooks from the same address are not (IN-19)", async () => {
  const limited = await openWeb({ limits: { refusedHooks: { burst: 3, perSecond: 0.01 }, signedHooks: { burst: 4, perSecond: 0.01 } } });
  const { source: mine } = await shopWithSource(limited);
  const send = async (secret: string) => {
    const response = await fetch(`${limited.url}/hooks/${mine.id}`, { method: "POST", body, headers: signed(secret, body, at) });
    return [response.status, response.headers.get("retry-after")];
  };
  const forged = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  for (let count = 0; count < 3; count += 1) expect(await send(forged)).toEqual([401, null]);
  const [status, retryAfter] = await send(forged);
  expect(status).toBe(429);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  for (let count = 0; count < 4; count += 1) expect(await send(mine.secret)).toEqual([202, null]);
  expect((await send(mine.secret))[0]).toBe(429);
});

test("a database that can't store is 503, and so is one that takes too long (IN-04)", async () => {
  const failing = await openWeb({ storeDelivery: () => Promise.reject(new Error("connection refused")) });
  const slow = await openWeb({ storeDelivery: () => new Promise(() => undefined), limits: { storeMs: 100 } });
  for (const broken of [failing, slow]) {
    const { source: mine } = await shopWithSource(broken);
    const response = await fetch(`${broken.url}/hooks/${mine.id}`, { method: "POST", body, headers: signed(mine.secret, body, at) });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
  }
});

test("a source whose secret was sealed with another SECRET_KEY is 503, never accepted", async () => {
  const one = await shopWithSource(web);
  await web.db
    .updateTable("sources")
    .set({ secret: Buffer.alloc(60, 7) })
    .where("id", "=", one.source.id)
    .execute();
  expect((await post(one.source.id, body, signed(one.source.secret, body, at))).status).toBe(503);
});

test("a body that comes byte by byte is cut off, and nobody waits for it", async () => {
  const hurried = await openWeb({ limits: { bodyMs: 300 } });
  const { source: mine } = await shopWithSource(hurried);
  const drip = rawRequest(`POST /hooks/${mine.id} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{`, hurried.port);
  const quick = await fetch(`${hurried.url}/hooks/${mine.id}`, { method: "POST", body, headers: signed(mine.secret, body, at) });
  expect(quick.status).toBe(202);
  expect(await drip).toMatch(/^HTTP\/1\.1 408 /);
});

test("a caller that hangs up in the middle leaves nothing behind", async () => {
  const before = await storedDeliveries();
  await new Promise<void>((resolve) => {
    const socket = createConnection(web.port, "127.0.0.1", () => {
      socket.write(`POST /hooks/${source.id} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{"half":`);
      socket.destroySoon();
    });
    socket.on("close", () => resolve());
  });
  expect((await post(source.id, body, signed(source.secret, body, at))).status).toBe(202);
  expect(await storedDeliveries()).toBe(before + 1);
});

test("a shop made with the API can be found again by the webhook's address it was told", async () => {
  const { id } = await web.ok("POST", "/shops", shopBody);
  const made = await web.ok("POST", `/shops/${id}/sources`, { platform: "standard" });
  expect(made.hookUrl).toBe(`http://afterword.test/hooks/${made.id}`);
});

/** Sends bytes as they are and answers what comes until the server hangs up. */
function rawRequest(text: string, port: number = web.port): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = createConnection(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8");
    socket.on("data", (data: string) => {
      answer += data;
      if (answer.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
