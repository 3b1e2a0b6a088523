import { expect, test } from "vitest";
import { leaseMs, leaseOf, openLease } from "../../jobs/lease.ts";
import { ManualClock } from "../../src/clock.ts";
import { instantOf, plus } from "../../src/core/instant.ts";

const start = instantOf("2026-01-20T08:00:00Z");

test("a lease holds until its time is over by either clock, and longer once it was renewed (REL-05)", () => {
  const clock = new ManualClock(start);
  const lease = openLease(leaseMs, () => clock.now());
  clock.moveTo(plus(start, leaseMs - 1));
  expect(lease.held()).toBe(true);
  clock.moveTo(plus(start, leaseMs));
  expect(lease.held()).toBe(false);
  lease.renewed(performance.now());
  expect(lease.held()).toBe(true);
  // The monotonic clock's word counts too: a lease of no time is over although the service's clock stands still.
  expect(openLease(0, () => clock.now()).held()).toBe(false);
});

test("a renewal that was asked for before the last one changes nothing", () => {
  const clock = new ManualClock(start);
  const lease = openLease(leaseMs, () => clock.now());
  clock.moveTo(plus(start, leaseMs));
  lease.renewed(performance.now() - 10 * leaseMs);
  expect(lease.held()).toBe(false);
});

test("a test run in haste has a shorter lease", () => {
  expect([leaseOf({ haste: 1 }), leaseOf({ haste: 60 })]).toEqual([120_000, 2_000]);
});
