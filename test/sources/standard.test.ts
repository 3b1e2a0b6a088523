import { describe, expect, test } from "vitest";
import { z } from "zod";
import { beats, weightOf } from "../../src/core/fact-rank.ts";
import { type Fact, hashOf, type Saying, slotOf } from "../../src/core/facts.ts";
import type { Reading } from "../../src/sources/adapter.ts";
import { adapters } from "../../src/sources/registry.ts";
import { standardEvent } from "../../src/sources/standard/events.ts";
import { readStandard } from "../../src/sources/standard.ts";
import { changed } from "./support/edit.ts";
import { type Message, said, wholeOrder } from "./support/subjects.ts";

const at = "2026-01-05T10:00:00+02:00";
const utc = "2026-01-05T08:00:00.000Z";
const order = { id: "A-1001" };

function read(message: Message): Reading {
  return adapters.standard.read({ headers: {}, body: Buffer.from(JSON.stringify(message.body)) });
}

function sayings(type: string, data: unknown): readonly Saying[] {
  return factsOf(said(type, at, data)).map((fact) => {
    expect(fact).toMatchObject({ order: "A-1001", at: utc });
    return fact.says;
  });
}

function factsOf(message: Message): readonly Fact[] {
  const reading = read(message);
  if (reading.kind !== "facts") throw new Error(JSON.stringify(reading));
  return reading.facts;
}

describe("what each type of the contract says", () => {
  test("an order says everything the contract has for it", () => {
    const wanted = [
      {
        kind: "order",
        number: "1001",
        placedAt: "2026-01-05T08:00:00.000Z",
        currency: "EUR",
        total: "49.90",
        url: "https://shop.example/orders/1001",
        tags: ["gift", "first order"],
        promisedDispatchBy: "2026-01-08T16:00:00.000Z",
        test: false,
        nothingShips: false,
      },
      { kind: "buyer", id: "C-7", email: "anna@mail.example", name: "Anna Huber", locale: "de-AT" },
      { kind: "address", country: "AT", region: "AT-7", postalCode: "6020", city: "Innsbruck", latitude: 47.26, longitude: 11.39 },
      { kind: "payment", paidAt: "2026-01-05T08:01:00.000Z" },
      {
        kind: "items",
        items: [
          {
            id: "L-1",
            sku: "LAMP-B",
            title: "Lampe „Berg“",
            variant: "blau",
            quantity: 2,
            price: "24.95",
            imageUrl: "https://shop.example/lamp.jpg",
            url: "https://shop.example/lamp",
            ships: true,
          },
        ],
      },
      { kind: "consent", scope: "review", text: "Ja, fragt mich nach meiner Meinung.", at: "2026-01-05T08:00:00.000Z" },
    ];
    for (const type of ["order.placed", "order.updated", "order.paid"]) expect(sayings(type, { order: wholeOrder }), type).toEqual(wanted);
  });

  test("an order with only what the contract demands is read, in whichever way the rest is left out", () => {
    const optional = ["/paidAt", "/url", "/tags", "/promisedDispatchBy", "/buyer/id", "/buyer/locale", "/buyer/consents"]
      .concat(["region", "postalCode", "city", "latitude", "longitude"].map((name) => `/shippingAddress/${name}`))
      .concat(["sku", "variant", "imageUrl", "url"].map((name) => `/items/0/${name}`));
    const without = (value: unknown) =>
      sayings("order.placed", { order: changed(wholeOrder, Object.fromEntries(optional.map((field) => [field, value]))) });
    expect(without(undefined).map((says) => says.kind)).toEqual(["order", "buyer", "address", "items"]);
    expect(without(null)).toEqual(without(undefined));
  });

  test.each([
    ["order.cancelled", { reason: "changed my mind" }, { kind: "cancellation", cancelledAt: utc, reason: "changed my mind" }],
    ["order.cancelled", {}, { kind: "cancellation", cancelledAt: utc, reason: null }],
    [
      "order.refunded",
      { refund: { id: "R-1", amount: "10.00", items: [{ id: "L-1", quantity: 1 }] } },
      { kind: "refund", id: "R-1", refundedAt: utc, amount: "10.00", items: [{ id: "L-1", quantity: 1 }] },
    ],
    [
      "shipment.dispatched",
      {
        shipment: {
          id: "S-1",
          carrier: "China Post",
          service: "ePacket",
          trackingNumber: "LX123456785CN",
          trackingUrl: "https://track.example/LX123456785CN",
          dispatchedAt: "2026-01-05T09:30:00+08:00",
          items: [{ id: "L-1", quantity: 2 }],
        },
      },
      {
        kind: "shipment",
        id: "S-1",
        dispatchedAt: "2026-01-05T01:30:00.000Z",
        void: false,
        carrier: "China Post",
        service: "ePacket",
        trackingNumber: "LX123456785CN",
        trackingUrl: "https://track.example/LX123456785CN",
        items: [{ id: "L-1", quantity: 2 }],
      },
    ],
    [
      "shipment.dispatched",
      { shipment: { id: "S-1", carrier: "DHL", dispatchedAt: at } },
      {
        kind: "shipment",
        id: "S-1",
        dispatchedAt: utc,
        void: false,
        carrier: "DHL",
        service: null,
        trackingNumber: null,
        trackingUrl: null,
        items: null,
      },
    ],
    [
      "shipment.updated",
      { shipment: { id: "S-1", status: "customs", description: "Held for papers", location: "Wien", occurredAt: "2026-01-04T10:00Z" } },
      {
        kind: "scan",
        shipment: "S-1",
        status: "customs",
        occurredAt: "2026-01-04T10:00:00.000Z",
        description: "Held for papers",
        location: "Wien",
      },
    ],
    [
      "review.posted",
      { review: { id: "V-1", rating: 5, text: "Great", itemId: "L-1", url: "https://shop.example/r/1" } },
      {
        kind: "review",
        id: "V-1",
        postedAt: utc,
        rating: 5,
        removed: false,
        text: "Great",
        itemId: "L-1",
        url: "https://shop.example/r/1",
      },
    ],
    [
      "review.updated",
      { review: { id: "V-1", rating: 2 } },
      { kind: "review", id: "V-1", postedAt: utc, rating: 2, removed: false, text: null, itemId: null, url: null },
    ],
    [
      "review.removed",
      { review: { id: "V-1" } },
      { kind: "review", id: "V-1", postedAt: utc, rating: null, removed: true, text: null, itemId: null, url: null },
    ],
    [
      "review.removed",
      { review: { id: "V-1", rating: 5 } },
      { kind: "review", id: "V-1", postedAt: utc, rating: null, removed: true, text: null, itemId: null, url: null },
    ],
    [
      "dispute.opened",
      { case: { id: "D-1", reason: "not received" } },
      { kind: "case", id: "D-1", type: "dispute", state: "open", changedAt: utc, reason: "not received", outcome: null },
    ],
    [
      "dispute.closed",
      { case: { id: "D-1", outcome: "won" } },
      { kind: "case", id: "D-1", type: "dispute", state: "closed", changedAt: utc, reason: null, outcome: "won" },
    ],
    [
      "return.opened",
      { case: { id: "D-1" } },
      { kind: "case", id: "D-1", type: "return", state: "open", changedAt: utc, reason: null, outcome: null },
    ],
    [
      "return.closed",
      { case: { id: "D-1" } },
      { kind: "case", id: "D-1", type: "return", state: "closed", changedAt: utc, reason: null, outcome: null },
    ],
    ["buyer.wrote", {}, { kind: "conversation", waiting: true, changedAt: utc }],
    ["buyer.answered", {}, { kind: "conversation", waiting: false, changedAt: utc }],
  ])("%s with %j", (type, data, says) => {
    expect(sayings(type, { order, ...data })).toEqual([says]);
  });
});

