import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { type Instant, minute, plus } from "../../src/core/instant.ts";
import { type Beginning, beginAttempts, type Ending, endAttempts, rescueLost } from "../../src/store/attempts.ts";
import { claimDue, type GivenBack, giveBack, renewLease } from "../../src/store/claims.ts";
import { foldCounts, messageCounts } from "../../src/store/counts.ts";
import type { Database } from "../../src/store/database.ts";
import { suppress } from "../../src/store/suppressions.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, hashFor, noon, openPool, type Place } from "./rows.ts";

let one: Database;
let two: Database;

beforeAll(async () => {
  const { url } = await freshDatabase();
  one = openPool(url);
  two = openPool(url);
});

/** What processes do to the ledger, in any order, with tokens and attempts that may long be lost. */
type Step =
  | { readonly kind: "claim"; readonly limit: number }
  | { readonly kind: "begin" | "renew"; readonly token: number }
  | { readonly kind: "giveBack"; readonly token: number; readonly state: GivenBack["state"] }
  | { readonly kind: "end"; readonly attempt: number; readonly next: number }
  | { readonly kind: "wait"; readonly minutes: number }
  | { readonly kind: "rescue" | "suppress" | "fold" | "facts" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("claim" as const), limit: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("begin" as const, "begin" as const, "renew" as const),
      token: fc.constantFrom(0, 0, 0, 1, 2),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("giveBack" as const),
      token: fc.nat(5),
      state: fc.constantFrom("planned" as const, "stale" as const, "failed" as const, "held" as const),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("end" as const), attempt: fc.nat(9), next: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), minutes: fc.constantFrom(1, 3, 20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("rescue" as const, "suppress" as const, "fold" as const, "facts" as const) }) },
);

const sent: Pick<Ending, "outcome" | "next"> = {
  outcome: "sent",
  next: { state: "sent", reason: null, dueAt: null, sentAt: noon, resend: false, counts: true },
};

const nexts: readonly Pick<Ending, "outcome" | "next">[] = [
  sent,
  { outcome: "later", next: { state: "planned", reason: null, dueAt: noon, sentAt: null, resend: false, counts: true } },
  { outcome: "transport-down", next: { state: "planned", reason: null, dueAt: noon, sentAt: null, resend: false, counts: false } },
  { outcome: "refused", next: { state: "failed", reason: "refused", dueAt: null, sentAt: null, resend: false, counts: true } },
  { outcome: "unsure", next: { state: "planned", reason: "answer-unknown", dueAt: noon, sentAt: noon, resend: true, counts: true } },
  { outcome: "stale", next: { state: "stale", reason: "stale", dueAt: null, sentAt: null, resend: false, counts: true } },
];

class Ledger {
  now: Instant = noon;
  readonly tokens: string[] = [randomUUID()];
  readonly attempts: Beginning[] = [];
  readonly ids: readonly string[];
  readonly place: Place;

  constructor(place: Place, ids: readonly string[]) {
    this.place = place;
    this.ids = ids;
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "claim": {
        const token = randomUUID();
        this.tokens.unshift(token);
        await claimDue(one, { now: this.now, leaseUntil: plus(this.now, 2 * minute), token, perShop: step.limit, limit: step.limit });
        return;
      }
      case "begin": {
        const asked = await this.beginnings(this.tokens[step.token % this.tokens.length] ?? "");
        const answers = await beginAttempts(one, asked, { now: this.now, leaseUntil: plus(this.now, 2 * minute) });
        this.attempts.unshift(...asked.filter((_, index) => answers[index] === true));
        return;
      }
      case "renew":
        await renewLease(one, this.tokens[step.token % this.tokens.length] ?? "", plus(this.now, 2 * minute));
        return;
      case "giveBack": {
        const messages = this.ids.map(
          (id): GivenBack => ({ id, state: step.state, dueAt: this.now, deferredUntil: null, reason: step.state }),
        );
        return giveBack(two, { token: this.tokens[step.token % this.tokens.length] ?? "", now: this.now, replan: true, messages });
      }
      case "end": {
        const [attempt] = this.attempts.splice(step.attempt % Math.max(1, this.attempts.length), 1);
        if (attempt === undefined) return;
        const { attemptId, messageId, token } = attempt;
        return endAttempts(
          two,
          [{ attemptId, messageId, token, phase: null, answer: "", ...(await this.outcome(messageId, step.next)) }],
          this.now,
        );
      }
      case "wait":
        this.now = plus(this.now, step.minutes * minute);
        return;
      case "rescue":
        await rescueLost(one, { now: this.now, resendAt: this.now, limit: 10 });
        return;
      case "suppress":
        // Only care mail, and never while it is being sent: that would wait for an end that this machine decides.
        if ((await this.count("sending")) > 0) return;
        await suppress(
          two,
          { shopId: this.place.shopId, addressHash: hashFor("maya@buyer.example"), address: null, scopes: ["care"], reason: "x" },
          () => this.now,
        );
        return;
      case "fold":
        await Promise.all([foldCounts(one), foldCounts(two)]);
        return;
      case "facts":
        await one.updateTable("orders").set({ dirty: sql`dirty + 1` }).where("shop_id", "=", this.place.shopId).execute();
    }
  }

  /** As `core/outcome.ts` has it: only order mail in doubt goes once more, and only once. */
  private async outcome(messageId: string, which: number): Promise<Pick<Ending, "outcome" | "next">> {
    const found = nexts[which] ?? sent;
    const row = await one.selectFrom("messages").select(["category", "resend"]).where("id", "=", messageId).executeTakeFirstOrThrow();
    if (found.outcome !== "unsure" || (row.category === "order" && !row.resend)) return found;
    return { outcome: "unsure", next: { ...sent.next, state: "unsure", reason: "answer-unknown" } };
  }

  async count(state: string): Promise<number> {
    const rows = await one
      .selectFrom("messages")
      .select("id")
      .where("shop_id", "=", this.place.shopId)
      .where("state", "=", state)
      .execute();
    return rows.length;
  }

  private async beginnings(token: string): Promise<Beginning[]> {
    if (token === "") return [];
    const { rows } = await sql<{ id: string; revision: string }>`
      select m.id, o.xmin::text as revision from messages as m join orders as o on o.id = m.order_id where m.lease_token = ${token}`.execute(
      one,
    );
    return rows.map(({ id, revision }) => ({
      attemptId: newId(this.now),
      messageId: id,
      token,
      revision,
      rfcMessageId: `<${id}@x.example>`,
      rfcDate: this.now,
      recipient: "maya@buyer.example",
      templateVersion: "v",
      input: null,
      invited: false,
    }));
  }
}

