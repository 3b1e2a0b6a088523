import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Fact, Saying } from "../../src/core/facts.ts";
import type { Reading } from "../../src/sources/adapter.ts";
import { adapters } from "../../src/sources/registry.ts";
import { changed, fixture } from "./support/edit.ts";

const order = fixture("shopify/order.2026-07.json");
const fulfillment = fixture("shopify/fulfillment.2026-07.json");
const event = fixture("shopify/fulfillment_event.2026-07.json");
const refund = fixture("shopify/refund.2026-07.json");

function read(topic: string, body: unknown, headers: Record<string, string> = {}): Reading {
  return adapters.shopify.read({ headers: { "x-shopify-topic": topic, ...headers }, body: Buffer.from(JSON.stringify(body)) });
}

function facts(topic: string, body: unknown, changes: Readonly<Record<string, unknown>> = {}): readonly Fact[] {
  const reading = read(topic, changed(body, changes));
  if (reading.kind !== "facts") throw new Error(JSON.stringify(reading));
  return reading.facts;
}

/** What the order says of one kind of thing, after some of its fields were changed. */
function orderSays<Kind extends Saying["kind"]>(
  kind: Kind,
  changes: Readonly<Record<string, unknown>> = {},
): Extract<Saying, { kind: Kind }> | undefined {
  return sayings(facts("orders/updated", order, changes), kind)[0];
}

function sayings<Kind extends Saying["kind"]>(all: readonly Fact[], kind: Kind): readonly Extract<Saying, { kind: Kind }>[] {
  return all.flatMap(({ says }) => (isKind(says, kind) ? [says] : []));
}

function isKind<Kind extends Saying["kind"]>(says: Saying, kind: Kind): says is Extract<Saying, { kind: Kind }> {
  return says.kind === kind;
}

const item = (id: string, colour: string, ships = true) => ({
  id,
  sku: `IPOD2008${colour.toUpperCase()}`,
  title: "IPod Nano - 8gb",
  variant: colour,
  quantity: 1,
  price: "199.00",
  imageUrl: null,
  url: null,
  ships,
});

const trackedParcel = {
  kind: "shipment",
  id: "255858046",
  dispatchedAt: null,
  void: true,
  carrier: "USPS",
  service: null,
  trackingNumber: "1Z1234512345123456",
  trackingUrl: "https://tools.usps.com/go/TrackConfirmAction_input?qtc_tLabels1=1Z1234512345123456",
  items: [{ id: "466157049", quantity: 1 }],
};

