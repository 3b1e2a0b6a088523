import { describe, expect, test } from "vitest";
import { type Json, shopifyPayload } from "../support/service.ts";
import { continueOn, daysLater, dispatchDay, headerOf, type Story, shopifyFulfillment, shopifyOrder, tell } from "./story.ts";

/*
 * IN-07, P1: what is planned depends only on the set of facts. The same webhooks come to many shops of one service, to each in
 * another order, some of them twice or three times, and all must end with the same timetable and the same mails. What they tell of
 * dispatch is dated a day ahead of the clock, so that nothing is sent, or late, while they come in (P2).
 */

interface Hook {
  readonly topic: string;
  readonly body: Json;
}

const start = daysLater(dispatchDay, 5);
const placed = "2026-01-19T17:00:00.000Z";
const shipped = "2026-01-26T18:00:00.000Z";
const arrived = "2026-01-27T17:59:00.000Z";

const order = shopifyOrder(placed, { financial_status: "pending" });
const fulfillment = shopifyFulfillment(shipped);
const scan = (id: number, status: string, at: string) =>
  shopifyPayload("fulfillment_event", { id, status, happened_at: at, created_at: at, updated_at: at });
const refund = shopifyPayload("refund", { created_at: arrived, processed_at: arrived });

const created: Hook = { topic: "orders/create", body: order };
const paid: Hook = { topic: "orders/paid", body: { ...order, financial_status: "paid", updated_at: "2026-01-19T17:00:04.000Z" } };
const moved: Hook = {
  topic: "orders/updated",
  body: {
    ...order,
    financial_status: "paid",
    updated_at: "2026-01-21T09:00:00.000Z",
    shipping_address: { ...order.shipping_address, province_code: "NY", city: "New York", zip: "10001" },
  },
};
const fulfilled: Hook = { topic: "fulfillments/create", body: fulfillment };
const inTransit: Hook = { topic: "fulfillment_events/create", body: scan(1, "in_transit", "2026-01-27T08:00:00.000Z") };
const delivered: Hook = { topic: "fulfillment_events/create", body: scan(2, "delivered", arrived) };
const cancelled: Hook = {
  topic: "orders/cancelled",
  body: { ...order, financial_status: "paid", updated_at: arrived, cancelled_at: arrived, cancel_reason: "customer" },
};
const refunded: Hook = { topic: "refunds/create", body: refund };
const corrected: Hook = {
  topic: "fulfillments/update",
  body: { ...fulfillment, updated_at: "2026-01-26T18:30:00.000Z", tracking_number: "EE987654326CN" },
};

/** A row of pseudo-random numbers in [0, 1), the same at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Every index at least once, some two or three times, in an order that the seed decides; seed 0 is the order they happened in. */
function arrivals(count: number, seed: number): readonly number[] {
  const once = Array.from({ length: count }, (_, index) => index);
  if (seed === 0) return once;
  const next = dice(seed);
  const all = [...once, ...once.filter(() => next() < 0.5), ...once.filter(() => next() < 0.3)];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1));
    [all[last], all[other]] = [all[other] ?? 0, all[last] ?? 0];
  }
  return all;
}

async function endsOf(hooks: readonly Hook[], runs: number): Promise<readonly Json[]> {
  const first = await tell({ start });
  const stories: Story[] = [first];
  while (stories.length < runs) stories.push(await continueOn(first.service, start));
  for (const [seed, story] of stories.entries()) {
    for (const index of arrivals(hooks.length, seed)) {
      const hook = hooks[index] ?? created;
      await story.shopify(hook.topic, hook.body, `${hook.topic} ${index}`);
    }
  }
  await first.until("2026-04-01T00:00:00Z");
  return Promise.all(
    stories.map(async (story) => ({
      timetable: await plainEntries(story),
      mails: story.mails().map((mail) => [headerOf(mail, "feedback-id").split(":")[0], mail.subject, withoutLinks(mail.text)]),
    })),
  );
}

/**
 * A timetable without what may differ: ids, and whether a message that is not sent was ever in the ledger (`cancelled`) or not
 * (`excluded`), which depends on what was known when its order was first planned.
 */
async function plainEntries(story: Story): Promise<readonly Json[]> {
  return (await story.entries()).map(({ messageId: _, state, ...entry }) => ({
    ...entry,
    state: state === "cancelled" || state === "excluded" ? "not sent" : state,
  }));
}

function withoutLinks(text: string): string {
  return text.replaceAll(/https?:\/\/\S+/g, "…");
}

describe("the same webhooks in any order, some of them repeated", () => {
  test("created, paid, moved to New York, fulfilled, in transit, tracking corrected: one timetable, one set of mails", async () => {
    const hooks = [created, paid, moved, fulfilled, inTransit, corrected];
    const ends = await endsOf(hooks, 14);
    // Nothing was heard of it after its one scan: the buyer is told, and told that it is late, and not asked for a review of it.
    const told = ["dispatch-notice", "tracking-quiet", "check-in", "delivery-late"];
    expect(ends[0].mails.map(([step]: readonly string[]) => step)).toEqual(told);
    expect(ends[0].mails[0][2]).toContain("EE987654326CN");
    expect(JSON.stringify(ends[0].timetable)).toContain("New York");
    for (const end of ends) expect(end).toEqual(ends[0]);
  }, 60_000);

  test("created, paid, fulfilled, in transit, delivered, refunded in part, moved", async () => {
    const ends = await endsOf([created, paid, fulfilled, inTransit, delivered, refunded, moved], 14);
    expect(ends[0].mails.map(([step]: readonly string[]) => step)).toEqual(["refund-issued", "check-in", "feedback-reminder"]);
    for (const end of ends) expect(end).toEqual(ends[0]);
  }, 60_000);

  test("created, paid, fulfilled, in transit, delivered, cancelled, refunded: word of the refund and nothing else, for the same reason everywhere", async () => {
    const ends = await endsOf([created, paid, fulfilled, inTransit, delivered, cancelled, refunded], 14);
    expect(ends[0].mails.map(([step]: readonly string[]) => step)).toEqual(["refund-issued"]);
    const check = ends[0].timetable.find(({ step }: Json) => step === "check-in");
    expect([check.state, check.reason]).toEqual(["not sent", "order-cancelled"]);
    for (const end of ends) expect(end).toEqual(ends[0]);
  }, 60_000);
});
