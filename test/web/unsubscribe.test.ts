import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { addressHash, linkToken } from "../../src/core/keys.ts";
import { openDatabase } from "../../src/store/database.ts";
import { suppress } from "../../src/store/suppressions.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { type Json, keys, openWeb, plannedOrder, shopWithSource } from "./set-up.ts";

const web = await openWeb();
const shop = await shopWithSource(web);
let last = 100;

/** A planned order of a buyer of its own. */
async function buyer(at = shop) {
  last += 1;
  const email = `buyer${last}@post.example`;
  const { orderId, messages } = await plannedOrder(web, at, String(last), email);
  return { email, orderId, messages, hash: addressHash(keys, at.shopId, email) };
}

function link(messageId: string | undefined): string {
  return `${web.url}/u/${linkToken(keys, "unsubscribe", messageId ?? "")}`;
}

const oneClick = { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }), redirect: "manual" } as const;

async function states(orderId: string): Promise<Record<string, string>> {
  const { messages } = await web.ok("GET", `/messages?order=${orderId}`);
  return Object.fromEntries(messages.map((message: Json) => [message.step, `${message.state} ${message.reason ?? ""}`.trim()]));
}

async function scopes(hash: Buffer, shopId = shop.shopId): Promise<string[]> {
  const rows = await web.db
    .selectFrom("suppressions")
    .select("scope")
    .where("shop_id", "=", shopId)
    .where("address_hash", "=", hash)
    .execute();
  return rows.map((row) => row.scope).sort();
}

async function setState(messageId: string | undefined, state: "queued" | "sending" | "sent", until = "2026-01-20T08:02:00Z") {
  const leased = state === "sent" ? { lease_token: null, lease_until: null, sent_at: new Date("2026-01-20T08:00:00Z") } : lease(until);
  await web.db
    .updateTable("messages")
    .set({ state, ...leased })
    .where("id", "=", messageId ?? "")
    .execute();
}

function lease(until: string) {
  return { lease_token: crypto.randomUUID(), lease_until: new Date(until) };
}

test("GET shows a page with a button and changes nothing: scanners follow links (OUT-05)", async () => {
  const { messages, orderId, hash } = await buyer();
  const before = await states(orderId);
  const response = await fetch(link(messages["check-in"]));
  const page = await response.text();
  expect(response.status).toBe(200);
  expect(page).toContain('<form method="post">');
  expect(page).not.toMatch(/<script|buyer\d+@/);
  expect(await scopes(hash)).toEqual([]);
  expect(await states(orderId)).toEqual(before);
});

test("one click stops all mail that nobody needs, planned and queued, but not mail about the order, without cookie, login or redirect, and twice is as once", async () => {
  const { messages, orderId, hash } = await buyer();
  await setState(messages["check-in"], "queued");
  for (let count = 0; count < 2; count += 1) {
    const response = await fetch(link(messages["check-in"]), oneClick);
    expect([response.status, response.headers.get("set-cookie"), response.headers.get("location")]).toEqual([200, null, null]);
  }
  expect(await scopes(hash)).toEqual(["care", "offer", "review"]);
  expect((await states(orderId))["check-in"]).toBe("cancelled suppressed");
  expect((await states(orderId))["dispatch-notice"]).toBe("planned");
  await web.work();
  expect((await states(orderId))["check-in"]).toBe("cancelled suppressed");
});

test.each([
  ["multipart, as some mail programs post", () => ({ body: form({ "List-Unsubscribe": "One-Click" }) })],
  ["nothing at all", () => ({})],
  ["something unreadable", () => ({ body: Buffer.alloc(100_000, 0xff), headers: { "content-type": "application/x-www-form-urlencoded" } })],
  ["text", () => ({ body: "List-Unsubscribe=One-Click", headers: { "content-type": "text/plain" } })],
])("a post of %s acts just as well", async (_what, init) => {
  const { messages, hash } = await buyer();
  expect((await fetch(link(messages["check-in"]), { method: "POST", ...init() })).status).toBe(200);
  expect(await scopes(hash)).toEqual(["care", "offer", "review"]);
});

test("on the page a buyer may stop all mails but those about orders", async () => {
  const { messages, orderId, hash } = await buyer();
  await fetch(link(messages["check-in"]), { method: "POST", body: new URLSearchParams({ choice: "optional" }) });
  expect(await scopes(hash)).toEqual(["care", "offer", "review"]);
  expect((await states(orderId))["dispatch-notice"]).toBe("planned");
});

test("on the page a buyer may stop one kind of mail alone", async () => {
  const { messages, hash } = await buyer();
  await fetch(link(messages["check-in"]), { method: "POST", body: new URLSearchParams({ choice: "kind" }) });
  expect(await scopes(hash)).toEqual(["care"]);
});

