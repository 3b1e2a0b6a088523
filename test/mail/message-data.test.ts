import { describe, expect, test } from "vitest";
import type { Saying } from "../../src/core/facts.ts";
import type { OwnDay } from "../../src/core/own-days.ts";
import { mailData } from "../../src/mail/mail-data.ts";
import type { MailDataInput } from "../../src/mail/mail-input.ts";
import { day, inputOf, orderOf, shipment } from "./anna.ts";
import { rendered } from "./every-mail.ts";

const scan = (
  status: "in_transit" | "customs" | "returned" | "delivered",
  occurredAt: string,
  description: string | null = null,
): Saying => ({
  kind: "scan",
  shipment: "1",
  status,
  occurredAt,
  description,
  location: null,
});
const orderSaying = (change: object) =>
  ({
    kind: "order",
    number: "1001",
    placedAt: "2026-01-18T09:00:00.000Z",
    currency: "EUR",
    total: "79.00",
    url: null,
    tags: [],
    promisedDispatchBy: null,
    test: false,
    nothingShips: false,
    ...change,
  }) as const satisfies Saying;
const dataOf = (says: readonly Saying[], change: Partial<MailDataInput> = {}) => mailData(inputOf({ order: orderOf(says), ...change }));

describe("choices", () => {
  test.each([
    ["delivery-late", ["resend", "refund"]],
    ["dispatch-late", ["wait", "cancel"]],
    ["review-recovery", ["resend", "refund", "talk"]],
    ["dispute-proposal", ["accept", "talk"]],
  ])("of %s lead to the buyer's page, which knows what they are about", (template, choices) => {
    const { links } = dataOf([shipment], { template, occurrence: { kind: "shipment", id: "1/a&b" } });
    expect(Object.keys(links.choose ?? {})).toEqual(choices);
    for (const [choice, link] of Object.entries(links.choose ?? {})) {
      const { origin, pathname, searchParams } = new URL(link);
      expect(origin + pathname).toBe("https://m.example/b/abc");
      expect(Object.fromEntries(searchParams)).toEqual({ topic: "choose", of: template, about: "1/a&b", choice });
    }
  });

  test("are in no other mail", () => {
    expect(dataOf([shipment], { template: "dispatch-notice" }).links.choose).toBeNull();
    expect(dataOf([shipment], { template: "constructor" }).links.choose).toBeNull();
  });
});

describe("a refund", () => {
  const refund = (amount: string | null, items: readonly { id: string; quantity: number }[]) =>
    ({ kind: "refund", id: "r1", refundedAt: "2026-02-05T16:00:00.000Z", amount, items }) as const satisfies Saying;
  const about = { occurrence: { kind: "refund", id: "r1" }, today: day("2026-02-05") } as const;

  test("is in the order's currency, names what it is for, and shows ten working days later where the buyer lives", () => {
    expect(dataOf([shipment, refund("37.00", [{ id: "7001", quantity: 2 }])], about).refund).toMatchObject({
      amount: "€37.00",
      on: "5 February",
      showsBy: "19 February",
      isWhole: false,
      items: [{ title: "Paper lantern", quantity: 2 }],
    });
  });

  test("of everything says so; one of which only items are known has no sum; and a mail about another order's refund has none", () => {
    expect(dataOf([refund("79.00", [])], about).refund).toMatchObject({ isWhole: true, items: null });
    expect(dataOf([refund(null, [{ id: "7002", quantity: 1 }])], about).refund).toMatchObject({ amount: null, isWhole: false });
    expect(dataOf([refund("79.00", [])], { occurrence: { kind: "refund", id: "r2" } }).refund).toBeNull();
  });

  test("adds up with others in what was paid back of the order", () => {
    const second = { ...refund("0.50", []), id: "r2" };
    expect(dataOf([refund("37.00", []), second], about).order.refunded).toBe("€37.50");
    expect(dataOf([]).order.refunded).toBeNull();
  });
});

describe("a case", () => {
  const opened = (reason: string | null, outcome: string | null = null) =>
    ({
      kind: "case",
      id: "d1",
      type: "dispute",
      state: "open",
      changedAt: "2026-03-12T18:00:00.000Z",
      reason,
      outcome,
    }) as const satisfies Saying;
  const about = { occurrence: { kind: "case", id: "dispute:d1" }, today: day("2026-03-13") } as const;

  test("is answered within three working days at the shop", () => {
    // 02:00 on Friday 13 March in Shanghai; Monday, Tuesday, Wednesday
    expect(dataOf([opened("It came broken")], about).case).toEqual({
      on: "12 March",
      reason: "It came broken",
      outcome: null,
      answerBy: "18 March",
    });
  });

  test("is answered by the shop's own days: not in its closure or on its holiday", () => {
    const ownDays: readonly OwnDay[] = [{ calendar: "dispatch", country: null, day: day("2026-03-18"), kind: "holiday", name: "Move" }];
    const closure = {
      id: "c",
      name: "Rest",
      starts: day("2026-03-16"),
      ends: day("2026-03-16"),
      resumes: day("2026-03-17"),
      carriers: null,
    };
    expect(dataOf([opened(null)], { ...about, ownDays }).case?.answerBy).toBe("19 March");
    expect(dataOf([opened(null)], { ...about, ownDays, closures: [closure] }).case?.answerBy).toBe("20 March");
  });

  test.each(["product_not_received", "fraudulent", "won", "charge_refunded", "NOT-AS-DESCRIBED"])("shows a buyer no code: %s", (code) => {
    expect(dataOf([opened(code, code)], about).case).toMatchObject({ reason: null, outcome: null });
  });
});

