import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { sql } from "kysely";
import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import { check, header, stepOf } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { openStand } from "../stand.ts";

/** Every webhook ten times, in any order, all at once. */
export const repeatedWebhooks: Scenario = {
  fault: "F9",
  title: "every webhook ten times, shuffled",
  quick: false,
  async run({ chance, backend }) {
    const orders = 60;
    const stand = await openStand(backend);
    await stand.start("worker");
    const events = Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 15_000)).flat();
    const told = await stand.shops.tellAll(chance.shuffled(Array.from({ length: 10 }, () => events).flat()), 40);
    await stand.settled();
    await stand.end();
    return check(stand, { told, orders, doubtAllowed: false });
  },
};

/** Bodies that are poison, while others send theirs: the process lives, and the others hardly notice. */
export const poison: Scenario = {
  fault: "F11",
  title: "poisonous bodies beside good ones",
  quick: false,
  on: "once",
  async run({ backend }) {
    const orders = 60;
    const stand = await openStand({ ...backend, steps: ["care"] });
    await stand.start("worker");
    const folder = join(import.meta.dirname, "../../fixtures/robustness/json");
    const bodies = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    const deep = Buffer.from("[".repeat(10_000));
    const large = Buffer.alloc(2 * 1024 * 1024 + 1, "x");
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    const worst = [...bodies, deep, large, bomb, Buffer.from(`{"type":"order.placed","data":{"order":{"id":"${"y".repeat(1_000_000)}"}}}`)];
    let over = false;
    const poisoner = (async () => {
      let sent = 0;
      while (!over) {
        const body = worst[sent++ % worst.length] ?? deep;
        const headers = {
          "content-type": "application/json",
          ...(body === bomb ? { "content-encoding": "gzip" } : {}),
          "webhook-id": randomUUID(),
        };
        const response = await fetch(`${stand.api.url}/hooks/${stand.shops.sources[0]}`, {
          method: "POST",
          body: new Uint8Array(body),
          headers,
        }).catch(() => null);
        await response?.arrayBuffer();
        if (response !== null) expect(response.status).toBeGreaterThanOrEqual(400);
      }
      return sent;
    })();
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 500)).flat(), 4);
    over = true;
    expect(await poisoner).toBeGreaterThan(10);
    await stand.settled();
    expect(stand.web.child.exitCode).toBe(null);
    await stand.end();
    return check(stand, { told, orders, doubtAllowed: false });
  },
};

/** Mails that can't be made: they alone are parked, with the reason. */
export const brokenTemplates: Scenario = {
  fault: "F12",
  title: "some mails can't be made",
  quick: false,
  on: "once",
  async run({ backend }) {
    const orders = 30;
    const stand = await openStand({ ...backend, steps: ["care"] });
    const worker = await stand.start("worker");
    // Time enough to break them before they are due.
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 20_000)).flat());
    await until(async () => (await stand.db.selectFrom("messages").select("id").execute()).length === orders, "all is planned");
    await sql`update messages as m set template = 'is-not-there' from orders as o where o.id = m.order_id and o.external_id in ('o-3', 'o-4')`.execute(
      stand.db,
    );
    await stand.settled();
    expect(worker.child.exitCode).toBe(null);
    await stand.end();
    const found = await check(stand, { told, orders, doubtAllowed: false, otherwise: ["failed"] });
    expect(found.otherwise).toBe(2);
    return found;
  },
};

/** Buyers unsubscribe at the very moment at which mail to them goes out: after the answer nothing more comes (OUT-06). */
export const racingUnsubscribes: Scenario = {
  fault: "F15",
  title: "unsubscribing while the mail goes out",
  quick: true,
  async run({ chance, quick, backend }) {
    const orders = quick ? 30 : 500;
    const stand = await openStand({ ...backend, rate: quick ? 15 : 60, connections: 5 });
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 300)).flat());
    await stand.start("worker");
    await until(() => stand.sink.mails().length > 0, "mail goes out");
    const mailsTo = (address: string) =>
      stand.sink.mails().filter((mail) => mail.envelope.to[0] === address && stepOf(mail) !== "notice").length;
    const after = new Map<string, number>();
    const seen = new Set<string>();
    // Whoever has their first mail with a link clicks on it while the next ones go out.
    const clicks: Promise<void>[] = [];
    await until(
      async () => {
        for (const mail of stand.sink.mails()) {
          const address = mail.envelope.to[0] ?? "";
          const link = /<(https?:[^>]+)>/.exec(header(mail, "list-unsubscribe"))?.[1];
          if (link === undefined || seen.has(address)) continue;
          seen.add(address);
          clicks.push(
            pause(chance.between(0, 200)).then(async () => {
              const path = new URL(link).pathname;
              const response = await fetch(`${stand.api.url}${path}`, {
                method: "POST",
                headers: { "content-type": "application/x-www-form-urlencoded" },
                body: "List-Unsubscribe=One-Click",
              });
              expect(response.status).toBe(200);
              after.set(address, mailsTo(address));
            }),
          );
        }
        return seen.size >= orders * 0.9;
      },
      "most buyers have clicked",
      120_000,
    );
    await Promise.all(clicks);
    await stand.settled();
    await stand.end();
    const later = [...after].filter(([address, count]) => mailsTo(address) > count);
    expect(later, "I4: mail after the unsubscribe was answered").toEqual([]);
    return check(stand, { told, orders, doubtAllowed: false, otherwise: ["cancelled"] });
  },
};
