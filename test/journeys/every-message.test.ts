import { expect, test } from "vitest";
import { type Json, standardOrder } from "../support/service.ts";
import { daysLater, dispatchDay, expectDaytime, stand, tell } from "./story.ts";

/* The messages beyond the five that every order meets, each as a buyer gets it. Orders of one story have buyers of their own. */

const buyer = (name: string) => ({ email: `${name}@buyer.example`, name });
const at = (name: string) => `${name}@buyer.example`;

test("a promised day of dispatch that passes: an apology, once, and none for what left in time or was cancelled", async () => {
  const story = await tell();
  const promisedDispatchBy = daysLater(dispatchDay, 2);
  for (const name of ["late", "left", "gone"]) {
    await story.places({ id: name, number: name, promisedDispatchBy, buyer: buyer(name) });
  }
  await story.dispatches({}, "left");
  await story.says("order.cancelled", { order: { id: "gone" } });
  await story.until(daysLater(dispatchDay, 1.9));
  expect(story.mails(at("late"))).toEqual([]);
  await story.until(daysLater(dispatchDay, 9));
  expect(story.steps(at("late"))).toEqual(["dispatch-late"]);
  expect((await story.entry("dispatch-late", "late")).sentAt).toBe("2026-01-22T18:00:00.000Z");
  expect(story.steps(at("left"))).toEqual(["dispatch-notice"]);
  expect(story.steps(at("gone"))).toEqual([]);
  expect(stand(await story.entry("dispatch-late", "gone"))[1]).toBe("order-cancelled");
});

test("a parcel that falls silent, twice, and is late in the end; one that was never scanned gets no word of its tracking", async () => {
  const story = await tell();
  await story.places({ id: "quiet", number: "quiet", buyer: buyer("quiet") });
  await story.places({ id: "blind", number: "blind", buyer: buyer("blind") });
  await story.dispatches({}, "quiet");
  await story.dispatches({ id: "s-2" }, "blind");
  await story.until(daysLater(dispatchDay, 1));
  await story.scans("in_transit", {}, "quiet");
  await story.until(daysLater(dispatchDay, 5.9));
  expect(story.steps(at("quiet"))).toEqual(["dispatch-notice"]);
  await story.until(daysLater(dispatchDay, 6.1));
  expect(story.steps(at("quiet"))).toEqual(["dispatch-notice", "tracking-quiet"]);
  await story.until(daysLater(dispatchDay, 7));
  await story.scans("in_transit", {}, "quiet");
  await story.until(daysLater(dispatchDay, 40));
  const all = ["dispatch-notice", "tracking-quiet", "check-in", "tracking-quiet", "delivery-late"];
  expect([...story.steps(at("quiet"))].sort()).toEqual([...all].sort());
  const late = await story.entry("delivery-late", "quiet");
  expect(late.state).toBe("sent");
  expectDaytime(late.sentAt);
  expect(stand(await story.entry("feedback-reminder", "quiet"))[1]).toBe("not-started");
  expect(story.steps(at("blind"))).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
  for (const step of ["tracking-quiet", "in-customs", "delivery-late", "parcel-returned", "still-on-its-way"]) {
    expect(stand(await story.entry(step, "blind")), step).toEqual(["excluded", "no-tracking"]);
  }
});

test("a scan that comes before the five days are over withdraws the word of silence, and a delivery all of it", async () => {
  const story = await tell();
  await story.places();
  await story.dispatches();
  await story.scans("in_transit");
  await story.until(daysLater(dispatchDay, 4));
  const first = (await story.entry("tracking-quiet")).occurrence.id;
  await story.scans("in_transit");
  await story.until(story.now());
  const entries = (await story.entries()).filter(({ step }) => step === "tracking-quiet");
  expect(entries.map((entry) => [entry.occurrence.id === first, ...stand(entry)])).toEqual([
    [false, "planned"],
    [true, "cancelled", "occurrence-gone"],
  ]);
  await story.until(daysLater(dispatchDay, 6));
  await story.scans("delivered");
  await story.until(daysLater(dispatchDay, 60));
  expect(story.steps()).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
});

