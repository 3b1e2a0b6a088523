import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { fullyRefundedAt } from "../../src/core/order-state.ts";
import { zoneOfBuyer } from "../../src/core/zone-of-buyer.ts";
import type { Reading } from "../../src/sources/adapter.ts";
import { adapters } from "../../src/sources/registry.ts";
import { factsOf, orderAfter, sayingsIn } from "./support/fold.ts";
import { wooSnapshot } from "./support/subjects.ts";

type Changes = Readonly<Record<string, unknown>>;

const later = "2026-01-20T08:00:00";

function read(topic: string, body: unknown, receivedAt?: string): Reading {
  const request = { headers: { "x-wc-webhook-topic": topic }, body: Buffer.from(JSON.stringify(body)) };
  return adapters.woocommerce.read(receivedAt === undefined ? request : { ...request, receivedAt: instantOf(receivedAt) });
}

const updated = (changes: Changes = {}, modified = later): Reading => read("order.updated", wooSnapshot(modified, changes));
const deleted = (receivedAt?: string) => read("order.deleted", { id: 727 }, receivedAt);
const known = (changes: Changes = {}) => orderAfter(updated(changes));

describe("a recorded order", () => {
  test("says all its parts at its date_modified_gmt, which means UTC", () => {
    const body = readFileSync(new URL("../fixtures/woocommerce/wc-v3-orders-doc-1.json", import.meta.url));
    for (const topic of ["order.created", "order.updated"]) {
      const reading = adapters.woocommerce.read({ headers: { "x-wc-webhook-topic": topic }, body });
      expect(factsOf(reading).map((fact) => [fact.order, fact.at])).toEqual(Array(8).fill(["727", "2017-03-22T19:28:08.000Z"]));
      expect(factsOf(reading).map((fact) => fact.says)).toEqual([
        {
          kind: "order",
          number: "727",
          placedAt: "2017-03-22T19:28:02.000Z",
          currency: "USD",
          total: "29.35",
          url: null,
          tags: [],
          promisedDispatchBy: null,
          test: false,
          nothingShips: false,
        },
        { kind: "buyer", id: null, email: "john.doe@example.com", name: "John Doe", locale: null },
        { kind: "address", country: "US", region: "CA", postalCode: "94103", city: "San Francisco", latitude: null, longitude: null },
        { kind: "payment", paidAt: "2017-03-22T19:28:08.000Z" },
        { kind: "cancellation", cancelledAt: null, reason: null },
        {
          kind: "items",
          items: [
            { ...item, id: "315", title: "Woo Single #1", quantity: 2, price: "3.00" },
            { ...item, id: "316", sku: "Bar3", title: "Ship Your Idea – Color: Black, Size: M Test", quantity: 1, price: "12.00" },
          ],
        },
        { kind: "list", of: "shipments", ids: [] },
        { kind: "list", of: "refunds", ids: [] },
      ]);
    }
  });

  const item = { sku: null, variant: null, imageUrl: null, url: null, ships: true };
});

