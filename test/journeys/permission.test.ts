import { describe, expect, test } from "vitest";
import type { ReceivedMail } from "../support/smtp-sink.ts";
import {
  allSteps,
  daysLater,
  dispatchDay,
  headerOf,
  maya,
  nextSummer,
  offByDefault,
  type Story,
  shopifyFulfillment,
  shopifyOrder,
  stand,
  stands,
  tell,
  tellDispatched,
} from "./story.ts";

const berlin = { country: "DE", postalCode: "10115", city: "Berlin" };
const agreed = { scope: "review", text: "You may ask me what I think of it.", at: "2026-01-18T10:00:00Z" };

async function fromCountry(country: string, buyer: object = {}): Promise<Story> {
  const story = await tell();
  await story.places({
    shippingAddress: { ...berlin, country },
    buyer: { email: maya, name: "Maya Weber", ...buyer },
  });
  await story.dispatches();
  return story;
}

describe("a review request (LAW-01, LAW-02)", () => {
  for (const country of ["DE", "AT"]) {
    test(`needs consent in ${country}; notice, check-in and thanks do not`, async () => {
      const story = await fromCountry(country);
      await story.until(daysLater(dispatchDay, 12));
      expect(stand(await story.entry("feedback-reminder"))).toEqual(["excluded", "no-consent"]);
      await story.until(daysLater(dispatchDay, 60));
      expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
      expect(story.mails()[1]?.html).not.toContain("lantern.example/review");
      await story.says("review.posted", { order: { id: "o-1" }, review: { id: "r-1", rating: 5 } });
      await story.until(nextSummer);
      expect(story.steps()).toEqual(["dispatch-notice", "check-in", "review-thanks"]);
    });
  }

  test("goes to Germany with the consent that came with the order, which is kept as evidence", async () => {
    const story = await fromCountry("DE", { consents: [agreed] });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    const { consents } = await story.service.ok("GET", `/shops/${story.shopId}/consents?address=${maya}`);
    expect(consents).toHaveLength(1);
    expect(consents[0]).toMatchObject({
      address: maya,
      scope: "review",
      text: agreed.text,
      at: "2026-01-18T10:00:00.000Z",
      withdrawnAt: null,
    });
  });

  test("goes to Germany with a consent recorded later, and stops when that is withdrawn", async () => {
    for (const withdrawn of [false, true]) {
      const story = await fromCountry("DE");
      await story.until(daysLater(dispatchDay, 12));
      const { scope, text, at } = agreed;
      const consent = { address: "Maya@Buyer.example", scope, text, at, source: "account page" };
      await story.service.ok("POST", `/shops/${story.shopId}/consents`, consent);
      await story.until(story.now());
      expect((await story.entry("feedback-reminder")).state).toBe("planned");
      if (withdrawn) {
        await story.service.ok("POST", `/shops/${story.shopId}/consents`, { ...consent, at: story.now(), withdrawn: true });
        await story.until(story.now());
        expect((await story.entry("feedback-reminder")).state).not.toBe("planned");
      }
      await story.until(nextSummer);
      expect(story.steps()).toEqual(withdrawn ? ["dispatch-notice", "check-in"] : allSteps);
    }
  });

  test("goes to France without one, but not once consent was withdrawn", async () => {
    const story = await fromCountry("FR", { consents: [agreed] });
    await story.until(daysLater(dispatchDay, 12));
    const withdrawal = { address: maya, scope: "review", text: agreed.text, source: "letter", at: story.now(), withdrawn: true };
    await story.service.ok("POST", `/shops/${story.shopId}/consents`, withdrawal);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
    const other = await fromCountry("FR");
    await other.until(nextSummer);
    expect(other.steps()).toEqual(allSteps);
  });
});

