import { describe, expect, test } from "vitest";
import {
  allSteps,
  daysLater,
  dispatchDay,
  expectDaytime,
  headerOf,
  maya,
  nextSummer,
  shopifyFulfillment,
  shopifyOrder,
  stand,
  tell,
  tellDispatched,
  there,
} from "./story.ts";

describe("parcels", () => {
  test("a parcel that arrived before its notice could go gets no notice, and still the check-in", async () => {
    const story = await tell();
    await story.places();
    await story.dispatches({ dispatchedAt: daysLater(dispatchDay, -3) });
    await story.scans("delivered", { occurredAt: daysLater(dispatchDay, -1) });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["check-in", "feedback-reminder"]);
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["excluded", "already-delivered"]);
  });

  test("delivered on day 9: the check-in goes two days after the scan", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 9));
    await story.scans("delivered");
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    const checkIn = there((await story.entry("check-in")).sentAt);
    expect(checkIn.toISODate()).toBe("2026-01-31");
    expectDaytime(checkIn.toISO() ?? "");
  });

  test("delivered on day 4: the check-in stays on day 10 and may invite feedback, as the parcel is there", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 4));
    expect((await story.service.ok("GET", `/messages/${(await story.entry("check-in")).messageId}/preview`)).text).not.toContain("/review");
    await story.scans("delivered");
    await story.until(daysLater(dispatchDay, 12));
    expect(there((await story.entry("check-in")).sentAt).toISODate()).toBe("2026-01-30");
    const [, checkIn] = story.mails();
    expect(checkIn?.text).toContain("https://lantern.example/review");
    expect(checkIn?.html).toContain("https://lantern.example/review");
  });

  test("an order in two parcels gets a notice for each and one check-in, ten days after the last", async () => {
    const story = await tell();
    const items = [
      { id: "i-1", title: "Red lamp", quantity: 1, price: "20.00" },
      { id: "i-2", title: "Green shade", quantity: 1, price: "29.90" },
    ];
    await story.places({ items });
    await story.dispatches({ items: [{ id: "i-1", quantity: 1 }] });
    await story.until(daysLater(dispatchDay, 3));
    await story.dispatches({ id: "s-2", trackingNumber: "EE987654326CN", items: [{ id: "i-2", quantity: 1 }] });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "dispatch-notice", "check-in", "feedback-reminder"]);
    const [first, second] = story.mails();
    expect(first?.text).toContain("Red lamp");
    expect(first?.text).not.toContain("Green shade");
    expect(first?.text).toMatch(/another parcel/);
    expect(second?.text).toContain("Green shade");
    expect(second?.text).toContain("EE987654326CN");
    expect(second?.text).not.toMatch(/another parcel/);
    expect(first && headerOf(first, "message-id")).not.toBe(second && headerOf(second, "message-id"));
    expect(there((await story.entry("check-in")).sentAt).toISODate()).toBe("2026-02-02");
  });

  test("a fulfilment made void before its notice is no parcel; made void later it takes the check-in with it", async () => {
    for (const [after, steps] of [
      [0, []],
      [4, ["dispatch-notice"]],
    ] as const) {
      const story = await tell();
      await story.shopify("orders/create", shopifyOrder(story.now()));
      const made = shopifyFulfillment(story.now());
      await story.shopify("fulfillments/create", made);
      if (after > 0) await story.until(daysLater(dispatchDay, after));
      await story.shopify("fulfillments/update", { ...made, status: "cancelled", updated_at: daysLater(dispatchDay, after + 0.01) });
      await story.until(nextSummer);
      expect(story.steps(), `${after} days later`).toEqual(steps);
      expect((await story.entry("check-in")).state).toBe("waiting");
    }
  });

  test("a new parcel after a void one starts the wait anew", async () => {
    const story = await tell();
    await story.shopify("orders/create", shopifyOrder(story.now()));
    const made = shopifyFulfillment(story.now());
    await story.shopify("fulfillments/create", made);
    await story.until(daysLater(dispatchDay, 4));
    await story.shopify("fulfillments/update", { ...made, status: "cancelled", updated_at: story.now() });
    await story.shopify("fulfillments/create", shopifyFulfillment(story.now(), { id: 255858047, tracking_number: "EE987654326CN" }));
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "dispatch-notice", "check-in", "feedback-reminder"]);
    expect(there((await story.entry("check-in")).sentAt).toISODate()).toBe("2026-02-03");
    expect(story.mails().every(({ envelope }) => envelope.to.join() === maya)).toBe(true);
  });
});
