import { setTimeout as pause } from "node:timers/promises";
import { DateTime } from "luxon";
import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import { check } from "../checker.ts";
import { type FakeTime, fakeTime } from "../fake-time.ts";
import type { Bench, Scenario } from "../scenario.ts";
import type { Told } from "../shops.ts";
import { openStand, type Stand } from "../stand.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** Where all buyers live. */
const portland = "America/Los_Angeles";
const daytime = { from: "09:00", to: "18:00" };
/** What is due has this long, in real time, before it counts as stalled: a sweep, and a busy machine's share. */
const stallMs = 20_000;
/** Mails a second of each worker. */
const rate = 10;
/** We may see late what went in time, and then several at once. */
const slack = 1.3;

async function open({ backend }: Pick<Bench, "backend">, time: FakeTime): Promise<Stand> {
  return openStand({ ...backend, rate, hours: daytime, now: time.now, env: time.env });
}

/** The machine's clock leaps forward by days, back by an hour, and a worker has another TZ: nothing twice, nothing at night, no burst, no stall (SCH-07). */
export const clockMoves: Scenario = {
  fault: "F8",
  title: "the clock leaps three days ahead and an hour back, a worker gets another TZ (I3, I7, SCH-07)",
  full: "120 orders due over four days",
  async run(bench) {
    // Noon in Portland, on a Tuesday.
    const time = await fakeTime("2027-01-12T20:00:00Z");
    if (typeof time === "string") return time;
    const stand = await open(bench, time);
    const orders = 120;
    const told: Told[] = [];
    const begin = time.now();
    const dueOf = (n: number) => begin + (n / orders) * 4 * day;
    told.push(...(await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, dueOf(n))).flat())));
    const workers = [await stand.start("worker"), await stand.start("worker", { TZ: "Asia/Shanghai" })];
    await until(() => stand.sink.mails().length > 0, "mail goes out");
    await stand.settled(0);
    const pace = watchPace(stand);
    await time.jumpBy(3 * day);
    await stand.settled(0, 120_000);
    expect(pace.stop(), "no more in a second than two workers may send").toBeLessThanOrEqual(2 * rate * slack);

    await time.jumpBy(-hour);
    await goesOn(stand, orders, told, "an hour back");
    // Six in the morning of the next day: what becomes due before nine waits.
    await time.jumpTo("2027-01-16T14:00:00Z");
    await pause(5_000);
    await time.jumpTo("2027-01-17T21:00:00Z");
    await stand.settled(0, 120_000);
    expect(workers.map(({ child }) => child.exitCode)).toEqual([null, null]);
    const night = await byNight(stand);
    expect(night, "I7: care, review or offer mail by night").toEqual([]);
    await stand.end();
    return check(stand, { told, orders: orders + 1, doubtAllowed: false, otherwise: ["stale", "planned"] });
  },
};

/** Nights in which clocks are put on and back, at a hundred times the speed. */
export const summerTime: Scenario = {
  fault: "F8",
  title: "the nights in which clocks are put forward and back, at 100 times the speed (I3, I7)",
  full: "both nights, 60 orders each",
  async run(bench) {
    let sent = 0;
    for (const [start, through, morning, end] of [
      // 01:30 to 03:30, the hour from two to three is not there; then 08:50 to 09:40.
      ["2027-03-14T09:30:00Z", "2027-03-14T10:30:00Z", "2027-03-14T15:50:00Z", "2027-03-14T16:40:00Z"],
      // 01:30 to 01:30, the hour from one to two comes twice; then 08:50 to 09:40.
      ["2027-11-07T08:30:00Z", "2027-11-07T09:30:00Z", "2027-11-07T16:50:00Z", "2027-11-07T17:40:00Z"],
    ] as const) {
      const time = await fakeTime(start);
      if (typeof time === "string") return time;
      const stand = await open(bench, time);
      const orders = 60;
      const due = (n: number) => Date.parse(start) + ((n + 1) / (orders + 1)) * hour;
      const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, due(n))).flat());
      await stand.start("worker");
      await time.runTo(through, 100);
      await stand.settled(0);
      expect(await waiting(stand, "order"), "order mail goes at any hour").toEqual([]);
      const notices = stand.sink.mails().length;
      await time.jumpTo(morning);
      await pause(3_000);
      expect(stand.sink.mails().length, "nothing before nine").toBe(notices);
      await time.runTo(end, 100);
      await stand.settled(0);
      expect(await byNight(stand), "I7: care, review or offer mail by night").toEqual([]);
      await stand.end();
      const found = await check(stand, { told, orders, doubtAllowed: false, otherwise: ["planned"] });
      expect(found.sent, "much of it went after nine").toBeGreaterThan(orders);
      sent += found.sent;
    }
    return { sent };
  },
};