describe("recorded payloads", () => {
  const recorded = (name: string, topic: string): Reading =>
    adapters.shopify.read({
      headers: { "x-shopify-topic": topic },
      body: readFileSync(new URL(`../fixtures/shopify/${name}.2026-07.json`, import.meta.url)),
    });

  const told = (at: string, cancellation: unknown, refundAt: string) => {
    const snapshot = [
      {
        kind: "order",
        number: "1001",
        placedAt: "2008-01-10T16:00:00.000Z",
        currency: "USD",
        total: "598.94",
        url: "https://jsmith.myshopify.com/548380009/orders/b1946ac92492d2347c6235b4d2611184/authenticate?key=imasecretipod",
        tags: [],
        promisedDispatchBy: null,
        test: false,
        nothingShips: false,
      },
      { kind: "buyer", id: "207119551", email: "bob.norman@mail.example.com", name: "Bob Norman", locale: null },
      {
        kind: "address",
        country: "US",
        region: "KY",
        postalCode: "40202",
        city: "Louisville",
        latitude: 45.41634,
        longitude: -75.6868,
      },
      { kind: "payment", paidAt: "2008-01-10T16:00:00.000Z" },
      cancellation,
      // One red one is left; the green and the black one were refunded, which is told below.
      { kind: "items", items: [item("466157049", "green"), item("518995019", "red"), item("703073504", "black")] },
    ].map((says) => ({ order: "450789469", at, says }));
    return {
      kind: "facts",
      facts: [
        ...snapshot,
        { order: "450789469", at: "2025-04-02T16:29:59.000Z", says: trackedParcel },
        {
          order: "450789469",
          at: refundAt,
          says: {
            kind: "refund",
            id: "509562969",
            refundedAt: "2025-04-02T16:29:59.000Z",
            amount: "209.00",
            items: [
              { id: "703073504", quantity: 1 },
              { id: "466157049", quantity: 1 },
            ],
          },
        },
      ],
    };
  };

  test("an order says all its parts, each at its own time", () => {
    const notCancelled = { kind: "cancellation", cancelledAt: null, reason: null };
    const wanted = told("2008-01-10T16:00:00.000Z", notCancelled, "2025-04-02T16:29:59.000Z");
    for (const topic of ["orders/create", "orders/updated", "orders/paid", "orders/fulfilled", "orders/partially_fulfilled"]) {
      expect(recorded("order", topic), topic).toEqual(wanted);
    }
  });

  test("a cancelled order says since when and why", () => {
    expect(recorded("orders_cancelled", "orders/cancelled")).toEqual(
      told(
        "2025-04-02T16:31:25.000Z",
        { kind: "cancellation", cancelledAt: "2025-04-02T16:31:25.000Z", reason: "other" },
        "2025-04-02T16:31:25.000Z",
      ),
    );
  });

  test("a fulfilment that failed is void and has no scan", () => {
    for (const topic of ["fulfillments/create", "fulfillments/update"]) {
      expect(recorded("fulfillment", topic)).toEqual({
        kind: "facts",
        facts: [{ order: "450789469", at: "2025-04-02T16:38:15.000Z", says: trackedParcel }],
      });
    }
  });

  test("a fulfilment event is a scan of its parcel", () => {
    expect(recorded("fulfillment_event", "fulfillment_events/create")).toEqual({
      kind: "facts",
      facts: [
        {
          order: "450789469",
          at: "2025-04-02T16:39:30.000Z",
          says: {
            kind: "scan",
            shipment: "255858046",
            status: "in_transit",
            occurredAt: "2025-04-02T16:39:30.000Z",
            description: null,
            location: null,
          },
        },
      ],
    });
  });

  test("a refund says how much and of what", () => {
    expect(recorded("refund", "refunds/create")).toEqual({
      kind: "facts",
      facts: [
        {
          order: "450789469",
          at: "2025-04-02T16:38:34.000Z",
          says: {
            kind: "refund",
            id: "929361472",
            refundedAt: "2025-04-02T16:38:34.000Z",
            amount: "41.94",
            items: [{ id: "518995019", quantity: 1 }],
          },
        },
      ],
    });
  });
});

