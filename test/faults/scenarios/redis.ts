import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import { check } from "../checker.ts";
import type { OwnRedis, Scenario } from "../scenario.ts";
import { openStand } from "../stand.ts";
import { keepTelling } from "./through.ts";

/** Processes look for a lost Redis, and see to it that jobs tick, every 5 s; a busy machine may take as long again. */
const twoSweepsMs = 10_000;
const slackMs = 10_000;

interface Loss {
  readonly name: string;
  readonly short?: true;
  befall(redis: OwnRedis, awayMs: number): Promise<void>;
}

const losses: readonly Loss[] = [
  { name: "emptied", short: true, befall: ({ flush }) => flush() },
  {
    name: "killed and away",
    short: true,
    async befall({ kill, restart, flush }, awayMs) {
      await kill();
      await pause(awayMs);
      await restart();
      await flush();
    },
  },
  {
    name: "killed, back with its log",
    async befall({ kill, restart }) {
      await kill();
      await restart();
    },
  },
  {
    name: "killed, the log cut in the middle of a command",
    async befall({ kill, cutLog, restart }) {
      await kill();
      await cutLog(1_003);
      await restart();
    },
  },
  {
    name: "full",
    short: true,
    async befall({ command }, awayMs) {
      await command("config", "set", "maxmemory", "1mb");
      await pause(awayMs / 2);
      await command("config", "set", "maxmemory", "0");
    },
  },
];

/** Redis holds nothing that PostgreSQL does not: whatever befalls it, webhooks are stored, and mail goes on within two sweeps of its return. */
export const lostRedis: Scenario = {
  fault: "F4",
  title: "Redis lost; it catches up within two sweeps",
  full: "emptied, killed and 60 s away, killed and back with its log, with its log cut, full; under steady work",
  short: "emptied, killed and 2 s away, full; under steady work",
  on: "redis",
  async run({ quick, backend, redis }) {
    if (redis === null) throw new Error("it needs a Redis");
    const stand = await openStand({ ...backend, ...(quick ? { steps: ["care"] as const } : {}), rate: 40 });
    await stand.start("worker");
    if (!quick) await stand.start("worker");
    const sender = keepTelling(stand, 300);
    let longest = 0;
    const chosen = losses.filter(({ short }) => !quick || short);
    for (const { name, befall } of chosen) {
      await pause(1_000);
      await befall(redis, quick ? 2_000 : 60_000);
      const back = performance.now();
      const probe = await sender.tellOne();
      const address = stand.shops.addressOf(probe);
      await until(
        () => stand.sink.mails().some(({ envelope }) => envelope.to[0] === address),
        `mail goes on after Redis was ${name}`,
        twoSweepsMs + slackMs,
      );
      longest = Math.max(longest, performance.now() - back);
    }
    await sender.stop();
    expect(sender.refused, "webhooks are stored all the same").toBe(0);
    await stand.settled(60_000, 120_000);
    await stand.end();
    const found = await check(stand, { told: sender.told, orders: sender.orders, doubtAllowed: false });
    return { ...found, losses: chosen.length, "ms to catch up at most": Math.round(longest) };
  },
};
