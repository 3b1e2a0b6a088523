import { describe, expect, test } from "vitest";
import { civilDay, formatCivilDay } from "../../src/core/civil-day.ts";
import { defaultCheckInDays, type LaneKey, laneKeys, transitRanges } from "../../src/core/data/transit-lanes.ts";
import { instantOf } from "../../src/core/instant.ts";
import { forService, laneOf, sameService } from "../../src/core/transit.ts";
import type { TransitLane } from "../../src/core/transit-lanes.ts";
import { type Transit, transitWindow } from "../../src/core/transit-window.ts";

const parcel = (carrier: string | null, service: string | null = null, trackingNumber: string | null = null) => ({
  carrier,
  service,
  trackingNumber,
});

describe("how a parcel travels", () => {
  test.each<[string | null, string | null, string | null, LaneKey]>([
    ["China Post", "EMS", null, "EMS"],
    ["China Post EMS", null, null, "EMS"],
    ["EMS", null, null, "EMS"],
    ["Japan Post", "International EMS", null, "EMS"],
    ["China Post", "e-packet", null, "ePacket"],
    ["China Post", "ePacket", null, "ePacket"],
    ["China Post", "E_PACKET", null, "ePacket"],
    ["China EMS (ePacket)", null, null, "ePacket"],
    ["China Post", "E邮宝", null, "ePacket"],
    ["China Post Registered Air Mail", null, null, "registered-small-packet"],
    ["China Post", "registered-small-packet", null, "registered-small-packet"],
    ["China Post", "中国邮政挂号小包", null, "registered-small-packet"],
    ["China Post", "Ordinary Small Packet Plus", null, "air-mail"],
    ["China Post", "Unregistered air mail", null, "air-mail"],
    ["China Post", "Airmail", null, "air-mail"],
    ["Cainiao", null, null, "standard-line"],
    [null, "AliExpress Standard Shipping", null, "standard-line"],
    ["YunExpress", null, null, "standard-line"],
    ["Yun Express", "Global Direct", null, "standard-line"],
    ["4PX", null, null, "standard-line"],
    ["燕文", null, null, "standard-line"],
    ["Shenzhen Post", "US special line", null, "standard-line"],
    ["DHL Express", null, null, "express"],
    ["DHL", null, null, "express"],
    ["FedEx", "FEDEX_GROUND", null, "express"],
    ["UPS", null, null, "express"],
    ["顺丰速运", null, null, "express"],
    ["Matson", "Sea freight", null, "sea"],
    ["USPS", null, null, "unknown"],
    ["UPS Mail Innovations", null, null, "unknown"],
    ["DHL Paket", null, null, "unknown"],
    ["La Poste", "Colissimo", null, "unknown"],
    ["Seaside Couriers Surepost", null, null, "unknown"],
    [null, null, null, "unknown"],
    ["", "", "", "unknown"],
  ])("%s / %s / %s goes by %s", (carrier, service, number, lane) => {
    expect(laneOf(parcel(carrier, service, number)).lane).toBe(lane);
  });

  test.each<[string, LaneKey]>([
    ["EA123456785CN", "EMS"],
    ["LK473124829CN", "ePacket"],
    ["RR473124829CN", "registered-small-packet"],
    ["rr 473 124 829 cn", "registered-small-packet"],
    ["CP473124829CN", "unknown"],
    ["RR473124828CN", "unknown"],
    ["VV473124829CN", "unknown"],
    ["1Z1234512345123456", "unknown"],
  ])("a number alone, %s, tells %s, if its check digit is right", (number, lane) => {
    expect(laneOf(parcel("China Post", null, number)).lane).toBe(lane);
  });

  test("service beats carrier beats number, and the detail says which spoke", () => {
    expect(laneOf(parcel("EMS", "ePacket", "RR473124829CN"))).toEqual({ lane: "ePacket", detail: 'the service is "ePacket"' });
    expect(laneOf(parcel("EMS", "Whatever", "RR473124829CN"))).toEqual({ lane: "EMS", detail: 'the carrier is "EMS"' });
    expect(laneOf(parcel("China Post", "Whatever", "RR473124829CN")).detail).toContain("registered item");
  });

  test("what Shopify calls a service is not one: manual", () => {
    expect(laneOf(parcel("USPS", "manual")).lane).toBe("unknown");
  });

  test("every lane key names its own lane", () => {
    for (const key of laneKeys) expect(laneOf(parcel(null, key)).lane).toBe(key);
  });
});

