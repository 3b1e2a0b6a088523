import { describe, expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import type { Reading } from "../../src/sources/adapter.ts";
import { adapters } from "../../src/sources/registry.ts";
import { orderAfter } from "./support/fold.ts";
import { wooSnapshot, wooTracked, wooTracking } from "./support/subjects.ts";

type Changes = Readonly<Record<string, unknown>>;

const later = "2026-01-20T08:00:00";

function updated(changes: Changes = {}, modified = later): Reading {
  const body = Buffer.from(JSON.stringify(wooSnapshot(modified, changes)));
  return adapters.woocommerce.read({ headers: { "x-wc-webhook-topic": "order.updated" }, body });
}

const known = (changes: Changes = {}) => orderAfter(updated(changes));

describe("WooCommerce's parcels", () => {
  const parcels = (entries: unknown, changes: Changes = {}) =>
    known({ "/meta_data": [{ id: 9, key: "_wc_shipment_tracking_items", value: entries }], ...changes }).shipments;

  test("are a tracking plugin's entries, in whatever form its list is kept", () => {
    const wanted = [
      {
        id: wooTracking.tracking_id,
        dispatchedAt: instantOf("2026-01-06T09:00:00Z"),
        carrier: "Australia Post",
        service: null,
        trackingNumber: "RR473124829FI",
        trackingUrl: null,
        items: null,
        scans: [],
      },
    ];
    for (const form of [
      [wooTracking],
      { 0: wooTracking },
      { 3: wooTracking },
      JSON.stringify([wooTracking]),
      JSON.stringify({ 1: wooTracking }),
    ]) {
      expect(parcels(form), JSON.stringify(form)).toEqual(wanted);
    }
    expect(orderAfter(updated({ "/meta_data": { _wc_shipment_tracking_items: [wooTracking] } })).shipments).toEqual(wanted);
    for (const none of ["", [], {}, null, false, 7, "[", "a:1:{i:0;}", [null, 7, "x", {}]])
      expect(parcels(none), JSON.stringify(none)).toEqual([]);
  });

  test("go with the carrier's name and page as the shop wrote them", () => {
    const own = {
      ...wooTracking,
      tracking_provider: "",
      custom_tracking_provider: "Bpost &amp; Co",
      custom_tracking_link: "https://t.example/1",
    };
    expect(parcels([own])).toMatchObject([{ carrier: "Bpost & Co", trackingUrl: "https://t.example/1" }]);
    expect(parcels([{ ...wooTracking, tracking_provider: "dhl" }])).toMatchObject([{ carrier: "dhl" }]);
    expect(parcels([{ ...wooTracking, formatted_tracking_provider: "Deutsche Post DHL" }])).toMatchObject([
      { carrier: "Deutsche Post DHL" },
    ]);
    expect(parcels([{ ...wooTracking, custom_tracking_link: "javascript:alert(1)" }])).toMatchObject([{ trackingUrl: null }]);
  });

  test.each([
    // A day is kept as its first second in UTC. It is taken for noon, when it is the same day nearly everywhere, but not for the future.
    ["1767657600", later, "2026-01-06T12:00:00Z"],
    [1_767_657_600, later, "2026-01-06T12:00:00Z"],
    ["2026-01-06", later, "2026-01-06T12:00:00Z"],
    ["2026-01-06", "2026-01-06T09:30:00", "2026-01-06T09:30:00Z"],
    ["2026-01-06", "2026-01-05T20:00:00", "2026-01-06T00:00:00Z"],
    ["2026-01-06 09:15:00", later, "2026-01-06T09:15:00Z"],
    ["1767690000", later, "2026-01-06T09:00:00Z"],
  ])("shipped on %s, told at %s, left at %s", (date, modified, left) => {
    const reading = updated(wooTracked({ ...wooTracking, date_shipped: date }), modified);
    expect(orderAfter(reading).shipments[0]?.dispatchedAt).toBe(instantOf(left));
  });

  test("without a day that can be read are announced, and left when the order was completed", () => {
    for (const date of ["", null, "0", "soon", -5, "99999999999", "06/01/2026", "2026-02-30T99"]) {
      expect(parcels([{ ...wooTracking, date_shipped: date }])[0]?.dispatchedAt, String(date)).toBeNull();
    }
    const completed = { "/status": "completed", "/date_completed_gmt": "2026-01-08T11:00:00" };
    expect(parcels([{ ...wooTracking, date_shipped: "" }], completed)).toMatchObject([{ dispatchedAt: instantOf("2026-01-08T11:00:00Z") }]);
  });

  test("hold what 'tracking per item' says, if all of it is known", () => {
    const holding = (products_list: unknown) => parcels([{ ...wooTracking, products_list }])[0]?.items;
    expect(holding([{ product: "22", item_id: "316", qty: "1" }])).toEqual([{ id: "316", quantity: 1 }]);
    expect(holding({ 0: { product: "93", qty: "2" } })).toEqual([{ id: "315", quantity: 2 }]);
    expect(holding([{ product: "23", qty: 1 }])).toEqual([{ id: "316", quantity: 1 }]);
    for (const list of ["", [], null, [{ product: "999", qty: "1" }], [{ product: "93", qty: "many" }]]) expect(holding(list)).toBeNull();
  });

  test("of an entry without an id of its own are told apart by their number; one with neither is none", () => {
    const nameless = { ...wooTracking, tracking_id: "" };
    expect(parcels([nameless, { ...nameless, tracking_number: "RR123456785CN" }]).map(({ id }) => id)).toEqual([
      "RR123456785CN",
      "RR473124829FI",
    ]);
    expect(parcels([{ ...nameless, tracking_number: " " }])).toEqual([]);
  });

  test("are one that nobody knows more of, where an order was completed and no plugin speaks", () => {
    const completed = { "/status": "completed", "/date_completed_gmt": "2026-01-08T11:00:00" };
    expect(known(completed).shipments).toMatchObject([
      { id: "completed", dispatchedAt: instantOf("2026-01-08T11:00:00Z"), trackingNumber: null, items: null },
    ]);
    expect(known({ "/status": "delivered", "/date_completed_gmt": "2026-01-08T11:00:00" }).shipments).toHaveLength(1);
    expect(known({ "/status": "processing", "/date_completed_gmt": "2026-01-08T11:00:00" }).shipments).toEqual([]);
    expect(known({ "/status": "completed", "/date_completed_gmt": null }).shipments).toHaveLength(1);
  });

  test("of a plugin take the place of that one, whichever was told first, and also in the same second", () => {
    const completed = { "/status": "completed", "/date_completed_gmt": "2026-01-08T11:00:00" };
    const bare = updated(completed);
    for (const modified of [later, "2026-01-20T08:00:05"]) {
      const tracked = updated({ ...completed, ...wooTracked(wooTracking) }, modified);
      for (const order of [orderAfter(bare, tracked), orderAfter(tracked, bare)]) {
        expect(
          order.shipments.map(({ id }) => id),
          modified,
        ).toEqual([wooTracking.tracking_id]);
      }
    }
  });

  test("that were a slip are gone when the plugin names them no more, and an older word does not bring them back", () => {
    const wrong = updated(wooTracked(wooTracking));
    const right = updated(
      wooTracked({ ...wooTracking, tracking_id: "b".repeat(32), tracking_number: "RR123456785CN" }),
      "2026-01-20T09:00:00",
    );
    for (const order of [orderAfter(wrong, right), orderAfter(right, wrong)]) {
      expect(order.shipments.map((parcel) => parcel.trackingNumber)).toEqual(["RR123456785CN"]);
    }
    expect(orderAfter(wrong, updated({}, "2026-01-20T09:00:00")).shipments).toEqual([]);
  });

  test("told of in the second in which there were none yet are there: no coin is tossed for them", () => {
    for (let index = 0; index < 30; index++) {
      const tracked = updated(wooTracked({ ...wooTracking, tracking_id: `t${index}` }));
      for (const order of [orderAfter(updated(), tracked), orderAfter(tracked, updated())]) expect(order.shipments).toHaveLength(1);
    }
  });

  test("told of by another source stay, whatever this one's list names", () => {
    const body = {
      type: "shipment.dispatched",
      occurredAt: "2026-01-07T08:00:00Z",
      data: { order: { id: "727" }, shipment: { id: "S-9", carrier: "DHL", dispatchedAt: "2026-01-07T08:00:00Z" } },
    };
    const other = adapters.standard.read({ headers: {}, body: Buffer.from(JSON.stringify(body)) });
    expect(orderAfter(updated(), other).shipments.map(({ id }) => id)).toEqual(["S-9"]);
    const completed = updated({ "/status": "completed", "/date_completed_gmt": "2026-01-08T11:00:00" });
    expect(orderAfter(completed, other).shipments.map(({ id }) => id)).toEqual(["S-9"]);
  });
});

describe("an order of WooCommerce of which nothing is shipped", () => {
  const completed = { "/status": "completed", "/date_completed_gmt": "2026-01-08T11:00:00" };
  const nowhere = { "/shipping/country": "", "/shipping/city": "", "/shipping/state": "", "/shipping/postcode": "" };

  test("has no way of shipping and no address to ship to: downloads, which complete by themselves", () => {
    const downloads = known({ ...completed, ...nowhere, "/shipping_lines": [] });
    expect(downloads).toMatchObject({ nothingShips: true, shipments: [], items: [{ ships: false }, { ships: false }] });
    expect(known({ ...completed, "/shipping_lines": [] })).toMatchObject({ nothingShips: false, shipments: [{ id: "completed" }] });
    expect(known({ ...completed, ...nowhere })).toMatchObject({ nothingShips: false, shipments: [{ id: "completed" }] });
  });

  test("is picked up, and its buyer lives where the bill goes", () => {
    for (const method of ["local_pickup", "local_pickup:4", "pickup_location"]) {
      const pickup = known({ ...completed, "/shipping_lines/0/method_id": method, "/shipping/country": "DE" });
      expect(pickup, method).toMatchObject({ nothingShips: true, shipments: [], address: { country: "US" } });
    }
  });

  test("and yet has a tracking number, is shipped", () => {
    expect(known({ ...completed, ...nowhere, "/shipping_lines": [], ...wooTracked(wooTracking) }).shipments).toHaveLength(1);
  });
});