describe("an order", () => {
  test.each([
    ["processing", "2026-01-05T08:00:00", "2026-01-05T08:00:00.000Z"],
    ["completed", "2026-01-05T08:00:00", "2026-01-05T08:00:00.000Z"],
    ["wc-processing", "2026-01-05T08:00:00", "2026-01-05T08:00:00.000Z"],
    ["refunded", "2026-01-05T08:00:00", "2026-01-05T08:00:00.000Z"],
    ["packed", "2026-01-05T08:00:00", "2026-01-05T08:00:00.000Z"],
    ["processing", null, "2026-01-05T08:00:00.000Z"],
    ["packed", null, null],
    ["on-hold", "2026-01-05T08:00:00", null],
    ["pending", "2026-01-05T08:00:00", null],
    ["pending", null, null],
    ["failed", "2026-01-05T08:00:00", null],
  ])("of status %s with date_paid_gmt %s was paid at %s", (status, paid, paidAt) => {
    const reading = updated({ "/status": status, "/date_paid_gmt": paid });
    expect(sayingsIn(reading, "payment")).toEqual([{ kind: "payment", paidAt }]);
  });

  test.each(["cancelled", "failed", "trash"])("of status %s is cancelled, and alive again when a later word says so", (status) => {
    const ended = updated({ "/status": status });
    expect(orderAfter(ended).cancelled).toEqual({ at: instantOf(`${later}Z`), reason: status });
    const again = updated({ "/status": "processing" }, "2026-01-21T08:00:00");
    expect(orderAfter(again, ended).cancelled).toBeNull();
    expect(orderAfter(ended, updated({ "/status": "processing" }, later)).cancelled).not.toBeNull();
  });

  test("that nobody has placed yet is ignored", () => {
    for (const status of ["checkout-draft", "auto-draft", "draft"]) {
      expect(read("order.created", wooSnapshot(later, { "/status": status }))).toMatchObject({ kind: "ignored" });
    }
  });

  test("keeps the shop's own number, and its id where it has none", () => {
    expect(known({ "/number": "#EN-1001/A" }).number).toBe("EN-1001/A");
    expect(known({ "/number": 4711 }).number).toBe("4711");
    expect(known({ "/number": "" }).number).toBe("727");
    expect(known({ "/number": undefined }).number).toBe("727");
  });

  test("is the same whether its tables number it or write its number (HPOS, plugins)", () => {
    expect(updated({ "/id": "727", "/customer_id": "0", "/line_items/0/id": "315", "/line_items/0/quantity": "2" })).toEqual(updated());
    const asObjects = {
      "/line_items": Object.fromEntries(lines.map((line, index) => [String(index * 2), line])),
      "/meta_data": { 0: { id: 13106, key: "_download_permissions_granted", value: "yes" } },
      "/refunds": {},
    };
    expect(updated(asObjects)).toEqual(updated());
    expect(updated({ "/meta_data": { _download_permissions_granted: "yes" } })).toEqual(updated());
  });

  test("has its times in UTC, also where a plugin adds the zone", () => {
    expect(known({ "/date_created_gmt": "2026-01-05T09:00:00+01:00" }).placedAt).toBe(instantOf("2026-01-05T08:00:00Z"));
    expect(known({ "/date_created_gmt": "2026-01-05 08:00:00" }).placedAt).toBe(instantOf("2026-01-05T08:00:00Z"));
  });

  test("whose webhook is of an old version says which to choose", () => {
    const v1 = wooSnapshot(later, { "/date_created_gmt": undefined });
    expect(read("order.updated", v1)).toMatchObject({
      kind: "unreadable",
      pointer: "/date_created_gmt",
      reason: expect.stringContaining("v3"),
    });
    const legacy = { order: { id: 727, created_at: "2026-01-05T08:00:00Z" } };
    expect(read("order.updated", legacy)).toMatchObject({ kind: "unreadable", pointer: "/order", reason: expect.stringContaining("v3") });
  });

  test("goes where its shipping address says, else where the bill goes", () => {
    const elsewhere = { "/shipping/country": "DE", "/shipping/city": "Köln", "/shipping/state": "DE-NW", "/shipping/postcode": "50667" };
    expect(known(elsewhere).address).toMatchObject({ country: "DE", city: "Köln", region: "DE-NW", postalCode: "50667" });
    const empty = { "/shipping/country": "", "/shipping/city": "", "/shipping/state": "", "/shipping/postcode": "" };
    expect(known(empty).address).toMatchObject({ country: "US", city: "San Francisco", region: "CA" });
    expect(known({ "/shipping": undefined }).address).toMatchObject({ country: "US", city: "San Francisco" });
  });

  test("sent as a gift is its payer's: their name, their address to write to, and the gift's place", () => {
    const gift = known({
      "/shipping/first_name": "Ada",
      "/shipping/last_name": "Getter",
      "/shipping/city": "Reno",
      "/shipping/state": "NV",
    });
    expect(gift.buyer).toMatchObject({ name: "John Doe", email: "john.doe@example.com" });
    expect(gift.address).toMatchObject({ city: "Reno", region: "NV" });
  });

  test("whose buyer or address was corrected has the newer ones, however they come", () => {
    const before = updated();
    const after = updated({ "/billing/email": "john@new.example", "/shipping/city": "Oakland" }, "2026-01-21T08:00:00");
    for (const order of [orderAfter(before, after), orderAfter(after, before)]) {
      expect(order.buyer.email).toBe("john@new.example");
      expect(order.address.city).toBe("Oakland");
    }
  });

  test("without an e-mail address says so (IN-15)", () => {
    for (const email of ["", null, undefined, false]) expect(known({ "/billing/email": email }).buyer.email, String(email)).toBeNull();
  });

  test.each([
    ["wpml_language", "pt-br", "pt-BR"],
    ["weglot_language", "de", "de"],
    ["trp_language", "es_MX", "es-MX"],
    ["wpml_language", "", null],
    ["wpml_language", ["de"], null],
    ["language", "de", null],
  ])("whose %s is %j is in %s", (key, value, locale) => {
    expect(known({ "/meta_data": [{ id: 1, key, value }] }).buyer.locale).toBe(locale);
  });

  test("in any state of Mexico tells its buyer's zone, although WooCommerce has codes of its own there", () => {
    const codes = "DF JA NL AG BC BS CM CS CH CO CL DG GT GR HG MX MI MO NA OA PU QT QR SL SI SO TB TM TL VE YU ZA".split(" ");
    for (const state of codes) {
      const { address } = known({ "/shipping/country": "MX", "/shipping/state": state, "/shipping/postcode": "" });
      expect(zoneOfBuyer(address, "Europe/Berlin").from, state).toBe("region");
    }
    const { address } = known({ "/shipping/country": "MX", "/shipping/state": "BS", "/shipping/postcode": "" });
    expect(zoneOfBuyer(address, "Europe/Berlin").zone).toBe("America/Mazatlan");
  });
});

