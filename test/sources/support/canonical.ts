import { expect } from "vitest";
import type { Fact } from "../../../src/core/facts.ts";

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const times = /^(at|promisedDispatchBy|\w+At)$/;
const ids = /^(id|order|shipment|itemId|number)$/;
const amounts = /^(price|total|amount)$/;

/** Holds a fact to what `core/facts.ts` promises of every one: plain JSON, UTC times with milliseconds, ids as strings, decimals, clean text. */
export function expectCanonical(fact: Fact): void {
  expect(JSON.parse(JSON.stringify(fact))).toStrictEqual(fact);
  walk(fact, "fact");
}

function walk(value: unknown, key: string): void {
  if (value === null) return;
  if (typeof value === "object") {
    for (const [inner, held] of Object.entries(value)) walk(held, Array.isArray(value) ? key : inner);
    return;
  }
  if (times.test(key)) expect(value, key).toMatch(isoTime);
  if (ids.test(key)) expect(value, key).toBeTypeOf("string");
  if (amounts.test(key)) expect(value, key).toMatch(/^\d+(\.\d+)?$/);
  if (key === "currency") expect(value).toMatch(/^[A-Z]{3}$/);
  if (key === "country") expect(value).toMatch(/^[A-Z]{2}$/);
  if (key === "url" || key.endsWith("Url")) expect(value, key).toMatch(/^https?:\/\//i);
  if (typeof value === "string") expect(value.isWellFormed() && !value.includes("\0"), key).toBe(true);
  if (typeof value === "number") expect(Number.isFinite(value), key).toBe(true);
}
