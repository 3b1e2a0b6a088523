import { describe, expect, test } from "vitest";
import { type Json, standardOrder } from "../support/service.ts";
import { allSteps, daysLater, dispatchDay, expectDaytime, maya, nextSummer, shopifyOrder, tell, tellDispatched, there } from "./story.ts";

const everything = [...allSteps, "review-thanks"];

/** Tells an order to its end, thanks included; the reminder has gone by then. */
async function toTheEnd(order: object, shipment: object = {}, shop: object = {}) {
  const story = await tell({ shop });
  await story.places(order);
  await story.dispatches(shipment);
  await story.until(daysLater(dispatchDay, 60));
  await story.says("review.posted", { order: { id: "o-1" }, review: { id: "r-1", rating: 5 } });
  await story.until(nextSummer);
  return story;
}

describe("as little as the contract asks for is enough for every mail", () => {
  test("of a shop: no reply address, no website, no page for reviews, nobody who signs", async () => {
    const bare = { replyTo: undefined, postalAddress: undefined, website: undefined, reviewUrl: undefined, signedBy: undefined };
    const story = await toTheEnd({}, {}, bare);
    expect(story.steps()).toEqual(everything);
  });

  test("of an order: no name, no language, no carrier, no tracking number, a place without a city", async () => {
    const order = { buyer: { email: maya, name: null }, shippingAddress: { country: "US" }, total: "0.00" };
    const story = await toTheEnd(order, { carrier: null, trackingNumber: null });
    expect(story.steps()).toEqual(everything);
    for (const mail of story.mails()) expect(mail.text).not.toMatch(/undefined|null|Hi ,|\{\{/);
  });

  test("of money without cents, with three places, and of many", async () => {
    for (const [currency, total, shown] of [
      ["JPY", "12800", "¥12,800"],
      ["KWD", "12.345", "12.345"],
      ["USD", "1234567.89", "$1,234,567.89"],
    ] as const) {
      const items = [{ id: "i-1", title: "Lamp", quantity: 1, price: total }];
      const story = await toTheEnd({ currency, total, items });
      expect(story.steps(), currency).toEqual(everything);
      expect(story.mails()[2]?.text, currency).toContain(shown);
    }
  });

  test("of sixty lines, of letters of every sort, of items without a number", async () => {
    const items = Array.from({ length: 60 }, (_, index) => ({
      id: `i-${index}`,
      title: ["<script>alert(1)</script>", "مصباح ورقي", "🏮🧧 灯笼", "a".repeat(900), "{{{ofg}}} [[x]] **y** [z](links.review)"][
        index % 5
      ],
      quantity: index === 7 ? 1000 : 1,
      price: "1.00",
    }));
    const story = await toTheEnd({ items });
    expect(story.steps()).toEqual(everything);
    for (const mail of story.mails()) {
      expect(mail.html).not.toContain("<script");
      expect(mail.raw.length).toBeLessThan(100_000);
    }
  });
});

describe("things that change on the way", () => {
  test("a new address of the buyer's gets what was planned for the old one", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 3));
    await story.says("order.updated", { order: standardOrder({ buyer: { email: "new@buyer.example", name: "Maya", locale: "en" } }) });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect(story.steps("new@buyer.example")).toEqual(["check-in", "feedback-reminder"]);
  });

  test("a parcel that leaves after the check-in gets its notice, no second check-in, and the reminder waits for it", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 12));
    await story.dispatches({ id: "s-2", carrier: "Cainiao", service: "AliExpress Standard Shipping", trackingNumber: null });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "check-in", "dispatch-notice", "feedback-reminder"]);
    expect((await story.entry("feedback-reminder")).sentAt > daysLater(dispatchDay, 12 + 45)).toBe(true);
  });

  test("the reminder is projected before the check-in has gone, ten to fifteen days after it", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 1));
    const checkIn = await story.entry("check-in");
    const reminder = await story.entry("feedback-reminder");
    expect(reminder).toMatchObject({ state: "waiting", provisional: true, reason: "prior-not-sent-yet" });
    const days = there(reminder.dueAt).startOf("day").diff(there(checkIn.dueAt).startOf("day"), "days").days;
    expect(days).toBeGreaterThanOrEqual(10);
    expect(days).toBeLessThanOrEqual(15);
  });

  test("a parcel that went back to the sender is not asked a review for (LAW-04)", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 8));
    await story.scans("returned");
    await story.until(nextSummer);
    expect(story.steps()).not.toContain("feedback-reminder");
  });

  test("the whole order refunded after the reminder was planned, on the very day: it does not go", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 13));
    const { dueAt } = await story.entry("feedback-reminder");
    await story.until(daysLater(dueAt, -1 / 86_400));
    await story.says("order.refunded", { order: { id: "o-1" }, refund: { id: "rf-1", amount: "49.90" } });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "check-in", "refund-issued"]);
  });
});

