import { describe, expect, test } from "vitest";
import type { Json } from "../support/service.ts";
import type { Behaviour, ReceivedMail } from "../support/smtp-sink.ts";
import { allSteps, daysLater, dispatchDay, headerOf, maya, nextSummer, type Story, stand, tell } from "./story.ts";

const minutes = 1 / (24 * 60);

/** An order whose first mail meets a server that behaves so. */
async function meeting(behaviour: Behaviour): Promise<Story> {
  const story = await tell();
  serverNow(story, behaviour);
  await story.places();
  await story.dispatches();
  await story.until(dispatchDay);
  return story;
}

/** From now on the server behaves so, `null`: well. Open connections are cut, as they would go on as before. */
function serverNow({ service: { sink } }: Story, behaviour: Behaviour | null): void {
  sink.setBehaviour(behaviour);
  sink.cut();
}

function sameMail(mails: readonly ReceivedMail[], key: "message-id" | "date"): string {
  const values = new Set(mails.map((mail) => headerOf(mail, key)));
  expect([...values]).toHaveLength(1);
  return [...values][0] ?? "";
}

async function suppressions(story: Story): Promise<readonly Json[]> {
  return (await story.service.ok("GET", `/shops/${story.shopId}/suppressions`)).suppressions;
}

describe("a server that says later (standards 2.4)", () => {
  test("greylisting: the mail comes again within the quarter of an hour, with the Message-ID and Date of the first attempt", async () => {
    const story = await meeting({ dot: [{ say: "451 4.7.1 greylisted, try again" }, "ok"] });
    expect(story.steps()).toEqual([]);
    const entry = await story.entry("dispatch-notice");
    expect(entry.state).toBe("planned");
    expect(entry.dueAt >= daysLater(dispatchDay, 4 * minutes) && entry.dueAt <= daysLater(dispatchDay, 16 * minutes)).toBe(true);
    const { headers } = await story.service.ok("GET", `/messages/${entry.messageId}/preview`);
    await story.until(daysLater(dispatchDay, 20 * minutes));
    const [mail] = story.mails();
    expect(Date.parse(sameMail(story.mails(), "date"))).toBe(Date.parse(dispatchDay));
    expect(Object.values(headers)).toContain(mail && headerOf(mail, "message-id"));
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
  });

  test("it is told to somebody else: greylisting of one buyer does not hold up another", async () => {
    const story = await tell();
    serverNow(story, { rcpt: (address) => (address === maya ? { say: "450 4.2.0 greylisted" } : "ok") });
    for (const [id, email] of [
      ["o-1", maya],
      ["o-2", "other@buyer.example"],
    ] as const) {
      await story.places({ id, number: id, buyer: { email, name: "Bo" } });
      await story.dispatches({ id: `s-${id}` }, id);
    }
    await story.until(dispatchDay);
    expect(story.steps("other@buyer.example")).toEqual(["dispatch-notice"]);
    serverNow(story, null);
    await story.until(daysLater(dispatchDay, 0.1));
    expect(story.steps()).toEqual(["dispatch-notice"]);
  });

  test("a server that says later for three days: the notice is not sent late, nor forgotten", async () => {
    const story = await meeting({ rcpt: { say: "450 4.2.0 greylisted" } });
    await story.until(daysLater(dispatchDay, 3));
    serverNow(story, null);
    const { state, reason } = await story.entry("dispatch-notice");
    expect([state, reason]).toEqual(["stale", "stale"]);
    await story.until(daysLater(dispatchDay, 12));
    expect(story.steps()).toEqual(["check-in"]);
  });
});

describe("a server that refuses", () => {
  test("because nobody is there (5.1.1): failed, and nothing more goes to that address", async () => {
    const story = await meeting({ rcpt: (address) => (address === maya ? { say: "550 5.1.1 no such user" } : "ok") });
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["failed", "refused"]);
    expect(await suppressions(story)).toMatchObject([{ address: maya, scope: "all" }]);
    serverNow(story, null);
    await story.places({ id: "o-2", number: "1002" });
    await story.dispatches({ id: "s-2" }, "o-2");
    await story.until(nextSummer);
    expect(story.steps()).toEqual([]);
    expect(stand(await story.entry("dispatch-notice", "1002"))).toEqual(["excluded", "suppressed"]);
  });

  test("by policy (5.7.x): failed, and the buyer is not to blame", async () => {
    const story = await meeting({ dot: { say: "550 5.7.1 message rejected due to policy" } });
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["failed", "refused"]);
    expect(await suppressions(story)).toEqual([]);
    serverNow(story, null);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(["check-in", "feedback-reminder"]);
  });

  test("because the mailbox is full (5.2.2): that is a bad day, not a dead address", async () => {
    const story = await meeting({ rcpt: [{ say: "552 5.2.2 mailbox full" }, "ok"] });
    expect((await story.entry("dispatch-notice")).state).toBe("planned");
    expect(await suppressions(story)).toEqual([]);
    await story.until(daysLater(dispatchDay, 1));
    expect(story.steps()).toEqual(["dispatch-notice"]);
  });
});

