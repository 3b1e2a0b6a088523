import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BuyersMail, type CappedCategory, type Caps, type DueMail, defaultCaps, lookAheadMs, weigh } from "../../src/core/caps.ts";
import { day24, hour, type Instant, instantOf, plus } from "../../src/core/instant.ts";

const now = instantOf("2026-01-20T10:00:00Z");

function due(id: string, category: CappedCategory, change: Partial<DueMail> = {}): DueMail {
  return { id, category, order: id, dueAt: now, sendNow: false, ...change };
}

function mail(category: CappedCategory, at: number, change: Partial<BuyersMail> = {}): BuyersMail {
  return { category, order: "1002", at: plus(now, at), asks: category === "care" ? "no" : "yes", ...change };
}

/** `goes`, `goes, asks`, or until when it waits, in hours from now. */
function weighed(
  list: readonly DueMail[],
  { gone = [], ahead = [] }: Partial<Record<"gone" | "ahead", readonly BuyersMail[]>> = {},
  caps: Caps = defaultCaps,
) {
  const entries = weigh(caps, now, { gone, ahead, due: list }).map((one) => [
    one.id,
    one.kind === "goes" ? (one.asks ? "goes, asks" : "goes") : (one.until - now) / hour,
  ]);
  return Object.fromEntries(entries);
}

const because = (
  list: readonly DueMail[],
  others: { gone?: readonly BuyersMail[]; ahead?: readonly BuyersMail[] } = {},
  caps: Caps = defaultCaps,
) => weigh(caps, now, { gone: [], ahead: [], ...others, due: list }).flatMap((one) => (one.kind === "waits" ? [one.because.detail] : []));

describe("P10: of the mails due to one buyer", () => {
  test("care goes before review and review before offers, whichever was due first; the others wait a day, or for the request", () => {
    const list = [
      due("offer", "offer", { dueAt: plus(now, -2 * hour) }),
      due("review", "review", { dueAt: plus(now, -hour) }),
      due("care", "care"),
    ];
    expect(weighed(list)).toEqual({ care: "goes, asks", review: 24, offer: 24 });
    expect(weighed(list.slice(0, 2))).toEqual({ review: "goes, asks", offer: 7 * 24 });
  });

  test("of one kind the first due goes", () => {
    expect(weighed([due("b", "care"), due("a", "care", { dueAt: plus(now, -hour) })])).toEqual({ a: "goes, asks", b: 24 });
  });

  test("a lower one waits for a higher one due in the next hours, a higher one for none", () => {
    expect(weighed([due("x", "review")], { ahead: [mail("care", 5 * hour, { asks: "maybe" })] })).toEqual({ x: 29 });
    expect(weighed([due("x", "care")], { ahead: [mail("review", 5 * hour)] })).toEqual({ x: "goes, asks" });
    expect(weighed([due("x", "review")], { ahead: [mail("review", 5 * hour)] })).toEqual({ x: "goes, asks" });
  });

  test("one waits 24 hours for one that went, and not a moment longer", () => {
    expect(weighed([due("x", "care")], { gone: [mail("care", -23 * hour)] })).toEqual({ x: 1 });
    expect(weighed([due("x", "care")], { gone: [mail("care", -24 * hour)] })).toEqual({ x: "goes, asks" });
  });

  test("one that an operator wants now goes, and counts", () => {
    const gone = [mail("review", -hour)];
    expect(weighed([due("x", "care"), due("now", "offer", { sendNow: true })], { gone })).toEqual({ now: "goes, asks", x: 24 });
  });

  test("as many go in a day as the shop allows", () => {
    const caps = { ...defaultCaps, mailsPerDay: 2 };
    const gone = [mail("care", -5 * hour), mail("care", -30 * hour)];
    expect(weighed([due("a", "care"), due("b", "care")], { gone }, caps)).toEqual({ a: "goes, asks", b: 19 });
  });
});

describe("LAW-03: a buyer is asked for something once a week", () => {
  test("or as often as the shop says", () => {
    const gone = [mail("review", -3 * day24)];
    expect(weighed([due("x", "review")], { gone })).toEqual({ x: 4 * 24 });
    expect(weighed([due("x", "review")], { gone }, { ...defaultCaps, daysBetweenAsks: 3 })).toEqual({ x: "goes, asks" });
    expect(weighed([due("x", "offer")], { gone }, { ...defaultCaps, daysBetweenAsks: 30 })).toEqual({ x: 27 * 24 });
  });

  test("care mail that invited feedback counts; care mail that finds the request taken goes, and invites nobody", () => {
    const invited = [mail("care", -2 * day24, { asks: "yes" })];
    expect(weighed([due("x", "review")], { gone: invited })).toEqual({ x: 5 * 24 });
    expect(weighed([due("x", "care")], { gone: invited })).toEqual({ x: "goes" });
  });

  test("for care mail that may still invite a request waits a day, until that is known", () => {
    const caps = { ...defaultCaps, mailsPerDay: 5 };
    expect(weighed([due("x", "review"), due("y", "care")], {}, caps)).toEqual({ y: "goes, asks", x: 24 });
    expect(weighed([due("y", "care")], { gone: [mail("care", 0, { asks: "maybe" })] }, caps)).toEqual({ y: "goes" });
  });
});

