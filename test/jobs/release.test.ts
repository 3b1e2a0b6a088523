import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { giveBackOverCap } from "../../jobs/caps.ts";
import { release, releaseTurn, type SendBatch } from "../../jobs/release.ts";
import { day24, hour, type Instant, instantOf, minute, plus } from "../../src/core/instant.ts";
import { claimDue, giveBack } from "../../src/store/claims.ts";
import { updateShop } from "../../src/store/shops.ts";
import { addMessage, addOrder, addPlace, type MessageRow, messageRow, type Place, statesOf } from "../store/rows.ts";
import { openWorld, type Worker, type World } from "./bundle.ts";

const now = instantOf("2026-01-20T08:00:00Z");
let world: World;
let worker: Worker;
let place: Place;

beforeEach(async () => {
  world = await openWorld();
  worker = world.worker();
  place = await addPlace(world.db);
});

async function due(row: MessageRow = {}): Promise<string> {
  const email = row.email ?? `${randomUUID()}@buyer.example`;
  return addMessage(world.db, place.shopId, await addOrder(world.db, place, { email }), { dueAt: now, ...row, email });
}

function run(by: Worker = worker): Promise<void> {
  return release.run(undefined, by, new AbortController().signal);
}

describe("a turn of the release", () => {
  test("claims what is due for two minutes and cuts it into batches for sending", async () => {
    const ids = await Promise.all(Array.from({ length: 120 }, () => due()));
    const { claimed, batches } = await releaseTurn(worker);
    expect(claimed).toBe(120);
    expect(batches.map((batch) => batch.messageIds.length)).toEqual([50, 50, 20]);
    expect(batches.flatMap((batch) => batch.messageIds).toSorted()).toEqual(ids.toSorted());
    expect(await messageRow(world.db, ids[0] ?? "")).toMatchObject({
      state: "queued",
      lease_token: batches[0]?.token,
      lease_until: plus(now, 2 * minute),
    });
  });

  test("makes stale what is of no use any more, and sends it to nobody", async () => {
    const ids = [await due({ staleAt: now }), await due({ staleAt: plus(now, 1) })];
    const { batches } = await releaseTurn(worker);
    expect(await statesOf(world.db, ids)).toEqual(["stale", "queued"]);
    expect(batches.flatMap((batch) => batch.messageIds)).toEqual([ids[1]]);
    expect(await messageRow(world.db, ids[0] ?? "")).toMatchObject({ reason: "stale", lease_token: null });
    expect(worker.woken).toContain("plan");
  });

  test("keeps no more than a thousand in hand over all processes, and asks for no fewer than a batch", async () => {
    const order = await addOrder(world.db, place);
    const token = randomUUID();
    await Promise.all(
      Array.from({ length: 940 }, () =>
        addMessage(world.db, place.shopId, order, { state: "queued", token, leaseUntil: plus(now, minute) }),
      ),
    );
    await Promise.all(Array.from({ length: 80 }, () => due()));
    const { claimed, batches } = await releaseTurn(worker);
    expect(claimed).toBe(60);
    expect((await releaseTurn(worker)).claimed).toBe(0);
    // Room for fewer than a batch: not worth two statements and a run of `send`.
    const ids = batches.flatMap(({ messageIds }) => messageIds);
    const backAgain = (some: readonly string[]) =>
      giveBack(world.db, {
        token: batches[0]?.token ?? "",
        now,
        replan: false,
        messages: some.map((id) => ({ id, state: "planned", dueAt: null, deferredUntil: null, reason: null })),
      });
    await backAgain(ids.slice(0, 49));
    expect((await releaseTurn(worker)).claimed).toBe(0);
    await backAgain(ids.slice(49));
    expect((await releaseTurn(worker)).claimed).toBe(60);
  });
});