describe("an order", () => {
  test("is a test when it says so, when it is Shopify's own sample, and when it came as a test notification (IN-16)", () => {
    expect(orderSays("order", { "/test": true })?.test).toBe(true);
    expect(orderSays("order", { "/test": null })?.test).toBe(false);
    const sample = JSON.stringify(order).replace('"id":450789469', '"id":820982911946154508').replaceAll("/", "\\/");
    const reading = adapters.shopify.read({ headers: { "x-shopify-topic": "orders/create" }, body: Buffer.from(sample) });
    expect(reading).toMatchObject({
      kind: "facts",
      facts: [{ order: "820982911946154508", says: { kind: "order", test: true } }, {}, {}, {}, {}, {}, {}, {}],
    });
    expect(read("orders/create", order, { "x-shopify-test": "true" })).toMatchObject({
      facts: [{ says: { test: true } }, {}, {}, {}, {}, {}, {}, {}],
    });
    expect(read("orders/create", order, { "x-shopify-test": "false" })).toMatchObject({
      facts: [{ says: { test: false } }, {}, {}, {}, {}, {}, {}, {}],
    });
  });

  test.each([
    ["paid", "2008-01-10T16:00:00.000Z"],
    ["partially_refunded", "2008-01-10T16:00:00.000Z"],
    ["refunded", "2008-01-10T16:00:00.000Z"],
    ["pending", null],
    ["authorized", null],
    ["partially_paid", null],
    ["voided", null],
    [null, null],
  ])("whose financial status is %s was paid at %s", (status, paidAt) => {
    expect(orderSays("payment", { "/financial_status": status })).toEqual({ kind: "payment", paidAt });
  });

  test("says nothing of what a subscription left out of its body", () => {
    const kinds = facts("orders/updated", order, {
      "/financial_status": undefined,
      "/cancelled_at": undefined,
      "/line_items": undefined,
      "/shipping_address": undefined,
      "/billing_address": undefined,
      "/email": undefined,
      "/contact_email": undefined,
      "/customer": undefined,
      "/fulfillments": undefined,
      "/refunds": undefined,
    }).map((fact) => fact.says.kind);
    expect(kinds).toEqual(["order"]);
  });

  test("lives where its bill goes when it has no shipping address", () => {
    for (const absent of [null, undefined]) {
      expect(orderSays("address", { "/shipping_address": absent })).toMatchObject({ country: "US", region: "KY", city: "Louisville" });
    }
  });

  test("takes the buyer's address where there is one, and else says there is none (IN-15)", () => {
    expect(orderSays("buyer", { "/email": "", "/contact_email": " a@mail.example " })?.email).toBe("a@mail.example");
    expect(orderSays("buyer", { "/email": null, "/contact_email": null })?.email).toBe("bob.norman@mail.example.com");
    expect(orderSays("buyer", { "/email": "", "/contact_email": null, "/customer": null })).toMatchObject({ email: null, id: null });
    expect(orderSays("buyer", { "/email": 7, "/contact_email": {}, "/customer/email": "" })?.email).toBeNull();
  });

  test("names the buyer as the customer, else as on the bill, and as on the parcel only where nothing else is known", () => {
    expect(orderSays("buyer", { "/customer/first_name": "Zoë", "/customer/last_name": null })?.name).toBe("Zoë");
    expect(orderSays("buyer", { "/customer": null, "/billing_address/name": "Zoë Paid" })?.name).toBe("Zoë Paid");
    expect(orderSays("buyer", { "/customer": null, "/billing_address": null, "/shipping_address/name": "Gift Getter" })?.name).toBe(
      "Gift Getter",
    );
    expect(orderSays("buyer", { "/shipping_address": null, "/customer": null, "/billing_address": null })?.name).toBeNull();
  });

  test("gives the buyer's language in BCP 47, or none", () => {
    for (const [written, read] of [
      ["de-AT", "de-AT"],
      ["pt_br", "pt-BR"],
      ["zh-hans-cn", "zh-Hans-CN"],
      ["", null],
      ["english please", null],
    ]) {
      expect(orderSays("buyer", { "/customer_locale": written })?.locale).toBe(read);
    }
  });

  test("counts what was ordered: lines an edit took off are gone, refunded ones stay (their refund is a fact of its own)", () => {
    const quantities = (changes: Readonly<Record<string, unknown>>) =>
      orderSays("items", changes)?.items.map(({ id, quantity }) => [id, quantity]);
    expect(quantities({ "/refunds": [] })).toEqual([["518995019", 1]]);
    expect(quantities({ "/line_items/1/quantity": 5, "/line_items/1/current_quantity": 3 })).toEqual([
      ["466157049", 1],
      ["518995019", 3],
      ["703073504", 1],
    ]);
    expect(quantities({ "/refunds": undefined })).toEqual([
      ["466157049", 1],
      ["518995019", 1],
      ["703073504", 1],
    ]);
  });

  test("ships nothing when it is all gift cards and downloads, or taken along at the till", () => {
    const digital = { "/line_items/0/requires_shipping": false, "/line_items/1/requires_shipping": false, "/line_items/2/gift_card": true };
    expect(orderSays("order", digital)?.nothingShips).toBe(true);
    expect(orderSays("items", digital)?.items.map((line) => line.ships)).toEqual([false, false, false]);
    expect(orderSays("order", { ...digital, "/line_items/2/gift_card": false })?.nothingShips).toBe(false);
    expect(orderSays("order", { "/source_name": "pos", "/shipping_address": null })?.nothingShips).toBe(true);
    expect(orderSays("order", { "/source_name": "pos" })?.nothingShips).toBe(false);
    expect(orderSays("order", { "/shipping_address": null, "/shipping_lines": [] })?.nothingShips).toBe(false);
    expect(orderSays("order", { "/shipping_address": null, "/line_items": [] })?.nothingShips).toBe(true);
  });

  test("keeps the shop's own style of numbers, without #, and falls back on the bare number", () => {
    expect(orderSays("order", { "/name": "#EN1001-A" })?.number).toBe("EN1001-A");
    expect(orderSays("order", { "/name": null })?.number).toBe("1001");
    expect(orderSays("order", { "/name": "#" })?.number).toBe("1001");
    expect(read("orders/create", changed(order, { "/name": " ", "/order_number": null }))).toEqual({
      kind: "unreadable",
      pointer: "/name",
      reason: "is missing",
    });
  });

  test("has its tags one by one, and only links that a mail may carry", () => {
    expect(orderSays("order", { "/tags": "Léon, Noël ,, VIP" })?.tags).toEqual(["Léon", "Noël", "VIP"]);
    for (const url of ["javascript:alert(1)", "/orders/1", "", "http://", "https://x.example/\n"]) {
      expect(orderSays("order", { "/order_status_url": url })?.url, url).toBe(url === "https://x.example/\n" ? "https://x.example/" : null);
    }
  });

  test("with only unfit niceties is read all the same", () => {
    const odd = {
      "/shipping_address/country_code": "USA",
      "/shipping_address/latitude": "45",
      "/tags": ["a"],
      "/customer": "Bob",
      "/client_details": 3,
    };
    expect(orderSays("address", odd)).toMatchObject({ country: null, latitude: null, city: "Louisville" });
    expect(orderSays("order", odd)?.tags).toEqual([]);
  });

  test("that was edited is not read from the summary of the edit: orders/updated follows", () => {
    expect(read("orders/edited", { order_edit: { id: 1, order_id: 450789469 } })).toMatchObject({
      kind: "ignored",
      reason: expect.stringContaining("orders/updated"),
    });
    for (const topic of ["toString", "__proto__"]) expect(read(topic, order).kind, topic).toBe("ignored");
  });

  test("without a topic is kept for a person to look at", () => {
    expect(read("", order)).toMatchObject({ kind: "unreadable" });
  });
});