test("every status of a shipment in the contract is a scan, and no other", () => {
  const update = (status: string) => read(said("shipment.updated", at, { order, shipment: { id: "S-1", status, occurredAt: at } }));
  for (const status of ["in_transit", "customs", "out_for_delivery", "delivered", "exception", "returned"]) {
    expect(update(status)).toMatchObject({ kind: "facts", facts: [{ says: { status } }] });
  }
  expect(update("lost")).toMatchObject({ kind: "unreadable", pointer: "/data/shipment/status" });
});

describe("an absent paidAt", () => {
  const unpaid = changed(wholeOrder, { "/paidAt": undefined });
  const payments = (...messages: readonly Message[]): Saying | undefined =>
    messages
      .flatMap(factsOf)
      .filter((fact) => fact.says.kind === "payment")
      .map((fact) => ({ ...fact, weight: weightOf(fact.says), hash: hashOf(fact.says) }))
      .reduce<(Fact & { weight: number; hash: string }) | undefined>(
        (held, fact) => (held === undefined || beats(fact, held) ? fact : held),
        undefined,
      )?.says;

  test("in a later update never takes the payment back", () => {
    const paid = said("order.paid", at, { order: unpaid });
    const update = said("order.updated", "2026-01-09T00:00:00Z", { order: unpaid });
    expect(payments(paid, update)).toEqual({ kind: "payment", paidAt: utc });
    expect(payments(update, paid)).toEqual({ kind: "payment", paidAt: utc });
    expect(payments(said("order.updated", at, { order: changed(wholeOrder, { "/paidAt": null }) }))).toBeUndefined();
  });

  test("in order.paid means it was paid when that occurred", () => {
    expect(payments(said("order.paid", at, { order: unpaid }))).toEqual({ kind: "payment", paidAt: utc });
  });
});