const lines = [
  {
    id: 315,
    name: "Woo Single #1",
    product_id: 93,
    variation_id: 0,
    quantity: 2,
    subtotal: "6.00",
    subtotal_tax: "0.45",
    total: "6.00",
    meta_data: [],
    sku: "",
    price: 3,
  },
  {
    id: 316,
    name: "Ship Your Idea &ndash; Color: Black, Size: M Test",
    product_id: 22,
    variation_id: 23,
    quantity: 1,
    subtotal: "12.00",
    subtotal_tax: "0.90",
    total: "12.00",
    meta_data: [
      { id: 2095, key: "pa_color", value: "black" },
      { id: 2096, key: "size", value: "M Test" },
    ],
    sku: "Bar3",
    price: 12,
  },
];

describe("a line", () => {
  const first = (changes: Changes) => known(changes).items[0];

  test("is named as the shop shows it, its variation apart", () => {
    expect(first({ "/line_items/0/name": "Shirt - Blue, L", "/line_items/0/parent_name": "Shirt" })).toMatchObject({
      title: "Shirt",
      variant: "Blue, L",
    });
    const many = {
      "/line_items/0/name": "Shirt",
      "/line_items/0/variation_id": 7,
      "/line_items/0/meta_data": [
        { key: "pa_color", value: "blue", display_key: "Color", display_value: "Blue" },
        { key: "pa_size", value: "l", display_key: "Size", display_value: "L &amp; wide" },
        { key: "_reduced_stock", value: "1" },
        { key: "addon", value: { text: "for Ada" } },
      ],
    };
    expect(first(many)).toMatchObject({ title: "Shirt", variant: "Blue, L & wide" });
    expect(first({ ...many, "/line_items/0/variation_id": 0 })).toMatchObject({ title: "Shirt", variant: null });
  });

  test("has its name in letters, not in HTML's entities, and nothing undone twice", () => {
    expect(first({ "/line_items/0/name": "Tea &amp; Cake &#8211; 250&nbsp;g &#x201c;M&#x201D;" })?.title).toBe(
      "Tea & Cake – 250\u00a0g “M”",
    );
    expect(first({ "/line_items/0/name": "&amp;lt;b&amp;gt; &unknown; &#0;&#xD800;&#1114112;&;" })?.title).toBe(
      "&lt;b&gt; &unknown; &#0;&#xD800;&#1114112;&;",
    );
  });

  test.each([
    [{ "/line_items/0/subtotal": "29.97", "/line_items/0/quantity": 3 }, "9.99"],
    [{ "/line_items/0/subtotal": "10.00", "/line_items/0/quantity": 3 }, "3.33"],
    [{ "/line_items/0/subtotal": "20.00", "/line_items/0/quantity": 3 }, "6.67"],
    [{ "/line_items/0/subtotal": "1001", "/line_items/0/quantity": 2 }, "501"],
    [{ "/line_items/0/subtotal": "0.01", "/line_items/0/quantity": 2 }, "0.01"],
    [{ "/line_items/0/subtotal": "8.40", "/line_items/0/subtotal_tax": "1.60", "/prices_include_tax": true }, "5.00"],
    [{ "/line_items/0/subtotal": "8.40", "/line_items/0/subtotal_tax": "1.60" }, "4.20"],
    [{ "/line_items/0/subtotal": undefined, "/line_items/0/price": 3.3333333333333335 }, "3.33"],
    [{ "/line_items/0/subtotal": undefined, "/line_items/0/price": "3.5" }, "3.50"],
  ])("%j costs %s each, as the shop shows prices", (changes, price) => {
    expect(first(changes)?.price).toBe(price);
  });

  test("sold by weight counts as begun pieces", () => {
    expect(first({ "/line_items/0/quantity": "2.5" })?.quantity).toBe(3);
  });

  test("shows its picture, where there is one", () => {
    expect(first({ "/line_items/0/image": { id: 5, src: "https://shop.example/a.jpg" } })?.imageUrl).toBe("https://shop.example/a.jpg");
    for (const image of [{ id: "", src: "" }, { id: 0, src: false }, null])
      expect(first({ "/line_items/0/image": image })?.imageUrl).toBeNull();
  });
});