describe("what an operator writes", () => {
  const fields = { cause: "It was bent.", proposal: "A new one.", steps: "We pack it.\n\nIt leaves.", replyBy: "2026-03-22" };
  const action = (type: "dispute-proposal" | "return-instructions", given: Record<string, string>) =>
    ({ kind: "action", id: "a1", type, caseId: "d1", at: "2026-03-12T03:00:00.000Z", fields: given }) as const satisfies Saying;
  const about = { occurrence: { kind: "action", id: "a1" }, today: day("2026-03-12") } as const;

  test("as a proposal: its cause, its text, its steps line by line, and the day to answer by", () => {
    const data = dataOf([action("dispute-proposal", fields)], about);
    expect(data.proposal).toEqual({
      cause: "It was bent.",
      text: "A new one.",
      steps: [{ text: "We pack it." }, { text: "It leaves." }],
      replyBy: "22 March",
    });
    expect(data.returning).toBeNull();
  });

  test.each(["cause", "proposal", "steps", "replyBy"])("is not sent without its %s", async (name) => {
    const { proposal } = dataOf([action("dispute-proposal", { ...fields, [name]: " " })], about);
    expect(proposal).toBeNull();
    await expect(rendered("dispute-proposal", "en", (data) => ({ ...data, proposal }))).rejects.toThrow(/proposal\.\w+ is missing/);
  });

  const how = { address: "Returns\r\n18 Canal Street", deadline: "2026-03-31", whoPays: "buyer", onArrival: "We check it.", note: "" };

  test("as instructions: the address line by line, the last day, who pays", () => {
    expect(dataOf([action("return-instructions", how)], about).returning).toEqual({
      address: [{ text: "Returns" }, { text: "18 Canal Street" }],
      deadline: "31 March",
      shopPays: false,
      onArrival: "We check it.",
      note: null,
    });
  });

  test.each([
    ["whoPays", ""],
    ["whoPays", "nobody"],
    ["deadline", "soon"],
    ["address", "\n"],
  ])("never guesses: %s %j", async (name, value) => {
    const { returning } = dataOf([action("return-instructions", { ...how, [name]: value })], about);
    expect(returning).toBeNull();
    await expect(rendered("return-instructions", "en", (data) => ({ ...data, returning }))).rejects.toThrow(/returning\.\w+ is missing/);
  });
});

describe("a parcel", () => {
  test("has its last scan in plain words, beside the carrier's", () => {
    const { shipment: parcel } = dataOf([
      shipment,
      scan("in_transit", "2026-01-22T09:00:00.000Z"),
      scan("customs", "2026-01-25T09:00:00.000Z", "Held\r\nby customs"),
    ]);
    expect(parcel?.lastScan).toMatchObject({ on: "25 January", phrase: "Held by customs", place: null, customs: true, inTransit: false });
    expect(dataOf([shipment]).shipment?.lastScan).toBeNull();
  });

  test("that came back has the one that was sent for it, once it left", () => {
    const back = scan("returned", "2026-02-10T09:00:00.000Z");
    expect(dataOf([shipment, back]).replacement).toBeNull();
    const again = { ...shipment, id: "2", dispatchedAt: "2026-02-12T08:00:00.000Z", trackingNumber: "EE473124829CN" };
    const data = dataOf([shipment, back, again]);
    expect(data.shipment).toMatchObject({ trackingNumber: "EE123456785CN" });
    expect(data.replacement).toMatchObject({ trackingNumber: "EE473124829CN", dispatchedOn: "12 February" });
    expect(dataOf([shipment, again]).replacement).toBeNull();
  });

  test("of a quiet spell is the one that was quiet, not the last one that left", () => {
    const other = { ...shipment, id: "2", dispatchedAt: "2026-01-25T08:00:00.000Z", trackingNumber: "EE473124829CN" };
    const occurrence = { kind: "quiet-spell", id: "1:2026-01-22T09:00:00.000Z" } as const;
    expect(dataOf([shipment, scan("in_transit", "2026-01-22T09:00:00.000Z"), other], { occurrence }).shipment).toMatchObject({
      trackingNumber: "EE123456785CN",
    });
  });

  test("that a disruption holds up may take as many days longer; while nobody knows the end, no day is named", () => {
    const storm = {
      id: "s",
      name: "Storm",
      text: "A storm has closed airports.",
      starts: day("2026-01-26"),
      expectedEnd: day("2026-01-31"),
      carriers: null,
      services: null,
      countries: ["GB"],
      dispatchedFrom: null,
      dispatchedTo: null,
    };
    const about = { occurrence: { kind: "disruption", id: "s" }, disruption: storm } as const;
    const usual = dataOf([shipment]).shipment?.windowEnds ?? Number.NaN;
    expect(dataOf([shipment], about).disruption).toEqual({ text: "A storm has closed airports.", arrivesBy: "10 February" });
    expect(usual + 6).toBe(day("2026-02-10"));
    expect(dataOf([shipment], { ...about, disruption: { ...storm, expectedEnd: null } }).disruption?.arrivesBy).toBeNull();
  });
});

