import { beforeEach, describe, expect, test } from "vitest";
import type { Deps } from "../../jobs/deps.ts";
import { drive } from "../../jobs/drive.ts";
import { planBatch } from "../../jobs/plan.ts";
import { releaseTurn, type SendBatch } from "../../jobs/release.ts";
import { sendBatch } from "../../jobs/send.ts";
import { takeInBatch } from "../../jobs/take-in.ts";
import { hour, instantOf, minute, plus } from "../../src/core/instant.ts";
import { addressHash } from "../../src/core/keys.ts";
import { openMailer } from "../../src/mail/mailer.ts";
import { parseSmtpUrl } from "../../src/mail/smtp-url.ts";
import { smtpTransport } from "../../src/mail/transport.ts";
import { updateShop } from "../../src/store/shops.ts";
import { suppress } from "../../src/store/suppressions.ts";
import { keepTemplate } from "../../src/store/templates.ts";
import { addPlace, noon, type Place } from "../store/rows.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { cancelled, deliver, dispatched, type Event, openWorld, placed, type Worker, type World } from "./bundle.ts";

let world: World;
let worker: Worker;
let place: Place;

beforeEach(async () => {
  world = await openWorld();
  worker = world.worker();
  place = await addPlace(world.db);
});

async function takeIn(...events: readonly Event[]): Promise<void> {
  await deliver(world.db, place, events, noon);
  while ((await takeInBatch(worker)) > 0);
}

async function planAll(): Promise<void> {
  while ((await planBatch(worker, { dirty: 100 })).orders > 0);
}

/** Claims what is due now, as one batch. */
async function claimNow(by: Deps = worker): Promise<SendBatch> {
  const { batches } = await releaseTurn(by);
  const [batch] = batches;
  if (batch === undefined || batches.length > 1) throw new Error(`one batch was expected, not ${batches.length}`);
  return batch;
}

async function story(id = "1001"): Promise<void> {
  await takeIn(placed(id), dispatched(id));
  await planAll();
}

async function ledger(): Promise<readonly string[]> {
  const rows = await world.db.selectFrom("messages").select(["step", "state", "reason"]).orderBy("step").execute();
  return rows.map(({ step, state, reason }) => `${step} ${state}${reason === null ? "" : ` ${reason}`}`);
}

function message(step: string) {
  return world.db.selectFrom("messages").selectAll().where("step", "=", step).executeTakeFirstOrThrow();
}

const recipients = () => world.sink.mails().map((mail) => mail.envelope.to.join());

test("mail that another installation's queue hands over is given back untouched (clone safety)", async () => {
  await story();
  const batch = await claimNow();
  const stranger = world.worker({ instance: { maySend: async () => false, advance: async () => undefined } });
  expect(await sendBatch(stranger, batch)).toBe(0);
  expect(await releaseTurn(stranger)).toEqual({ claimed: 0, batches: [] });
  expect(recipients()).toEqual([]);
  expect(await ledger()).toContain("dispatch-notice planned");
  expect(await sendBatch(worker, await claimNow())).toBe(1);
});

