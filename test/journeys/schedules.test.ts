import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import type { Json } from "../support/service.ts";
import { token } from "../support/service.ts";
import { daysLater, dispatchDay, maya, nextSummer, offByDefault, portland, type Story, stand, tell, tellDispatched } from "./story.ts";

async function publish(
  story: Story,
  change: (steps: readonly Json[]) => readonly Json[],
  queued: "retime" | "keep" = "retime",
): Promise<Json> {
  // What was to be planned again because of mail just sent is planned first, so that the counts are of this publication alone.
  await story.until(story.now());
  const { schedule } = await story.service.ok("GET", `/shops/${story.shopId}/schedule`);
  const next = { ...schedule, steps: change(schedule.steps) };
  return story.service.ok("PUT", `/shops/${story.shopId}/schedule`, { schedule: next, queued });
}

const waiting = (days: number) => (steps: readonly Json[]) =>
  steps.map((step) => (step.key === "check-in" ? { ...step, wait: { days } } : step));

describe("a new version of the schedule (P4)", () => {
  test("with a new step plans nothing that would have been due before it was published, and plans it for what comes after", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 5));
    const tip = { key: "tip", template: "check-in", category: "care", on: "shipment.dispatched", wait: { days: 3 } };
    const later = { key: "later", template: "check-in", category: "care", on: "shipment.dispatched", wait: { days: 7 } };
    expect(await publish(story, (steps) => [...steps, tip, later])).toMatchObject({ version: 2, added: 1, cancelled: 0 });
    expect(stand(await story.entry("tip"))).toEqual(["excluded", "before-step-published"]);
    expect((await story.entry("later")).state).toBe("planned");
    await story.places({ id: "o-2", number: "1002", buyer: { email: "new@buyer.example", name: "Bo" } });
    await story.dispatches({ id: "s-2" }, "o-2");
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "later", "check-in", "feedback-reminder"]);
    expect(story.steps("new@buyer.example")).toEqual(["dispatch-notice", "tip", "later", "check-in", "feedback-reminder"]);
  });

  test("that would have it all in the past spreads it over the next day's open hours", async () => {
    const story = await tell();
    const numbers = Array.from({ length: 24 }, (_, index) => `${index + 1}`);
    for (const number of numbers) {
      await story.places({ id: number, number, buyer: { email: `b${number}@buyer.example`, name: "Bo" } });
      await story.dispatches({ id: `s-${number}` }, number);
    }
    const published = "2026-01-28T04:00:00Z";
    await story.until(published);
    expect(await publish(story, waiting(5))).toMatchObject({ retimed: numbers.length, added: 0, cancelled: 0 });
    expect(await story.until(published)).toBe(0);
    await story.until(daysLater(published, 2));
    const sent = await Promise.all(numbers.map(async (number) => (await story.entry("check-in", number)).sentAt));
    for (const at of sent) {
      expect(at > published && at < daysLater(published, 1)).toBe(true);
      const { hour } = DateTime.fromISO(at, { zone: portland });
      expect(hour >= 9 && hour < 18, at).toBe(true);
    }
    expect(new Set(sent).size).toBeGreaterThan(numbers.length / 2);
    const times = sent.map((at) => Date.parse(at));
    expect(Math.max(...times) - Math.min(...times), "over the whole of those hours").toBeGreaterThan(5 * 3_600_000);
  });

  test("without a step withdraws what was planned of it; put back it is planned again", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 2));
    expect(await publish(story, (steps) => steps.filter(({ key }) => key !== "check-in" && key !== "feedback-reminder"))).toMatchObject({
      cancelled: 1,
      added: 0,
    });
    expect((await story.entries()).find(({ step }) => step === "check-in")).toMatchObject({ state: "cancelled", reason: "step-removed" });
    await story.until(daysLater(dispatchDay, 5));
    const { schedule } = await story.service.ok("GET", `/shops/${story.shopId}/schedule`);
    expect(schedule.steps.map(({ key }: Json) => key)).not.toContain("check-in");
  });

  test("with `keep` leaves open orders with the old one, and gives new orders the new", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 2));
    expect(await publish(story, waiting(5), "keep")).toMatchObject({ version: 2, retimed: 0, cancelled: 0, added: 0 });
    await story.places({ id: "o-2", number: "1002", buyer: { email: "new@buyer.example", name: "Bo" } });
    await story.dispatches({ id: "s-2", dispatchedAt: dispatchDay }, "o-2");
    await story.until(daysLater(dispatchDay, 30));
    const sentOn = async (number: string) =>
      DateTime.fromISO((await story.entry("check-in", number)).sentAt, { zone: portland }).toISODate();
    expect(await sentOn("1001")).toBe("2026-01-30");
    expect(await sentOn("1002")).toBe("2026-01-25");
  });

  test("does not send again what was sent, whatever its new time", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 12));
    await publish(story, waiting(15));
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
  });

  test("may be written as YAML; what is wrong is named by its place and nothing is published", async () => {
    const story = await tellDispatched();
    const put = async (body: string) => {
      const response = await fetch(`${story.service.url}/api/v1/shops/${story.shopId}/schedule?queued=keep`, {
        method: "PUT",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/yaml" },
        body,
      });
      return { status: response.status, body: (await response.json()) as Json };
    };
    const step =
      "steps:\n  - key: notice\n    template: dispatch-notice\n    category: order\n    on: shipment.dispatched\n    per: shipment\n";
    const wrong = await put(`name: Short\n${step}    wait: { days: -4 }\n`);
    expect(wrong.status).toBe(422);
    expect(wrong.body.errors[0].pointer).toMatch(/^\/steps\/0\/wait/);
    expect((await story.service.ok("GET", `/shops/${story.shopId}/schedule`)).version).toBe(1);
    expect((await put(`name: Short\n${step}`)).body).toMatchObject({ version: 2 });
    expect((await story.service.ok("GET", `/shops/${story.shopId}/schedule`)).schedule).toMatchObject({
      name: "Short",
      steps: [{ key: "notice" }],
    });
  });
});

describe("orders older than the shop's liveFrom (P4)", () => {
  test("plan nothing, and every entry says why; by default that is what was placed more than 30 days ago", async () => {
    const story = await tell();
    await story.places({ placedAt: daysLater(dispatchDay, -30.1), paidAt: null });
    await story.places({
      id: "o-2",
      number: "1002",
      placedAt: daysLater(dispatchDay, -29.9),
      buyer: { email: "young@buyer.example", name: "Bo" },
    });
    await story.dispatches();
    await story.dispatches({ id: "s-2" }, "o-2");
    await story.until(nextSummer);
    expect(story.steps(maya)).toEqual([]);
    for (const entry of await story.entries()) {
      const why = offByDefault.has(entry.step) ? "step-off" : "before-live-from";
      expect([entry.step, ...stand(entry)]).toEqual([entry.step, "excluded", why]);
    }
    expect(story.steps("young@buyer.example")).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
  });

  test("moving liveFrom forward withdraws, moving it back plans again", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 2));
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { liveFrom: daysLater(dispatchDay, 1) });
    expect(stand(await story.entry("check-in"))).toEqual(["cancelled", "before-live-from"]);
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { liveFrom: "2026-01-01T00:00:00Z" });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "check-in", "feedback-reminder"]);
  });
});
