import { describe, expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { dispatchedOf, openCase } from "../../src/core/order-state.ts";
import type { Reading } from "../../src/sources/adapter.ts";
import { adapters } from "../../src/sources/registry.ts";
import { changed, fixture } from "./support/edit.ts";
import { orderAfter, sayingsIn } from "./support/fold.ts";

type Changes = Readonly<Record<string, unknown>>;

const order = fixture("shopify/order.2026-07.json");
const fulfillment = changed(fixture("shopify/fulfillment.2026-07.json"), { "/status": "success" });
const dispute = fixture("shopify/dispute.json");

function read(topic: string, body: unknown, headers: Readonly<Record<string, string>> = {}, receivedAt?: string): Reading {
  const request = { headers: { "x-shopify-topic": topic, ...headers }, body: Buffer.from(JSON.stringify(body)) };
  return adapters.shopify.read(receivedAt === undefined ? request : { ...request, receivedAt: instantOf(receivedAt) });
}

const placed = (changes: Changes = {}) => read("orders/updated", changed(order, { "/fulfillments": [], "/refunds": [], ...changes }));
const parcel = (changes: Changes = {}) => read("fulfillments/update", changed(fulfillment, changes));

describe("a deleted order", () => {
  const body = { id: 450789469 };

  test("is cancelled for good, whatever is told of it afterwards or was told before", () => {
    const gone = read("orders/delete", body, { "x-shopify-triggered-at": "2026-01-20T08:00:00.123Z" });
    const late = placed({ "/updated_at": "2026-02-01T08:00:00Z" });
    for (const told of [orderAfter(gone, late), orderAfter(late, gone)]) {
      expect(told.cancelled).toEqual({ at: instantOf("2026-01-20T08:00:00.123Z"), reason: "deleted at the shop" });
    }
  });

  test("is dated by its event, else by when it came, else after all that is known of it", () => {
    expect(orderAfter(read("orders/delete", body, {}, "2026-01-21T08:00:00Z")).cancelled?.at).toBe(instantOf("2026-01-21T08:00:00Z"));
    const undated = read("orders/delete", body, { "x-shopify-triggered-at": "yesterday" });
    expect(orderAfter(undated, placed()).cancelled?.at).toBe(instantOf("2008-01-10T16:00:00Z"));
  });

  test("keeps the reason it was cancelled for before", () => {
    const cancelled = placed({ "/cancelled_at": "2008-01-11T00:00:00Z", "/cancel_reason": "fraud" });
    expect(orderAfter(cancelled, read("orders/delete", body)).cancelled).toMatchObject({ reason: "fraud" });
  });

  test("without an id goes to quarantine", () => {
    expect(read("orders/delete", {})).toMatchObject({ kind: "unreadable", pointer: "/id" });
  });
});

describe("a dispute", () => {
  const told = (changes: Changes, triggeredAt?: string) =>
    read("disputes/update", changed(dispute, changes), triggeredAt === undefined ? {} : { "x-shopify-triggered-at": triggeredAt });

  test("opens a case of its order", () => {
    expect(read("disputes/create", dispute)).toEqual({
      kind: "facts",
      facts: [
        {
          order: "450789469",
          at: "2026-01-21T00:00:00.000Z",
          says: {
            kind: "case",
            id: "285332461850802050",
            type: "dispute",
            state: "open",
            changedAt: "2026-01-21T00:00:00.000Z",
            reason: "fraudulent",
            outcome: null,
          },
        },
      ],
    });
  });

  test.each([
    ["needs_response", "open", null],
    ["under_review", "open", null],
    ["something_new", "open", null],
    ["accepted", "closed", "accepted"],
    ["charge_refunded", "closed", "charge_refunded"],
    ["won", "closed", "won"],
    ["lost", "closed", "lost"],
    ["WON", "closed", "won"],
  ])("of status %s is %s", (status, state, outcome) => {
    expect(sayingsIn(told({ "/status": status }), "case")).toMatchObject([{ state, outcome }]);
  });

  test("that ended stays so when an older word of it comes late, and when neither says when it was said", () => {
    const won = { "/status": "won", "/finalized_on": "2026-02-10T00:00:00Z" };
    const open = told({}, "2026-01-25T00:00:00Z");
    for (const ended of [told(won, "2026-02-10T00:00:05Z"), told(won), told({ "/status": "won" }, "2026-02-10T00:00:05Z")]) {
      expect(openCase(orderAfter(open, ended))).toBeNull();
      expect(openCase(orderAfter(ended, open))).toBeNull();
    }
    expect(openCase(orderAfter(told({ "/status": "won" }), told({})))).toBeNull();
  });

  test("that goes on after an inquiry is open again", () => {
    const settled = told({ "/status": "won" }, "2026-01-25T00:00:00Z");
    const chargeback = told({ "/type": "chargeback" }, "2026-01-28T00:00:00Z");
    expect(openCase(orderAfter(chargeback, settled))).not.toBeNull();
  });

  test("of no order is ignored", () => {
    expect(told({ "/order_id": null })).toMatchObject({ kind: "ignored" });
  });
});

describe("a wish of a buyer or the shop (IN-18)", () => {
  const email = "bob.norman@mail.example.com";

  test("to erase a buyer names them and their orders, ids beyond 2^53 included", () => {
    const body = JSON.stringify(fixture("shopify/customers_redact.json")).replace(/82098291194615\d+/, "820982911946154507");
    const reading = adapters.shopify.read({ headers: { "x-shopify-topic": "customers/redact" }, body: Buffer.from(body) });
    expect(reading).toMatchObject({
      request: { type: "erase-buyer", buyerId: "207119551", email, orders: ["450789469", "820982911946154507"] },
    });
  });

  test("for a buyer's data names them and their orders", () => {
    expect(read("customers/data_request", fixture("shopify/customers_data_request.json"))).toMatchObject({
      request: { type: "export-buyer", buyerId: "207119551", email, orders: ["450789469"] },
    });
  });

  test("to erase or to leave the shop needs nothing but its topic", () => {
    expect(read("shop/redact", { shop_id: 954889, shop_domain: "jsmith.myshopify.com" })).toMatchObject({
      request: { type: "erase-shop" },
    });
    expect(read("app/uninstalled", { id: 954889, name: "Jsmith" })).toMatchObject({ request: { type: "uninstalled" } });
  });

  test("that nobody acts on stays in quarantine, says what is to be done, and does not show the address there", () => {
    for (const topic of ["customers/redact", "customers/data_request", "shop/redact", "app/uninstalled"]) {
      const body = topic === "customers/redact" ? fixture("shopify/customers_redact.json") : fixture("shopify/customers_data_request.json");
      const reading = read(topic, body);
      expect(reading, topic).toMatchObject({ kind: "unreadable", pointer: "" });
      expect(reading.kind === "unreadable" && reading.reason, topic).toMatch(/^(asks|says) /);
      expect(reading.kind === "unreadable" && reading.reason, topic).not.toContain("bob.norman");
    }
  });

  test("is understood whatever is written for an address, which stays what was written", () => {
    for (const odd of ["a@x.example,b@y.example", "", " ", "a\0@x.example", "\ud800"]) {
      const reading = read("customers/redact", changed(fixture("shopify/customers_redact.json"), { "/customer/email": odd }));
      const wanted = odd.trim() === "" ? null : odd.replace(/[\0\ud800]/g, "\ufffd");
      expect(reading, JSON.stringify(odd)).toMatchObject({ request: { email: wanted } });
    }
  });

  test("is understood with only an address or only an id, and quarantined whole rather than done by halves", () => {
    const wish = (changes: Changes) => read("customers/redact", changed(fixture("shopify/customers_redact.json"), changes));
    expect(wish({ "/customer": { email } })).toMatchObject({ request: { buyerId: null, email } });
    expect(wish({ "/customer": { id: 1 }, "/orders_to_redact": [] })).toMatchObject({ request: { buyerId: "1", email: null, orders: [] } });
    for (const broken of [wish({ "/orders_to_redact": [1, {}] }), wish({ "/customer/id": {} }), wish({ "/customer": "Bob" })]) {
      expect(broken.kind === "unreadable" && broken.request).toBeUndefined();
    }
  });
});

describe("edits", () => {
  test("of the address and the e-mail hold over older ones, in whichever order they come (IN-07)", () => {
    const before = placed();
    const after = placed({
      "/updated_at": "2008-01-11T11:00:00-05:00",
      "/email": "bob@new.example",
      "/contact_email": "bob@new.example",
      "/shipping_address/city": "Lexington",
      "/shipping_address/zip": "40507",
    });
    for (const told of [orderAfter(before, after), orderAfter(after, before)]) {
      expect(told.buyer.email).toBe("bob@new.example");
      expect(told.address).toMatchObject({ city: "Lexington", postalCode: "40507" });
    }
  });

  test("that take a line off are seen in the order that follows", () => {
    const after = placed({ "/updated_at": "2008-01-11T11:00:00-05:00", "/line_items/1/current_quantity": 0, "/refunds": [] });
    expect(orderAfter(placed(), after).items.map(({ id }) => id)).not.toContain("518995019");
  });
});

describe("parcels", () => {
  const half = (id: number, line: number, status = "success") =>
    changed(fulfillment, {
      "/id": id,
      "/status": status,
      "/line_items": [{ id: line, quantity: 1, requires_shipping: true }],
      "/tracking_number": `RR00000000${id}CN`,
    });

  test("of an order that was split are each their own, whichever topic tells of them", () => {
    const readings = [
      placed(),
      read("fulfillments/create", half(1, 466157049)),
      read("orders/partially_fulfilled", changed(order, { "/fulfillments": [half(1, 466157049)], "/refunds": [] })),
      read("orders/fulfilled", changed(order, { "/fulfillments": [half(1, 466157049), half(2, 518995019)], "/refunds": [] })),
    ];
    for (const told of [orderAfter(...readings), orderAfter(...readings.toReversed())]) {
      expect(dispatchedOf(told).map(({ id, items }) => [id, items])).toEqual([
        ["1", [{ id: "466157049", quantity: 1 }]],
        ["2", [{ id: "518995019", quantity: 1 }]],
      ]);
    }
  });

  test("that were taken back are none, also when the older word comes last", () => {
    const sent = parcel({ "/updated_at": "2025-04-02T11:38:15-05:00" });
    const taken = parcel({ "/status": "cancelled", "/updated_at": "2025-04-02T12:00:00-05:00" });
    for (const told of [orderAfter(placed(), sent, taken), orderAfter(placed(), taken, sent)]) expect(told.shipments).toEqual([]);
  });

  test("are none of what does not travel, although the shop 'fulfils' that as well", () => {
    const digital = {
      "/line_items": [
        { id: 1, quantity: 1, requires_shipping: false },
        { id: 2, quantity: 1, gift_card: true },
      ],
    };
    expect(orderAfter(placed(), parcel(digital)).shipments).toEqual([]);
    const mixed = {
      "/line_items": [
        { id: 1, quantity: 1, requires_shipping: false },
        { id: 2, quantity: 1, requires_shipping: true },
      ],
    };
    expect(orderAfter(placed(), parcel(mixed)).shipments).toHaveLength(1);
  });

  test.each([
    ["sold over the counter", { "/source_name": "pos", "/shipping_address": null }],
    ["picked up", { "/shipping_address": null }],
  ])("are none of an order that was %s, unless it has a tracking number after all", (_, changes) => {
    const handedOver = parcel({ "/tracking_number": null, "/tracking_numbers": [], "/tracking_url": null, "/tracking_urls": [] });
    expect(orderAfter(placed(changes), handedOver)).toMatchObject({ nothingShips: true, shipments: [] });
    expect(orderAfter(placed(changes), parcel()).shipments).toHaveLength(1);
    expect(orderAfter(placed(), handedOver).shipments).toHaveLength(1);
  });
});

test("a gift is its buyer's: their name and address to write to, though it goes to somebody else", () => {
  const gift = orderAfter(placed({ "/shipping_address/name": "Ada Getter", "/shipping_address/city": "Reno" }));
  expect(gift.buyer).toMatchObject({ name: "Bob Norman", email: "bob.norman@mail.example.com" });
  expect(gift.address.city).toBe("Reno");
});
