import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import type { Fact } from "../../src/core/facts.ts";
import { day24, instant, instantOf, iso, plus } from "../../src/core/instant.ts";
import { toLocal } from "../../src/core/local-time.ts";
import type { LedgerMessage, Move } from "../../src/core/message.ts";
import type { Order } from "../../src/core/order.ts";
import { type PlanInput, plan } from "../../src/core/plan.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { goneStates, type MessageState, type Timetable } from "../../src/core/timetable.ts";
import { applied, closureOf, disruptionOf, placed, scheduleOf, standardSchedule, tell, wholeSchedule, worldOf } from "./planner-world.ts";

/* Orders of every sort: facts of all kinds, several versions of each, dated alike or in the wrong order, at minutes of three months. */

const time = fc.integer({ min: 0, max: 90 * 24 * 60 }).map((minutes) => iso(plus(instantOf(placed), minutes * 60_000)));
/** Few enough stamps that facts of one slot often have the same one. */
const stamp = fc.integer({ min: 0, max: 6 }).map((days) => iso(plus(instantOf(placed), days * day24)));
const shipmentId = fc.constantFrom("s1", "s2", "s3");

const place = fc.constantFrom(
  ...([
    ["US", "OR"],
    ["US", "HI"],
    ["GB", null],
    ["DE", null],
    ["JP", null],
    ["AU", "NSW"],
    ["SA", null],
    ["BR", "SP"],
    ["CA", null],
    [null, null],
  ] as const),
);

const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.tuple(stamp, place).map(([at, [country, region]]) => tell.address({ country, region }, at)),
  fc.record({ at: stamp, paidAt: fc.option(time) }).map(({ at, paidAt }) => tell.payment(paidAt, at)),
  fc
    .record({ at: stamp, total: fc.constantFrom("49.90", "0.00", "120.00"), promisedDispatchBy: fc.option(time) })
    .map(({ at, ...says }) => tell.order(says, at)),
  fc.record({ at: stamp, cancelledAt: fc.option(time, { freq: 3 }) }).map(({ at, cancelledAt }) => tell.cancelled(cancelledAt, at)),
  ...[1, 2, 3].map(() =>
    fc
      .record({
        at: stamp,
        id: shipmentId,
        dispatchedAt: fc.option(time, { freq: 8 }),
        service: fc.constantFrom(null, "EMS", "ePacket", "sea", "China Post Registered Air Mail"),
      })
      .map(({ at, ...says }) => tell.shipment(says, at)),
  ),
  fc.record({ at: stamp, id: shipmentId }).map(({ at, id }) => tell.shipment({ id, dispatchedAt: null, void: true }, at)),
  fc
    .record({ status: fc.constantFrom("in_transit", "customs", "delivered", "returned", "ready_for_pickup"), at: time, id: shipmentId })
    .map(({ status, at, id }) => tell.scan(status, at, id)),
  fc.record({ at: time, id: shipmentId }).map(({ at, id }) => tell.scan("in_transit", at, id)),
  fc
    .record({ about: shipmentId, choice: fc.constantFrom("resend", "refund"), chosenAt: time, settledAt: fc.option(time, { freq: 2 }) })
    .map(({ settledAt, ...says }) => tell.choice(settledAt === null ? says : { ...says, settledAt })),
  fc
    .record({ id: fc.constantFrom("p1", "p2"), topic: fc.constantFrom("not-arrived", "problem"), reportedAt: time })
    .map((says) => tell.report(says)),
  fc
    .record({ id: fc.constantFrom("a1", "a2"), type: fc.constantFrom("dispute-proposal", "return-instructions"), at: time })
    .map((says) => tell.action(says)),
  fc
    .record({ id: fc.constantFrom("r1", "r2"), refundedAt: time, amount: fc.constantFrom("10.00", "49.90") })
    .map((says) => tell.refund(says)),
  fc
    .record({ at: stamp, postedAt: time, id: fc.constantFrom("v1", "v2"), rating: fc.option(fc.integer({ min: 1, max: 5 })) })
    .map(({ at, postedAt, id, rating }) => ({ ...tell.review(rating, postedAt, { id }), at })),
  fc
    .record({ at: stamp, state: fc.constantFrom("open" as const, "closed" as const), changedAt: time })
    .map(({ at, state, changedAt }) => ({ ...tell.case(state, changedAt), at })),
  fc
    .record({ at: stamp, waiting: fc.boolean(), changedAt: time })
    .map(({ at, waiting, changedAt }) => ({ ...tell.conversation(waiting, changedAt), at })),
);