test("a long way: customs, half of it over, back to the sender, and sent again", async () => {
  const story = await tell();
  await story.places();
  await story.dispatches({ carrier: "China Post", service: "Registered Air Mail", trackingNumber: "RR473124829CN" });
  await story.scans("in_transit", { occurredAt: daysLater(dispatchDay, 1) });
  for (const day of [5, 9, 13, 17]) {
    await story.until(daysLater(dispatchDay, day));
    await story.scans(day === 9 ? "customs" : "in_transit");
  }
  await story.until(daysLater(dispatchDay, 21));
  expect(story.steps()).toEqual(["dispatch-notice", "in-customs", "still-on-its-way"]);
  expectDaytime((await story.entry("still-on-its-way")).sentAt);
  await story.scans("returned");
  await story.until(daysLater(dispatchDay, 22));
  expect(story.steps().slice(3)).toEqual(["parcel-returned"]);
  expect(stand(await story.entry("check-in"))).toEqual(["cancelled", "parcel-returned"]);
  await story.dispatches({ id: "s-2", trackingNumber: "EE123456785CN" });
  await story.until(daysLater(dispatchDay, 28));
  await story.scans("delivered", { id: "s-2" });
  await story.until(daysLater(dispatchDay, 70));
  // The wait counts from the second parcel; the first is replaced, and neither late nor in the way of a review.
  expect(story.steps().slice(4)).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
  expect((await story.entry("check-in")).sentAt > daysLater(dispatchDay, 32)).toBe(true);
});

test("a dispute: opened, a proposal by the operator, closed with a refund; care and review mail pauses meanwhile", async () => {
  const story = await tell();
  await story.places();
  await story.dispatches();
  await story.until(daysLater(dispatchDay, 8));
  await story.says("dispute.opened", { order: { id: "o-1" }, case: { id: "d-1", reason: "not as described" } });
  await story.until(daysLater(dispatchDay, 11));
  expect(story.steps()).toEqual(["dispatch-notice", "dispute-opened"]);
  expect(stand(await story.entry("check-in"))).toEqual(["cancelled", "case-open"]);
  const { id } = await story.order();
  const proposal = {
    type: "dispute-proposal",
    caseId: "d-1",
    fields: { cause: "The wrong lamp was packed.", proposal: "We send the right one.", steps: "Nothing to do.", replyBy: "2026-02-10" },
  };
  await story.service.ok("POST", `/orders/${id}/actions`, proposal);
  await story.until(story.now());
  expect(story.steps().slice(2)).toEqual(["dispute-proposal"]);
  await story.until(daysLater(dispatchDay, 12));
  await story.says("order.refunded", { order: { id: "o-1" }, refund: { id: "f-1", amount: "10.00" } });
  await story.says("dispute.closed", { order: { id: "o-1" }, case: { id: "d-1", outcome: "partly refunded" } });
  await story.until(daysLater(dispatchDay, 14));
  expect([...story.steps().slice(3)].sort()).toEqual(["check-in", "dispute-resolved", "refund-issued"]);
});

test("instructions for a return and for an exchange go once each, and a return that is opened is no dispute", async () => {
  const story = await tell();
  await story.places();
  await story.dispatches();
  await story.says("return.opened", { order: { id: "o-1" }, case: { id: "r-1" } });
  await story.until(daysLater(dispatchDay, 1));
  const { id } = await story.order();
  const fields = { address: "Lantern, 8 Nanjing Road, Shanghai", deadline: "2026-02-10", whoPays: "shop", onArrival: "We refund it." };
  for (const type of ["return-instructions", "exchange-instructions"]) {
    await story.service.ok("POST", `/orders/${id}/actions`, { type, fields });
  }
  await story.until(daysLater(dispatchDay, 9));
  expect([...story.steps()].sort()).toEqual(["dispatch-notice", "exchange-instructions", "return-instructions"]);
  expect(stand(await story.entry("dispute-opened"))).toEqual(["excluded", "condition-not-met"]);
});

