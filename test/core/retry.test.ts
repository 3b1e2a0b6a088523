import fc from "fast-check";
import { expect, test } from "vitest";
import { day24, hour, instant, minute } from "../../src/core/instant.ts";
import { backoffMs, fullTooLong, greylistMs, throttleMs } from "../../src/core/retry.ts";

test("waits are 1, 5, 15, 30 minutes, then 1, 2 and 4 hours", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((attempts) => backoffMs(attempts, 0.5) / minute);
  expect(waits).toEqual([1, 5, 15, 30, 60, 120, 240, 240, 240]);
});

test("jitter spreads a wait by a fifth at most, either way", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (attempts, random) => {
      const middle = backoffMs(attempts, 0.5);
      expect(backoffMs(attempts, random)).toBeGreaterThanOrEqual(middle * 0.8 - 1);
      expect(backoffMs(attempts, random)).toBeLessThanOrEqual(middle * 1.2 + 1);
    }),
  );
});

test("a greylist is met again after 5 to 15 minutes the first time, never before 5 later", () => {
  expect(greylistMs(1, 0)).toBe(5 * minute);
  expect(greylistMs(1, 0.9999)).toBeLessThanOrEqual(15 * minute);
  expect(greylistMs(2, 0)).toBe(5 * minute);
  expect(greylistMs(5, 0.5)).toBe(hour);
});

test("a throttling waits longer the longer it lasts, from 2 to 30 minutes", () => {
  expect(throttleMs(0, 0.5)).toBe(2 * minute);
  expect(throttleMs(20 * minute, 0.5)).toBe(10 * minute);
  expect(throttleMs(10 * hour, 0.5)).toBe(30 * minute);
});

test("an address whose mailbox was full at least 3 times over at least 7 days is to be suppressed", () => {
  const days = (...list: number[]) => list.map((day) => instant(day * day24));
  expect(fullTooLong(days(0, 3, 7))).toBe(true);
  expect(fullTooLong(days(0, 7))).toBe(false);
  expect(fullTooLong(days(0, 1, 2, 3, 4, 5, 6.9))).toBe(false);
  expect(fullTooLong([])).toBe(false);
});
