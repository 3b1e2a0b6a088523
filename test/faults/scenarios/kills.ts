import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { ServiceProcess } from "../../support/process.ts";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { openStand } from "../stand.ts";

/** Two workers of which one is killed at a random moment and replaced, over and over, while mail goes out. */
export const killedWorkers: Scenario = {
  fault: "F1",
  title: "kill -9 of workers at random moments",
  quick: true,
  async run({ chance, quick, backend }) {
    const kills = quick ? 3 : 200;
    const orders = quick ? 30 : 1_667;
    // Slow enough that mail is on its way at every kill.
    // The short run does without order mail, of which what is in doubt goes once more after half a minute.
    const steps = quick ? { steps: ["care", "review"] as const } : {};
    const stand = await openStand({ ...backend, ...steps, rate: quick ? 12 : 18, connections: 3 });
    const due = Date.now();
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, due)).flat());
    expect(told.every(({ status }) => status === 202)).toBe(true);
    const workers: ServiceProcess[] = [await stand.start("worker"), await stand.start("worker")];
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(chance.between(20, 900));
      const victim = workers.shift();
      const [next] = await Promise.all([stand.start("worker"), victim?.kill()]);
      workers.push(next);
    }
    await stand.settled(60_000, 300_000);
    await stand.end();
    const found = await check(stand, { told, orders });
    expect(found.sent).toBeGreaterThan(orders * stand.shops.mailsOfAnOrder * 0.9);
    return found;
  },
};

/** The web process is killed while webhooks come in; senders try again what was not answered, as they do. */
export const killedWeb: Scenario = {
  fault: "F2",
  title: "kill -9 of the web process while it takes 50 webhooks a second",
  quick: true,
  async run({ chance, quick, backend }) {
    const kills = quick ? 1 : 20;
    const stand = await openStand(backend);
    const due = Date.now() + 2_000;
    let address = stand.api.url;
    let web = stand.web;
    let over = false;
    const told: Awaited<ReturnType<typeof stand.shops.tell>>[] = [];
    let orders = 0;
    const sender = (async () => {
      while (!over) {
        for (const event of stand.shops.events(orders, due)) {
          // Until it is answered: what was stored and not answered comes a second time.
          for (let answered = false; !answered; ) {
            const one = await stand.shops.tell(event, address);
            told.push(one);
            answered = one.status === 202 || one.status === 200;
            if (!answered) await pause(50);
          }
        }
        orders += 1;
        await pause(20);
      }
    })();
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(chance.between(200, 1_200));
      await web.kill();
      web = await stand.start("web");
      address = web.url;
    }
    over = true;
    await sender;
    await stand.start("worker");
    await stand.settled();
    await stand.end();
    expect(told.some(({ status }) => status === 0)).toBe(true);
    return check(stand, { told, orders, doubtAllowed: false });
  },
};