test("an update says nothing about cancellation, so it never undoes one", () => {
  expect(factsOf(said("order.updated", "2026-02-01T00:00:00Z", { order: wholeOrder })).map((fact) => slotOf(fact.says))).not.toContain(
    "cancellation",
  );
});

test("facts dated in the future are taken as they are", () => {
  expect(factsOf(said("buyer.wrote", "2031-01-01T00:00:00Z", { order }))[0]?.at).toBe("2031-01-01T00:00:00.000Z");
});

test("an order without an address of the buyer is read and says so, one that leaves the field out is not (IN-15)", () => {
  const placed = (email: unknown) => read(said("order.placed", at, { order: changed(wholeOrder, { "/buyer/email": email }) }));
  for (const none of [null, "", "  "])
    expect(placed(none)).toMatchObject({ kind: "facts", facts: [{}, { says: { kind: "buyer", email: null } }, {}, {}, {}, {}] });
  expect(placed(undefined)).toEqual({ kind: "unreadable", pointer: "/data/order/buyer/email", reason: "is missing" });
  expect(placed(7)).toEqual({ kind: "unreadable", pointer: "/data/order/buyer/email", reason: "is not a string" });
});

test.each([
  ["/total", "49,90", "is not a decimal amount like 49.90"],
  ["/total", 49.9, "is not a string"],
  ["/total", "-1.00", "is not a decimal amount like 49.90"],
  ["/currency", "EURO", "is not a currency code (ISO 4217)"],
  ["/shippingAddress/country", "Austria", "is not a country code (ISO 3166-1 alpha-2)"],
  ["/placedAt", "2026-01-05T09:00:00", "is not an ISO 8601 time with an offset, from 1970 to 2999"],
  ["/placedAt", "2026-02-30T09:00:00Z", "is not an ISO 8601 time with an offset, from 1970 to 2999"],
  ["/placedAt", "0000-01-01T00:00:00Z", "is not an ISO 8601 time with an offset, from 1970 to 2999"],
  ["/number", "#", "is empty"],
  ["/id", 1001, "is not a string"],
  ["/url", "javascript:alert(1)", "is not an absolute http(s) URL"],
  ["/items", {}, "is not an array"],
  ["/items/0/quantity", 1.5, "is not a whole number"],
  ["/items/0/quantity", -1, "is negative"],
  ["/buyer/consents/0/scope", "all", "is not one of review, offer"],
])("an order whose %s is %j goes to quarantine, which says why", (field, value, reason) => {
  const reading = read(said("order.placed", at, { order: changed(wholeOrder, { [field]: value }) }));
  expect(reading).toEqual({ kind: "unreadable", pointer: `/data/order${field}`, reason });
});

test("ratings are from 1 to 5", () => {
  for (const [rating, kind] of [
    [1, "facts"],
    [4.5, "facts"],
    [5, "facts"],
    [0, "unreadable"],
    [6, "unreadable"],
    ["5", "unreadable"],
    [null, "unreadable"],
  ] as const) {
    expect(read(said("review.posted", at, { order, review: { id: "V-1", rating } })).kind, String(rating)).toBe(kind);
  }
});

test("a type that only looks like one of the contract's is ignored, and none at all goes to quarantine", () => {
  for (const type of ["order.Placed", "order", "toString", "__proto__", ""])
    expect(read({ topic: type, body: { type } }).kind, type).toBe("ignored");
  for (const type of [undefined, null, 1, ["order.placed"]])
    expect(read({ topic: "", body: { type } })).toMatchObject({ kind: "unreadable", pointer: "/type" });
});

test("fields that the contract does not know are passed over", () => {
  const extra = changed(wholeOrder, { "/internal": { a: [1] }, "/buyer/phone": "+43 1" });
  expect(factsOf(said("order.placed", at, { order: extra }))).toEqual(factsOf(said("order.placed", at, { order: wholeOrder })));
});

test("a line of an import is read like a webhook's body", () => {
  const message = said("order.placed", at, { order: wholeOrder });
  expect(readStandard(message.body)).toEqual(read(message));
});

test("the schemas describe the input as JSON Schema, with every type of the contract", () => {
  const schema = JSON.stringify(z.toJSONSchema(standardEvent, { io: "input" }));
  for (const type of ["order.placed", "shipment.updated", "review.removed", "dispute.closed", "return.opened", "buyer.answered"]) {
    expect(schema).toContain(`"${type}"`);
  }
});