describe("whatever processes do to the ledger, in whatever order, with leases and answers that come too late", () => {
  test("its rows hold together, nothing that left comes back but for one repetition of order mail, and the counters are right", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const place = await addPlace(one);
        const ids: string[] = [];
        for (const category of ["order", "order", "care", "review"] as const) {
          ids.push(await addMessage(one, place.shopId, await addOrder(one, place), { category, staleAt: plus(noon, 60 * minute) }));
        }
        const ledger = new Ledger(place, ids);
        const gone = new Map<string, string>();
        for (const taken of steps) {
          await ledger.take(taken);
          const rows = await one.selectFrom("messages").selectAll().where("shop_id", "=", place.shopId).execute();
          for (const row of rows) {
            seen.add(row.state);
            const before = gone.get(row.id);
            // `unsure` may turn out as `sent`; nothing else that left ever changes by itself.
            if (before === "sent") expect(row.state).toBe("sent");
            if (before === "unsure") expect(["unsure", "sent"]).toContain(row.state);
            if (row.state === "sent" || row.state === "unsure") gone.set(row.id, row.state);
          }
        }
        await countersAreRight();
        await nothingWentTwice(place.shopId);
        await one
          .updateTable("messages")
          .set({ state: "cancelled", reason: "x", lease_token: null, lease_until: null })
          .where("shop_id", "=", place.shopId)
          .where("state", "in", ["planned", "queued", "sending", "held"])
          .execute();
      }),
      // Always the same walks: the test after this one asks whether they were worth walking.
      { numRuns: 60, seed: 7 },
    );
  });

  const seen = new Set<string>();

  test("and this was no idle walk: every state was met", () => {
    expect([...seen].toSorted()).toEqual(["cancelled", "failed", "held", "planned", "queued", "sending", "sent", "stale", "unsure"]);
  });

  /** I3: no message may have reached its buyer twice, but order mail that was in doubt. */
  async function nothingWentTwice(shopId: string): Promise<void> {
    const { rows } = await sql<{ category: string; n: number }>`
      select m.category, count(*) as n from attempts as a join messages as m on m.id = a.message_id
      where m.shop_id = ${shopId} and (a.outcome in ('sent', 'unsure') or a.outcome is null) group by m.id, m.category`.execute(one);
    for (const { category, n } of rows) expect(n, category).toBeLessThanOrEqual(category === "order" ? 2 : 1);
  }

  async function countersAreRight(): Promise<void> {
    const { rows } = await sql<{
      state: string;
      n: number;
    }>`select state, count(*) as n from messages group by state order by state`.execute(one);
    expect(await messageCounts(one)).toEqual(rows);
  }
});

describe("the counters", () => {
  test("are right while many processes write and fold at once, and after deletions", async () => {
    const place = await addPlace(one);
    const order = await addOrder(one, place);
    const writers = Array.from({ length: 6 }, async (_, n) => {
      const db = n % 2 === 0 ? one : two;
      for (let round = 0; round < 15; round += 1) {
        const id = await addMessage(db, place.shopId, order, {});
        await db.updateTable("messages").set({ state: "stale", reason: "stale" }).where("id", "=", id).execute();
        if (round % 3 === 0) await db.deleteFrom("messages").where("id", "=", id).execute();
        if (round % 4 === 0) await foldCounts(db);
      }
    });
    await Promise.all(writers);
    const truth = async () =>
      (await sql<{ state: string; n: number }>`select state, count(*) as n from messages group by state order by state`.execute(one)).rows;
    expect(await messageCounts(one)).toEqual(await truth());
    await foldCounts(one);
    expect((await one.selectFrom("message_count_changes").selectAll().execute()).length).toBe(0);
    expect(await messageCounts(two)).toEqual(await truth());
  });

  test("do not count what was rolled back", async () => {
    const place = await addPlace(one);
    const order = await addOrder(one, place);
    const before = await messageCounts(one);
    await one
      .transaction()
      .execute(async (tx) => {
        await addMessage(tx, place.shopId, order, {});
        throw new Error("no");
      })
      .catch(() => undefined);
    expect(await messageCounts(one)).toEqual(before);
  });
});