describe("names written by operators", () => {
  test.each([
    ["ePacket", "e-packet"],
    ["registered-small-packet", "Registered Small Packet"],
    ["FEDEX_GROUND", "fedex ground"],
    ["Colissimo", "COLISSIMO "],
  ])("%s is %s", (a, b) => {
    expect(sameService(a, b)).toBe(true);
  });

  test.each([
    ["EMS", "China Post EMS"],
    ["", ""],
    ["-", "_"],
    ["ePacket", "packet"],
  ])("%j is not %j", (a, b) => {
    expect(sameService(a, b)).toBe(false);
  });

  test("a wait is found by service, by carrier and service, by lane and by carrier, the closest first", () => {
    const waits = { ePacket: 14, "registered small packet": 30, "china post": 20, "China Post EMS": 8, "dhl-express": 6 };
    expect(forService(waits, parcel("China Post", "E-Packet"))).toEqual({ name: "ePacket", value: 14 });
    expect(forService(waits, parcel("China Post", "EMS"))).toEqual({ name: "China Post EMS", value: 8 });
    expect(forService(waits, parcel("Hongkong Post", null, "RR473124829HK"))).toEqual({ name: "registered small packet", value: 30 });
    expect(forService(waits, parcel("China Post", "something else"))).toEqual({ name: "china post", value: 20 });
    expect(forService(waits, parcel("DHL Express Worldwide"))).toEqual({ name: "dhl-express", value: 6 });
    expect(forService(waits, parcel("Royal Mail"))).toBeNull();
    expect(forService({ unknown: 12 }, parcel("Royal Mail"))).toEqual({ name: "unknown", value: 12 });
    expect(forService({}, parcel("Royal Mail"))).toBeNull();
  });
});

describe("the transit window", () => {
  const usual: Transit = {
    lane: "EMS",
    dispatchedAt: instantOf("2026-03-02T03:00:00Z"),
    origin: { country: "CN", region: null, zone: "Asia/Shanghai" },
    destination: { country: "US", region: "KY" },
  };
  const days = (transit: Partial<Transit>): [string, string] => {
    const { earliest, latest } = transitWindow({ ...usual, ...transit });
    return [formatCivilDay(earliest), formatCivilDay(latest)];
  };

  test.each<[LaneKey, string, string]>([
    ["express", "2026-03-05", "2026-03-11"],
    ["EMS", "2026-03-09", "2026-03-16"],
    ["ePacket", "2026-03-09", "2026-03-22"],
    ["standard-line", "2026-03-12", "2026-04-16"],
    ["registered-small-packet", "2026-03-16", "2026-04-10"],
    ["sea", "2026-04-01", "2026-05-01"],
    ["unknown", "2026-03-07", "2026-03-22"],
  ])("%s handed over on Monday 2026-03-02 arrives from %s to %s", (lane, earliest, latest) => {
    expect(days({ lane })).toEqual([earliest, latest]);
  });

  test("air mail is about 30 business days: 6 April rests in China", () => {
    expect(days({ lane: "air-mail" })).toEqual(["2026-03-23", "2026-04-14"]);
  });

  test("it counts from the day of hand-over where it was handed over", () => {
    // 23:30 in Shanghai is still the 2nd there; half an hour later is the 3rd, and UTC has the 2nd both times.
    expect(days({ lane: "ePacket", dispatchedAt: instantOf("2026-03-02T15:30:00Z") })[0]).toBe("2026-03-09");
    expect(days({ lane: "ePacket", dispatchedAt: instantOf("2026-03-02T16:00:00Z") })[0]).toBe("2026-03-10");
  });

  test("holidays of both ends lengthen it (TRN-02)", () => {
    const dispatchedAt = instantOf("2026-09-30T03:00:00Z");
    // China rests 1–7 October, the United States on the 12th.
    expect(days({ dispatchedAt })).toEqual(["2026-10-15", "2026-10-22"]);
    expect(days({ dispatchedAt, origin: { country: "US", region: null, zone: "Asia/Shanghai" } })).toEqual(["2026-10-07", "2026-10-15"]);
  });

  test("it says so when the holidays are not announced that far ahead (HOL-02)", () => {
    expect(transitWindow({ ...usual, dispatchedAt: instantOf("2026-12-28T03:00:00Z") }).detail).toContain(
      "holidays of CN are not announced",
    );
    expect(transitWindow(usual).detail).toBe("EMS: 5–10 business days of CN and US after 2026-03-02");
  });

  test("the shop's own range replaces ours, and is named", () => {
    const own: TransitLane = {
      service: "Hongkong Post",
      lane: null,
      destination: "US",
      unit: "days",
      earliest: 2,
      latest: 4,
      checkInDays: null,
    };
    expect(days({ own })).toEqual(["2026-03-04", "2026-03-06"]);
    expect(transitWindow({ ...usual, own }).detail).toBe("Hongkong Post to US, as the shop has it: 2–4 days after 2026-03-02");
    expect(days({ own: { ...own, unit: "businessDays", latest: 5 } })).toEqual(["2026-03-04", "2026-03-09"]);
  });

  test("unknown places count Monday to Friday", () => {
    const nowhere = { country: null, region: null };
    expect(days({ origin: { ...nowhere, zone: "UTC" }, destination: nowhere })).toEqual(["2026-03-09", "2026-03-16"]);
  });

  test("a review request that waits for the window's end is not held back by an unknown service: day 20 at the latest (LAW-04)", () => {
    expect(transitRanges.unknown).toMatchObject({ unit: "days", latest: 20 });
    expect(defaultCheckInDays.unknown + 10).toBeGreaterThanOrEqual(transitRanges.unknown.latest);
    expect(transitWindow({ ...usual, lane: "unknown" }).latest).toBe(civilDay(2026, 3, 22));
  });

  test("the default check-in waits are those of the messages sheet", () => {
    expect(defaultCheckInDays).toEqual({
      express: 10,
      EMS: 10,
      ePacket: 14,
      "standard-line": 25,
      "registered-small-packet": 30,
      "air-mail": 30,
      sea: 60,
      unknown: 10,
    });
  });
});
