import { expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { signStandard } from "../../src/sources/standard/signature.ts";
import { type Json, shopifyPayload } from "../support/service.ts";
import { allSteps, continueOn, daysLater, dispatchDay, headerOf, maya, shopifyFulfillment, shopifyOrder, stand, tell } from "./story.ts";

async function twoShops() {
  const lantern = await tell();
  const moon = await continueOn(lantern.service, dispatchDay, {
    name: "Paper Moon",
    from: { name: "Paper Moon", address: "hi@moon.example" },
    replyTo: "help@moon.example",
    website: "https://moon.example",
    reviewUrl: "https://moon.example/review",
    postalAddress: "Paper Moon, 1 Harbour Street, Hong Kong",
    signedBy: "Wen",
  });
  return { lantern, moon };
}

test("two shops with the same orders, numbers and buyers do not meet (I5): each writes in its own name about its own facts", async () => {
  const { lantern, moon } = await twoShops();
  for (const story of [lantern, moon]) {
    await story.places();
    await story.dispatches();
  }
  await lantern.says("order.cancelled", { order: { id: "o-1" } });
  await moon.says("buyer.wrote", { order: { id: "o-1" } });
  await moon.says("buyer.answered", { order: { id: "o-1" } }, daysLater(dispatchDay, 0.01));
  await lantern.until(daysLater(dispatchDay, 60));
  expect(lantern.steps()).toEqual([]);
  expect(moon.steps()).toEqual(allSteps);
  for (const mail of moon.mails()) {
    expect(headerOf(mail, "from")).toContain("hi@moon.example");
    expect(mail.envelope.from).toBe("hi@moon.example");
    expect(headerOf(mail, "message-id")).toMatch(/@moon\.example>$/);
    expect(mail.html + mail.text).not.toMatch(/lantern\.example|Lantern,/);
  }
});

test("an unsubscribe, a suppression, a consent and a cap of one shop are not the other's", async () => {
  const { lantern, moon } = await twoShops();
  for (const story of [lantern, moon]) {
    await story.places();
    await story.dispatches();
  }
  await lantern.service.ok("POST", `/shops/${lantern.shopId}/suppressions`, { address: maya, scope: "all", reason: "asked" });
  await lantern.until(daysLater(dispatchDay, 60));
  expect(lantern.steps()).toEqual([]);
  expect(moon.steps()).toEqual(allSteps);
  expect((await moon.service.ok("GET", `/shops/${moon.shopId}/suppressions`)).suppressions).toEqual([]);
});

test("each shop's reminder goes on its own day, although the buyer is the same", async () => {
  const { lantern, moon } = await twoShops();
  for (const story of [lantern, moon]) {
    await story.places();
    await story.dispatches();
  }
  await lantern.until(daysLater(dispatchDay, 26));
  expect(lantern.steps()).toEqual(allSteps);
  expect(moon.steps()).toEqual(allSteps);
});

test("the same Shopify order at two shops is two orders; a refund, a review and a closure at one leave the other alone", async () => {
  const { lantern, moon } = await twoShops();
  for (const story of [lantern, moon]) {
    await story.shopify("orders/create", shopifyOrder(story.now()), "same delivery");
    await story.shopify("fulfillments/create", shopifyFulfillment(story.now()), "same parcel");
  }
  await lantern.until(dispatchDay);
  const refund = shopifyPayload("refund", { created_at: dispatchDay, processed_at: dispatchDay });
  refund.transactions[0] = { ...refund.transactions[0], amount: "598.94" };
  await lantern.shopify("refunds/create", refund);
  await moon.shop.augment("review.posted", dispatchDay, { order: { id: "1001" }, review: { id: "r-1", rating: 5 } });
  await moon.service.ok("POST", `/shops/${moon.shopId}/closures`, {
    name: "Kite Day",
    starts: "2026-01-25",
    ends: "2026-01-25",
    resumes: "2026-01-26",
  });
  await lantern.until(daysLater(dispatchDay, 60));
  expect(lantern.steps()).toEqual(["dispatch-notice", "refund-issued"]);
  expect(stand(await lantern.entry("check-in"))).toEqual(["cancelled", "order-refunded"]);
  expect(stand(await lantern.entry("holiday-delay"))).toEqual(["excluded", "no-closure"]);
  expect(moon.steps()).toEqual(["dispatch-notice", "review-thanks", "holiday-delay"]);
});

test("what is signed with one shop's secret is refused at another's address, also if only the id is wrong", async () => {
  const { lantern, moon } = await twoShops();
  const { sources } = await moon.service.ok("GET", `/shops/${moon.shopId}/sources`);
  const { sources: others } = await lantern.service.ok("GET", `/shops/${lantern.shopId}/sources`);
  const own = sources.find(({ platform }: Json) => platform === "standard").id;
  const { secret } = await moon.service.ok("POST", `/sources/${own}/rotate-secret`);
  expect(secret).toMatch(/^whsec_/);
  const body = JSON.stringify({ type: "buyer.wrote", occurredAt: dispatchDay, data: { order: { id: "o-1" } } });
  const headers = { "content-type": "application/json", ...signStandard(secret, "msg_1", instantOf(dispatchDay), body) };
  const post = async (id: string) => (await fetch(`${moon.service.url}/hooks/${id}`, { method: "POST", headers, body })).status;
  expect(await post(own)).toBe(202);
  for (const other of others) expect(await post(other.id)).toBe(401);
  expect(await post("019bd4a0-6c00-7cc3-98c4-dc0c0c07398f")).toBe(404);
});
