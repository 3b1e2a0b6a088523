import { sql } from "kysely";
import { expect } from "vitest";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import type { Event, Told } from "../shops.ts";
import { openStand } from "../stand.ts";

/** Whatever senders repeat, and in whatever order things come: one mail each (IN-05). */
export const repeatedWebhooks: Scenario = {
  fault: "F9",
  title: "webhooks repeated, in any order, late, and all of them replayed",
  full: "40 orders ten times over and shuffled, 20 in reverse, all again 68 hours later, all again under new ids",
  short: "6 orders ten times over and shuffled, 4 in reverse, all again under new ids",
  async run({ chance, quick, backend }) {
    const shuffled = quick ? 6 : 40;
    const orders = shuffled + (quick ? 4 : 20);
    const stand = await openStand({ ...backend, ...(quick ? { steps: ["care"] as const } : {}) });
    await stand.start("worker");
    const due = Date.now() + (quick ? 3_000 : 15_000);
    const eventsOf = (n: number) => stand.shops.events(n, due);
    const all = Array.from({ length: orders }, (_, n) => eventsOf(n));
    const first = all.slice(0, shuffled).flat();
    const tell = (events: readonly Event[]): Promise<readonly Told[]> => stand.shops.tellAll(events, 20);
    const told = [...(await tell(chance.shuffled(Array.from({ length: 10 }, () => first).flat())))];
    // One after the other, so that the last thing that happened is told first.
    told.push(...(await stand.shops.tellAll(all.slice(shuffled).flat().reverse(), 1)));
    await stand.settled();
    const sent = stand.sink.mails().length;
    if (!quick) {
      // The longest that a platform goes on trying (IN-05): the same ids once more.
      await sql`update delivery_keys set first_seen = first_seen - interval '68 hours'`.execute(stand.db);
      told.push(...(await tell(chance.shuffled(all.flat()))));
    }
    // A sender's own replay makes new ids for what was told before.
    told.push(...(await tell(chance.shuffled(Array.from({ length: orders }, (_, n) => eventsOf(n)).flat()))));
    await stand.settled();
    expect(stand.sink.mails().length, "nothing goes out for what was known already").toBe(sent);
    await stand.end();
    return { ...(await check(stand, { told, orders, doubtAllowed: false })), webhooks: told.length };
  },
};
