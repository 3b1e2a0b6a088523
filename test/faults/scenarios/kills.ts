import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import type { Event, Told } from "../shops.ts";
import { openStand, type Stand } from "../stand.ts";

/** Two workers of which one is killed at a random moment and replaced, over and over, while webhooks come in and mail goes out. */
export const killedWorkers: Scenario = {
  fault: "F1",
  title: "kill -9 of workers at random moments while mail goes out",
  full: "200 times over 5,200 messages",
  short: "3 times over 60",
  async run({ chance, quick, backend }) {
    const kills = quick ? 3 : 200;
    const ordersEach = quick ? 20 : 13;
    // The short run does without order mail, of which what is in doubt goes once more after half a minute.
    const steps = quick ? { steps: ["other"] as const } : {};
    const stand = await openStand({ ...backend, ...steps, rate: quick ? 12 : 30, connections: 3 });
    const told: Told[] = [];
    let orders = 0;
    let midway = 0;
    const workers = [await stand.start("worker"), await stand.start("worker")];
    for (let kill = 0; kill < kills; kill += 1) {
      const before = stand.sink.mails().length;
      const portion = Array.from({ length: ordersEach }, (_, n) => stand.shops.events(orders + n, Date.now()));
      orders += ordersEach;
      told.push(...(await stand.shops.tellAll(portion.flat())));
      await stand.sink.waitFor(before + 1, 30_000);
      await pause(chance.between(0, 700));
      const { hand } = await inHand(stand.db);
      if (hand > 0) midway += 1;
      const victim = workers.splice(chance.between(0, 1), 1)[0];
      const [next] = await Promise.all([stand.start("worker"), victim?.kill()]);
      workers.push(next);
    }
    expect(told.filter(({ status }) => status !== 202)).toEqual([]);
    await stand.settled(60_000, 300_000);
    await stand.end();
    const found = await check(stand, { told, orders });
    expect(midway, "mail was on its way at most kills").toBeGreaterThan(kills * 0.5);
    return { ...found, kills, "with mail in hand": midway };
  },
};

async function inHand(db: Stand["db"]): Promise<{ readonly hand: number }> {
  return db
    .selectFrom("messages")
    .select((select) => select.fn.countAll<number>().as("hand"))
    .where("state", "in", ["queued", "sending"])
    .executeTakeFirstOrThrow();
}

/** The web process is killed while webhooks come in; senders try again what was not answered, as they do. */
export const killedWeb: Scenario = {
  fault: "F2",
  title: "kill -9 of the web process while 50 webhooks a second come",
  full: "20 times",
  short: "once",
  async run({ chance, quick, backend }) {
    const kills = quick ? 1 : 20;
    const stand = await openStand(backend);
    const due = Date.now() + 2_000;
    let address = stand.api.url;
    let { web } = stand;
    const told: Told[] = [];
    /** Until it is answered: what was stored and not answered comes a second time. */
    const insist = async (event: Event): Promise<void> => {
      for (;;) {
        const one = await stand.shops.tell(event, { to: address });
        told.push(one);
        if (one.status === 202) return;
        await pause(250);
      }
    };
    const senders: Promise<void>[] = [];
    let orders = 0;
    const over = new AbortController();
    const began = performance.now();
    const sending = (async () => {
      for (let events = [...stand.shops.events(0, due)]; !over.signal.aborted || events.length > 0; ) {
        if (performance.now() - began < senders.length * 20) {
          await pause(5);
          continue;
        }
        const event = events.shift();
        if (event === undefined) {
          orders += 1;
          events = [...stand.shops.events(orders, due)];
        } else senders.push(insist(event));
      }
      orders += 1;
    })();
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(chance.between(400, 1_500));
      await web.kill();
      web = await stand.start("web");
      address = web.url;
    }
    over.abort();
    await sending;
    const seconds = (performance.now() - began) / 1_000;
    await Promise.all(senders);
    await stand.start("worker");
    await stand.settled(60_000, 240_000);
    await stand.end();
    const unanswered = told.filter(({ status }) => status === 0).length;
    expect(unanswered, "some were not answered").toBeGreaterThan(0);
    const found = await check(stand, { told, orders, doubtAllowed: false });
    return { ...found, kills, webhooks: senders.length, "a second": Math.round(senders.length / seconds), unanswered };
  },
};
