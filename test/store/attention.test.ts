import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { watchShops } from "../../jobs/watch.ts";
import { attentionLimits, attentionSentence } from "../../src/core/attention.ts";
import { newId } from "../../src/core/ids.ts";
import { day24, hour, type Instant, minute, plus } from "../../src/core/instant.ts";
import { attentionIn } from "../../src/store/attention.ts";
import type { Database } from "../../src/store/database.ts";
import { findingsByKind } from "../../src/store/findings.ts";
import { updateShop } from "../../src/store/shops.ts";
import { time } from "../../src/store/values.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, type MessageRow, noon, openPool, type Place } from "./rows.ts";

let db: Database;
let place: Place;

beforeAll(async () => {
  db = openPool((await freshDatabase()).url);
});

beforeEach(async () => {
  // A country whose holidays are known for long, and a source that has just been heard of: nothing is amiss.
  place = await addPlace(db, { country: "US", timeZone: "UTC" });
  await heard(noon);
});

function heard(at: Instant | null, createdAt: Instant = noon) {
  return db
    .updateTable("sources")
    .set({ last_delivery_at: at === null ? null : time(at), created_at: time(createdAt) })
    .where("id", "=", place.sourceId)
    .execute();
}

/** What is found, as `kind count: sentence`. */
async function found(now = noon): Promise<readonly string[]> {
  const list = await attentionIn(db, [place.shopId], now);
  return list.map((one) => `${one.kind} ${one.count}: ${attentionSentence(one, "UTC")}`);
}

const add = async (row: MessageRow) => addMessage(db, place.shopId, await addOrder(db, place), row);

async function addDelivery(state: "stored" | "quarantined", receivedAt: Instant): Promise<void> {
  const id = newId(receivedAt);
  const shared = { id, shop_id: place.shopId, source_id: place.sourceId, topic: "", headers: "{}", body: Buffer.from("{}") };
  await db
    .insertInto("deliveries")
    .values({
      ...shared,
      received_at: time(receivedAt),
      state,
      ...(state === "quarantined" && { reason: "no order id", taken_at: time(receivedAt) }),
    })
    .execute();
}

/** A parcel that left at `at`, with or without its notice in the ledger. */
async function addParcel(
  at: Instant,
  { told = false, email = `${randomUUID()}@buyer.example`, state = "sent" as "sent" | "cancelled" } = {},
) {
  const order = await addOrder(db, place, { email });
  const says = { kind: "shipment", id: "s1", dispatchedAt: new Date(at).toISOString() };
  await db
    .insertInto("facts")
    .values({ shop_id: place.shopId, order_id: order, slot: "shipment:s1", at: time(at), weight: 0, hash: "h", says: JSON.stringify(says) })
    .execute();
  if (!told) return;
  const id = await addMessage(db, place.shopId, order, {
    step: "dispatch-notice",
    email,
    state,
    ...(state === "sent" ? { sentAt: at } : { reason: "already-delivered" }),
  });
  await db.updateTable("messages").set({ occurrence_kind: "shipment", occurrence_id: "s1" }).where("id", "=", id).execute();
}