/** Two thirds of the orders have nothing that ends them. */
const facts = fc
  .tuple(fc.array(fact, { maxLength: 12 }), fc.integer({ min: 0, max: 2 }), place)
  .map(([some, sort, [country, region]]): readonly Fact[] => [
    tell.order(),
    tell.address({ country, region }),
    tell.payment(),
    tell.items(),
    tell.shipment(),
    ...some.filter(({ says }) => sort === 0 || !["cancellation", "refund", "case", "conversation", "choice", "report"].includes(says.kind)),
  ]);

const closures = [
  closureOf("2026-02-15", "2026-02-23", "2026-02-24"),
  closureOf("2026-04-01", "2026-04-03", "2026-04-06", { id: "k2", carriers: ["EMS"] }),
];
const disruptions = [
  disruptionOf({ starts: "2026-02-01", expectedEnd: "2026-02-10" }),
  disruptionOf({ id: "d2", starts: "2026-03-01", telling: 2, toldFrom: "2026-03-05T00:00:00Z", services: ["ePacket"] }),
];
const consents = (["review", "offer"] as const).map((scope) => ({ scope, at: instantOf(placed), withdrawn: null }));

/** Beside the default schedule one with every other sort of wait, among them such as end on the day they begin. */
const oddSchedule = scheduleOf({
  name: "Odd",
  steps: [
    { key: "same-day", template: "t", category: "care", on: "order.paid", wait: { days: 0 } },
    { key: "at-once", template: "t", category: "care", on: "shipment.dispatched", per: "shipment", notBefore: { delivered: null } },
    { key: "within-days", template: "t", category: "care", on: "order.paid", wait: { days: [0, 2] } },
    { key: "within-hours", template: "t", category: "care", on: "order.paid", wait: { hours: [5, 40] } },
    { key: "any-hour", template: "t", category: "order", on: "order.paid", wait: { days: [0, 3] } },
    {
      key: "by-night",
      template: "t",
      category: "order",
      on: "order.paid",
      wait: { businessDays: 1 },
      window: { from: "22:00", to: "02:00" },
    },
    {
      key: "ask",
      template: "t",
      category: "review",
      on: "shipment.delivered",
      wait: { days: 1 },
      window: { from: "09:00", to: "18:00", holidays: "avoid" },
    },
    { key: "remind", template: "t", category: "review", after: "ask", wait: { businessDays: [2, 4] } },
  ],
});

interface Setting {
  readonly schedule: PlanInput["schedule"];
  readonly timeZone: string;
}

const setting: fc.Arbitrary<Setting> = fc.record({
  schedule: fc.constantFrom(standardSchedule, oddSchedule, wholeSchedule),
  timeZone: fc.constantFrom("Asia/Shanghai", "America/Vancouver", "Europe/London"),
});
const usual: Setting = { schedule: standardSchedule, timeZone: "Asia/Shanghai" };

const world = (told: readonly Fact[], { schedule, timeZone } = usual, messages: readonly LedgerMessage[] = []): PlanInput =>
  worldOf(told, { closures, disruptions, messages, schedule, shop: { timeZone }, permission: { consents } });