describe("a fulfilment", () => {
  const shipment = (changes: Readonly<Record<string, unknown>>) =>
    sayings(facts("fulfillments/update", fulfillment, changes), "shipment")[0];
  const scans = (changes: Readonly<Record<string, unknown>>) => sayings(facts("fulfillments/update", fulfillment, changes), "scan");

  test.each([
    ["success", "2025-04-02T16:38:15.000Z", false],
    ["pending", null, false],
    ["open", null, false],
    ["cancelled", null, true],
    ["error", null, true],
    ["failure", null, true],
    ["something new", null, false],
    [null, null, false],
  ])("of status %s was dispatched at %s, void: %s", (status, dispatchedAt, isVoid) => {
    expect(shipment({ "/status": status })).toMatchObject({ dispatchedAt, void: isVoid });
  });

  test("keeps its dispatch when it is updated later", () => {
    expect(shipment({ "/status": "success", "/updated_at": "2025-04-09T11:38:15-05:00" })?.dispatchedAt).toBe("2025-04-02T16:38:15.000Z");
  });

  test.each([
    ["in_transit", "in_transit"],
    ["carrier_picked_up", "in_transit"],
    ["out_for_delivery", "out_for_delivery"],
    ["ready_for_pickup", "ready_for_pickup"],
    ["delivered", "delivered"],
    ["picked_up", "delivered"],
    ["attempted_delivery", "exception"],
    ["failure", "exception"],
    ["delayed", "exception"],
    ["returning_to_sender", "returned"],
    ["DELIVERED", "delivered"],
    ["confirmed", null],
    ["label_purchased", null],
    ["label_printed", null],
    ["something_new", null],
  ])("or its event of status %s means the scan %s", (status, scan) => {
    const wanted = scan === null ? [] : [scan];
    expect(scans({ "/status": "success", "/shipment_status": status }).map((one) => one.status)).toEqual(wanted);
    const reading = read("fulfillment_events/create", changed(event, { "/status": status }));
    expect(reading.kind === "facts" ? sayings(reading.facts, "scan").map((one) => one.status) : []).toEqual(wanted);
    expect(reading.kind).toBe(scan === null ? "ignored" : "facts");
  });

  test("that was taken back has no scans, whatever its status of shipment", () => {
    for (const status of ["cancelled", "pending"]) expect(scans({ "/status": status, "/shipment_status": "delivered" })).toEqual([]);
  });

  test("says the same alone as within its order", () => {
    const delivered = changed(fulfillment, { "/status": "success", "/shipment_status": "delivered" });
    const alone = facts("fulfillments/update", delivered);
    const within = facts("orders/updated", order, { "/fulfillments": [delivered] }).filter(
      ({ says }) => says.kind === "shipment" || says.kind === "scan",
    );
    expect(alone).toHaveLength(2);
    expect(within).toEqual(alone);
  });

  test("that tells a scan after its event did never moves the scan's earliest time", () => {
    const told = sayings(
      facts("fulfillment_events/create", event, { "/status": "delivered", "/happened_at": "2025-04-07T09:00:00-05:00" }),
      "scan",
    );
    const retold = scans({ "/status": "success", "/shipment_status": "delivered", "/updated_at": "2025-04-07T09:00:04-05:00" });
    expect([...retold, ...told].map((one) => one.occurredAt).sort()[0]).toBe("2025-04-07T14:00:00.000Z");
    expect(new Set([...told, ...retold].map((one) => `${one.shipment} ${one.status}`)).size).toBe(1);
  });

  test("finds its tracking number and link in either place", () => {
    const plural = shipment({ "/tracking_number": null, "/tracking_url": null });
    expect(plural).toMatchObject({ trackingNumber: trackedParcel.trackingNumber, trackingUrl: trackedParcel.trackingUrl });
    const none = shipment({
      "/tracking_number": "",
      "/tracking_numbers": [],
      "/tracking_url": "javascript:1",
      "/tracking_urls": null,
      "/tracking_company": "",
    });
    expect(none).toMatchObject({ trackingNumber: null, trackingUrl: null, carrier: null });
  });

  test("without lines holds everything, as far as anybody says", () => {
    expect(shipment({ "/line_items": [] })?.items).toBeNull();
    expect(shipment({ "/line_items": undefined })?.items).toBeNull();
  });

  test("of no order goes to quarantine", () => {
    expect(read("fulfillments/create", changed(fulfillment, { "/order_id": null }))).toEqual({
      kind: "unreadable",
      pointer: "/order_id",
      reason: "is not a string",
    });
  });
});