describe("what needs a person's look in a shop", () => {
  test("is nothing when all is well", async () => {
    await add({ dueAt: plus(noon, hour) });
    await add({ dueAt: plus(noon, -attentionLimits.lateMs) });
    await addParcel(plus(noon, -hour), { told: true });
    expect(await found()).toEqual([]);
  });

  test("mail that was due minutes ago, unless the shop does not send or rests", async () => {
    await add({ dueAt: plus(noon, -attentionLimits.lateMs - minute) });
    await add({ dueAt: plus(noon, -hour) });
    expect(await found()).toEqual(["mail-late 2: 2 mails are late, the first since 2026-01-20 11:00."]);
    await db
      .insertInto("shop_rests")
      .values({ shop_id: place.shopId, until: time(plus(noon, hour)), because: "550 5.7.1 no SPF" })
      .execute();
    expect(await found()).toEqual([
      "shop-resting 1: Servers refuse mail of this shop for policy, and it rests until 2026-01-20 13:00: 550 5.7.1 no SPF",
    ]);
  });

  test("webhooks that nobody has read for minutes, and those that could not be read", async () => {
    await addDelivery("stored", plus(noon, -10 * minute));
    await addDelivery("stored", plus(noon, -minute));
    await addDelivery("quarantined", plus(noon, -hour));
    expect(await found()).toEqual([
      "webhooks-waiting 1: 1 webhook has not been read yet, the first since 2026-01-20 11:50.",
      "quarantine 1: 1 webhook of standard could not be read.",
    ]);
  });

  test("a source that fell silent, and one that was never heard of a day after it was connected", async () => {
    await heard(plus(noon, -attentionLimits.silentMs - 1));
    expect(await found()).toEqual(["source-silent 1: standard has sent nothing since 2026-01-17."]);
    await heard(null, plus(noon, -attentionLimits.unheardMs - 1));
    expect(await found()).toEqual(["source-silent 1: standard has sent nothing yet."]);
    await heard(null, plus(noon, -hour));
    expect(await found()).toEqual([]);
  });

  test("parcels that left and of which no mail tells, when they are many and at least half", async () => {
    const left = plus(noon, -2 * hour);
    await addParcel(left);
    await addParcel(left);
    await addParcel(left, { email: "x@marketplace.amazon.com" });
    await addParcel(plus(noon, -10 * minute));
    await addParcel(plus(noon, -2 * day24));
    expect(await found(), "two are none").toEqual([]);
    await addParcel(plus(noon, -3 * hour));
    await addParcel(left, { told: true });
    await addParcel(left, { told: true, state: "cancelled" });
    expect(await found()).toEqual([
      "notices-missing 3: 3 parcels left in the last day of which no mail tells their buyers, the first on 2026-01-20 09:00.",
    ]);
    for (let n = 0; n < 2; n += 1) await addParcel(left, { told: true });
    expect(await found(), "most have theirs").toEqual([]);
  });

  test("and none of them when the schedule has no such mail", async () => {
    for (let n = 0; n < 4; n += 1) await addParcel(plus(noon, -2 * hour));
    const off = {
      name: "S",
      steps: [{ key: "dispatch-notice", template: "t", category: "order", on: "shipment.dispatched", per: "shipment", enabled: false }],
    };
    await db
      .updateTable("schedules")
      .set({ schedule: JSON.stringify(off) })
      .where("shop_id", "=", place.shopId)
      .execute();
    expect(await found()).toEqual([]);
  });

  test("many mails refused for good within a day", async () => {
    const refused = { state: "failed", reason: "refused" } as const;
    for (let n = 1; n < attentionLimits.refused; n += 1) await add(refused);
    expect(await found()).toEqual([]);
    await add({ state: "failed", reason: "render-failed" });
    await add(refused);
    expect(await found()).toEqual(["mail-refused 10: 10 mails were refused for good in the last day."]);
    expect(await found(plus(noon, day24 + 1))).toEqual([]);
  });

  test("open tasks by kind, a shop that holds its mail, mail that goes to a test address, holidays that are not announced", async () => {
    const order = await addOrder(db, place);
    const task = {
      shop_id: place.shopId,
      order_id: order,
      kind: "problem",
      state: "open",
      opened_at: time(noon),
      updated_at: time(noon),
    } as const;
    await db
      .insertInto("tasks")
      .values([
        { id: newId(noon), about: "1", ...task },
        { id: newId(noon), about: "2", ...task },
      ])
      .execute();
    await updateShop(db, place.shopId, { redirectTo: "me@test.example", country: "CN" }, noon);
    const late = plus(noon, 330 * day24);
    await heard(late);
    expect(await found(late)).toEqual([
      "tasks 2: 2 tasks wait for a person: problem, the oldest since 2026-01-20 12:00.",
      "redirected 1: All mail of the shop goes to me@test.example instead of its buyers.",
      expect.stringMatching(/^calendar-horizon 1: The holidays of CN are announced until 2026-12-31 only; .*own days\.$/),
    ]);
    await add({ state: "held", reason: "shop-not-sending" });
    await updateShop(db, place.shopId, { sending: false }, noon);
    expect((await found()).slice(1)).toEqual(["not-sending 1: The shop does not send; 1 mail is held."]);
  });

  test("and never another shop's", async () => {
    const mine = place;
    place = await addPlace(db, { country: "US" });
    await add({ dueAt: plus(noon, -hour) });
    place = mine;
    expect(await found()).toEqual([]);
  });
});

describe("the watch", () => {
  const kinds = async () => Object.fromEntries((await findingsByKind(db)).map(({ kind, n }) => [kind, n]));

  test("keeps what it found for the metrics, and lets go of what is over; two at once do no harm", async () => {
    await add({ dueAt: plus(noon, -hour) });
    const before = await kinds();
    let now = noon;
    const deps = { db, now: () => now };
    await Promise.all([watchShops(deps), watchShops(deps)]);
    const after = await kinds();
    expect(after["mail-late"]).toBeGreaterThan(before["mail-late"] ?? 0);
    const row = () =>
      db
        .selectFrom("findings")
        .select(["n", "since", "found_at"])
        .where("shop_id", "=", place.shopId)
        .where("kind", "=", "mail-late")
        .executeTakeFirst();
    expect(await row()).toEqual({ n: 1, since: plus(noon, -hour), found_at: noon });
    await add({ dueAt: plus(noon, -2 * hour) });
    now = plus(noon, minute);
    await watchShops(deps);
    expect(await row()).toEqual({ n: 2, since: plus(noon, -2 * hour), found_at: noon });
    await db
      .updateTable("messages")
      .set({ due_at: time(plus(noon, hour)) })
      .where("shop_id", "=", place.shopId)
      .execute();
    await watchShops(deps);
    expect(await row()).toBeUndefined();
  });
});