/** Plans as facts come in, now and then letting go what is due: the ledger as it would be. */
const history = fc.record({
  told: facts,
  at: setting,
  days: fc.array(
    fc.record({
      at: time,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      becomes: fc.constantFrom<MessageState>("sent", "unsure", "failed", "queued"),
      sending: fc.constantFrom(true, true, true, false),
      move: fc.constantFrom(null, null, null, null, "hold" as const, "release" as const, "cancel" as const),
      deferredDays: fc.constantFrom(0, 0, 0, 4),
    }),
    {
      minLength: 1,
      maxLength: 5,
    },
  ),
});

interface Moment {
  readonly input: PlanInput;
  readonly now: ReturnType<typeof instantOf>;
  readonly timetable: Timetable;
  /** Before and after reconciling at this moment. */
  readonly before: readonly LedgerMessage[];
  readonly after: readonly LedgerMessage[];
}

type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

function lived({ told, days, at: where }: History): readonly Moment[] {
  const moments: Moment[] = [];
  let messages: readonly LedgerMessage[] = [];
  const moves: Move[] = [];
  for (const { at, share, becomes, sending, move, deferredDays } of days.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const now = instantOf(at);
    const some = world(told.slice(0, 5 + Math.ceil((told.length - 5) * share)), where, messages);
    const [first] = messages;
    if (move !== null && first !== undefined) moves.push({ step: first.step, occurrence: first.occurrence, move, at: now });
    const input = { ...some, moves: [...moves], shop: { ...some.shop, sending } };
    const timetable = plan(input);
    const after = applied(messages, reconcile(timetable, messages, now));
    moments.push({ input, now, timetable, before: messages, after });
    const deferredUntil = plus(now, deferredDays * day24);
    messages = after.map((row) => {
      if (row.state !== "planned" || row.dueAt > now) return row;
      return deferredDays > 0 ? { ...row, deferredUntil } : { ...row, state: becomes, sentAt: goneStates.has(becomes) ? now : null };
    });
  }
  return moments;
}

const runs = { numRuns: 500 };

