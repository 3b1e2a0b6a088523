import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { buyerWorld, late, textOf } from "./buyer-world.ts";
import { openWeb, parcel } from "./set-up.ts";

const start = "2026-01-20T08:00:00Z";
const web = await openWeb({ limits: { buyerPosts: { burst: 1e6, perSecond: 1e6 } } });

/** An order whose parcel is late, and a mail about that which offered a choice. */
async function lateOrder(...args: [] | [object]) {
  web.setClock(start);
  const world = await buyerWorld(web, ...args);
  web.setClock(late);
  await world.mailed("delivery-late", { kind: "shipment", id: "s1" });
  return world;
}

const resend = { of: "delivery-late", about: "s1", choice: "resend", note: "" };
const slot = "choice:delivery-late:s1";

describe("choosing", () => {
  test("what the buyer chooses becomes a fact of no delivery and a task, and the page says so; back there by 303, so that reloading repeats nothing", async () => {
    const world = await lateOrder();
    expect(await world.page()).toContain("Please choose by February 20, 2026.");
    const posted = await world.post("choice", { ...resend, note: " To my office, please\u0000 " });
    expect([posted.status, posted.location]).toEqual([303, `${world.path}?done=chosen`]);
    expect(await world.fact(slot)).toMatchObject({
      source_id: null,
      says: {
        kind: "choice",
        of: "delivery-late",
        about: "s1",
        choice: "resend",
        note: "To my office, please",
        chosenAt: "2026-02-10T08:00:00.000Z",
      },
    });
    expect(await world.tasks()).toMatchObject([
      {
        kind: "delivery-late",
        about: "s1",
        step: "delivery-late",
        occurrence: { kind: "shipment", id: "s1" },
        choice: "resend",
        words: "To my office, please",
        answerBy: "2026-02-12",
        orderId: world.orderId,
      },
    ]);
    const page = await world.page("?done=chosen");
    expect(page).toContain("Thank you, we have your choice.");
    expect(page).toContain("You chose on February 10, 2026: Send it again");
  });

  test("the same form posted twice is one fact; choosing anew replaces it and moves the open task along", async () => {
    const world = await lateOrder();
    await world.post("choice", resend);
    const first = await world.fact(slot);
    await world.post("choice", resend);
    expect(await world.fact(slot)).toEqual(first);
    // The clock stands still, and the later word holds all the same.
    await world.post("choice", { ...resend, choice: "refund" });
    expect((await world.fact(slot))?.says.choice).toBe("refund");
    await world.post("choice", resend);
    expect((await world.fact(slot))?.says.choice).toBe("resend");
    expect((await world.tasks("open")).map(({ choice }) => choice)).toEqual(["resend"]);
  });

  test("what is carried out can't be chosen anew, and the page says that it is settled", async () => {
    const world = await lateOrder();
    await world.post("choice", resend);
    const [task] = await world.tasks();
    await web.ok("POST", `/tasks/${task.id}/resolve`, { resolution: "resent" });
    const again = await world.post("choice", { ...resend, choice: "refund" });
    expect([again.status, textOf(again.text)]).toEqual([409, expect.stringContaining("That can no longer be done here.")]);
    expect((await world.fact(slot))?.says.choice).toBe("resend");
    const page = await world.page();
    expect(page).toContain("This is settled.");
    expect(page).not.toContain("Change my choice");
  });

  test("a parcel that leaves after the choice ends its task by itself", async () => {
    const world = await lateOrder();
    await world.post("choice", resend);
    const shipment = { ...parcel, id: "s2", dispatchedAt: "2026-02-11T08:00:00.000Z" };
    web.setClock("2026-02-11T08:00:00Z");
    await world.says("shipment.dispatched", { shipment });
    expect(await world.tasks()).toEqual([]);
    expect(await world.tasks("resolved")).toMatchObject([{ kind: "delivery-late", resolution: "resent" }]);
  });

  test("after the last day, and once the parcel has arrived, there is nothing to choose", async () => {
    const world = await lateOrder();
    web.setClock("2026-02-22T08:00:00Z");
    expect(await world.page()).toContain("You could choose here until February 20, 2026. It is not too late: please write to us.");
    expect((await world.post("choice", resend)).status).toBe(409);
    web.setClock(late);
    await world.says("shipment.updated", { shipment: { id: "s1", status: "delivered", occurredAt: late } });
    expect(await world.page()).not.toContain("Your parcel is late");
    expect((await world.post("choice", resend)).status).toBe(409);
  });

  test("only what a mail has offered can be chosen: not another thing, not another choice, not before", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    expect((await world.post("choice", resend)).status).toBe(409);
    await world.mailed("delivery-late", { kind: "shipment", id: "s1" });
    for (const wrong of [{ about: "s2" }, { of: "dispatch-late" }, { of: "__proto__" }, { about: "__proto__" }])
      expect((await world.post("choice", { ...resend, ...wrong })).status).toBe(409);
    for (const choice of ["cancel", "", "toString"]) {
      const answer = await world.post("choice", { ...resend, choice });
      expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining("Please choose one of these.")]);
    }
    expect(await world.tasks()).toEqual([]);
  });

  test("a link of a mail picks a choice, and chooses nothing: scanners follow links", async () => {
    const world = await lateOrder();
    const html = await (await fetch(`${web.url}${world.path}?topic=choose&of=delivery-late&about=s1&choice=refund`)).text();
    expect(html).toMatch(/value="refund" required checked/);
    expect(html).not.toMatch(/value="resend" required checked/);
    expect(await world.fact(slot)).toBeUndefined();
    expect(await world.tasks()).toEqual([]);
  });

  test("who cancels instead of waiting gives a task that the cancellation ends; who wants to talk is not asked anything until answered", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    await world.mailed("dispatch-late", { kind: "order", id: "id-1001" });
    // Everything has left already.
    expect(await world.page()).not.toContain("We are late.");
    await world.says("review.posted", { review: { id: "r1", rating: 2, text: "Broken" } });
    await world.mailed("review-recovery", { kind: "review", id: "r1" }, "care");
    expect(await world.page()).toContain("your review stays as it is");
    await world.post("choice", { of: "review-recovery", about: "r1", choice: "talk", note: "" });
    expect((await world.fact("conversation"))?.says.waiting).toBe(true);
    const [task] = await world.tasks();
    await web.ok("POST", `/tasks/${task.id}/resolve`, { resolution: "answered" });
    expect((await world.fact("conversation"))?.says.waiting).toBe(false);
  });
});

