import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { openWeb, shopWithSource, signed } from "./set-up.ts";

const at = instantOf("2026-01-20T08:00:00Z");
const web = await openWeb({ limits: { refusedHooks: { burst: 1e9, perSecond: 1e9 } } });
const { source } = await shopWithSource(web);
const suite = join(import.meta.dirname, "../fixtures/robustness/json");
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const allowed = new Set([202, 401, 404, 413, 415, 429]);

/** With Node's own client: `fetch` would refuse to send what an attacker may. */
function send(path: string, headers: Record<string, string>, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port: web.port, path, method: "POST", headers, agent }, (incoming) => {
      incoming.resume();
      incoming.on("end", () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

test("every file of the JSON suite, signed, is 202 and then taken in or quarantined; the process lives (IN-13, IN-14, F11)", async () => {
  const files = readdirSync(suite);
  expect(files.length).toBeGreaterThan(150);
  const answers = await Promise.all(
    files.map(async (file) => {
      const body = readFileSync(join(suite, file));
      return [file, await send(`/hooks/${source.id}`, signed(source.secret, body, at), body)] as const;
    }),
  );
  expect(answers.filter(([, status]) => status !== 202)).toEqual([]);
  await web.work();
  const states = await web.db
    .selectFrom("deliveries")
    .select(({ fn }) => ["state", fn.countAll<number>().as("n")])
    .groupBy("state")
    .execute();
  expect(states.reduce((sum, { n }) => sum + n, 0)).toBe(files.length);
  expect(states.map(({ state }) => state)).not.toContain("stored");
});

test("whatever bytes and headers are sent, signed or not, the answer is never another 5xx", async () => {
  const visible = fc.string({
    unit: fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff })).map((code) => String.fromCharCode(code)),
    maxLength: 200,
  });
  const headers = fc.dictionary(
    fc.constantFrom(
      "content-type",
      "webhook-id",
      "webhook-timestamp",
      "webhook-signature",
      "x-shopify-topic",
      "x-shopify-hmac-sha256",
      "content-encoding",
      "user-agent",
      "cookie",
      "x-forwarded-for",
    ),
    visible,
    { maxKeys: 10 },
  );
  const path = fc.oneof(
    fc.constant(`/hooks/${source.id}`),
    visible.map((text) => `/hooks/${encodeURIComponent(text)}`),
    fc.constantFrom(
      "/hooks/",
      "/hooks",
      `/hooks/${source.id}/x`,
      `/hooks/${source.id}?a=%ff`,
      `/hooks/${source.id.toUpperCase()}`,
      "/hooks/%ff",
    ),
  );
  await fc.assert(
    fc.asyncProperty(path, headers, fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), async (path, headers, bytes, sign) => {
      const body = Buffer.from(bytes);
      const all = { ...headers, ...(sign ? signed(source.secret, body, at) : {}) };
      const status = await send(path, all, body);
      expect(allowed, `${path} ${JSON.stringify(all)} was answered ${status}`).toContain(status);
    }),
    { numRuns: 500 },
  );
});

test("hostile JSON of any shape, signed, is 202 and taken in, whatever strings are in it", async () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\u0000", "\ud800", "__proto__", "constructor", "1e999", "\u202e"));
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof({ depthSize: "small" }, text, fc.double(), fc.boolean(), fc.constant(null), tie("list"), tie("object")),
    list: fc.array(tie("json"), { maxLength: 4 }),
    object: fc.dictionary(text, tie("json"), { maxKeys: 4 }),
  }));
  const type = fc.oneof(fc.constantFrom("order.placed", "shipment.updated", "review.posted", "buyer.wrote"), text);
  await fc.assert(
    fc.asyncProperty(type, json, async (type, data) => {
      const body = Buffer.from(JSON.stringify({ type, occurredAt: "2026-01-20T07:00:00Z", data }));
      expect(await send(`/hooks/${source.id}`, signed(source.secret, body, at), body)).toBe(202);
    }),
    { numRuns: 300 },
  );
  await web.work();
  const left = await web.db.selectFrom("deliveries").select("id").where("state", "=", "stored").execute();
  expect(left).toEqual([]);
});