test("who stops the notices about an order gets no more mail at all", async () => {
  const { messages, orderId, hash } = await buyer();
  await fetch(link(messages["dispatch-notice"]), oneClick);
  expect(await scopes(hash)).toEqual(["all"]);
  expect(Object.values(await states(orderId))).not.toContain("planned");
});

test("a held message goes with the rest; one that was sent stays as it was", async () => {
  const { messages, orderId } = await buyer();
  await setState(messages["dispatch-notice"], "sent");
  await web.ok("POST", `/messages/${messages["check-in"]}/hold`);
  await fetch(link(messages["dispatch-notice"]), oneClick);
  expect(await states(orderId)).toMatchObject({ "dispatch-notice": "sent", "check-in": "cancelled suppressed" });
});

test("it holds for the shop it came from only: lists are per tenant (SEC-07)", async () => {
  const another = await shopWithSource(web, { name: "Another" });
  last += 1;
  const email = `both${last}@post.example`;
  const here = await plannedOrder(web, shop, String(last), email);
  const there = await plannedOrder(web, another, String(last), email);
  await fetch(link(here.messages["dispatch-notice"]), oneClick);
  expect(await scopes(addressHash(keys, another.shopId, email), another.shopId)).toEqual([]);
  expect((await states(there.orderId))["check-in"]).toBe("planned");
});

test("a wrong token gets the very same pages, changes nothing, and too many are slowed down (OUT-05)", async () => {
  const strict = await openWeb({ limits: { wrongLinks: { burst: 3, perSecond: 0.01 } } });
  const own = await plannedOrder(strict, await shopWithSource(strict));
  const right = `${strict.url}/u/${linkToken(keys, "unsubscribe", own.messages["check-in"] ?? "")}`;
  const wrong = [
    `${right.slice(0, -1)}${right.endsWith("A") ? "B" : "A"}`,
    `${strict.url}/u/x`,
    `${strict.url}/u/${linkToken(keys, "buyer", own.orderId)}`,
  ];
  const pages = await Promise.all([right, ...wrong].map(async (url) => (await fetch(url)).text()));
  expect(new Set(pages).size).toBe(1);
  const done = await Promise.all(wrong.map(async (url) => (await fetch(url, oneClick)).text()));
  expect(await strict.db.selectFrom("suppressions").select("id").execute()).toEqual([]);
  expect((await fetch(wrong[1] ?? "", oneClick)).status).toBe(429);
  const real = await fetch(right, oneClick);
  expect(real.status).toBe(200);
  expect(new Set([...done, await real.text()]).size).toBe(1);
});

test("when it could not be stored the answer is 503 and says so, never done", async () => {
  const broken = await openWeb();
  const own = await plannedOrder(broken, await shopWithSource(broken));
  await broken.db.schema.alterTable("suppressions").renameTo("elsewhere").execute();
  const response = await fetch(`${broken.url}/u/${linkToken(keys, "unsubscribe", own.messages["check-in"] ?? "")}`, oneClick);
  expect(response.status).toBe(503);
});