describe("a suppression", () => {
  async function suppressed(scope: string): Promise<Story> {
    const story = await tell();
    const suppression = { address: "MAYA@buyer.example", scope, reason: "asked by telephone" };
    await story.service.ok("POST", `/shops/${story.shopId}/suppressions`, suppression);
    await story.places();
    await story.dispatches();
    await story.until(nextSummer);
    return story;
  }

  test("of care stops the check-in, and with it the reminder that follows it (P6)", async () => {
    const story = await suppressed("care");
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect(await stands(story)).toMatchObject({
      "check-in": ["excluded", "suppressed"],
      "feedback-reminder": ["excluded", "prior-not-sent"],
    });
  });

  test("of review stops the reminder alone", async () => {
    const story = await suppressed("review");
    expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
    expect(stand(await story.entry("feedback-reminder"))).toEqual(["excluded", "suppressed"]);
  });

  test("of offers stops nothing of an order", async () => {
    expect((await suppressed("offer")).steps()).toEqual(allSteps);
  });

  test("of all stops order mail too, whatever the spelling of the address", async () => {
    const story = await suppressed("all");
    expect(story.steps()).toEqual([]);
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["excluded", "suppressed"]);
  });

  test("lifted again lets what is still ahead go", async () => {
    const story = await tell();
    await story.places();
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 1));
    const path = `/shops/${story.shopId}/suppressions`;
    const { id } = await story.service.ok("POST", path, { address: maya, scope: "all", reason: "a mistake" });
    await story.until(daysLater(dispatchDay, 5));
    expect(stand(await story.entry("check-in"))).toEqual(["cancelled", "suppressed"]);
    expect((await story.service.api("DELETE", `${path}/${id}`)).status).toBe(204);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
  });
});