describe("sending", () => {
  test("hands each claimed mail to the server once, and writes down that it was accepted", async () => {
    await takeIn(...["1", "2", "3"].flatMap((id) => [placed(id), dispatched(id)]));
    await planAll();
    const batch = await claimNow();
    expect(await sendBatch(worker, batch)).toBe(3);
    expect(recipients().toSorted()).toEqual(["1@buyer.example", "2@buyer.example", "3@buyer.example"]);
    const sent = await world.db.selectFrom("messages").select(["sent_at", "attempts"]).where("state", "=", "sent").execute();
    expect(sent).toEqual(Array(3).fill({ sent_at: world.clock.now(), attempts: 1 }));
    const attempts = await world.db.selectFrom("attempts").selectAll().execute();
    expect(attempts.map(({ outcome, phase, ended_at }) => [outcome, phase, ended_at === null])).toEqual(
      Array(3).fill(["sent", null, false]),
    );
  });

  test("that was let begin before its turn, which did not come in time, is put back at once and counts as no attempt", async () => {
    const ids = Array.from({ length: 12 }, (_, n) => String(n));
    await takeIn(...ids.flatMap((id) => [placed(id), dispatched(id)]));
    await planAll();
    const smtp = parseSmtpUrl(`${world.sink.url}?connections=1`);
    if (!smtp.ok) throw new Error(smtp.error);
    const transport = smtpTransport(smtp.config, { aheadMs: 60_000, permittedMs: 0 });
    atEndOfFile(() => transport.close(1_000));
    const { keys, db } = world;
    const publicUrl = "https://mail.lantern.example";
    const hasty = world.worker({
      mailer: openMailer({
        transport,
        keys,
        publicUrl,
        keepTemplate: (kept) => keepTemplate(db, kept, noon),
        loadOverride: async () => null,
      }),
    });
    const sent = await sendBatch(hasty, await claimNow());
    expect(sent).toBeLessThan(12);
    const waiting = await db
      .selectFrom("messages")
      .select(["attempts", "due_at"])
      .where("step", "=", "dispatch-notice")
      .where("state", "=", "planned")
      .execute();
    expect(waiting).toHaveLength(12 - sent);
    expect(waiting.every(({ attempts, due_at }) => attempts === 0 && due_at <= world.clock.now())).toBe(true);
    await planAll();
    expect(await sendBatch(worker, await claimNow())).toBe(12 - sent);
    expect(new Set(recipients()).size).toBe(12);
    expect(recipients()).toHaveLength(12);
  });

  test("of a batch that was handed over twice does it once", async () => {
    await story();
    const batch = await claimNow();
    const counts = await Promise.all([sendBatch(worker, batch), sendBatch(worker, batch), sendBatch(world.worker(), batch)]);
    expect(counts.reduce((a, b) => a + b)).toBe(1);
    expect(await sendBatch(worker, batch)).toBe(0);
    expect(recipients()).toEqual(["1001@buyer.example"]);
  });

  test("leaves alone what another holds by now", async () => {
    await story();
    const lost = await claimNow();
    await world.db
      .updateTable("messages")
      .set({ state: "planned", lease_token: null, lease_until: null })
      .where("state", "=", "queued")
      .execute();
    const batch = await claimNow();
    expect(await sendBatch(worker, lost)).toBe(0);
    expect(await sendBatch(worker, batch)).toBe(1);
    expect(recipients()).toHaveLength(1);
  });

  test("does not begin after its lease has run out, however it came to be late (REL-05)", async () => {
    await story();
    const batch = await claimNow();
    world.clock.moveTo(plus(world.clock.now(), 2 * minute));
    expect(await sendBatch(worker, batch)).toBe(0);
    expect(recipients()).toEqual([]);
  });
});