describe("the job", () => {
  test("goes on until everything due is handed over, also when it is all one shop's", async () => {
    const ids = await Promise.all(Array.from({ length: 650 }, () => due()));
    const handed: SendBatch[] = [];
    const taking = world.worker({
      wakeMany: async (_job, payloads) => {
        handed.push(...(payloads as SendBatch[])); // what `release` hands over
        return true;
      },
    });
    await run(taking);
    const given = handed.flatMap((batch) => batch.messageIds);
    expect([given.length, new Set(given).size]).toEqual([ids.length, ids.length]);
  });

  test("takes messages back at once when the queue takes nothing, due as they were, and does not turn in circles", async () => {
    const ids = [await due({ dueAt: plus(now, -3 * minute) }), await due()];
    let asked = 0;
    await run(
      world.worker({
        wakeMany: async () => {
          asked += 1;
          return false;
        },
      }),
    );
    expect(await statesOf(world.db, ids)).toEqual(["planned", "planned"]);
    expect(await messageRow(world.db, ids[0] ?? "")).toMatchObject({ due_at: plus(now, -3 * minute), lease_token: null });
    expect(asked).toBe(1);
  });
});

describe("a buyer gets one care, review or offer mail a day, and is asked for something once a week (P10, LAW-03)", () => {
  const email = "maya@buyer.example";

  async function outcome(ids: readonly string[]): Promise<readonly string[]> {
    await releaseTurn(worker);
    return statesOf(world.db, ids);
  }

  async function isDeferredTo(id: string, until: Instant): Promise<void> {
    expect(await messageRow(world.db, id)).toMatchObject({ state: "planned", due_at: until, deferred_until: until, reason: "cap-reached" });
  }

  test("of two of one buyer due together the first due goes, the other waits seven days", async () => {
    const second = await due({ email, category: "offer" });
    const first = await due({ email, category: "review", dueAt: plus(now, -minute) });
    expect(await outcome([first, second])).toEqual(["queued", "planned"]);
    await isDeferredTo(second, plus(now, 7 * day24));
    expect(worker.woken).toContain("plan");
  });

  test("of one that was asked some days ago, seven days from then", async () => {
    const sentAt = plus(now, -3 * day24);
    await due({ email, category: "review", state: "sent", sentAt });
    const next = await due({ email, category: "review" });
    expect(await outcome([next])).toEqual(["planned"]);
    await isDeferredTo(next, plus(sentAt, 7 * day24));
  });

  test("of one that was asked a week ago, now", async () => {
    await due({ email, category: "review", state: "sent", sentAt: plus(now, -7 * day24) });
    expect(await outcome([await due({ email, category: "review" })])).toEqual(["queued"]);
  });

  test("counts what was asked in doubt, too", async () => {
    await due({ email, category: "review", state: "unsure", reason: "answer-unknown", sentAt: plus(now, -day24) });
    expect(await outcome([await due({ email, category: "review" })])).toEqual(["planned"]);
  });

  test("care goes first, and the reason why the other waits names its order", async () => {
    const asked = await due({ email, category: "review", dueAt: plus(now, -minute) });
    const care = await due({ email, category: "care" });
    expect(await outcome([asked, care])).toEqual(["planned", "queued"]);
    await isDeferredTo(asked, plus(now, day24));
    const { number } = await world.db
      .selectFrom("orders")
      .select("number")
      .where("id", "=", (await messageRow(world.db, care)).order_id)
      .executeTakeFirstOrThrow();
    const detail = `care mail about order ${number} goes first; a buyer gets at most one such mail a day`;
    expect((await messageRow(world.db, asked)).because).toEqual([{ rule: "cap", detail }]);
  });

  test("also care that is due only in some hours", async () => {
    await due({ email, category: "care", dueAt: plus(now, 3 * hour) });
    const asked = await due({ email, category: "review" });
    expect(await outcome([asked])).toEqual(["planned"]);
    await isDeferredTo(asked, plus(now, day24 + 3 * hour));
  });

  test("care mail may invite feedback unless the buyer was asked this week", async () => {
    const first = await due({ email, category: "care" });
    await due({ email: "bob@buyer.example", category: "offer", state: "sent", sentAt: plus(now, -2 * day24) });
    const second = await due({ email: "bob@buyer.example", category: "care" });
    expect(await outcome([first, second])).toEqual(["queued", "queued"]);
    expect((await messageRow(world.db, first)).invited).toBe(true);
    expect((await messageRow(world.db, second)).invited).toBe(false);
  });

  test("as often as the shop says", async () => {
    await updateShop(world.db, place.shopId, { caps: { daysBetweenAsks: 2, mailsPerDay: 2 } }, now);
    await due({ email, category: "review", state: "sent", sentAt: plus(now, -2 * day24) });
    const ids = [await due({ email, category: "care" }), await due({ email, category: "care" }), await due({ email, category: "care" })];
    expect(await outcome(ids)).toEqual(["queued", "queued", "planned"]);
    await due({ email: "bob@buyer.example", category: "review", state: "sent", sentAt: plus(now, -2 * day24 + 1) });
    expect(await outcome([await due({ email: "bob@buyer.example", category: "review" })])).toEqual(["planned"]);
  });

  test("does not concern mail about the order, other buyers, nor other shops", async () => {
    await due({ email, category: "review" });
    const others = [
      await due({ email, category: "order" }),
      await due({ email, category: "order" }),
      await due({ email: "bob@buyer.example", category: "review" }),
    ];
    const home = place;
    place = await addPlace(world.db);
    others.push(await due({ email, category: "review" }));
    place = home;
    expect(await outcome(others)).toEqual(["queued", "queued", "queued", "queued"]);
  });

  async function sendNow(id: string): Promise<void> {
    const { order_id, step, occurrence_kind, occurrence_id } = await messageRow(world.db, id);
    const move = {
      id: randomUUID(),
      shop_id: place.shopId,
      order_id,
      step,
      occurrence_kind,
      occurrence_id,
      move: "send-now",
      at: new Date(now),
    };
    await world.db.insertInto("moves").values(move).execute();
  }

  test("unless an operator sends it now", async () => {
    await due({ email, category: "review", state: "sent", sentAt: plus(now, -day24) });
    const id = await due({ email, category: "review" });
    await sendNow(id);
    expect(await outcome([id])).toEqual(["queued"]);
  });

  test("which counts against what is due with it", async () => {
    const planned = await due({ email, category: "review", dueAt: plus(now, -minute) });
    const wanted = await due({ email, category: "review" });
    await sendNow(wanted);
    expect(await outcome([planned, wanted])).toEqual(["planned", "queued"]);
  });

  test("by two processes that claimed at the same moment, too: of each pair one goes and one waits", async () => {
    const second = world.worker();
    for (let round = 0; round < 5; round += 1) {
      const pairs: (readonly [string, string])[] = [];
      for (let n = 0; n < 25; n += 1) {
        const email = `pair-${round}-${n}@buyer.example`;
        // Of every other pair the second is care: both processes must know of the other's whatever it is.
        const pair = n % 2 === 0 ? (["review", "review"] as const) : (["review", "care"] as const);
        pairs.push([await due({ email, category: pair[0], dueAt: plus(now, -minute) }), await due({ email, category: pair[1] })]);
      }
      const hands = [await claimed(worker), await claimed(second)];
      expect(hands.map((hand) => hand.messages.length)).toEqual([25, 25]);
      await Promise.all([worker, second].map((one, turn) => giveBackOverCap(one, hands[turn]?.messages ?? [], hands[turn]?.token ?? "")));
      for (const pair of pairs) expect((await statesOf(world.db, pair)).toSorted(), String(pair)).toEqual(["planned", "queued"]);
    }
  });

  async function claimed(by: Worker) {
    const token = randomUUID();
    return { token, messages: await claimDue(by.db, { now, leaseUntil: plus(now, minute), token, perShop: 25, limit: 25 }) };
  }
});
