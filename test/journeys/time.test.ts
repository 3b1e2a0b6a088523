import { describe, expect, test } from "vitest";
import { type Json, standardOrder, startService } from "../support/service.ts";
import { daysLater, dispatchDay, expectDaytime, maya, nextSummer, portland, type Story, stand, storyOf, tell, there } from "./story.ts";

describe("care and review mail goes between nine and six where the buyer lives (P9, SCH-04)", () => {
  const places: Readonly<Record<string, { readonly address: object; readonly zones: readonly string[] }>> = {
    "by country": { address: { country: "JP" }, zones: ["Asia/Tokyo"] },
    "by region": { address: { country: "AU", region: "WA" }, zones: ["Australia/Perth"] },
    "by region in words": { address: { country: "US", region: "Hawaii" }, zones: ["Pacific/Honolulu"] },
    "by postal code": { address: { country: "US", postalCode: "10001" }, zones: ["America/New_York"] },
    "by coordinates": { address: { country: "BR", latitude: -3.119, longitude: -60.0217 }, zones: ["America/Manaus"] },
    "by coordinates before the region": {
      address: { country: "US", region: "CA", latitude: 40.7128, longitude: -74.006 },
      zones: ["America/New_York"],
    },
    "in half an hour's zone": { address: { country: "IN", region: "KA" }, zones: ["Asia/Kolkata"] },
    "both in the shop's zone and in the largest of a country with several, where the region is unknown": {
      address: { country: "RU" },
      zones: ["Asia/Shanghai", "Europe/Moscow"],
    },
  };

  test("wherever that is", async () => {
    const story = await tell();
    const buyers = Object.entries(places);
    for (const [index, [, { address }]] of buyers.entries()) {
      await story.places({
        id: `o-${index}`,
        number: `4${index}`,
        shippingAddress: address,
        buyer: { email: `b${index}@buyer.example`, name: "Bo" },
      });
      await story.dispatches({ id: `s-${index}` }, `o-${index}`);
    }
    await story.until(nextSummer);
    for (const [index, [, { zones }]] of buyers.entries()) {
      for (const step of ["check-in", "feedback-reminder"]) {
        const entry = await story.entry(step, `4${index}`);
        expect([index, step, entry.state]).toEqual([index, step, "sent"]);
        for (const zone of zones) expectDaytime(entry.sentAt, zone);
      }
    }
  });

  test("a review at two in the morning is thanked for after nine", async () => {
    const story = await tell();
    await story.places();
    await story.until("2026-01-21T10:00:00Z");
    await story.says("review.posted", { order: { id: "o-1" }, review: { id: "r-1", rating: 5 } });
    expect(await story.until("2026-01-21T16:59:59Z")).toBe(0);
    await story.until("2026-01-22T10:00:00Z");
    expectDaytime((await story.entry("review-thanks")).sentAt, portland);
  });

  test("a new address moves what is not sent to the buyer's new hours", async () => {
    const story = await tell();
    await story.places();
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 2));
    const shippingAddress = { country: "JP", city: "Osaka" };
    await story.says("order.updated", { order: standardOrder({ shippingAddress }) });
    await story.until(nextSummer);
    expectDaytime((await story.entry("check-in")).sentAt, "Asia/Tokyo");
    expectDaytime((await story.entry("feedback-reminder")).sentAt, "Asia/Tokyo");
  });
});