describe("telling", () => {
  const once = () => randomUUID();

  test("'it has not arrived' becomes a fact and a task, pauses the check-in, and says what happens next and by when", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    const before = (await world.stands())["check-in"];
    expect(before).toBe("planned");
    const id = once();
    const posted = await world.post("report", { topic: "not-arrived", text: "", once: id }, "de");
    expect([posted.status, posted.location]).toEqual([303, `${world.path}?done=reported&lang=de`]);
    expect(await world.fact(`report:${id}`)).toMatchObject({ source_id: null, says: { topic: "not-arrived", text: null } });
    expect(await world.tasks()).toMatchObject([{ kind: "not-arrived", about: id, words: null, answerBy: "2026-01-22" }]);
    const page = await world.page();
    expect(page).toContain("You told us on January 20, 2026 that it has not arrived.");
    expect(page).toContain("We will answer by January 22, 2026.");
    expect((await world.stands())["check-in"]).not.toBe("planned");
    const [task] = await world.tasks();
    await web.ok("POST", `/tasks/${task.id}/resolve`, { resolution: "answered" });
    expect((await world.stands())["check-in"]).toBe("planned");
    expect((await world.fact(`report:${id}`))?.says.answeredAt).toBe("2026-01-20T08:00:00.000Z");
  });

  test("mail goes on only when the last thing the buyer told of is answered", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    await world.post("report", { topic: "not-arrived", text: "", once: once() });
    await world.post("report", { topic: "problem", text: "Wrong colour", once: once() });
    const [second, first] = await world.tasks();
    await web.ok("POST", `/tasks/${first.id}/resolve`);
    expect((await world.stands())["check-in"]).not.toBe("planned");
    await web.ok("POST", `/tasks/${second.id}/resolve`);
    expect((await world.stands())["check-in"]).toBe("planned");
  });

  test("a full refund ends what was told before it, with the reason, and answers the buyer; what is told after it stays open", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    const id = once();
    await world.post("report", { topic: "problem", text: "Broken", once: id });
    web.setClock("2026-01-21T08:00:00Z");
    await world.says("order.refunded", { refund: { id: "f1", amount: "49.90" } });
    expect(await world.tasks()).toEqual([]);
    const note = "The order was refunded in full.";
    expect(await world.tasks("resolved")).toMatchObject([{ kind: "problem", resolution: "refunded", note, words: "Broken" }]);
    expect((await world.fact(`report:${id}`))?.says.answeredAt).toBe("2026-01-21T08:00:00.000Z");
    expect((await world.fact("conversation"))?.says.waiting).toBe(false);

    web.setClock("2026-01-22T08:00:00Z");
    await world.post("report", { topic: "problem", text: "The money is not there", once: once() });
    await web.deps.planNow([world.orderId]);
    expect(await world.tasks()).toMatchObject([{ kind: "problem", words: "The money is not there" }]);
  });

  test("of an erased buyer nothing is left to do (IN-18)", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    await world.post("report", { topic: "problem", text: "Broken", once: once() });
    await web.ok("POST", "/buyers/erase", { shopId: world.shopId, address: "maya@buyer.example" });
    expect(await world.tasks()).toEqual([]);
    expect(await world.tasks("resolved")).toMatchObject([
      { kind: "problem", resolution: "no-longer-needed", note: "The buyer's data were erased.", words: null },
    ]);
  });

  test("the same form posted twice tells one thing; a problem needs words; 2,000 characters are enough; nothing typed is lost", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    const id = once();
    const form = { topic: "problem", text: "Der Rahmen ist gebrochen.\r\n<b>Ärgerlich</b>", once: id };
    expect([(await world.post("report", form)).status, (await world.post("report", form)).status]).toEqual([303, 303]);
    expect(await world.tasks()).toHaveLength(1);
    expect((await world.fact(`report:${id}`))?.says.text).toBe("Der Rahmen ist gebrochen.\n<b>Ärgerlich</b>");
    expect(await world.page()).toContain("&lt;b&gt;Ärgerlich&lt;/b&gt;");
    const empty = await world.post("report", { topic: "problem", text: "  \n ", once: once() });
    expect([empty.status, textOf(empty.text)]).toEqual([422, expect.stringContaining("Please say in a few words what is wrong.")]);
    const long = await world.post("report", { topic: "problem", text: "灯".repeat(2_001), once: once() });
    expect([long.status, long.text]).toEqual([422, expect.stringContaining("灯灯灯")]);
    expect((await world.post("report", { topic: "problem", text: "灯".repeat(2_000), once: once() })).status).toBe(303);
  });

  test("an order takes twenty reports, and no more", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    const statuses = [];
    for (let n = 0; n < 21; n += 1) statuses.push((await world.post("report", { topic: "problem", text: `${n}`, once: once() })).status);
    expect(statuses.slice(19)).toEqual([303, 409]);
  });
});