describe("the way out of a mail (OUT-05, OUT-06)", () => {
  /** Where a mail program posts for one click: the web address in List-Unsubscribe, at the service as it is reached here. */
  function oneClick(story: Story, mail: ReceivedMail | undefined): string {
    const link = /<(https?:[^>]+)>/.exec(mail === undefined ? "" : headerOf(mail, "list-unsubscribe"))?.[1] ?? "";
    expect(mail && headerOf(mail, "list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    return `${story.service.url}${new URL(link).pathname}`;
  }

  async function withCheckIn(): Promise<Story> {
    const story = await tell();
    await story.places();
    await story.dispatches();
    await story.places({ id: "o-2", number: "1002", buyer: { email: "Maya@Buyer.Example", name: "Maya" } });
    await story.until(daysLater(dispatchDay, 12));
    expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
    return story;
  }

  const bodies: Readonly<Record<string, () => RequestInit>> = {
    urlencoded: () => ({ body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) }),
    multipart: () => {
      const body = new FormData();
      body.set("List-Unsubscribe", "One-Click");
      return { body };
    },
  };

  for (const [name, request] of Object.entries(bodies)) {
    test(`one click, posted as ${name}, stops the buyer's later care and review mail, of other orders too, and leaves order mail`, async () => {
      const story = await withCheckIn();
      const url = oneClick(story, story.mails()[1]);
      for (let times = 0; times < 2; times++) {
        const answer = await fetch(url, { method: "POST", redirect: "manual", ...request() });
        expect(answer.status).toBe(200);
        expect(answer.headers.get("set-cookie")).toBeNull();
      }
      await story.dispatches({ id: "s-2" }, "o-2");
      await story.until(nextSummer);
      expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
      expect(story.steps("Maya@buyer.example")).toEqual(["dispatch-notice"]);
      expect((await story.entry("check-in", "1002")).reason).toBe("suppressed");
    });
  }

  test("looking at the page changes nothing, however often a scanner does", async () => {
    const story = await withCheckIn();
    const url = oneClick(story, story.mails()[1]);
    for (const method of ["GET", "HEAD", "GET"]) expect((await fetch(url, { method })).status).toBe(200);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    expect((await story.service.ok("GET", `/shops/${story.shopId}/suppressions`)).suppressions).toEqual([]);
  });

  test("the page is the same for a token that nobody was given, and that one changes nothing", async () => {
    const story = await withCheckIn();
    const url = oneClick(story, story.mails()[1]);
    const forged = url.slice(0, -2) + (url.endsWith("AA") ? "BB" : "AA");
    const [real, wrong] = await Promise.all([url, forged].map(async (one) => (await fetch(one)).text()));
    expect(wrong).toBe(real);
    expect((await fetch(forged, { method: "POST", ...bodies["urlencoded"]?.() })).status).toBe(200);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
  });

  test("an operator who deletes the suppressions subscribes the buyer again", async () => {
    const story = await withCheckIn();
    await fetch(oneClick(story, story.mails()[1]), { method: "POST", ...bodies["urlencoded"]?.() });
    await story.until(daysLater(dispatchDay, 13));
    const path = `/shops/${story.shopId}/suppressions`;
    const { suppressions } = await story.service.ok("GET", `${path}?address=${maya}`);
    expect(suppressions.length).toBeGreaterThan(0);
    expect((await story.entry("feedback-reminder", "1001")).state).toBe("cancelled");
    for (const { id } of suppressions) expect((await story.service.api("DELETE", `${path}/${id}`)).status).toBe(204);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
  });

  test("order mail has no one-click header", async () => {
    const story = await withCheckIn();
    const [notice] = story.mails();
    expect(notice?.headers.filter(({ key }) => key.startsWith("list-"))).toEqual([]);
  });
});

test("a buyer of three orders gets a check-in a day, and is asked for reviews a week apart; what waits says why (LAW-03, P10)", async () => {
  const story = await tell();
  for (const number of ["1001", "1002", "1003"]) {
    await story.places({ id: `o-${number}`, number });
    await story.dispatches({ id: `s-${number}` }, `o-${number}`);
  }
  let deferred: readonly string[] = [];
  for (let day = 20; day <= 26 && deferred.length === 0; day++) {
    await story.until(daysLater(dispatchDay, day));
    if (!story.steps().includes("feedback-reminder")) continue;
    await story.until(daysLater(dispatchDay, 26));
    const reminders = await Promise.all(["1001", "1002", "1003"].map((number) => story.entry("feedback-reminder", number)));
    deferred = reminders.filter(({ state, reason }) => state === "planned" && reason === "cap-reached").map(({ dueAt }) => dueAt);
  }
  expect(deferred).toHaveLength(2);
  await story.until(daysLater(dispatchDay, 90));
  const sent = story
    .mails()
    .filter((mail) => headerOf(mail, "feedback-id").startsWith("feedback-reminder:"))
    .map((mail) => Date.parse(headerOf(mail, "date")));
  expect(sent).toHaveLength(3);
  const care = story
    .mails()
    .flatMap((mail) => (headerOf(mail, "feedback-id").startsWith("check-in:") ? [Date.parse(headerOf(mail, "date"))] : []));
  expect(care).toHaveLength(3);
  for (const [index, at] of care.slice(1).entries()) expect(at - (care[index] ?? 0)).toBeGreaterThanOrEqual(86_400_000 - 1_000);
  for (const [index, at] of sent.slice(1).entries()) expect(at - (sent[index] ?? 0)).toBeGreaterThanOrEqual(7 * 86_400_000 - 1_000);
});

test("LAW-03: a check-in that invited feedback was the request; of two review steps one still goes, as the reminder", async () => {
  const story = await tellDispatched();
  await story.until(story.now());
  const { schedule } = await story.service.ok("GET", `/shops/${story.shopId}/schedule`);
  const again = { key: "again", template: "feedback-reminder", category: "review", on: "shipment.dispatched", wait: { days: 40 } };
  await story.service.ok("PUT", `/shops/${story.shopId}/schedule`, {
    schedule: { ...schedule, steps: [...schedule.steps, again] },
    queued: "retime",
  });
  await story.until(daysLater(dispatchDay, 4));
  await story.scans("delivered");
  await story.until(daysLater(dispatchDay, 12));
  expect(story.mails().at(-1)?.text).toContain("https://lantern.example/review");
  expect(stand(await story.entry("again"))).toEqual(["cancelled", "cap-reached"]);
  await story.until(daysLater(dispatchDay, 90));
  expect(story.steps()).toEqual(allSteps);
});

describe("orders that are never mailed", () => {
  for (const [what, order, reason] of [
    ["a test order (IN-16)", { test: true }, "test-order"],
    ["an order without an address (IN-15)", { email: "", contact_email: null, customer: null }, "no-address"],
    ["an order from a marketplace's relay (IN-17)", { email: "x1y2z3@marketplace.amazon.com" }, "relay-address"],
    ["an order with two addresses in one (OUT-13)", { email: "maya@buyer.example,eve@elsewhere.example" }, "bad-address"],
  ] as const) {
    test(`${what} gets nothing, and every entry says so`, async () => {
      const story = await tell();
      await story.shopify("orders/create", shopifyOrder(story.now(), order));
      await story.shopify("fulfillments/create", shopifyFulfillment(story.now()));
      await story.until(nextSummer);
      expect(story.service.sink.mails()).toHaveLength(0);
      for (const entry of await story.entries()) {
        const why = offByDefault.has(entry.step) ? "step-off" : reason;
        expect([entry.step, ...stand(entry)]).toEqual([entry.step, "excluded", why]);
      }
    });
  }
});