describe("a clock change between dispatch and check-in (SCH-02)", () => {
  for (const [what, zone, address, dispatched, day] of [
    ["forward", portland, { country: "US", region: "OR", postalCode: "97201" }, "2026-03-01T18:00:00Z", "2026-03-11"],
    ["back", "Europe/Paris", { country: "FR" }, "2026-10-20T09:00:00Z", "2026-10-30"],
  ] as const) {
    test(`${what}: the check-in is ten calendar days later, in the daytime, and a wait in days keeps the time by the clock`, async () => {
      const story = await tell({ start: dispatched });
      const { schedule } = await story.service.ok("GET", `/shops/${story.shopId}/schedule`);
      const again = {
        key: "notice-again",
        template: "dispatch-notice",
        category: "order",
        on: "shipment.dispatched",
        per: "shipment",
        wait: { days: 10 },
      };
      await story.service.ok("PUT", `/shops/${story.shopId}/schedule`, {
        schedule: { ...schedule, steps: [...schedule.steps, again] },
        queued: "retime",
      });
      await story.places({ placedAt: daysLater(dispatched, -1), paidAt: daysLater(dispatched, -1), shippingAddress: address });
      await story.dispatches();
      await story.until(daysLater(dispatched, 20));
      const checkIn = await story.entry("check-in");
      expect(there(checkIn.sentAt, zone).toISODate()).toBe(day);
      expectDaytime(checkIn.sentAt, zone);
      const { sentAt } = await story.entry("notice-again");
      const before = there(dispatched, zone);
      const after = there(sentAt, zone);
      expect([after.toISODate(), after.hour, after.minute]).toEqual([day, before.hour, before.minute]);
      expect(after.offset).not.toBe(before.offset);
    });
  }
});

describe("a service that was down", () => {
  /** Six orders, dispatched over six days before the lights go out on 22 January; then the service stops, and starts again later. */
  async function afterDowntime(back: string): Promise<Story> {
    const start = "2026-01-16T18:00:00Z";
    const story = await tell({ start });
    for (let number = 1; number <= 6; number++) {
      await story.until(daysLater(start, number - 1));
      await story.places({
        id: `o-${number}`,
        number: `${number}`,
        placedAt: story.now(),
        paidAt: story.now(),
        buyer: { email: `b${number}@buyer.example`, name: "Bo" },
      });
      await story.dispatches({ id: `s-${number}` }, `o-${number}`);
    }
    await story.until(story.now());
    expect(story.service.sink.mails()).toHaveLength(6);
    // Dispatched while nobody is looking: the webhook is stored, its notice not sent any more.
    await story.places({ id: "o-7", number: "7", placedAt: story.now(), buyer: { email: "b7@buyer.example", name: "Bo" } });
    await story.dispatches({ id: "s-7" }, "o-7");
    const { databaseUrl, sink } = story.service;
    await story.service.stop();
    const service = await startService({ start: back, databaseUrl, sink });
    const standing = storyOf(service, story.shop, back);
    await standing.until(back);
    return standing;
  }

  test("for three weeks sends no burst of stale mail: what is too old is marked so, in its place", async () => {
    const back = "2026-02-12T10:00:00Z";
    const story = await afterDowntime(back);
    expect(there(back, portland).hour).toBe(2);
    expect(story.service.sink.mails()).toHaveLength(6);
    await story.until(nextSummer);
    expect(story.service.sink.mails()).toHaveLength(6);
    for (let number = 1; number <= 6; number++) {
      expect([number, ...stand(await story.entry("check-in", `${number}`))]).toEqual([number, "stale", "stale"]);
      expect([number, ...stand(await story.entry("feedback-reminder", `${number}`))]).toEqual([number, "excluded", "prior-not-sent"]);
    }
    expect(stand(await story.entry("dispatch-notice", "7"))).toEqual(["stale", "stale"]);
    const { messages } = await story.service.ok("GET", `/messages?shop=${story.shopId}&state=stale`);
    expect(messages.map(({ step }: Json) => step).sort()).toEqual([...Array(7).fill("check-in"), "dispatch-notice"]);
  });

  test("for nine days sends what is still of use, spread over the buyers' daytime", async () => {
    const back = "2026-01-30T10:00:00Z";
    const story = await afterDowntime(back);
    expect(story.service.sink.mails(), "none at two in the morning").toHaveLength(6);
    await story.until(nextSummer);
    for (let number = 1; number <= 6; number++) {
      const checkIn = await story.entry("check-in", `${number}`);
      expect([number, checkIn.state]).toEqual([number, "sent"]);
      expectDaytime(checkIn.sentAt, portland);
      expect(checkIn.sentAt > back).toBe(true);
    }
    const late = await Promise.all([1, 2, 3, 4, 5].map(async (number) => (await story.entry("check-in", `${number}`)).sentAt));
    expect(new Set(late).size, "not all in one minute").toBeGreaterThan(1);
    expect(stand(await story.entry("dispatch-notice", "7"))).toEqual(["stale", "stale"]);
    expect(story.steps(maya)).toEqual([]);
  });
});
