import { describe, expect, test } from "vitest";
import { daysLater, dispatchDay, expectDaytime, nextSummer, stand, stands, tell, tellDispatched } from "./story.ts";

describe("a review", () => {
  const review = (rating?: number, id = "r-1") => ({ order: { id: "o-1" }, review: { id, ...(rating === undefined ? {} : { rating }) } });

  test("of four or five stars is thanked for after an hour, at a decent one; of three or fewer it is answered with remedies", async () => {
    const story = await tell();
    for (const rating of [1, 2, 3, 4, 5]) {
      const id = `o-${rating}`;
      await story.places({ id, number: `200${rating}`, buyer: { email: `b${rating}@buyer.example`, name: "Bo" } });
      await story.says("review.posted", { order: { id }, review: { id: "r-1", rating } });
    }
    await story.until(daysLater(dispatchDay, 7));
    for (const rating of [1, 2, 3, 4, 5]) {
      expect([rating, story.steps(`b${rating}@buyer.example`)]).toEqual([rating, [rating >= 4 ? "review-thanks" : "review-recovery"]]);
    }
    expect(stand(await story.entry("review-thanks", "2003"))).toEqual(["excluded", "condition-not-met"]);
    const { sentAt } = await story.entry("review-thanks", "2005");
    expect(sentAt >= "2026-01-20T19:00:00.000Z").toBe(true);
    expectDaytime(sentAt);
  });

  test("removed before the thanks are due is not thanked for; put back it is", async () => {
    const story = await tellDispatched();
    await story.says("review.posted", review(5));
    await story.says("review.removed", review(), daysLater(dispatchDay, 0.01));
    await story.until(daysLater(dispatchDay, 0.5));
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect((await story.entry("review-thanks")).reason).toBe("review-removed");
    await story.says("review.posted", review(5));
    await story.until(daysLater(dispatchDay, 2));
    expect(story.steps()).toEqual(["dispatch-notice", "review-thanks"]);
  });

  test("changed from five stars to two before the thanks are due is not thanked for", async () => {
    const story = await tellDispatched();
    await story.says("review.posted", review(5));
    await story.says("review.updated", review(2), daysLater(dispatchDay, 0.01));
    await story.until(daysLater(dispatchDay, 3));
    expect(story.steps()).toEqual(["dispatch-notice", "review-recovery"]);
  });

  test("is thanked for once, however often it is updated; each of two reviews is thanked for", async () => {
    const story = await tellDispatched();
    await story.says("review.posted", review(5));
    await story.until(daysLater(dispatchDay, 2));
    await story.says("review.updated", review(4));
    await story.until(daysLater(dispatchDay, 4));
    expect(story.steps()).toEqual(["dispatch-notice", "review-thanks"]);
    await story.says("review.posted", review(5, "r-2"));
    await story.until(daysLater(dispatchDay, 6));
    expect(story.steps()).toEqual(["dispatch-notice", "review-thanks", "review-thanks"]);
  });

  test("posted before the check-in withdraws check-in and reminder; removed again it lets them go", async () => {
    const story = await tellDispatched();
    await story.until(daysLater(dispatchDay, 3));
    await story.says("review.posted", review(2));
    await story.until(daysLater(dispatchDay, 8));
    expect(await stands(story)).toMatchObject({
      "check-in": ["cancelled", "review-posted"],
      "feedback-reminder": ["excluded", "review-posted"],
    });
    await story.says("review.removed", review());
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "review-recovery", "check-in", "feedback-reminder"]);
  });
});