test("a mail that waits says for which one, and how much mail a buyer gets", () => {
  expect(because([due("x", "review"), due("1003", "care")])).toEqual([
    "care mail about order 1003 goes first; a buyer gets at most one such mail a day",
  ]);
  expect(because([due("x", "care")], { gone: [mail("review", -hour)] })).toEqual([
    "review mail about order 1002 went to the same buyer less than a day before; a buyer gets at most one such mail a day",
  ]);
  expect(because([due("x", "offer")], { gone: [mail("review", -2 * day24, { order: null })] })).toEqual([
    "review mail went to the same buyer less than 7 days before; a buyer is asked for something once in 7 days",
  ]);
  const caps = { daysBetweenAsks: 1, mailsPerDay: 2 };
  expect(because([due("x", "care")], { gone: [mail("offer", -hour), mail("care", -2 * hour)] }, caps)).toEqual([
    "an offer about order 1002 went to the same buyer less than a day before; a buyer gets at most 2 such mails a day",
  ]);
});

describe("whatever one buyer's orders have planned", () => {
  interface Planned {
    readonly id: string;
    readonly category: CappedCategory;
    readonly dueAt: Instant;
  }

  const plans = fc.array(fc.record({ category: fc.constantFrom("care", "review", "offer"), hours: fc.nat(20 * 24) }), {
    minLength: 1,
    maxLength: 25,
  });
  const someCaps = fc.record({ daysBetweenAsks: fc.integer({ min: 1, max: 10 }), mailsPerDay: fc.integer({ min: 1, max: 3 }) });

  /** Releases what is due, hour by hour, with two processes that take turns, until nothing is left. Every second care mail that may invites. */
  function run(caps: Caps, wanted: readonly Planned[]) {
    const gone: (BuyersMail & { readonly id: string; readonly wantedAt: Instant; readonly waited: number })[] = [];
    let left = wanted.map((one) => ({ ...one, wantedAt: one.dueAt, waited: 0 }));
    for (let at = now; left.length > 0; at = plus(at, hour)) {
      if (at > plus(now, 3 * 365 * day24)) throw new Error(`${left.length} mails never went`);
      const claimed = left.filter(({ dueAt }) => dueAt <= at);
      // The second process finds what the first has in hand among what is gone.
      for (const hand of [claimed.filter((_, index) => index % 2 === 0), claimed.filter((_, index) => index % 2 === 1)]) {
        const ahead = left
          .filter((one) => !claimed.includes(one) && one.dueAt <= plus(at, lookAheadMs))
          .map(({ category, dueAt }): BuyersMail => ({ category, order: null, at: dueAt, asks: category === "care" ? "maybe" : "yes" }));
        const dueMails = hand.map((one): DueMail => ({ ...one, order: null, sendNow: false }));
        for (const one of weigh(caps, at, { gone, ahead, due: dueMails })) {
          const mine = left.find(({ id }) => id === one.id);
          if (mine === undefined) throw new Error("a verdict on nothing");
          if (one.kind === "waits") {
            expect(one.until).toBeGreaterThan(at);
            left = left.map((other) => (other === mine ? { ...mine, dueAt: one.until, waited: mine.waited + 1 } : other));
            continue;
          }
          left = left.filter((other) => other !== mine);
          const invites = mine.category === "care" && one.asks && gone.length % 2 === 0;
          const asks = mine.category !== "care" || invites ? "yes" : "no";
          gone.push({ id: mine.id, category: mine.category, order: null, at, asks, wantedAt: mine.wantedAt, waited: mine.waited });
        }
      }
    }
    return gone;
  }

  test("P10, LAW-03: no day has more mail than the cap, no two requests are closer than theirs, and nothing is dropped", () => {
    fc.assert(
      fc.property(plans, someCaps, (list, caps) => {
        const wanted = list.map(({ category, hours }, index) => ({ id: `m${index}`, category, dueAt: plus(now, hours * hour) }));
        const gone = run(caps, wanted);
        expect(gone.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
        for (const one of gone) {
          expect(one.at).toBeGreaterThanOrEqual(one.wantedAt);
          expect(gone.filter(({ at }) => at > one.at - day24 && at <= one.at).length).toBeLessThanOrEqual(caps.mailsPerDay);
        }
        const requests = gone.filter(({ asks }) => asks === "yes").map(({ at }) => at);
        for (const [index, at] of requests.slice(1).entries()) {
          expect(at - (requests[index] ?? 0)).toBeGreaterThanOrEqual(caps.daysBetweenAsks * day24);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a mail alone goes when it is due", () => {
    fc.assert(
      fc.property(fc.constantFrom<CappedCategory>("care", "review", "offer"), someCaps, (category, caps) => {
        expect(run(caps, [{ id: "m", category, dueAt: now }])).toMatchObject([{ at: now, waited: 0 }]);
      }),
    );
  });
});