describe("asked once more, a mail does not go", () => {
  test("when its order was cancelled after it was claimed, planned or not (I4)", async () => {
    await story();
    const batch = await claimNow();
    await takeIn(cancelled("1001"));
    expect(await sendBatch(worker, batch)).toBe(0);
    await planAll();
    expect(await ledger()).toEqual(["check-in cancelled order-cancelled", "dispatch-notice cancelled order-cancelled"]);
    expect(recipients()).toEqual([]);
  });

  test("when facts that came after it was claimed put it on a later day", async () => {
    await story();
    await drive(worker, world.clock, instantOf("2026-01-29T00:00:00Z"));
    const due = (await message("check-in")).due_at;
    await takeInAndMove(due);
    const batch = await claimNow();
    await takeIn(dispatched("1001", "2026-01-20T08:00:00Z", { service: "Registered small packet" }));
    expect(await sendBatch(worker, batch)).toBe(0);
    await planAll();
    const later = await message("check-in");
    expect(later.state).toBe("planned");
    expect(later.due_at).toBeGreaterThan(plus(due, 10 * 24 * hour));
    expect(world.sink.mails()).toHaveLength(1);
  });

  test("to an address that was changed after it was claimed, before that is planned; then it goes to the new one", async () => {
    await story();
    const batch = await claimNow();
    await takeIn(placed("1001", { buyer: { email: "new@buyer.example", name: "Maya" } }, "2026-01-20T07:45:00Z"));
    expect(await sendBatch(worker, batch)).toBe(0);
    await planAll();
    expect(await sendBatch(worker, await claimNow())).toBe(1);
    expect(recipients()).toEqual(["new@buyer.example"]);
    const { email_hash } = await message("dispatch-notice");
    expect(email_hash?.equals(addressHash(world.keys, place.shopId, "new@buyer.example"))).toBe(true);
  });

  test("at night, when the queue was slow and it is not about the order itself (SCH-06)", async () => {
    await story();
    await drive(worker, world.clock, instantOf("2026-01-29T00:00:00Z"));
    const night = instantOf("2026-01-31T10:00:00Z"); // two in the morning in Portland
    await world.db
      .updateTable("messages")
      .set({ due_at: new Date(plus(night, -minute)) })
      .where("step", "=", "check-in")
      .execute();
    await takeInAndMove(night);
    const batch = await claimNow();
    expect(await sendBatch(worker, batch)).toBe(0);
    const later = await message("check-in");
    expect(later.state).toBe("planned");
    expect(new Intl.DateTimeFormat("en-GB", { timeZone: "America/Los_Angeles", hour: "2-digit" }).format(later.due_at)).toMatch(
      /^(09|1[0-7])$/,
    );
    expect(world.sink.mails()).toHaveLength(1);
  });

  test("to a buyer who unsubscribed after it was claimed", async () => {
    await story();
    const batch = await claimNow();
    const addressHashOfBuyer = addressHash(world.keys, place.shopId, "1001@buyer.example");
    await suppress(
      world.db,
      { shopId: place.shopId, addressHash: addressHashOfBuyer, address: null, scopes: ["all"], reason: "unsubscribed" },
      worker.now,
    );
    expect(await sendBatch(worker, batch)).toBe(0);
    expect(await ledger()).toEqual(["check-in cancelled suppressed", "dispatch-notice cancelled suppressed"]);
  });

  test("when its shop stopped sending after it was claimed", async () => {
    await story();
    const batch = await claimNow();
    await updateShop(world.db, place.shopId, { sending: false }, worker.now());
    expect(await sendBatch(worker, batch)).toBe(0);
    await planAll();
    expect(await ledger()).toContain("dispatch-notice held shop-not-sending");
  });

  async function takeInAndMove(at: number): Promise<void> {
    await planAll();
    world.clock.moveTo(instantOf(new Date(at).toISOString()));
  }
});

describe("one mail that goes wrong", () => {
  test("keeps no other of its batch from being sent and written down", async () => {
    await takeIn(...Array.from({ length: 8 }, (_, n) => [placed(`${n}`), dispatched(`${n}`)]).flat());
    await planAll();
    let asked = 0;
    const begin: Deps["begin"] = (beginning) => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error("the database went away")) : worker.begin(beginning);
    };
    const broken = world.worker({ begin });
    await expect(sendBatch(broken, await claimNow(broken))).rejects.toThrow("the database went away");
    expect(world.sink.mails()).toHaveLength(7);
    expect((await ledger()).filter((line) => line === "dispatch-notice sent")).toHaveLength(7);
    expect((await ledger()).filter((line) => line === "dispatch-notice queued")).toHaveLength(1);
  });

  test("by an unknown template fails with the reason, visible to the operator", async () => {
    await story();
    await world.db.updateTable("messages").set({ template: "no-such-template" }).execute();
    expect(await sendBatch(worker, await claimNow())).toBe(0);
    const failed = await message("dispatch-notice");
    expect(failed).toMatchObject({ state: "failed", reason: "render-failed" });
    expect(JSON.stringify(failed.because)).toContain("no-such-template");
  });

  test("because a text filled in says what no mail may say fails, with the words and the rule (standards 3.3, at send)", async () => {
    await story();
    await updateShop(world.db, place.shopId, { signedBy: "Lin. Please give us 5 stars!" }, noon);
    expect(await sendBatch(worker, await claimNow())).toBe(0);
    const failed = await message("dispatch-notice");
    expect(failed).toMatchObject({ state: "failed", reason: "lint-blocked" });
    expect(JSON.stringify(failed.because)).toContain("Please give us 5 stars");
    expect(JSON.stringify(failed.because)).toContain("R05");
  });

  test("because nobody is there stops all mail to that address, this order's next messages included (2.4)", async () => {
    await story();
    world.sink.setBehaviour({ rcpt: { say: "550 5.1.1 <1001@buyer.example> no such user" } });
    expect(await sendBatch(worker, await claimNow())).toBe(0);
    expect(await ledger()).toEqual(["check-in cancelled suppressed", "dispatch-notice failed refused"]);
    const [row] = await world.db.selectFrom("suppressions").selectAll().execute();
    expect(row).toMatchObject({ scope: "all", address: "1001@buyer.example" });
  });

  test("for the time being is tried again later, and counts", async () => {
    await story();
    world.sink.setBehaviour({ rcpt: { say: "451 4.3.0 later" } });
    expect(await sendBatch(worker, await claimNow())).toBe(0);
    const row = await message("dispatch-notice");
    expect(row).toMatchObject({ state: "planned", attempts: 1, first_attempt_at: world.clock.now() });
    expect(row.due_at).toBeGreaterThan(world.clock.now());
  });
});

