import { expect, test } from "vitest";
import { firstName } from "../../src/web/first-name.ts";
import { keptHeaders } from "../../src/web/hook-headers.ts";
import { rateLimit } from "../../src/web/rate-limit.ts";

test("a bucket grants its burst, then as fast as it fills, and says how long to wait", () => {
  let clock = 0;
  const limit = rateLimit({ burst: 2, perSecond: 0.5 }, () => clock);
  expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 2]);
  expect(limit.take("b")).toBe(0);
  clock = 1_500;
  expect(limit.take("a")).toBe(1);
  clock = 2_000;
  expect([limit.take("a"), limit.take("a")]).toEqual([0, 2]);
  clock = 1e9;
  expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 2]);
});

test("a million callers leave a bounded memory: who is not seen for longest is forgotten, who keeps coming is not", () => {
  const limit = rateLimit({ burst: 1, perSecond: 1e-9 }, () => 0);
  expect(limit.take("first")).toBe(0);
  for (let caller = 0; caller < 30_000; caller += 1) {
    limit.take(`caller ${caller}`);
    if (caller % 5_000 === 0) expect(limit.take("first")).toBeGreaterThan(0);
  }
  expect(limit.take("caller 0")).toBe(0);
});

test.each([
  ["Maya O'Neill", "Maya"],
  ["Anne-Marie Dupont", "Anne-Marie"],
  ["  José  ", "José"],
  ["王小明", "王小明"],
  ["田中 太郎", "田中"],
  ["J. Smith", null],
  ["J", null],
  ["4U GmbH", null],
  ["<b>Max</b>", null],
  ["maya@buyer.example", null],
  ["\u202eevil", null],
  ["x".repeat(31), null],
  ["", null],
  [null, null],
])("%j is greeted as %j", (name, greeted) => {
  expect(firstName(name)).toBe(greeted);
});

test("of a webhook's headers those are kept that say something about it, bounded", () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-shopify-${index}`, "v".repeat(1_000)]));
  const kept = keptHeaders({ ...many, authorization: "Basic x", cookie: "a=b", "x-forwarded-for": "1.2.3.4" });
  expect(Object.keys(kept)).toHaveLength(40);
  expect(Object.values(kept).every((value) => value.length === 500)).toBe(true);
  expect(keptHeaders({ "x-wc-webhook-topic": "order.created", host: "x", "user-agent": "a\0b\ud800" })).toEqual({
    "x-wc-webhook-topic": "order.created",
    "user-agent": "ab\ufffd",
  });
});
