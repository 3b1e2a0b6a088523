import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { type Backend, openQueue } from "../../../src/queue/queue.ts";
import { until } from "../../queue/until.ts";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { leaseMs, openStand } from "../stand.ts";

/** A worker that sleeps past its lease and wakes: it opens no DATA for what others have taken (REL-05). */
export const sleepingWorker: Scenario = {
  fault: "F10",
  title: "SIGSTOP of a worker past its lease, then SIGCONT, beside others",
  full: "20 naps among four workers over 600 messages",
  short: "one nap among two workers over 30 messages",
  async run({ chance, quick, backend }) {
    const orders = quick ? 30 : 300;
    const naps = quick ? 1 : 20;
    const stand = await openStand({ ...backend, ...(quick ? { steps: ["care"] as const } : {}), rate: quick ? 8 : 4, connections: 3 });
    const workers = [await stand.start("worker")];
    const due = Date.now() + 500;
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, due)).flat());
    await until(() => stand.sink.mails().length > 3, "mail is on its way");
    workers.push(...(await Promise.all(Array.from({ length: quick ? 1 : 3 }, () => stand.start("worker")))));
    for (let nap = 0; nap < naps; nap += 1) {
      const sleeper = chance.pick(workers);
      sleeper.child.kill("SIGSTOP");
      await pause(leaseMs + 1_500);
      sleeper.child.kill("SIGCONT");
      await pause(chance.between(100, 1_500));
    }
    await stand.settled(60_000, 240_000);
    await stand.end();
    return { ...(await check(stand, { told, orders })), naps };
  },
};

/** Every batch that is claimed is handed to the queue four times more, as a queue that delivers twice, or two schedulers, would. */
export const sameWorkTwice: Scenario = {
  fault: "F10",
  title: "each batch handed to four workers at once",
  full: "600 messages",
  async run({ backend }) {
    const orders = 300;
    const stand = await openStand({ ...backend, rate: 12, connections: 3 });
    const where: Backend =
      backend.redisUrl === undefined ? { kind: "postgres", url: stand.databaseUrl } : { kind: "redis", urls: [backend.redisUrl] };
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const queue = await openQueue({ backend: where, log: quiet });
    await Promise.all(Array.from({ length: 4 }, () => stand.start("worker")));
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 500)).flat());
    let handed = 0;
    const seen = new Set<string>();
    const settled = stand.settled(60_000, 240_000);
    let over = false;
    settled
      .catch(() => undefined)
      .finally(() => {
        over = true;
      });
    while (!over) {
      const rows = await stand.db.selectFrom("messages").select(["id", "lease_token"]).where("lease_token", "is not", null).execute();
      for (const token of new Set(rows.flatMap((row) => (row.lease_token === null ? [] : [row.lease_token])))) {
        const messageIds = rows.filter((row) => row.lease_token === token).map(({ id }) => id);
        if (seen.has(token)) continue;
        seen.add(token);
        await queue.wakeMany(
          "send",
          Array.from({ length: 4 }, () => ({ token, messageIds: messageIds.slice(0, 200) })),
        );
        handed += 4;
      }
      await pause(20);
    }
    await settled;
    await queue.stop(1_000);
    await stand.end();
    expect(handed, "batches were handed over again").toBeGreaterThan(0);
    return { ...(await check(stand, { told, orders, doubtAllowed: false })), "handed over again": handed };
  },
};
