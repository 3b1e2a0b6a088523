import { describe, expect, test } from "vitest";
import type { Json } from "../support/service.ts";
import { daysLater, type Story, stand, tell } from "./story.ts";

/*
 * The shop is in Shanghai. Its holiday, a made-up one, runs from 10 to 16 March; parcels leave again on the 17th.
 */

const start = "2026-03-02T02:00:00Z";
const holiday = { name: "Lantern Week", starts: "2026-03-10", ends: "2026-03-16", resumes: "2026-03-17" };
/** Nine in the morning of 7 March in Shanghai, three days before it starts. */
const notice = "2026-03-07T01:00:00.000Z";

const post = (name: string) => `${name}@buyer.example`;

async function buyer(story: Story, name: string, changes: object = {}): Promise<void> {
  await story.places({ id: name, number: name, placedAt: start, paidAt: start, buyer: { email: post(name), name: "Bo" }, ...changes });
}

async function declare(story: Story, changes: object = {}): Promise<Json> {
  return story.service.ok("POST", `/shops/${story.shopId}/closures`, { ...holiday, ...changes });
}

async function wouldBeTold(story: Story, changes: object = {}): Promise<readonly string[]> {
  const { orders } = await story.service.ok("POST", `/shops/${story.shopId}/closures?dryRun=true`, { ...holiday, ...changes });
  return orders.map(({ number }: Json) => number).sort();
}

/** Orders in every situation a closure may meet, as they stand on 5 March. */
async function everySituation(story: Story): Promise<void> {
  await buyer(story, "paid");
  await buyer(story, "unpaid", { paidAt: null });
  await buyer(story, "dispatched");
  await story.dispatches({ id: "s-1" }, "dispatched");
  await buyer(story, "travelling");
  await story.dispatches({ id: "s-2", carrier: null, service: "ePacket", trackingNumber: null }, "travelling");
  await buyer(story, "delivered");
  await story.dispatches({ id: "s-3", carrier: null, service: "ePacket", trackingNumber: null }, "delivered");
  await buyer(story, "cancelled");
  await buyer(story, "refunded");
  await story.until("2026-03-05T02:00:00Z");
  await story.scans("delivered", { id: "s-3" }, "delivered");
  await story.scans("delivered", { id: "s-1" }, "dispatched");
  await story.says("order.cancelled", { order: { id: "cancelled" } });
  await story.until("2026-03-05T02:00:00Z");
}