describe("whatever the facts", () => {
  test("P1: any order and repetition of them gives the same timetable", () => {
    const shuffled = facts.chain((told) =>
      fc.tuple(fc.constant(told), fc.shuffledSubarray([...told], { minLength: told.length }), fc.shuffledSubarray([...told])),
    );
    fc.assert(
      fc.property(shuffled, setting, ([told, permuted, again], where) => {
        expect(plan(world([...permuted, ...again], where))).toEqual(plan(world(told, where)));
      }),
      runs,
    );
  });

  test("planning twice changes nothing", () => {
    fc.assert(
      fc.property(history, (given) => {
        for (const { input, now, after } of lived(given)) {
          const again = { ...input, messages: after };
          expect(reconcile(plan(again), after, now)).toEqual([]);
        }
      }),
      runs,
    );
  });

  test("P2: what left, or may have, is never touched", () => {
    fc.assert(
      fc.property(history, (given) => {
        for (const { before, after } of lived(given)) {
          for (const row of before) if (goneStates.has(row.state) || row.state === "failed") expect(after).toContain(row);
        }
      }),
      runs,
    );
  });

  test("P3: a timetable has every step, and never two entries for one (step, occurrence)", () => {
    fc.assert(
      fc.property(facts, setting, (told, where) => {
        const { entries } = plan(world(told, where));
        const identities = entries.map(({ step, occurrence }) => `${step} ${occurrence.kind} ${occurrence.id}`);
        expect(new Set(identities).size).toBe(identities.length);
        expect(new Set(entries.map(({ step }) => step))).toEqual(new Set(where.schedule.steps.map(({ key }) => key)));
        for (const entry of entries) expect(entry.because.length).toBeGreaterThan(0);
      }),
      runs,
    );
  });

  test("nothing goes before what it waits for, nor after it is of no use", () => {
    fc.assert(
      fc.property(history, (given) => {
        for (const { input, timetable, after } of lived(given)) {
          for (const entry of timetable.entries) {
            if (entry.kind !== "planned") continue;
            const anchor = anchorOf(input.order, entry.step, entry.occurrence.id, input.messages);
            expect(entry.dueAt).toBeGreaterThanOrEqual(anchor);
            expect(entry.staleAt).toBeGreaterThan(anchor);
            const row = after.find(({ step, occurrence }) => step === entry.step && occurrence.id === entry.occurrence.id);
            if (row?.state !== "planned") continue;
            expect(row.dueAt).toBeGreaterThanOrEqual(anchor);
            expect(row.staleAt).toBeGreaterThan(row.dueAt);
          }
        }
      }),
      runs,
    );
  });

  test("P9: no care or review mail outside 09:00–18:00 where the buyer lives, at whatever moment the planner looks", () => {
    fc.assert(
      fc.property(history, (given) => {
        for (const { now, timetable, after } of lived(given)) {
          for (const row of after) {
            if (row.category === "order" || row.state !== "planned") continue;
            const entry = timetable.entries.find(({ step, occurrence }) => step === row.step && occurrence.id === row.occurrence.id);
            if (entry?.kind !== "planned") throw new Error("a planned row without its entry");
            const goesAt = instant(Math.max(row.dueAt, now));
            for (const zone of entry.slots.zones) {
              const { minute } = toLocal(zone, goesAt);
              expect(minute >= 540 && minute < 1080).toBe(true);
            }
          }
        }
      }),
      runs,
    );
  });

  test("the order in which a schedule lists its exits changes nothing", () => {
    const steps = defaultSchedule.steps.map((step) => ({ ...step, enabled: true }));
    const listed = fc.tuple(
      facts,
      fc.tuple(...steps.map(({ unless = [] }) => fc.shuffledSubarray([...unless], { minLength: unless.length }))),
    );
    fc.assert(
      fc.property(listed, ([told, exits]) => {
        const turned = steps.map((step, index) => (step.unless === undefined ? step : { ...step, unless: exits[index] ?? [] }));
        const asWritten = plan({ ...world(told), schedule: wholeSchedule });
        expect(plan({ ...world(told), schedule: scheduleOf({ name: "S", steps: turned }) })).toEqual(asWritten);
      }),
      { numRuns: 150 },
    );
  });

  test("a parcel of which no scan has ever come is never told of as quiet, late, half-way, at customs or back", () => {
    const speaking = ["tracking-quiet", "in-customs", "still-on-its-way", "delivery-late", "parcel-returned"];
    fc.assert(
      fc.property(facts, (told) => {
        const input = { ...world(told), schedule: wholeSchedule };
        const silent = new Set(input.order.shipments.filter(({ scans }) => scans.length === 0).map(({ id }) => id));
        for (const entry of plan(input).entries) {
          if (speaking.includes(entry.step) && silent.has(entry.occurrence.id)) expect(entry.kind).not.toBe("planned");
        }
      }),
      runs,
    );
  });

  test("of each parcel at most one quiet spell is planned, that of its last scan", () => {
    fc.assert(
      fc.property(facts, (told) => {
        const input = { ...world(told), schedule: wholeSchedule };
        const planned = plan(input).entries.filter(({ step, kind }) => step === "tracking-quiet" && kind === "planned");
        const last = input.order.shipments.map(({ id, scans }) => `${id}:${iso(scans.at(-1)?.at ?? instant(0))}`);
        for (const { occurrence } of planned) expect(last).toContain(occurrence.id);
        expect(planned.length).toBeLessThanOrEqual(last.length);
      }),
      runs,
    );
  });
});