/** Nobody was there for three weeks: what is of use goes at a decent hour and at the usual pace, the rest is marked. */
export const weeksOff: Scenario = {
  fault: "SCH-06",
  title: "three weeks off: no burst, none by night, what is too old marked stale, the pace kept",
  full: "400 orders due over 25 days",
  async run(bench) {
    const time = await fakeTime("2027-01-12T20:00:00Z");
    if (typeof time === "string") return time;
    const stand = await open(bench, time);
    const orders = 400;
    const begin = time.now();
    const told = await stand.shops.tellAll(
      Array.from({ length: orders }, (_, n) => stand.shops.events(n, begin + hour + (n / orders) * 25 * day)).flat(),
    );
    const before = await stand.start("worker");
    await stand.settled(0);
    expect(await before.stop()).toBe(0);
    const already = stand.sink.mails().length;

    // Three in the morning, three weeks later.
    await time.jumpTo("2027-02-02T11:00:00Z");
    const worker = await stand.start("worker");
    await pause(8_000);
    const commercial = () =>
      stand.sink.mails().filter((mail) => !/^notice/.test(mail.headers.find(({ key }) => key === "feedback-id")?.value ?? ""));
    expect(commercial().length, "nothing but order mail at three in the morning").toBe(0);
    const pace = watchPace(stand);
    await time.jumpTo("2027-02-02T23:30:00Z");
    await stand.settled(0, 180_000);
    const most = pace.stop();
    expect(most, "no more in a second than a worker may send").toBeLessThanOrEqual(rate * slack);
    expect(await byNight(stand), "I7: care, review or offer mail by night").toEqual([]);
    expect(worker.child.exitCode).toBe(null);
    await stand.end();
    const found = await check(stand, { told, orders, doubtAllowed: false, otherwise: ["stale", "planned"] });
    const { stale } = await stand.db
      .selectFrom("messages")
      .select((select) => select.fn.countAll<number>().as("stale"))
      .where("state", "=", "stale")
      .executeTakeFirstOrThrow();
    expect(stale, "most of three weeks is of no use any more").toBeGreaterThan(orders);
    expect(found.sent - already, "what is of use goes").toBeGreaterThan(20);
    return { ...found, stale, "at most a second": most };
  },
};

/** One order more, told and due now: its notice comes without a stall. */
async function goesOn(stand: Stand, n: number, told: Told[], after: string): Promise<void> {
  told.push(...(await stand.shops.tellAll(stand.shops.events(n, stand.now()), 1)));
  const address = stand.shops.addressOf(n);
  await until(() => stand.sink.mails().some(({ envelope }) => envelope.to[0] === address), `mail goes on after ${after}`, stallMs);
}

/** Watches how many mails come; `stop` answers the most a second, over any three seconds of ours. */
function watchPace({ sink }: Stand): { stop(): number } {
  const seen: { readonly at: number; readonly count: number }[] = [];
  const look = () => seen.push({ at: performance.now(), count: sink.mails().length });
  look();
  const timer = setInterval(look, 100);
  return {
    stop() {
      clearInterval(timer);
      const paces = seen.flatMap(({ at, count }) => {
        const before = seen.findLast((one) => at - one.at >= 3_000);
        return before === undefined ? [] : [((count - before.count) / (at - before.at)) * 1_000];
      });
      return Math.ceil(Math.max(0, ...paces));
    },
  };
}

/** When mail of a category is due that was not sent. */
async function waiting({ db }: Stand, category: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("messages")
    .select(["state", "due_at"])
    .where("category", "=", category)
    .where("state", "!=", "sent")
    .execute();
  return rows.map(({ state, due_at }) => `${state}, due ${new Date(due_at).toISOString()}`);
}

/** Care, review and offer mail whose attempt began, by the service's clock, outside of the buyers' daytime. */
async function byNight({ db }: Stand): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("attempts as a")
    .innerJoin("messages as m", "m.id", "a.message_id")
    .select(["a.started_at", "m.step"])
    .where("m.category", "!=", "order")
    .execute();
  return rows.flatMap(({ started_at, step }) => {
    const there = DateTime.fromMillis(started_at, { zone: portland });
    return there.hour >= 9 && there.hour < 18 ? [] : [`${step} at ${there.toISO()}`];
  });
}
