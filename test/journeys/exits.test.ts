import { describe, expect, test } from "vitest";
import { type Json, shopifyPayload } from "../support/service.ts";
import {
  allSteps,
  daysLater,
  dispatchDay,
  expectDaytime,
  nextSummer,
  shopifyFulfillment,
  shopifyOrder,
  stand,
  stands,
  tell,
  tellDispatched,
  there,
} from "./story.ts";

describe("a cancellation", () => {
  test("before the dispatch notice goes out stops everything, and the timetable says why", async () => {
    const story = await tellDispatched();
    await story.says("order.cancelled", { order: { id: "o-1" }, reason: "changed my mind" });
    await story.until(nextSummer);
    expect(story.steps()).toEqual([]);
    expect(await stands(story)).toMatchObject({
      "dispatch-notice": ["excluded", "order-cancelled"],
      "check-in": ["excluded", "order-cancelled"],
      "feedback-reminder": ["excluded", "order-cancelled"],
    });
  });

  test("between notice and check-in leaves the notice alone and withdraws the rest", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 3));
    await story.says("order.cancelled", { order: { id: "o-1" } });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect(await stands(story)).toMatchObject({
      "dispatch-notice": ["sent"],
      "check-in": ["cancelled", "order-cancelled"],
      "feedback-reminder": ["excluded", "order-cancelled"],
    });
  });

  test("told by Shopify works the same", async () => {
    const story = await tell();
    const order = shopifyOrder(story.now());
    await story.shopify("orders/create", order);
    await story.shopify("fulfillments/create", shopifyFulfillment(story.now()));
    await story.until(daysLater(dispatchDay, 9));
    await story.shopify("orders/cancelled", { ...order, cancelled_at: story.now(), cancel_reason: "customer", updated_at: story.now() });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect(stand(await story.entry("check-in"))).toEqual(["cancelled", "order-cancelled"]);
  });
});

describe("a refund", () => {
  const refund = (id: string, amount: string, items?: Json) => ({
    order: { id: "o-1" },
    refund: { id, amount, ...(items ? { items } : {}) },
  });

  test("in full withdraws check-in and reminder", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 5));
    await story.says("order.refunded", refund("rf-1", "49.90"));
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "refund-issued"]);
    expect(await stands(story)).toMatchObject({
      "check-in": ["cancelled", "order-refunded"],
      "feedback-reminder": ["excluded", "order-refunded"],
    });
  });

  test("in two parts that add up to the total counts as full, and the same refund told twice does not", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 5));
    await story.says("order.refunded", refund("rf-1", "24.95"));
    await story.says("order.refunded", refund("rf-1", "24.95"));
    await story.until(daysLater(dispatchDay, 12));
    expect(story.steps()).toEqual(["dispatch-notice", "refund-issued", "check-in"]);
    await story.says("order.refunded", refund("rf-2", "24.95"));
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "refund-issued", "check-in", "refund-issued"]);
    expect(stand(await story.entry("feedback-reminder"))).toEqual(["cancelled", "order-refunded"]);
  });

  test("in part leaves every mail as it was, and is told of", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 5));
    await story.says("order.refunded", refund("rf-1", "10.00"));
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "refund-issued", "check-in", "feedback-reminder"]);
  });

  test("of every item leaves nothing to review, whatever the money", async () => {
    const story = await tell();
    const items = [
      { id: "i-1", title: "Lamp", quantity: 2, price: "20.00" },
      { id: "i-2", title: "Shade", quantity: 1, price: "9.90" },
    ];
    await story.places({ items });
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 12));
    await story.says("order.refunded", refund("rf-1", "10.00", [{ id: "i-1", quantity: 2 }]));
    await story.until(daysLater(dispatchDay, 13));
    expect((await story.entry("feedback-reminder")).state).toBe("planned");
    await story.says("order.refunded", refund("rf-2", "5.00", [{ id: "i-2", quantity: 1 }]));
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "check-in", "refund-issued", "refund-issued"]);
    expect((await story.entry("feedback-reminder")).state).toBe("cancelled");
  });

  test("told by Shopify: the whole total withdraws, a part leaves", async () => {
    for (const [amount, steps] of [
      ["598.94", ["dispatch-notice", "refund-issued"]],
      ["41.94", ["dispatch-notice", "refund-issued", "check-in", "feedback-reminder"]],
    ] as const) {
      const story = await tell();
      await story.shopify("orders/create", shopifyOrder(story.now()));
      await story.shopify("fulfillments/create", shopifyFulfillment(story.now()));
      await story.until(daysLater(dispatchDay, 5));
      const body = shopifyPayload("refund", { created_at: story.now(), processed_at: story.now() });
      body.transactions[0] = { ...body.transactions[0], amount, created_at: story.now(), processed_at: story.now() };
      await story.shopify("refunds/create", body);
      await story.until(nextSummer);
      expect(story.steps(), amount).toEqual(steps);
    }
  });
});