test("a scan tells where it happened, as far as it is known", () => {
  const [scan] = sayings(
    facts("fulfillment_events/create", event, { "/city": "Ottawa", "/province": null, "/country": "CA", "/message": "At the depot" }),
    "scan",
  );
  expect(scan).toMatchObject({ location: "Ottawa, CA", description: "At the depot" });
});

describe("a refund", () => {
  const amount = (changes: Readonly<Record<string, unknown>>) => sayings(facts("refunds/create", refund, changes), "refund")[0]?.amount;
  const transaction = { kind: "refund", status: "success", amount: "41.94", currency: "USD" };

  test("adds up what was paid back, to the cent, and only that", () => {
    expect(
      amount({
        "/transactions": [
          { ...transaction, amount: "0.10" },
          { ...transaction, amount: "0.2" },
        ],
      }),
    ).toBe("0.30");
    expect(amount({ "/transactions": [transaction, { ...transaction, status: "pending" }, { ...transaction, kind: "sale" }] })).toBe(
      "41.94",
    );
    expect(
      amount({
        "/transactions": [
          { ...transaction, amount: "1000" },
          { ...transaction, amount: 5 },
        ],
      }),
    ).toBe("1005");
    expect(
      amount({
        "/transactions": [
          { ...transaction, amount: "90071992547409.93" },
          { ...transaction, amount: "0.01" },
        ],
      }),
    ).toBe("90071992547409.94");
  });

  test("without money, or in another currency than the order's, has no amount and keeps its lines", () => {
    expect(amount({ "/transactions": [] })).toBeNull();
    expect(amount({ "/transactions": [{ ...transaction, status: "failure" }] })).toBeNull();
    expect(amount({ "/transactions": [{ ...transaction, currency: "CAD" }] })).toBeNull();
    expect(sayings(facts("refunds/create", refund, { "/transactions": [] }), "refund")[0]?.items).toEqual([
      { id: "518995019", quantity: 1 },
    ]);
  });

  test("told again in a later snapshot of its order replaces its first telling, and not the other way round", () => {
    const within = facts("orders/updated", order, { "/updated_at": "2025-04-03T00:00:00Z", "/refunds": [refund] }).find(
      ({ says }) => says.kind === "refund",
    );
    const alone = facts("refunds/create", refund)[0];
    expect(within?.says).toEqual(alone?.says);
    expect(within?.at).toBe("2025-04-03T00:00:00.000Z");
    expect(alone?.at).toBe("2025-04-02T16:38:34.000Z");
  });
});