test("a holiday notice says when the parcel would usually come, and when it comes in spite of the holiday: two different days", () => {
  const closure = { id: "c", name: "Move", starts: day("2026-01-26"), ends: day("2026-01-28"), resumes: day("2026-01-29"), carriers: null };
  const windows = new Map([["1", { earliest: day("2026-02-02"), latest: day("2026-02-09") }]]);
  const windowsWithoutIt = new Map([["1", { earliest: day("2026-01-30"), latest: day("2026-02-05") }]]);
  const data = dataOf([shipment], { occurrence: { kind: "closure", id: "c" }, closure, closures: [closure], windows, windowsWithoutIt });
  expect(data.shipment).toMatchObject({ windowTo: "5 February" });
  expect(data.closure).toMatchObject({ arrivesBy: "9 February" });
  // every other mail reckons with the closure
  expect(dataOf([shipment], { windows, closures: [closure] }).shipment).toMatchObject({ windowTo: "9 February" });
});

describe("an order that is late to leave", () => {
  const promised = orderSaying({ promisedDispatchBy: "2026-01-23T15:00:00.000Z" });

  test("says what was promised, and a new day three working days ahead", () => {
    // Saturday; Monday, Tuesday, Wednesday
    expect(dataOf([promised], { today: day("2026-01-24") }).order).toMatchObject({ promisedOn: "23 January", newDispatchOn: "28 January" });
  });

  test("leaves on no day of a closure, but on one of a single carrier", () => {
    const closure = {
      id: "c",
      name: "Move",
      starts: day("2026-01-26"),
      ends: day("2026-01-27"),
      resumes: day("2026-01-28"),
      carriers: null,
    };
    const today = day("2026-01-24");
    expect(dataOf([promised], { today, closures: [closure] }).order.newDispatchOn).toBe("30 January");
    expect(dataOf([promised], { today, closures: [{ ...closure, carriers: ["DHL"] }] }).order.newDispatchOn).toBe("28 January");
  });

  test("leaves on the days the shop itself works, whatever the public calendar says", () => {
    const own = (kind: "holiday" | "workday", text: string, calendar: "dispatch" | "contact" = "dispatch") =>
      ({ calendar, country: null, day: day(text), kind, name: "Own" }) as const;
    const newDay = (...ownDays: readonly OwnDay[]) => dataOf([promised], { today: day("2026-01-24"), ownDays }).order.newDispatchOn;
    // It works on Sunday, and rests on Tuesday: Sunday, Monday, Wednesday.
    expect(newDay(own("workday", "2026-01-25"))).toBe("27 January");
    expect(newDay(own("workday", "2026-01-25"), own("holiday", "2026-01-27"))).toBe("28 January");
    expect(newDay(own("holiday", "2026-01-28"))).toBe("29 January");
    // Days of mail to buyers, and of another country, are not the shop's.
    expect(newDay(own("holiday", "2026-01-28", "contact"), { ...own("holiday", "2026-01-28"), country: "GB" })).toBe("28 January");
  });
});

test("an order goes to where the address says, in the language of the mail, and no further than it says", () => {
  const address = {
    kind: "address",
    country: "DE",
    region: null,
    postalCode: "80331",
    city: "München",
    latitude: null,
    longitude: null,
  } as const;
  expect(dataOf([address]).order.destination).toBe("80331 München, Germany");
  expect(dataOf([address], { locale: "de" }).order.destination).toBe("80331 München, Deutschland");
  expect(dataOf([{ ...address, country: "ZZ", postalCode: null, city: null }]).order.destination).toBeNull();
});

test("an order that is not paid is kept for seven days, and leads to the shop's page of it when that is a web address", () => {
  expect(dataOf([orderSaying({ url: "https://shop.example/o/1" })])).toMatchObject({
    order: { keptUntil: "25 January" },
    links: { shopOrder: "https://shop.example/o/1" },
  });
  expect(dataOf([orderSaying({ url: "javascript:alert(1)" })]).links.shopOrder).toBeNull();
});

test("only an offer says that it is one", () => {
  expect(dataOf([shipment], { category: "offer" })).toMatchObject({ isOffer: true, isOrderMail: false });
  expect(dataOf([shipment], { category: "care" })).toMatchObject({ isOffer: false, isOrderMail: false });
});
