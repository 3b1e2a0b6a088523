import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchOutages } from "../../src/queue/outage.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

function watched() {
  const lines: string[] = [];
  const write = (_details: object, message: string) => void lines.push(message);
  return { lines, outage: watchOutages({ info: write, warn: write, error: write }, "redis:6379") };
}

test("an error that comes before the news of the outage it belongs to is no line of its own", () => {
  const { lines, outage } = watched();
  outage.trouble(new Error("read ECONNRESET"));
  outage.down(new Error("the connection was closed"));
  outage.trouble(new Error("Connection is closed."));
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual(["the queue's server is away; due work waits for the next sweep after its return"]);
});

test("an error that no outage follows is told within two seconds, once for many of its kind", () => {
  const { lines, outage } = watched();
  for (const id of [1, 2, 3]) outage.trouble(new Error(`Missing key for job ${id}`));
  vi.advanceTimersByTime(2_000);
  expect(lines).toEqual(["the queue met an error"]);
});

test("connections that are closed on purpose make no lines", () => {
  const { lines, outage } = watched();
  outage.trouble(new Error("Connection is closed."));
  outage.end();
  outage.down(new Error("the connection was closed"));
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([]);
});
