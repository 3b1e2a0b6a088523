import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { type Json, standardOrder } from "../support/service.ts";
import { allSteps, daysLater, dispatchDay, headerOf, maya, nextSummer, portland, type Story, stand, tell } from "./story.ts";

function hourOf(iso: string): number {
  return DateTime.fromISO(iso, { zone: portland }).hour;
}

/** An order whose notice has gone and whose check-in is planned. */
async function planned(): Promise<Story> {
  const story = await tell();
  await story.places();
  await story.dispatches();
  await story.until(daysLater(dispatchDay, 1));
  return story;
}

async function move(story: Story, step: string, word: string): Promise<{ status: number; body: Json }> {
  const { messageId } = await story.entry(step);
  return story.service.api("POST", `/messages/${messageId}/${word}`);
}

async function moveFine(story: Story, step: string, word: string): Promise<Json> {
  const { status, body } = await move(story, step, word);
  expect([word, status, body.detail]).toEqual([word, 200, undefined]);
  return body;
}

describe("an operator", () => {
  test("holds a message past its time and releases it: it goes at the next decent hour", async () => {
    const story = await planned();
    expect(await moveFine(story, "check-in", "hold")).toMatchObject({ state: "held", reason: "operator-held" });
    await story.until("2026-01-31T08:00:00Z");
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect(stand(await story.entry("check-in"))).toEqual(["held", "operator-held"]);
    await moveFine(story, "check-in", "release");
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    const { sentAt } = await story.entry("check-in");
    expect(sentAt > "2026-01-31T08:00:00Z" && sentAt < "2026-02-01T08:00:00Z").toBe(true);
    expect(hourOf(sentAt)).toBeGreaterThanOrEqual(9);
    expect(hourOf(sentAt)).toBeLessThan(18);
  });

  test("releases a message held for weeks: it goes all the same, for somebody wanted it", async () => {
    const story = await planned();
    await moveFine(story, "check-in", "hold");
    await story.until("2026-03-01T08:00:00Z");
    expect(await moveFine(story, "check-in", "release")).toMatchObject({ state: "planned" });
    await story.until(nextSummer);
    const { sentAt } = await story.entry("check-in");
    expect(sentAt > "2026-03-01T08:00:00Z" && sentAt < "2026-03-03T08:00:00Z").toBe(true);
    expect(hourOf(sentAt)).toBeGreaterThanOrEqual(9);
    expect(hourOf(sentAt)).toBeLessThan(18);
  });

  test("holds and releases before its time: nothing has changed", async () => {
    const story = await planned();
    const { dueAt } = await story.entry("check-in");
    await moveFine(story, "check-in", "hold");
    expect(await moveFine(story, "check-in", "release")).toMatchObject({ state: "planned", dueAt });
  });

  test("cancels for good: neither facts nor a new schedule bring it back", async () => {
    const story = await planned();
    expect(await moveFine(story, "check-in", "cancel")).toMatchObject({ state: "cancelled", reason: "operator-cancelled" });
    await story.says("buyer.wrote", { order: { id: "o-1" } });
    await story.says("buyer.answered", { order: { id: "o-1" } }, daysLater(dispatchDay, 1.5));
    await story.scans("delivered");
    const { schedule } = await story.service.ok("GET", `/shops/${story.shopId}/schedule`);
    const steps = schedule.steps.map((step: Json) => (step.key === "check-in" ? { ...step, wait: { days: 12 } } : step));
    await story.service.ok("PUT", `/shops/${story.shopId}/schedule`, { schedule: { ...schedule, steps }, queued: "retime" });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect(stand(await story.entry("check-in"))).toEqual(["cancelled", "operator-cancelled"]);
    expect(stand(await story.entry("feedback-reminder"))).toEqual(["excluded", "prior-not-sent"]);
  });

  test("sends now, at night, and once; the reminder counts from then", async () => {
    const story = await planned();
    await story.until("2026-01-22T10:30:00Z");
    expect(hourOf(story.now())).toBe(2);
    await moveFine(story, "check-in", "send-now");
    expect(await story.until(story.now())).toBe(1);
    expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
    expect((await story.entry("check-in")).sentAt).toBe("2026-01-22T10:30:00.000Z");
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    const { sentAt } = await story.entry("feedback-reminder");
    expect(sentAt >= "2026-02-01" && sentAt < "2026-02-07").toBe(true);
  });

  test("cannot send now over a suppression, nor over an exit", async () => {
    const suppressed = await planned();
    await suppressed.service.ok("POST", `/shops/${suppressed.shopId}/suppressions`, { address: maya, scope: "care", reason: "asked" });
    expect((await move(suppressed, "check-in", "send-now")).status).toBe(409);
    await suppressed.until(nextSummer);
    expect(suppressed.steps()).toEqual(["dispatch-notice"]);

    const cancelled = await planned();
    await moveFine(cancelled, "check-in", "hold");
    await cancelled.says("order.cancelled", { order: { id: "o-1" } });
    await cancelled.until(cancelled.now());
    expect((await move(cancelled, "check-in", "send-now")).status).toBe(409);
    await cancelled.until(nextSummer);
    expect(cancelled.steps()).toEqual(["dispatch-notice"]);
  });

  test("sends now and an exit comes before the mail went: the exit counts", async () => {
    const story = await planned();
    await moveFine(story, "check-in", "send-now");
    await story.says("order.cancelled", { order: { id: "o-1" } });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["dispatch-notice"]);
  });

  test("sends a reminder now over the buyer's cap", async () => {
    const story = await tell();
    for (const number of ["1001", "1002"]) {
      await story.places({ id: number, number });
      await story.dispatches({ id: `s-${number}` }, number);
    }
    await story.until(daysLater(dispatchDay, 26));
    expect(story.steps().filter((step) => step === "feedback-reminder")).toHaveLength(1);
    const waiting = (await Promise.all(["1001", "1002"].map((number) => story.entry("feedback-reminder", number)))).filter(
      ({ state }) => state === "planned",
    );
    expect(waiting).toHaveLength(1);
    expect((await story.service.api("POST", `/messages/${waiting[0].messageId}/send-now`)).status).toBe(200);
    await story.until(story.now());
    expect(story.steps().filter((step) => step === "feedback-reminder")).toHaveLength(2);
  });

  test("is told 409 where a move makes no sense, and 404 where there is nothing", async () => {
    const story = await planned();
    for (const word of ["cancel", "send-now", "hold", "release"]) {
      expect([word, (await move(story, "dispatch-notice", word)).status]).toEqual([word, 409]);
    }
    expect((await move(story, "check-in", "release")).status).toBe(409);
    await moveFine(story, "check-in", "hold");
    expect((await move(story, "check-in", "hold")).status).toBe(409);
    await moveFine(story, "check-in", "cancel");
    for (const word of ["cancel", "send-now", "hold", "release"]) {
      const { status, body } = await move(story, "check-in", word);
      expect([word, status, body.status]).toEqual([word, 409, 409]);
    }
    expect((await story.service.api("POST", "/messages/019bd4a0-6c00-7cc3-98c4-dc0c0c07398f/hold")).status).toBe(404);
  });
});

