import { describe, expect, test } from "vitest";
import type { Json } from "../support/service.ts";
import { daysLater, dispatchDay, type Story, shopifyFulfillment, shopifyOrder, stand, tell } from "./story.ts";

async function quarantine(story: Story, sourceId: string): Promise<readonly Json[]> {
  return (await story.service.ok("GET", `/sources/${sourceId}/quarantine`)).deliveries;
}

async function sources(story: Story): Promise<Readonly<Record<"shopify" | "augmenting" | "own", string>>> {
  const { sources: all } = await story.service.ok("GET", `/shops/${story.shopId}/sources`);
  const found = (fits: (source: Json) => boolean): string => all.find(fits).id;
  return {
    shopify: found(({ platform }) => platform === "shopify"),
    augmenting: found(({ augments }) => augments !== null),
    own: found(({ platform, augments }) => platform === "standard" && augments === null),
  };
}

describe("facts that come before their order (IN-08)", () => {
  test("a fulfilment waits for its order, for days, and its mails go when the order is in", async () => {
    const story = await tell();
    await story.shopify("fulfillments/create", shopifyFulfillment(daysLater(dispatchDay, 0)));
    await story.until(daysLater(dispatchDay, 1));
    expect(story.service.sink.mails()).toHaveLength(0);
    await story.shopify("orders/create", shopifyOrder("2026-01-20T15:00:00Z"));
    await story.until(daysLater(dispatchDay, 1.1));
    expect(story.steps()).toEqual(["dispatch-notice"]);
    await story.until(daysLater(dispatchDay, 40));
    expect(story.steps()).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
  });

  test("a scan that comes before its shipment counts once the shipment is there", async () => {
    const story = await tell();
    await story.places();
    await story.scans("delivered");
    await story.until(daysLater(dispatchDay, 1));
    await story.dispatches({ dispatchedAt: dispatchDay });
    await story.until(daysLater(dispatchDay, 2));
    expect(story.steps()).toEqual([]);
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["excluded", "already-delivered"]);
  });

  test("an order that is heard of eight days after its parcel gets no late notice, and its check-in in time", async () => {
    const story = await tell();
    await story.shopify("fulfillments/create", shopifyFulfillment(dispatchDay));
    await story.until(daysLater(dispatchDay, 8));
    await story.shopify("orders/create", shopifyOrder("2026-01-20T15:00:00Z"));
    await story.until(daysLater(dispatchDay, 12));
    expect(story.steps()).toEqual(["check-in"]);
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["stale", "stale"]);
  });

  test("a review by the order's number waits in quarantine, where it can be seen, and joins the order when that comes", async () => {
    const story = await tell();
    const { augmenting, shopify } = await sources(story);
    await story.shop.augment("review.posted", story.now(), { order: { id: "#1001" }, review: { id: "r-1", rating: 5 } });
    await story.until(dispatchDay);
    const [waiting, ...others] = await quarantine(story, augmenting);
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({ topic: "review.posted", state: "waiting" });
    expect(waiting.waitsFor).toContain("1001");
    expect(waiting.reason).toMatch(/1001/);
    expect(await quarantine(story, shopify)).toEqual([]);

    await story.shopify("orders/create", shopifyOrder("2026-01-20T15:00:00Z"));
    await story.until(daysLater(dispatchDay, 2));
    expect(await quarantine(story, augmenting)).toEqual([]);
    expect(story.steps()).toEqual(["review-thanks"]);
    expect(stand(await story.entry("check-in"))).toEqual(["excluded", "review-posted"]);
  });

  test("the order's id at the shop is asked before its number", async () => {
    const story = await tell();
    await story.shopify("orders/create", shopifyOrder("2026-01-20T15:00:00Z", { id: 77, name: "#2001", email: "one@buyer.example" }));
    await story.shopify("orders/create", shopifyOrder("2026-01-20T15:00:00Z", { id: 78, name: "#77", email: "two@buyer.example" }));
    await story.until(dispatchDay);
    await story.shop.augment("review.posted", story.now(), { order: { id: "77" }, review: { id: "r-1", rating: 5 } });
    await story.until(daysLater(dispatchDay, 2));
    expect(story.steps("one@buyer.example")).toEqual(["review-thanks"]);
    expect(story.steps("two@buyer.example")).toEqual([]);
  });

  test("a number that two orders have joins neither, and waits", async () => {
    const story = await tell();
    const { augmenting } = await sources(story);
    for (const id of [77, 78]) await story.shopify("orders/create", shopifyOrder("2026-01-20T15:00:00Z", { id }));
    await story.until(dispatchDay);
    await story.shop.augment("review.posted", story.now(), { order: { id: "1001" }, review: { id: "r-1", rating: 5 } });
    await story.until(daysLater(dispatchDay, 2));
    expect(story.service.sink.mails()).toHaveLength(0);
    expect((await quarantine(story, augmenting)).map(({ state }) => state)).toEqual(["waiting"]);
  });
});

