import { expect } from "vitest";
import type { Fact } from "../../../src/core/facts.ts";

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const times = /^(at|promisedDispatchBy|\w+At)$/;
const ids = /^(id|order|shipment|itemId|number)$/;
const amounts = /^(price|total|amount)$/;

/** Holds a fact to what `core/facts.ts` promises of every one: plain JSON, UTC times with milliseconds, ids as strings, decimals, clean text. */
export function expectCanonical(fact: Fact): void {
  const faults = faultsOf(fact, "fact");
  // One assertion a fact: thousands of them are held to this.
  if (faults.length > 0) expect(fact, faults.join("; ")).toBeNull();
}

function faultsOf(value: unknown, key: string): readonly string[] {
  if (value === null) return [];
  if (typeof value === "object") {
    const prototype: unknown = Object.getPrototypeOf(value);
    const plain = prototype === Object.prototype || prototype === Array.prototype ? [] : [`${key} is no plain object`];
    return [...plain, ...Object.entries(value).flatMap(([inner, held]) => faultsOf(held, Array.isArray(value) ? key : inner))];
  }
  const text = String(value);
  const checks: readonly (readonly [boolean, string])[] = [
    [typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)), "is not JSON"],
    [!times.test(key) || isoTime.test(text), "is no time"],
    [!ids.test(key) || typeof value === "string", "is no string"],
    [!amounts.test(key) || /^\d+(\.\d+)?$/.test(text), "is no amount"],
    [key !== "currency" || /^[A-Z]{3}$/.test(text), "is no currency"],
    [key !== "country" || /^[A-Z]{2}$/.test(text), "is no country"],
    [!(key === "url" || key.endsWith("Url")) || /^https?:\/\//i.test(text), "is no link"],
    [text.isWellFormed() && !text.includes("\0"), "can't be stored"],
  ];
  return checks.flatMap(([holds, fault]) => (holds ? [] : [`${key} ${fault}: ${JSON.stringify(value)}`]));
}