describe("a closure", () => {
  test("asked for by a dry run names the orders that would be told, and changes nothing", async () => {
    const story = await tell({ start });
    await everySituation(story);
    const named = await wouldBeTold(story);
    expect(named).toEqual(["paid", "refunded", "travelling"]);
    expect((await story.service.ok("GET", `/shops/${story.shopId}/closures`)).closures).toEqual([]);
    await story.until("2026-03-08T02:00:00Z");
    expect(story.steps(post("paid"))).toEqual([]);
  });

  test("tells exactly those its dry run named, once, three days before it starts at nine in the shop's morning", async () => {
    const story = await tell({ start });
    await everySituation(story);
    const named = await wouldBeTold(story);
    await declare(story);
    await story.until("2026-03-07T00:59:59Z");
    for (const name of named) expect(story.steps(post(name)), name).not.toContain("holiday-delay");
    await story.until("2026-03-07T01:00:00Z");
    const all = ["paid", "unpaid", "dispatched", "travelling", "delivered", "cancelled", "refunded"];
    expect(all.filter((name) => story.steps(post(name)).includes("holiday-delay")).sort()).toEqual(named);
    expect((await story.entry("holiday-delay", "paid")).sentAt).toBe(notice);
    const [mail] = story.mails(post("paid"));
    for (const words of ["Lantern Week", "March 10", "March 16", "March 17", "has not left us"]) expect(mail?.text).toContain(words);
    const [, transit] = story.mails(post("travelling"));
    expect(transit?.text).toContain("has already left us");
    expect((await story.entry("holiday-delay", "cancelled")).state).toBe("excluded");
    expect(["no-closure", "already-delivered"]).toContain((await story.entry("holiday-delay", "delivered")).reason);

    await story.until("2026-04-30T00:00:00Z");
    for (const name of named)
      expect(
        story.steps(post(name)).filter((step) => step === "holiday-delay"),
        name,
      ).toHaveLength(1);
  });

  test("tells an order placed inside it at once, and one placed after it nothing", async () => {
    const story = await tell({ start });
    await declare(story);
    await story.until("2026-03-12T15:00:00Z");
    await buyer(story, "inside", { placedAt: "2026-03-12T14:59:00Z", paidAt: "2026-03-12T14:59:30Z" });
    expect(await story.until("2026-03-12T15:00:00Z")).toBe(1);
    expect(story.steps(post("inside"))).toEqual(["holiday-delay"]);
    expect(story.mails(post("inside"))[0]?.text).toContain("You ordered during the pause");
    await story.until("2026-03-17T02:00:00Z");
    await buyer(story, "after", { placedAt: "2026-03-17T01:00:00Z", paidAt: "2026-03-17T01:00:00Z" });
    await story.until("2026-03-25T02:00:00Z");
    expect(story.steps(post("after"))).toEqual([]);
    expect(stand(await story.entry("holiday-delay", "after"))).toEqual(["excluded", "no-closure"]);
  });

  test("declared on its second day still tells those who wait, at once", async () => {
    const story = await tell({ start });
    await buyer(story, "paid");
    await story.until("2026-03-11T18:00:00Z");
    await declare(story);
    expect(await story.until("2026-03-11T18:00:00Z")).toBe(1);
    expect(story.steps(post("paid"))).toEqual(["holiday-delay"]);
  });

  test("declared when it is over tells nobody", async () => {
    const story = await tell({ start });
    await buyer(story, "paid");
    await story.until("2026-03-20T00:00:00Z");
    await declare(story);
    await story.until("2026-03-28T00:00:00Z");
    expect(story.steps(post("paid"))).toEqual([]);
  });

  test("that is taken back before its notices go withdraws them; what was told stays told", async () => {
    const story = await tell({ start });
    await buyer(story, "paid");
    const { id } = await declare(story);
    await story.until(daysLater(start, 1));
    expect((await story.entry("holiday-delay", "paid")).state).toBe("planned");
    expect((await story.service.api("DELETE", `/shops/${story.shopId}/closures/${id}`)).status).toBe(204);
    await story.until("2026-03-30T00:00:00Z");
    expect(story.steps(post("paid"))).toEqual([]);
  });

  test("is spoken of once per order, and a second closure once more", async () => {
    const story = await tell({ start });
    await buyer(story, "paid");
    await declare(story);
    await declare(story, { name: "Kite Day", starts: "2026-03-20", ends: "2026-03-20", resumes: "2026-03-21" });
    await story.until("2026-03-30T00:00:00Z");
    expect(story.mails(post("paid")).map(({ subject }) => subject.split(" and ")[0])).toEqual(["Lantern Week", "Kite Day"]);
    const entries = (await story.entries("paid")).filter(({ step }) => step === "holiday-delay");
    expect(entries.map(({ occurrence, state }) => [occurrence.kind, state])).toEqual([
      ["closure", "sent"],
      ["closure", "sent"],
    ]);
  });

  test("of some carriers tells only those whose parcels go by them", async () => {
    const story = await tell({ start });
    for (const [name, service] of [
      ["by-epacket", "ePacket"],
      ["by-air", "Registered air mail"],
    ] as const) {
      await buyer(story, name);
      await story.dispatches({ id: `s-${name}`, carrier: null, service, trackingNumber: null }, name);
    }
    expect(await story.until(start)).toBe(2);
    expect(await wouldBeTold(story, { carriers: ["ePacket"] })).toEqual(["by-epacket"]);
    await declare(story, { carriers: ["ePacket"] });
    await story.until("2026-03-09T00:00:00Z");
    expect(story.steps(post("by-epacket"))).toEqual(["dispatch-notice", "holiday-delay"]);
    expect(story.steps(post("by-air"))).toEqual(["dispatch-notice"]);
  });

  test("does not concern what left before it and is due to be there, nor what leaves after its notice was planned", async () => {
    const story = await tell({ start });
    await buyer(story, "express", { placedAt: "2026-02-24T00:00:00Z", paidAt: "2026-02-24T00:00:00Z" });
    await story.dispatches({ id: "s-1", carrier: "DHL Express", trackingNumber: null, dispatchedAt: "2026-02-25T02:00:00Z" }, "express");
    await buyer(story, "soon");
    await declare(story);
    await story.until("2026-03-06T02:00:00Z");
    expect((await story.entry("holiday-delay", "soon")).state).toBe("planned");
    await story.dispatches({ id: "s-2", carrier: "DHL Express", trackingNumber: null }, "soon");
    await story.scans("delivered", { id: "s-2", occurredAt: "2026-03-06T01:59:00Z" }, "soon");
    await story.until("2026-03-30T00:00:00Z");
    expect(story.steps(post("express"))).not.toContain("holiday-delay");
    expect(story.steps(post("soon"))).not.toContain("holiday-delay");
  });
});
