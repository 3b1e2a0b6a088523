import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import { check, header, stepOf } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { openStand } from "../stand.ts";

/** Buyers unsubscribe at the very moment at which mail to them goes out: after the answer nothing more comes (OUT-06). */
export const racingUnsubscribes: Scenario = {
  fault: "F15",
  title: "unsubscribing and cancelling while the mail goes out (I4)",
  full: "1,000 times and 100 times",
  short: "24 times and 4 times",
  async run({ chance, quick, backend }) {
    const clicks = quick ? 24 : 1_000;
    const cancels = quick ? 4 : 100;
    const orders = clicks + cancels;
    const stand = await openStand({ ...backend, steps: ["notice", "care", "again"], rate: quick ? 15 : 60, connections: 5 });
    const due = Date.now() + 300;
    const told = [...(await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, due)).flat(), 40))];
    await stand.start("worker");
    if (!quick) await stand.start("worker");
    // Nothing is planned at all for an order that was cancelled before.
    const planned = () => stand.db.selectFrom("messages").select("id").execute();
    await until(async () => (await planned()).length === orders * stand.shops.mailsOfAnOrder, "all is planned", 120_000);
    const commercial = new Map<string, number>();
    const links = new Map<string, string>();
    let looked = 0;
    const look = () => {
      for (const mail of stand.sink.mails().slice(looked)) {
        looked += 1;
        const address = mail.envelope.to[0] ?? "";
        if (stepOf(mail) === "notice") continue;
        commercial.set(address, (commercial.get(address) ?? 0) + 1);
        const link = /<(https?:[^>]+)>/.exec(header(mail, "list-unsubscribe"))?.[1];
        if (link !== undefined && !links.has(address)) links.set(address, new URL(link).pathname);
      }
    };
    const after = new Map<string, number>();
    const cancelled = stand.shops.tellAll(
      Array.from({ length: cancels }, (_, n) => stand.shops.cancelling(clicks + n, Date.now())),
      2,
    );
    // Whoever has their first mail with a link clicks on it while the next ones go out.
    const clicking: Promise<void>[] = [];
    const clicked = new Set<string>();
    const buyers = new Set(Array.from({ length: clicks }, (_, n) => stand.shops.addressOf(n)));
    await until(
      () => {
        look();
        for (const [address, path] of links) {
          if (clicked.has(address) || !buyers.has(address)) continue;
          clicked.add(address);
          clicking.push(
            pause(chance.between(0, 200)).then(async () => {
              const response = await fetch(`${stand.api.url}${path}`, {
                method: "POST",
                headers: { "content-type": "application/x-www-form-urlencoded" },
                body: "List-Unsubscribe=One-Click",
              });
              expect(response.status).toBe(200);
              look();
              after.set(address, commercial.get(address) ?? 0);
            }),
          );
        }
        return clicked.size === clicks;
      },
      "every buyer has clicked",
      900_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; ${clicked.size} have, ${looked} mails came`);
    });
    await Promise.all(clicking);
    told.push(...(await cancelled));
    await stand.settled(60_000, 240_000);
    await stand.end();
    look();
    const later = [...after].filter(([address, count]) => (commercial.get(address) ?? 0) > count);
    expect(later, "I4: mail after the unsubscribe was answered").toEqual([]);
    const begun = await stand.db
      .selectFrom("attempts as a")
      .innerJoin("messages as m", "m.id", "a.message_id")
      .innerJoin("orders as o", "o.id", "m.order_id")
      .innerJoin("deliveries as d", (join) => join.onRef("d.source_id", "=", "o.source_id").on("d.topic", "=", "order.cancelled"))
      .innerJoin("delivery_keys as k", "k.delivery_id", "d.id")
      // `taken_at` is when its taking in began, a moment before that was committed.
      .where(sql<boolean>`a.started_at > d.taken_at + interval '2 seconds'`)
      .select(["o.external_id", "k.key"])
      .execute();
    expect(
      begun.filter(({ external_id, key }) => key === `cancel-${external_id}`),
      "I4: mail after the cancellation was taken in",
    ).toEqual([]);
    const found = await check(stand, { told, orders, doubtAllowed: false, otherwise: ["cancelled"] });
    return {
      ...found,
      clicks: after.size,
      cancels,
      "clicked with more to come": [...after.values()].filter((count) => count === 1).length,
    };
  },
};