describe("mail in flight (OUT-06)", () => {
  test("the answer waits until it has ended", async () => {
    const { messages, hash } = await buyer();
    await setState(messages["check-in"], "sending");
    let answered = false;
    const answer = fetch(link(messages["check-in"]), oneClick).then((response) => {
      answered = true;
      return response.status;
    });
    await until(async () => (await scopes(hash)).length === 3);
    await otherAnswers();
    expect(answered).toBe(false);
    await setState(messages["check-in"], "sent");
    expect(await answer).toBe(200);
  });

  test("one whose lease has run out is not waited for: its worker may not send any more (REL-05)", async () => {
    const { messages } = await buyer();
    await setState(messages["check-in"], "sending", "2026-01-20T07:59:59Z");
    expect((await fetch(link(messages["check-in"]), oneClick)).status).toBe(200);
  });

  test("mail of another kind is not waited for", async () => {
    const { messages } = await buyer();
    await setState(messages["dispatch-notice"], "sending");
    expect((await fetch(link(messages["check-in"]), oneClick)).status).toBe(200);
  });

  test("the API's suppression waits in the same way", async () => {
    const { messages, email, hash } = await buyer();
    await setState(messages["check-in"], "sending");
    let answered = false;
    const answer = web.ok("POST", `/shops/${shop.shopId}/suppressions`, { address: email, scope: "all", reason: "asked" }).then((body) => {
      answered = true;
      return body;
    });
    await until(async () => (await scopes(hash)).length === 1);
    await otherAnswers();
    expect(answered).toBe(false);
    await setState(messages["check-in"], "sent");
    expect(await answer).toMatchObject({ address: email, scope: "all" });
  });

  /**
   * The gate as senders run it: flips queued to sending unless the address is suppressed, in one statement. Here it is held open, so that
   * the unsubscribe meets it in the middle.
   */
  test("a gate that began before the unsubscribe and commits in the middle of it is waited for, never missed", async () => {
    const { messages, hash } = await buyer();
    await setState(messages["check-in"], "queued");
    const other = openDatabase({ url: web.databaseUrl, connections: 2 });
    atEndOfFile(() => other.destroy());
    const gate = await other.startTransaction().execute();
    const { numUpdatedRows } = await gate
      .updateTable("messages")
      .set({ state: "sending" })
      .where("id", "=", messages["check-in"] ?? "")
      .where("state", "=", "queued")
      .executeTakeFirst();
    expect(numUpdatedRows).toBe(1n);
    let answered = false;
    const answer = suppress(web.db, { shopId: shop.shopId, addressHash: hash, address: null, scopes: ["care"], reason: "test" }, () =>
      instantOf("2026-01-20T08:00:00Z"),
    ).then(() => {
      answered = true;
    });
    await until(async () => (await waitingForLocks()) > 0);
    await gate.commit().execute();
    await until(async () => (await scopes(hash)).length === 1);
    expect(answered).toBe(false);
    await setState(messages["check-in"], "sent");
    await answer;
    const row = await web.db
      .selectFrom("messages")
      .select("state")
      .where("id", "=", messages["check-in"] ?? "")
      .executeTakeFirstOrThrow();
    expect(row.state).toBe("sent");
  });

  test("a message that was claimed while the unsubscribe waited, unseen by it, is cancelled before the answer", async () => {
    const { messages, hash, orderId } = await buyer();
    await setState(messages["check-in"], "queued");
    await web.db
      .updateTable("messages")
      .set({ state: "cancelled", reason: "stale" })
      .where("id", "=", messages["dispatch-notice"] ?? "")
      .execute();
    const other = openDatabase({ url: web.databaseUrl, connections: 2 });
    atEndOfFile(() => other.destroy());
    const lock = await other.startTransaction().execute();
    await lock
      .updateTable("messages")
      .set({ attempts: 1 })
      .where("id", "=", messages["check-in"] ?? "")
      .execute();
    const order = { shopId: shop.shopId, addressHash: hash, address: null, scopes: ["all"], reason: "test" } as const;
    const answer = suppress(web.db, order, () => instantOf("2026-01-20T08:00:00Z"));
    await until(async () => (await waitingForLocks()) > 0);
    await web.db
      .updateTable("messages")
      .set({ state: "queued", reason: null, ...lease("2026-01-20T08:02:00Z") })
      .where("id", "=", messages["dispatch-notice"] ?? "")
      .execute();
    await lock.commit().execute();
    await answer;
    expect(await states(orderId)).toEqual({ "dispatch-notice": "cancelled suppressed", "check-in": "cancelled suppressed" });
  });

  test("100 races between gate and unsubscribe: after the answer nothing is queued or sending (F15)", async () => {
    for (let race = 0; race < 100; race += 1) {
      const { messages, hash } = race % 25 === 0 ? await buyer() : raced;
      raced = { messages, hash };
      await web.db.deleteFrom("suppressions").where("address_hash", "=", hash).execute();
      await web.db
        .updateTable("messages")
        .set({ state: "queued", reason: null, sent_at: null, ...lease("2026-01-20T08:02:00Z") })
        .where("id", "=", messages["check-in"] ?? "")
        .execute();
      const sent: number[] = [];
      let answeredAt = Number.POSITIVE_INFINITY;
      const sender = (async () => {
        const { numUpdatedRows } = await web.db
          .updateTable("messages as m")
          .set({ state: "sending" })
          .where("m.id", "=", messages["check-in"] ?? "")
          .where("m.state", "=", "queued")
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom("suppressions as s")
                  .select("s.id")
                  .whereRef("s.shop_id", "=", "m.shop_id")
                  .whereRef("s.address_hash", "=", "m.email_hash"),
              ),
            ),
          )
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        sent.push(performance.now());
        await setState(messages["check-in"], "sent");
      })();
      const out = fetch(link(messages["check-in"]), oneClick).then(() => {
        answeredAt = performance.now();
      });
      await Promise.all([sender, out]);
      for (const at of sent) expect(at).toBeLessThan(answeredAt);
      const row = await web.db
        .selectFrom("messages")
        .select("state")
        .where("id", "=", messages["check-in"] ?? "")
        .executeTakeFirstOrThrow();
      expect(row.state).toBe(sent.length === 1 ? "sent" : "cancelled");
    }
  });
});

let raced: { messages: Record<string, string>; hash: Buffer } = { messages: {}, hash: Buffer.alloc(0) };

/** As many answers of the service as anything that does not wait would be among. */
async function otherAnswers(): Promise<void> {
  for (let count = 0; count < 50; count += 1) await fetch(`${web.url}/readyz`);
}

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

async function waitingForLocks(): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(web.db);
  return rows[0]?.n ?? 0;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const giveUp = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > giveUp) throw new Error("it did not come true within 10 s");
  }
}
