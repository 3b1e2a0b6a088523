import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { connectShop, type Json, type Service, shopifyPayload, startService } from "../support/service.ts";

const portland = "America/Los_Angeles";
const placed = "2026-01-19T09:00:00-08:00";
const dispatched = "2026-01-20T10:00:00-08:00";

/** One order from Portland, as Shopify tells it. */
function payloads() {
  const address = {
    country_code: "US",
    province_code: "OR",
    city: "Portland",
    zip: "97201",
    name: "Maya O'Neill",
    latitude: 45.52,
    longitude: -122.68,
  };
  const order = shopifyPayload("order", {
    created_at: placed,
    processed_at: placed,
    updated_at: placed,
    financial_status: "paid",
    email: "maya@buyer.example",
    contact_email: "maya@buyer.example",
    customer_locale: "en-US",
    shipping_address: address,
    fulfillments: [],
    refunds: [],
  });
  const fulfillment = shopifyPayload("fulfillment", {
    status: "success",
    created_at: dispatched,
    updated_at: dispatched,
    tracking_company: "China Post EMS",
    tracking_number: "EE123456785CN",
    tracking_numbers: ["EE123456785CN"],
    tracking_url: null,
    tracking_urls: [],
  });
  return { order, fulfillment };
}

async function entries(service: Service, shopId: string): Promise<Json[]> {
  const { orders } = await service.ok("GET", `/shops/${shopId}/orders?number=1001`);
  expect(orders).toHaveLength(1);
  return (await service.ok("GET", `/orders/${orders[0].id}/timetable`)).entries;
}

function localSent(entry: Json): DateTime {
  return DateTime.fromISO(entry.sentAt, { zone: portland });
}

const five = ["dispatch-notice", "check-in", "feedback-reminder", "review-thanks", "holiday-delay"];