/** When what a step waits for happened, told without the planner. */
function anchorOf(order: Order, step: string, occurrence: string, messages: readonly LedgerMessage[]): number {
  const never = Number.POSITIVE_INFINITY;
  const dispatches = order.shipments.flatMap(({ id, dispatchedAt }) => (dispatchedAt === null ? [] : [{ id, dispatchedAt }]));
  const sentAt = (key: string) => messages.find((row) => row.step === key && goneStates.has(row.state))?.sentAt ?? never;
  switch (step) {
    case "dispatch-notice":
    case "at-once":
      return dispatches.find(({ id }) => id === occurrence)?.dispatchedAt ?? never;
    case "check-in":
      return Math.max(...dispatches.map(({ dispatchedAt }) => dispatchedAt));
    case "ask":
      return Math.min(...order.shipments.flatMap(({ scans }) => scans.flatMap(({ status, at }) => (status === "delivered" ? [at] : []))));
    case "feedback-reminder":
      return sentAt("check-in");
    case "remind":
      return sentAt("ask");
    case "review-thanks":
      return order.reviews.find(({ id }) => id === occurrence)?.postedAt ?? never;
    case "holiday-delay":
      return order.placedAt ?? never;
    case "payment-nudge":
    case "payment-nudge-2":
      return (order.placedAt ?? never) + 3_600_000;
    case "dispatch-late":
      return order.promisedDispatchBy ?? never;
    case "tracking-quiet":
      return instantOf(occurrence.slice(occurrence.indexOf(":") + 1)) + 4 * day24;
    case "still-on-its-way":
      return (dispatches.find(({ id }) => id === occurrence)?.dispatchedAt ?? never) + 15 * day24;
    case "delivery-late":
      return (dispatches.find(({ id }) => id === occurrence)?.dispatchedAt ?? never) + 5 * day24;
    case "in-customs":
    case "parcel-returned":
    case "delivered":
      return scannedOf(order, occurrence, step) ?? never;
    case "disruption-delay":
      return Math.max(
        disruptions.find(({ id }) => occurrence.startsWith(id))?.toldFrom ?? never,
        Math.min(...dispatches.map(({ dispatchedAt }) => dispatchedAt)),
      );
    case "review-recovery":
      return order.reviews.find(({ id }) => id === occurrence)?.postedAt ?? never;
    case "dispute-opened":
    case "dispute-resolved":
      return order.cases[0]?.changedAt ?? never;
    case "dispute-proposal":
    case "return-instructions":
      return order.actions.find(({ id }) => id === occurrence)?.at ?? never;
    case "refund-issued":
      return order.refunds.find(({ id }) => id === occurrence)?.at ?? never;
    case "win-back":
      return Math.min(...order.shipments.flatMap(({ scans }) => scans.flatMap(({ status, at }) => (status === "delivered" ? [at] : []))));
    default:
      return order.paidAt ?? never;
  }
}

function scannedOf(order: Order, shipment: string, step: string): number | undefined {
  const status = step === "in-customs" ? "customs" : step === "delivered" ? "delivered" : "returned";
  return order.shipments.find(({ id }) => id === shipment)?.scans.find((scan) => scan.status === status)?.at;
}

test("the orders drawn have all sorts of ends, so that the properties above are about something", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(history, (given) => {
      for (const { timetable, after } of lived(given)) {
        for (const entry of timetable.entries) seen.add(entry.kind === "planned" ? `planned ${entry.step}` : entry.reason);
        for (const row of after) seen.add(row.state);
      }
    }),
    { numRuns: 2_000, seed: 20260120 },
  );
  for (const end of [
    "planned",
    "stale",
    "cancelled",
    "sent",
    "unsure",
    "failed",
    "planned feedback-reminder",
    "planned holiday-delay",
    "planned review-thanks",
    "planned tracking-quiet",
    "planned in-customs",
    "planned still-on-its-way",
    "planned delivery-late",
    "planned parcel-returned",
    "planned disruption-delay",
    "planned review-recovery",
    "planned refund-issued",
    "planned dispute-proposal",
  ]) {
    expect(seen).toContain(end);
  }
  for (const reason of [
    "order-cancelled",
    "order-refunded",
    "case-open",
    "buyer-waiting",
    "review-posted",
    "already-delivered",
    "prior-not-sent",
    "no-tracking",
    "no-disruption",
    "choice-open",
    "parcel-returned",
  ]) {
    expect(seen).toContain(reason);
  }
});