describe("a connection lost after the final dot (REL-02)", () => {
  test("order mail goes out once more, a while later, with the same Message-ID and Date", async () => {
    const story = await meeting({ dot: [{ keepAndDrop: true }, "ok"] });
    expect(story.steps()).toEqual(["dispatch-notice"]);
    await story.until(daysLater(dispatchDay, 1));
    expect(story.steps()).toEqual(["dispatch-notice", "dispatch-notice"]);
    sameMail(story.mails(), "message-id");
    sameMail(story.mails(), "date");
    expect((await story.entry("dispatch-notice")).state).toBe("sent");
  });

  test("twice: not a third time", async () => {
    const story = await meeting({ dot: { keepAndDrop: true } });
    await story.until(daysLater(dispatchDay, 3));
    expect(story.steps()).toEqual(["dispatch-notice", "dispatch-notice"]);
    expect(stand(await story.entry("dispatch-notice"))).toEqual(["unsure", "answer-unknown"]);
  });

  test("care and review mail is in doubt and never goes again; what follows it goes as if it had been sent (P6)", async () => {
    const story = await tell();
    await story.places();
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 1));
    serverNow(story, { dot: { keepAndDrop: true } });
    await story.until(daysLater(dispatchDay, 12));
    expect(stand(await story.entry("check-in"))).toEqual(["unsure", "answer-unknown"]);
    await story.until(daysLater(dispatchDay, 30));
    expect(stand(await story.entry("feedback-reminder"))).toEqual(["unsure", "answer-unknown"]);
    serverNow(story, null);
    await story.until(nextSummer);
    expect(story.steps()).toEqual(allSteps);
    const { messages } = await story.service.ok("GET", `/messages?shop=${story.shopId}&state=unsure`);
    expect(messages).toHaveLength(2);
  });

  test("before the dot it is simply sent again, care mail too", async () => {
    const story = await tell();
    await story.places();
    await story.dispatches();
    await story.until(daysLater(dispatchDay, 9));
    serverNow(story, { data: { drop: true } });
    await story.until("2026-01-30T21:00:00Z");
    expect(story.steps()).toEqual(["dispatch-notice"]);
    expect((await story.entry("check-in")).state).toBe("planned");
    serverNow(story, null);
    await story.until(daysLater(dispatchDay, 13));
    expect(story.steps()).toEqual(["dispatch-notice", "check-in"]);
  });
});

describe("a server that is down", () => {
  for (const [how, behaviour] of [
    ["closes every connection", { greeting: { drop: true } }],
    ["refuses everybody at the door", { greeting: { say: "421 4.3.2 closing" } }],
    ["does not know our password", { mail: { say: "530 5.7.0 authentication required" } }],
  ] as const) {
    test(`for an hour (${how}) loses nothing and doubles nothing`, async () => {
      const story = await tell();
      serverNow(story, behaviour);
      const buyers = Array.from({ length: 8 }, (_, index) => `b${index}@buyer.example`);
      for (const [index, email] of buyers.entries()) {
        await story.places({ id: `o-${index}`, number: `${index}`, buyer: { email, name: "Bo" } });
        await story.dispatches({ id: `s-${index}` }, `o-${index}`);
      }
      expect(await story.until(dispatchDay)).toBe(0);
      expect(await story.until(daysLater(dispatchDay, 60 * minutes))).toBe(0);
      serverNow(story, null);
      await story.until(daysLater(dispatchDay, 90 * minutes));
      for (const email of buyers) expect(story.steps(email), email).toEqual(["dispatch-notice"]);
      expect(await suppressions(story)).toEqual([]);
    });
  }
});

describe("an address", () => {
  for (const email of [
    "maya@buyer.example,eve@elsewhere.example",
    "maya@buyer.example eve@elsewhere.example",
    "maya@buyer.example>\r\nRCPT TO:<eve@elsewhere.example",
    "Maya <maya@buyer.example>",
    '"maya@buyer.example"@elsewhere.example',
    "maya@buyer.example;eve@elsewhere.example",
  ]) {
    test(`${JSON.stringify(email)} never becomes two recipients, or another one (OUT-13)`, async () => {
      const story = await tell();
      await story.places({ buyer: { email, name: "Maya" } });
      await story.dispatches();
      await story.until(daysLater(dispatchDay, 12));
      expect(story.service.sink.mails().map(({ envelope }) => envelope.to)).toEqual([]);
      expect(stand(await story.entry("dispatch-notice"))).toEqual(["excluded", "bad-address"]);
    });
  }

  test("with unusual letters that is one address gets its mail, and a name full of tricks stays a name (SEC-01)", async () => {
    const story = await tell();
    const email = "o'neill+lamps.2026=a@sub-domain.buyer.example";
    const name = 'Maya"\r\nBcc: eve@elsewhere.example\r\n <eve@elsewhere.example>, "X';
    await story.places({ number: "10\u202e01", buyer: { email, name } });
    await story.dispatches({ trackingNumber: "EE123\r\nX-Evil: 1" });
    await story.until(dispatchDay);
    const [mail, ...more] = story.service.sink.mails();
    expect(more).toEqual([]);
    expect(mail?.envelope.to).toEqual([email]);
    expect(mail?.headers.filter(({ key }) => key === "bcc" || key === "x-evil")).toEqual([]);
    expect(mail?.parsed.to).toHaveLength(1);
    expect(mail?.parsed.to?.[0]).toMatchObject({ address: email });
  });
});