describe("what cannot be read (IN-13)", () => {
  test("is answered 202, kept in quarantine with the field that is wrong, and holds up nobody else", async () => {
    const story = await tell();
    const { own, shopify } = await sources(story);
    await story.says("shipment.dispatched", { order: { id: "o-1" }, shipment: { id: "s-1", carrier: "EMS", dispatchedAt: "yesterday" } });
    await story.says("review.posted", { order: { id: "o-1" }, review: { id: "r-1", rating: 11 } });
    await story.shopify("orders/create", { ...shopifyOrder(dispatchDay), created_at: "last week" });
    await story.places();
    await story.dispatches();
    await story.until(dispatchDay);
    expect(story.steps()).toEqual(["dispatch-notice"]);
    const found = await quarantine(story, own);
    expect(found.map(({ topic, state, pointer }) => [topic, state, pointer]).sort()).toEqual([
      ["review.posted", "quarantined", "/data/review/rating"],
      ["shipment.dispatched", "quarantined", "/data/shipment/dispatchedAt"],
    ]);
    for (const { reason } of found) expect(reason.length).toBeGreaterThan(5);
    expect((await quarantine(story, shopify)).map(({ pointer }) => pointer)).toEqual(["/created_at"]);
  });

  test("can be tried again, ends where it was while it is as wrong as before, and an unknown or settled delivery is refused", async () => {
    const story = await tell();
    const { own } = await sources(story);
    await story.says("review.posted", { order: { id: "o-1" }, review: { id: "r-1", rating: 11 } });
    await story.until(dispatchDay);
    const [wrong] = await quarantine(story, own);
    expect((await story.service.api("POST", `/deliveries/${wrong.id}/retry`)).status).toBe(202);
    await story.until(dispatchDay);
    expect((await quarantine(story, own)).map(({ id, state }) => [id, state])).toEqual([[wrong.id, "quarantined"]]);
    expect((await story.service.api("POST", "/deliveries/019bd4a0-6c00-7cc3-98c4-dc0c0c07398f/retry")).status).toBe(404);
  });

  test("a delivery that waits for its order can be tried again without harm", async () => {
    const story = await tell();
    const { augmenting } = await sources(story);
    await story.shop.augment("review.posted", story.now(), { order: { id: "1001" }, review: { id: "r-1", rating: 5 } });
    await story.until(dispatchDay);
    const [waiting] = await quarantine(story, augmenting);
    expect((await story.service.api("POST", `/deliveries/${waiting.id}/retry`)).status).toBe(202);
    await story.until(dispatchDay);
    expect((await quarantine(story, augmenting)).map(({ id, state }) => [id, state])).toEqual([[waiting.id, "waiting"]]);
    await story.shopify("orders/create", shopifyOrder("2026-01-20T15:00:00Z"));
    await story.until(daysLater(dispatchDay, 2));
    expect(story.steps()).toEqual(["review-thanks"]);
    expect((await story.service.api("POST", `/deliveries/${waiting.id}/retry`)).status).toBe(409);
  });
});