test("the link at the foot of order mail stops everything, by the form on its page", async () => {
  const story = await tellDispatched();
  await story.until(daysLater(dispatchDay, 1));
  const link = /https?:\/\/\S+\/u\/\S+/.exec(story.mails()[0]?.text ?? "")?.[0] ?? "";
  const url = `${story.service.url}${new URL(link).pathname}`;
  const page = await (await fetch(url)).text();
  expect(page).toContain("<form");
  expect((await fetch(url, { method: "POST", body: new URLSearchParams({ choice: "kind" }) })).status).toBe(200);
  await story.dispatches({ id: "s-2" });
  await story.until(nextSummer);
  expect(story.steps()).toEqual(["dispatch-notice"]);
});

describe("orders of other sorts", () => {
  test("of which nothing travels get no parcel mail, and say so", async () => {
    const story = await tell();
    const lines = shopifyOrder(story.now()).line_items.map((line: Json) => ({ ...line, requires_shipping: false }));
    await story.shopify("orders/create", shopifyOrder(story.now(), { line_items: lines, shipping_address: null }));
    await story.until(nextSummer);
    expect(story.steps()).toEqual([]);
    expect((await story.entry("check-in")).reason).toBe("nothing-ships");
  });

  test("from a country of several zones, none of them near the shop's, are written to at a decent hour there", async () => {
    const story = await toTheEnd({ shippingAddress: { country: "US" } });
    expect(story.steps()).toEqual(everything);
    for (const step of ["check-in", "feedback-reminder", "review-thanks"]) {
      expectDaytime((await story.entry(step)).sentAt, "America/New_York");
    }
  });

  test("placed on the eve of a closure, when its notices have gone, are told at once", async () => {
    const story = await tell();
    await story.service.ok("POST", `/shops/${story.shopId}/closures`, {
      name: "Kite Day",
      starts: "2026-01-23",
      ends: "2026-01-25",
      resumes: "2026-01-26",
    });
    await story.until("2026-01-21T12:00:00Z");
    await story.places({ placedAt: story.now(), paidAt: story.now() });
    expect(await story.until(story.now())).toBe(1);
    expect(story.steps()).toEqual(["holiday-delay"]);
  });
});

test("the figures for operators say what happened", async () => {
  const story = await tellDispatched();
  await story.until(daysLater(dispatchDay, 60));
  const text = await (await fetch(`${story.service.url}/metrics`)).text();
  const figures = (name: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith(name) && !line.startsWith("#"))
      .map((line) => Number(line.split(" ").at(-1)));
  expect(figures("afterword_sent_total").reduce((sum, value) => sum + value, 0)).toBe(3);
  expect(figures('afterword_messages{state="sent"}')).toEqual([3]);
  expect(figures("afterword_due_lag_seconds")).toEqual([0]);
  expect(figures("afterword_webhooks_total").reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(2);
  expect(text).toContain("afterword_send_seconds");
});