describe("a shop that does not send", () => {
  test("holds everything, and later sends what is still of use, each once", async () => {
    const story = await tell();
    await story.places();
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { sending: false });
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 1));
    expect(story.service.sink.mails()).toHaveLength(0);
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["held", "shop-not-sending"]);
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { sending: true });
    await story.until(daysLater(dispatchDay, 1));
    expect(story.steps()).toEqual(["dispatch-notice"]);
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { sending: false });
    await story.until(daysLater(dispatchDay, 12));
    expect(stand(await story.entry("check-in"))).toEqual(["held", "shop-not-sending"]);
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { sending: true });
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    expect(hourOf((await story.entry("check-in")).sentAt)).toBeGreaterThanOrEqual(9);
  });

  test("for a month does not send a month's mail when it begins again", async () => {
    const story = await tell({ shop: { sending: false } });
    for (let number = 1; number <= 6; number++) {
      await story.places({ id: `o-${number}`, number: `${number}` });
      await story.dispatches({ id: `s-${number}` }, `o-${number}`);
    }
    await story.until(daysLater(dispatchDay, 30));
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { sending: true });
    await story.until(daysLater(dispatchDay, 33));
    expect(story.service.sink.mails()).toHaveLength(0);
    expect(stand(await story.entry("dispatch-notice", "1"))).toEqual(["stale", "stale"]);
    expect(stand(await story.entry("check-in", "1"))).toEqual(["stale", "stale"]);
  });
});