describe("a server that is away", () => {
  test("costs no message an attempt; all wait until it is worth another try", async () => {
    await takeIn(...["1", "2", "3"].flatMap((id) => [placed(id), dispatched(id)]));
    await planAll();
    await world.sink.stop();
    expect(await sendBatch(worker, await claimNow())).toBe(0);
    const rows = await world.db
      .selectFrom("messages")
      .select(["state", "attempts", "due_at"])
      .where("step", "=", "dispatch-notice")
      .execute();
    for (const row of rows) {
      expect(row).toMatchObject({ state: "planned", attempts: 0 });
      expect(row.due_at).toBeGreaterThan(world.clock.now());
    }
    expect(await world.db.selectFrom("attempts").select("id").execute()).toEqual([]);
    expect(worker.health.restingAt(world.clock.now())).not.toBeNull();
  });
});

describe("an answer that never comes after the mail was handed over (REL-02)", () => {
  test("sends order mail once more, the same in Message-ID and Date, and then no more", async () => {
    await story();
    world.sink.setBehaviour({ dot: { keepAndDrop: true } });
    expect(await sendBatch(worker, await claimNow())).toBe(0);
    expect(await message("dispatch-notice")).toMatchObject({
      state: "planned",
      resend: true,
      reason: "answer-unknown",
      sent_at: world.clock.now(),
    });
    await drive(worker, world.clock, plus(world.clock.now(), 2 * hour));
    expect(await message("dispatch-notice")).toMatchObject({ state: "unsure", reason: "answer-unknown", attempts: 2 });
    const mails = world.sink.mails();
    expect(mails).toHaveLength(2);
    const header = (key: string) => mails.map((mail) => mail.headers.find((one) => one.key === key)?.value);
    expect(new Set(header("message-id")).size).toBe(1);
    expect(new Set(header("date")).size).toBe(1);
  });

  test("does not send it again once the order is cancelled meanwhile, and keeps the doubt", async () => {
    await story();
    world.sink.setBehaviour({ dot: { keepAndDrop: true } });
    await sendBatch(worker, await claimNow());
    await takeIn(cancelled("1001", "2026-01-20T08:00:00Z"));
    await drive(worker, world.clock, plus(world.clock.now(), 2 * hour));
    expect(await message("dispatch-notice")).toMatchObject({ state: "unsure", reason: "answer-unknown" });
    expect(world.sink.mails()).toHaveLength(1);
  });

  test("does not send care mail again", async () => {
    await story();
    await drive(worker, world.clock, instantOf("2026-01-29T00:00:00Z"));
    world.sink.setBehaviour({ dot: { keepAndDrop: true } });
    world.sink.cut();
    await drive(worker, world.clock, instantOf("2026-02-02T00:00:00Z"));
    expect(await message("check-in")).toMatchObject({ state: "unsure", reason: "answer-unknown", resend: false });
    expect(world.sink.mails()).toHaveLength(2);
  });
});

test("a buyer of two orders is asked for reviews at least a week apart, by the whole machine (P10)", async () => {
  const buyer = { buyer: { email: "maya@buyer.example", name: "Maya" } };
  await takeIn(placed("1", buyer), dispatched("1"), placed("2", buyer), dispatched("2"));
  await drive(worker, world.clock, instantOf("2026-05-01T00:00:00Z"));
  const asked = await world.db
    .selectFrom("messages")
    .select(["sent_at", "state"])
    .where("category", "=", "review")
    .orderBy("sent_at")
    .execute();
  expect(asked.map(({ state }) => state)).toEqual(["sent", "sent"]);
  expect((asked[1]?.sent_at ?? 0) - (asked[0]?.sent_at ?? 0)).toBeGreaterThanOrEqual(7 * 24 * hour);
});
