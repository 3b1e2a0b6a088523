import { expect, test } from "vitest";
import { Pace } from "../../src/mail/pace.ts";

test("so many mails are looked ahead as their connections take in that time, at most 50, fewer where a pace is agreed on", () => {
  const pace = new Pace(25);
  expect(pace.ahead(5, null)).toBe(0);
  pace.took(5);
  expect(pace.ahead(5, null)).toBe(25);
  expect(pace.ahead(1, null)).toBe(5);
  expect(pace.ahead(100, null)).toBe(50);
  expect(pace.ahead(5, 200)).toBe(5);
  expect(pace.ahead(5, 20)).toBe(0);
});

test("one slow mail shortens the look ahead, a slow server ends it, and a broken connection at once", () => {
  const pace = new Pace(25);
  pace.took(5);
  pace.took(105);
  expect(pace.ahead(5, null)).toBe(5);
  for (let n = 0; n < 20; n += 1) pace.took(500);
  expect(pace.ahead(5, null)).toBe(0);
  for (let n = 0; n < 40; n += 1) pace.took(5);
  expect(pace.ahead(5, null)).toBeGreaterThan(20);
  pace.broke();
  expect(pace.ahead(5, null)).toBe(0);
});