describe("saying how it was", () => {
  test("stars and words become a review, one an order, which may be changed; posting twice is one", async () => {
    web.setClock(start);
    const world = await buyerWorld(web);
    const posted = await world.post("feedback", { rating: "2", text: "Pretty, but broken" });
    expect([posted.status, posted.location]).toEqual([303, `${world.path}?done=reviewed`]);
    const first = await world.fact("review:buyers-page");
    expect(first).toMatchObject({ source_id: null, says: { kind: "review", rating: 2, text: "Pretty, but broken", removed: false } });
    await world.post("feedback", { rating: "2", text: "Pretty, but broken" });
    expect(await world.fact("review:buyers-page")).toEqual(first);
    expect((await world.stands())["feedback-reminder"]).toContain("review-posted");
    web.setClock("2026-01-21T08:00:00Z");
    await world.post("feedback", { rating: "5", text: "" });
    expect((await world.fact("review:buyers-page"))?.says).toMatchObject({ rating: 5, text: null, postedAt: "2026-01-20T08:00:00.000Z" });
    expect(await world.page()).toContain("You gave 5 stars on January 20, 2026.");
  });

  test.each(["1", "2", "3", "4", "5"])(
    "with %s stars, before and after, the buyer sees the same link to public reviews (standards 3.2)",
    async (rating) => {
      web.setClock(start);
      const world = await buyerWorld(web);
      const links = async () => /<p>Every buyer.*?<\/p>/.exec(await (await fetch(`${web.url}${world.path}`)).text())?.[0];
      const before = await links();
      expect(before).toContain('href="https://lantern.example/reviews"');
      await world.post("feedback", { rating, text: "" });
      expect(await links()).toBe(before);
    },
  );

  test.each(["", "0", "6", "5.0", "five", "٥"])("a rating of %j is refused, and what was written stays in the form", async (rating) => {
    web.setClock(start);
    const world = await buyerWorld(web);
    const { status, text } = await world.post("feedback", { rating, text: "My words" });
    expect([status, textOf(text)]).toEqual([422, expect.stringContaining("Please choose from 1 to 5 stars.")]);
    expect(text).toContain(">My words</textarea>");
    expect(await world.fact("review:buyers-page")).toBeUndefined();
  });

  test("nothing can be said about an order that was not dispatched, was cancelled, or refunded in full", async () => {
    web.setClock(start);
    const cancelled = await buyerWorld(web);
    await cancelled.says("order.cancelled", {});
    const refunded = await buyerWorld(web);
    await refunded.says("order.refunded", { refund: { id: "f1", amount: "49.90" } });
    for (const world of [cancelled, refunded]) {
      expect(await world.page()).not.toContain("How was it?");
      expect((await world.post("feedback", { rating: "5", text: "" })).status).toBe(409);
    }
  });
});