/** Without what is told of the dispute itself. */
function asking(steps: readonly string[]): readonly string[] {
  return steps.filter((step) => !step.startsWith("dispute-"));
}

describe("what pauses (P5)", () => {
  for (const [opened, closed] of [
    ["dispute.opened", "dispute.closed"],
    ["return.opened", "return.closed"],
  ] as const) {
    test(`${opened} holds the check-in back while it is open, ${closed} brings it back at a decent hour`, async () => {
      const story = await tellDispatched();
      await story.until(daysLater(dispatchDay, 5));
      await story.says(opened, { order: { id: "o-1" }, case: { id: "c-1", reason: "not as described" } });
      await story.until(daysLater(dispatchDay, 12));
      expect(asking(story.steps())).toEqual(["dispatch-notice"]);
      expect(stand(await story.entry("check-in"))).toEqual(["cancelled", "case-open"]);
      await story.says(closed, { order: { id: "o-1" }, case: { id: "c-1", outcome: "settled" } });
      await story.until(nextSummer);
      expect(asking(story.steps())).toEqual(allSteps);
      const checkIn = await story.entry("check-in");
      expect(there(checkIn.sentAt) >= there(daysLater(dispatchDay, 12))).toBe(true);
      expectDaytime(checkIn.sentAt);
      const waited = there((await story.entry("feedback-reminder")).sentAt)
        .startOf("day")
        .diff(there(checkIn.sentAt).startOf("day"), "days").days;
      expect(waited).toBeGreaterThanOrEqual(10);
      expect(waited).toBeLessThanOrEqual(15);
    });
  }

  test("of two disputes both must be closed", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 5));
    for (const id of ["c-1", "c-2"]) await story.says("dispute.opened", { order: { id: "o-1" }, case: { id } });
    await story.until(daysLater(dispatchDay, 8));
    await story.says("dispute.closed", { order: { id: "o-1" }, case: { id: "c-1" } });
    await story.until(daysLater(dispatchDay, 11));
    expect(asking(story.steps())).toEqual(["dispatch-notice"]);
    await story.says("dispute.closed", { order: { id: "o-1" }, case: { id: "c-2" } });
    await story.until(daysLater(dispatchDay, 13));
    expect(asking(story.steps())).toEqual(["dispatch-notice", "check-in"]);
  });

  test("buyer.wrote pauses care and review mail, not order mail; buyer.answered resumes", async () => {
    const story = await tell();
    await story.places();
    await story.says("buyer.wrote", { order: { id: "o-1" } });
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 11));
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect((await story.entry("check-in")).reason).toBe("buyer-waiting");
    await story.says("buyer.answered", { order: { id: "o-1" } });
    await story.until(daysLater(dispatchDay, 13));
    expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
    await story.says("buyer.wrote", { order: { id: "o-1" } });
    await story.until(daysLater(dispatchDay, 22));
    await story.says("buyer.answered", { order: { id: "o-1" } });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    expectDaytime((await story.entry("feedback-reminder")).sentAt);
  });

  test("a pause of weeks is still a pause: the check-in goes once the buyer was answered, and the reminder after it", async () => {
    const story = await tell();
    await story.places();
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 8));
    await story.says("buyer.wrote", { order: { id: "o-1" } });
    await story.until(daysLater(dispatchDay, 30));
    expect(story.steps()).toEqual(["dispatch-notice"]);
    await story.says("buyer.answered", { order: { id: "o-1" } });
    await story.until(daysLater(dispatchDay, 33));
    expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
    expectDaytime((await story.entry("check-in")).sentAt);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
  });
});
