import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../queue/until.ts";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { openStand, type Stand } from "../stand.ts";
import type { Weather } from "../wire.ts";
import { keepTelling } from "./through.ts";

/** A minute is a second and a half here: 7.5 s are the five minutes of standards 5.3, and a lease ends after 3. */
const partings: readonly { readonly wire: "smtp" | "postgres"; readonly weather: Weather; readonly seconds: number }[] = [
  ...(["stalled", "stalled-up", "stalled-down", "lost-up", "lost-down"] as const).flatMap((weather) =>
    (["smtp", "postgres"] as const).map((wire) => ({ wire, weather, seconds: 5 })),
  ),
  { wire: "smtp", weather: "stalled-down", seconds: 30 },
  { wire: "postgres", weather: "stalled", seconds: 30 },
  { wire: "postgres", weather: "stalled-down", seconds: 30 },
];

/** One of two workers parted from PostgreSQL or from the SMTP server while the other goes on: nothing goes out twice, nothing stays behind. */
export const partedNetwork: Scenario = {
  fault: "F7",
  title: "a worker parted from PostgreSQL or the SMTP server, one way or both, beside one that is not",
  full: "13 partings of 5 s and 30 s, which are 3 and 20 minutes of the leases' time; under steady work",
  async run({ chance, backend }) {
    const stand = await openStand({ ...backend, rate: 25 });
    const named = new URL(stand.env.DATABASE_URL);
    named.searchParams.set("application_name", "parted");
    const victim = await stand.start("worker", { DATABASE_URL: named.href });
    const other = await stand.start("worker");
    const sender = keepTelling(stand, 400);
    for (const { wire, weather, seconds } of partings) {
      await pause(chance.between(500, 1_500));
      // Both workers lose the SMTP server: what is theirs alone is PostgreSQL.
      stand.wires[wire].set(weather, wire === "postgres" ? "parted" : undefined);
      await pause(seconds * 1_000);
      stand.wires[wire].set("fine");
      // Where bytes were lost for good the connections are dead, as after a time-out of TCP's.
      if (typeof weather === "string" && weather.startsWith("lost")) await reopened(stand, wire);
    }
    await sender.stop();
    await stand.settled(60_000, 240_000);
    const alive = [victim, other].filter(({ child }) => child.exitCode === null).length;
    await until(() => alive === 2, "both workers still live", 1);
    await stand.end();
    const found = await check(stand, { told: sender.told, orders: sender.orders });
    return { ...found, partings: partings.length };
  },
};

async function reopened({ wires }: Stand, wire: "smtp" | "postgres"): Promise<void> {
  await wires[wire].cut();
  await wires[wire].open();
}