test("an order that is not paid is reminded twice, where the shop wants it; paid, it is confirmed", async () => {
  const story = await tell();
  const { schedule } = await story.service.ok("GET", `/shops/${story.shopId}/schedule`);
  const wanted = ["payment-nudge", "payment-nudge-2", "order-confirmed", "out-for-delivery", "delivered", "win-back"];
  const steps = schedule.steps.map((step: Json) => (wanted.includes(step.key) ? { ...step, enabled: true } : step));
  await story.service.ok("PUT", `/shops/${story.shopId}/schedule`, { schedule: { ...schedule, steps }, queued: "retime" });
  await story.places({ placedAt: story.now(), paidAt: undefined });
  await story.until(daysLater(dispatchDay, 0.1));
  expect(story.steps()).toEqual(["payment-nudge"]);
  await story.until(daysLater(dispatchDay, 0.95));
  expect(story.steps()).toEqual(["payment-nudge", "payment-nudge-2"]);
  await story.says("order.paid", { order: { ...standardOrder({ placedAt: dispatchDay }), paidAt: story.now() } });
  await story.until(daysLater(dispatchDay, 0.96));
  await story.dispatches();
  await story.until(daysLater(dispatchDay, 6));
  await story.scans("out_for_delivery");
  await story.until(daysLater(dispatchDay, 6.2));
  await story.scans("delivered");
  await story.until(daysLater(dispatchDay, 90));
  expect(story.steps().slice(2, 6)).toEqual(["order-confirmed", "dispatch-notice", "out-for-delivery", "delivered"]);
  // An offer goes only to who agreed to offers.
  expect(story.steps()).not.toContain("win-back");
  expect(stand(await story.entry("win-back"))).toEqual(["excluded", "no-consent"]);
});

test("a disruption: a dry run names who would be told, each is told once, and again only when the operator asks", async () => {
  const story = await tell();
  for (const [name, country] of [
    ["here", "US"],
    ["there", "DE"],
    ["safe", "US"],
  ] as const) {
    await story.places({ id: name, number: name, buyer: buyer(name), shippingAddress: { country } });
    await story.dispatches({ id: `s-${name}` }, name);
  }
  await story.until(daysLater(dispatchDay, 2));
  await story.scans("delivered", { id: "s-safe" }, "safe");
  await story.until(daysLater(dispatchDay, 3));
  const path = `/shops/${story.shopId}/disruptions`;
  const storm = { name: "Storm", text: "A storm closed the airport.", starts: "2026-01-23", match: { countries: ["US"] } };
  const { orders } = await story.service.ok("POST", `${path}?dryRun=true`, storm);
  expect(orders.map(({ number }: Json) => number)).toEqual(["here"]);
  expect((await story.service.ok("GET", path)).disruptions).toEqual([]);

  const declared = await story.service.ok("POST", path, storm);
  await story.until(story.now());
  expect(story.steps(at("here"))).toEqual(["dispatch-notice", "disruption-delay"]);
  expect(story.mails(at("here"))[1]?.text).toContain("A storm closed the airport.");
  for (const name of ["there", "safe"]) expect(story.steps(at(name)), name).toEqual(["dispatch-notice"]);

  await story.service.ok("PATCH", `${path}/${declared.id}`, { text: "The airport is still closed.", expectedEnd: "2026-01-28" });
  await story.until(daysLater(dispatchDay, 4));
  expect(story.steps(at("here"))).toEqual(["dispatch-notice", "disruption-delay"]);
  await story.service.ok("PATCH", `${path}/${declared.id}`, { tellAgain: true });
  await story.until(story.now());
  expect(story.steps(at("here"))).toEqual(["dispatch-notice", "disruption-delay", "disruption-delay"]);
  expect(story.mails(at("here"))[2]?.text).toContain("The airport is still closed.");

  await story.service.ok("PATCH", `${path}/${declared.id}`, { ended: true });
  expect((await story.service.api("PATCH", `${path}/${declared.id}`, { tellAgain: true })).status).toBe(409);
  await story.until(daysLater(dispatchDay, 4.5));
  await story.places({ id: "after", number: "after", buyer: buyer("after") });
  await story.dispatches({ id: "s-after" }, "after");
  await story.until(daysLater(dispatchDay, 5));
  expect(story.steps(at("after"))).toEqual(["dispatch-notice"]);
  expect(stand(await story.entry("disruption-delay", "after"))).toEqual(["excluded", "no-disruption"]);
});