describe("what a mail looks like", () => {
  test("redirectTo sends all of a shop's mail to one address, and nothing to the buyer", async () => {
    const story = await tell({ shop: { redirectTo: "qa@lantern.example" } });
    await story.places();
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 40));
    expect(story.steps("qa@lantern.example")).toEqual(allSteps);
    for (const mail of story.service.sink.mails()) {
      expect(mail.envelope.to).toEqual(["qa@lantern.example"]);
      expect(headerOf(mail, "to")).not.toContain(maya);
    }
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { redirectTo: null });
    await story.places({ id: "o-2", number: "1002" });
    await story.dispatches({ id: "s-2" }, "o-2");
    await story.until(story.now());
    expect(story.steps()).toEqual(["dispatch-notice"]);
  });

  test("the preview is what is then sent, and `sent` what the server got, also when the shop has changed since", async () => {
    const story = await tell({ shop: { sending: false } });
    await story.places();
    await story.dispatches();
    await story.until(dispatchDay);
    const { messageId } = await story.entry("dispatch-notice");
    expect((await story.service.api("GET", `/messages/${messageId}/sent`)).status).toBe(404);
    const preview = await story.service.ok("GET", `/messages/${messageId}/preview`);
    await story.service.ok("PATCH", `/shops/${story.shopId}`, { sending: true });
    await story.until(dispatchDay);
    const [mail] = story.mails();
    expect(mail?.subject).toBe(preview.subject);
    expect(plain(mail?.text)).toBe(plain(preview.text));
    expect(plain(mail?.html)).toBe(plain(preview.html));
    expect(mail && headerOf(mail, "message-id")).toBe(headerIn(preview, "Message-ID"));

    await story.service.ok("PATCH", `/shops/${story.shopId}`, {
      name: "Paper Moon",
      from: { name: "Paper Moon", address: "hi@moon.example" },
    });
    await story.says("order.updated", { order: standardOrder({ buyer: { email: maya, name: "Mira Jones", locale: "en-US" } }) });
    await story.until(daysLater(dispatchDay, 1));
    const sent = await story.service.ok("GET", `/messages/${messageId}/sent`);
    expect(sent.subject).toBe(mail?.subject);
    expect(plain(sent.text)).toBe(plain(mail?.text));
    expect(plain(sent.html)).toBe(plain(mail?.html));
    expect(headerIn(sent, "Message-ID")).toBe(mail && headerOf(mail, "message-id"));
    expect(headerIn(sent, "From")).toContain("hello@lantern.example");
    const next = await story.service.ok("GET", `/messages/${(await story.entry("check-in")).messageId}/preview`);
    expect(next.text).toContain("Paper Moon");
    expect(next.text).toContain("Hi Mira,");
    expect(headerIn(next, "From")).toContain("hi@moon.example");
  });
});

function headerIn({ headers }: Json, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return String(found?.[1] ?? "");
}

/** Line ends and blanks at the end are the transport's. */
function plain(text: string | undefined): string {
  return (text ?? "").replaceAll("\r\n", "\n").trim();
}