describe("refunds", () => {
  const refund = (id: number, total: string) => ({ id, reason: "", total });

  test("are told without a time: theirs is that of the first word of them, however often and in whatever order it is told", () => {
    const readings = ["2026-01-20T10:00:00", "2026-01-20T08:00:00", "2026-01-20T09:00:00"].map((modified) =>
      updated({ "/refunds": [refund(726, "-10.00")] }, modified),
    );
    for (const order of [orderAfter(...readings), orderAfter(...readings.toReversed())]) {
      expect(order.refunds).toEqual([{ id: "726", at: instantOf("2026-01-20T08:00:00Z"), amount: "10.00", items: [] }]);
    }
  });

  test("in full are so by their sum", () => {
    const parts = updated({ "/refunds": [refund(726, "-10.00"), refund(728, "-19.35")] });
    expect(fullyRefundedAt(orderAfter(parts))).toBe(instantOf(`${later}Z`));
    expect(fullyRefundedAt(orderAfter(updated({ "/refunds": [refund(726, "-10.00")] })))).toBeNull();
  });

  test("in full are so by the order's status, with or without a refund that says it", () => {
    expect(fullyRefundedAt(known({ "/status": "refunded" }))).not.toBeNull();
    expect(fullyRefundedAt(known({ "/status": "refunded", "/refunds": undefined }))).not.toBeNull();
    const told = known({ "/status": "refunded", "/refunds": [refund(726, "-29.35")] });
    expect(told.refunds.map(({ id, amount }) => [id, amount])).toEqual([["726", "29.35"]]);
    const half = known({ "/status": "refunded", "/refunds": [refund(726, "-10.00")] });
    expect(half.refunds.map(({ amount }) => amount).sort()).toEqual(["10.00", "19.35"]);
  });

  test("that were deleted are gone", () => {
    const made = updated({ "/refunds": [refund(726, "-29.35")] });
    const gone = updated({ "/refunds": [] }, "2026-01-20T09:00:00");
    for (const order of [orderAfter(made, gone), orderAfter(gone, made)]) expect(order.refunds).toEqual([]);
  });
});

describe("a deleted order (IN-10)", () => {
  const restored = read("order.restored", wooSnapshot("2026-01-19T08:00:00", { "/status": "processing" }));

  test("is cancelled, although its body is the id alone, and no word about it takes that back", () => {
    const gone = deleted("2026-01-18T08:00:00Z");
    expect(orderAfter(gone, updated({}, "2026-03-01T00:00:00")).cancelled).toEqual({
      at: instantOf("2026-01-18T08:00:00Z"),
      reason: "deleted at the shop",
    });
    expect(orderAfter(updated(), gone)).toEqual(orderAfter(gone, updated()));
    expect(orderAfter(gone)).toMatchObject({ known: false });
  });

  test("is dated after all that is known of it when nobody says when it came", () => {
    expect(orderAfter(deleted(), updated()).cancelled?.at).toBe(instantOf(`${later}Z`));
  });

  test("is alive again when it is restored, in whichever order the two come, and whatever the shop's clock says", () => {
    for (const gone of [deleted(), deleted("2026-02-01T00:00:00Z")]) {
      expect(orderAfter(gone, restored).cancelled).toBeNull();
      expect(orderAfter(restored, gone).cancelled).toBeNull();
    }
  });
});

test("a topic that tells no order is ignored, with the reason (IN-13)", () => {
  expect(read("action.woocommerce_order_status_completed", { action: "woocommerce_order_status_completed", arg: 727 })).toMatchObject({
    kind: "ignored",
    reason: expect.stringContaining("tells an id and no more"),
  });
  for (const topic of ["customer.updated", "product.created", "coupon.deleted", "subscription.created", "order.archived"]) {
    expect(read(topic, wooSnapshot(later)).kind, topic).toBe("ignored");
  }
  expect(read("", wooSnapshot(later)).kind).toBe("unreadable");
});