describe("an order placed and dispatched through Shopify, reviewed through a source that augments it", () => {
  test("gets the dispatch notice, the check-in on day 10 and the reminder 10 to 15 days later, each at a decent hour, and thanks for its review", async () => {
    const service = await startService({ start: "2026-01-19T17:30:00Z" });
    const shop = await connectShop(service);
    const { order, fulfillment } = payloads();
    expect(await shop.fromShopify("orders/create", order)).toBe(202);
    await service.moveTo("2026-01-20T17:30:00Z");
    expect(service.sink.mails()).toHaveLength(0);

    expect(await shop.fromShopify("fulfillments/create", fulfillment)).toBe(202);
    expect(await service.moveTo("2026-01-20T18:00:00Z")).toBe(1);
    const [notice] = service.sink.mails();
    expect(notice?.envelope.to).toEqual(["maya@buyer.example"]);
    expect(notice?.text).toContain("EE123456785CN");
    expect(notice?.text).toContain("1001");

    const before = await entries(service, shop.shopId);
    expect(before.filter(({ step }) => five.includes(step)).map((entry) => [entry.step, entry.state])).toEqual([
      ["dispatch-notice", "sent"],
      ["check-in", "planned"],
      ["feedback-reminder", "waiting"],
      ["review-thanks", "waiting"],
      ["holiday-delay", "excluded"],
    ]);
    for (const entry of before) expect(entry.because.length, entry.step).toBeGreaterThan(0);

    await service.moveTo("2026-02-20T00:00:00Z");
    const after = await entries(service, shop.shopId);
    const checkIn = localSent(after.find((entry) => entry.step === "check-in"));
    expect(checkIn.toISODate()).toBe("2026-01-30");
    expect(checkIn.hour).toBeGreaterThanOrEqual(9);
    expect(checkIn.hour).toBeLessThan(18);
    const reminder = localSent(after.find((entry) => entry.step === "feedback-reminder"));
    const days = reminder.startOf("day").diff(checkIn.startOf("day"), "days").days;
    expect(days).toBeGreaterThanOrEqual(10);
    expect(days).toBeLessThanOrEqual(15);
    expect(reminder.hour).toBeGreaterThanOrEqual(9);
    expect(reminder.hour).toBeLessThan(18);
    expect(reminder.weekday).toBeLessThanOrEqual(5);
    expect(service.sink.mails()).toHaveLength(3);

    const posted = "2026-02-21T18:00:00Z";
    await service.moveTo(posted);
    expect(await shop.augment("review.posted", posted, { order: { id: "1001" }, review: { id: "r-1", rating: 5, text: "Lovely" } })).toBe(
      202,
    );
    await service.moveTo("2026-02-24T00:00:00Z");
    expect(service.sink.mails()).toHaveLength(4);
    expect((await entries(service, shop.shopId)).find((entry) => entry.step === "review-thanks").state).toBe("sent");
    await service.moveTo("2026-06-01T00:00:00Z");
    expect(service.sink.mails()).toHaveLength(4);
  });

  test("gets no reminder once its review is in", async () => {
    const service = await startService({ start: "2026-01-19T17:30:00Z" });
    const shop = await connectShop(service);
    const { order, fulfillment } = payloads();
    await shop.fromShopify("orders/create", order);
    await shop.fromShopify("fulfillments/create", fulfillment);
    await service.moveTo("2026-02-02T00:00:00Z");
    expect(service.sink.mails()).toHaveLength(2);
    await shop.augment("review.posted", "2026-02-02T00:00:00Z", { order: { id: "450789469" }, review: { id: "r-1", rating: 5 } });
    await service.moveTo("2026-06-01T00:00:00Z");
    const reminder = (await entries(service, shop.shopId)).find((entry) => entry.step === "feedback-reminder");
    expect([reminder.state, reminder.reason]).toEqual(["cancelled", "review-posted"]);
    expect(service.sink.mails()).toHaveLength(3);
  });

  test("changes nothing when its webhooks come shuffled and three times", async () => {
    const stories: Json[] = [];
    for (const shuffled of [false, true]) {
      const service = await startService({ start: "2026-01-20T18:00:00Z" });
      const shop = await connectShop(service);
      const { order, fulfillment } = payloads();
      const hooks = [
        ["orders/create", order, "a"],
        ["orders/paid", { ...order, updated_at: "2026-01-19T09:00:05-08:00" }, "b"],
        ["fulfillments/create", fulfillment, "c"],
        ["orders/fulfilled", { ...order, fulfillments: [fulfillment], updated_at: dispatched }, "d"],
      ] as const;
      const order3 = shuffled ? [3, 1, 2, 0, 2, 2, 0, 1, 3, 0, 3, 1] : [0, 1, 2, 3];
      for (const index of order3) {
        const [topic, body, id] = hooks[index] ?? hooks[0];
        expect(await shop.fromShopify(topic, body, id)).toBe(202);
      }
      await service.moveTo("2026-03-01T00:00:00Z");
      const timetable = (await entries(service, shop.shopId)).map(({ messageId: _, ...entry }) => entry);
      stories.push({ timetable, mails: service.sink.mails().map((mail) => mail.subject) });
    }
    expect(stories[0].mails).toHaveLength(3);
    expect(stories[1]).toEqual(stories[0]);
  });
});

describe("a schedule that shortens the check-in to 5 days", () => {
  for (const queued of ["retime", "keep"] as const) {
    test(queued === "retime" ? "moves queued ones with `retime`" : "leaves queued ones with `keep`", async () => {
      const service = await startService({ start: "2026-01-20T18:00:00Z" });
      const shop = await connectShop(service);
      const { order, fulfillment } = payloads();
      await shop.fromShopify("orders/create", order);
      await shop.fromShopify("fulfillments/create", fulfillment);
      await service.moveTo("2026-01-21T00:00:00Z");
      // What was to be planned again because of mail just sent is planned by now, so that the counts are of the publication alone.
      await service.moveTo("2026-01-21T00:00:00Z");
      const { schedule } = await service.ok("GET", `/shops/${shop.shopId}/schedule`);
      const steps = schedule.steps.map((step: Json) => (step.key === "check-in" ? { ...step, wait: { days: 5 } } : step));
      const answer = await service.ok("PUT", `/shops/${shop.shopId}/schedule`, { schedule: { ...schedule, steps }, queued });
      expect(answer).toMatchObject({ version: 2, retimed: queued === "retime" ? 1 : 0, added: 0, cancelled: 0 });
      const checkIn = (await entries(service, shop.shopId)).find((entry) => entry.step === "check-in");
      const date = DateTime.fromISO(checkIn.dueAt, { zone: portland }).toISODate();
      expect(date).toBe(queued === "retime" ? "2026-01-25" : "2026-01-30");
    });
  }
});
