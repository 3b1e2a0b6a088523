import { describe, expect, test } from "vitest";
import { countryZonesText } from "../../src/core/data/country-zones.ts";
import { oneClock, regionZones } from "../../src/core/data/region-zones.ts";
import { isZone } from "../../src/core/local-time.ts";
import { type BuyerPlace, type BuyerZone, zoneOfBuyer } from "../../src/core/zone-of-buyer.ts";

const shop = "Asia/Shanghai";
const nowhere: BuyerPlace = { country: null, region: null, postalCode: null, latitude: null, longitude: null };
const find = (place: Partial<BuyerPlace>, shopZone = shop): BuyerZone => zoneOfBuyer({ ...nowhere, ...place }, shopZone);

describe("the buyer's zone from coordinates (SCH-04)", () => {
  test("coordinates settle it where a region would not", () => {
    // Paducah in the west of Kentucky.
    expect(find({ country: "US", region: "KY", latitude: 37.08, longitude: -88.6 })).toMatchObject({
      zone: "America/Chicago",
      from: "coordinates",
    });
    expect(find({ latitude: -33.87, longitude: 151.21 })).toMatchObject({ zone: "Australia/Sydney", from: "coordinates", also: null });
  });

  test("coordinates outside the address's country are not believed: Shopify's sample has Ottawa for Louisville, Kentucky", () => {
    const place = { country: "US", region: "KY", postalCode: "40202", latitude: 45.41634, longitude: -75.6868 };
    expect(find(place)).toMatchObject({ zone: "America/New_York", from: "region", also: null });
  });

  test.each([
    [0, 0],
    [91, 10],
    [-95, 10],
    [10, 181],
    [Number.NaN, 10],
    [Number.POSITIVE_INFINITY, 0],
    [30, -45],
  ])("%f, %f is no place where somebody lives, and is passed over", (latitude, longitude) => {
    expect(find({ country: "DE", latitude, longitude })).toMatchObject({ zone: "Europe/Berlin", from: "country" });
    expect(find({ latitude, longitude })).toMatchObject({ zone: shop, from: "shop", also: null });
  });
});

describe("the buyer's zone from the region", () => {
  test.each(["KY", "ky", "US-KY", "us-ky", "Kentucky", " KENTUCKY "])("%j is Kentucky", (region) => {
    expect(find({ country: "US", region })).toMatchObject({ zone: "America/New_York", from: "region", also: null });
  });

  test.each([
    ["US", "TX", "America/Chicago"],
    ["US", "Arizona", "America/Phoenix"],
    ["US", "Hawaii", "Pacific/Honolulu"],
    ["US", "Washington", "America/Los_Angeles"],
    ["US", "Washington DC", "America/New_York"],
    ["CA", "Québec", "America/Toronto"],
    ["CA", "Newfoundland and Labrador", "America/St_Johns"],
    ["CA", "SK", "America/Regina"],
    ["AU", "Queensland", "Australia/Brisbane"],
    ["AU", "wa", "Australia/Perth"],
    ["BR", "São Paulo", "America/Sao_Paulo"],
    ["BR", "BR-AC", "America/Rio_Branco"],
    ["MX", "Q ROO", "America/Cancun"],
    ["MX", "Baja California", "America/Tijuana"],
    ["RU", "Novosibirsk Oblast", "Asia/Novosibirsk"],
    ["RU", "KAM", "Asia/Kamchatka"],
    ["ID", "Bali", "Asia/Makassar"],
    ["MN", "Hovd", "Asia/Hovd"],
    ["CL", "MA", "America/Punta_Arenas"],
    ["CL", "RM", "America/Santiago"],
    ["ES", "Las Palmas", "Atlantic/Canary"],
    ["ES", "Barcelona", "Europe/Madrid"],
    ["PT", "PT-20", "Atlantic/Azores"],
    ["PT", "Açores", "Atlantic/Azores"],
    ["PT", "Lisboa", "Europe/Lisbon"],
    ["EC", "Galápagos", "Pacific/Galapagos"],
  ])("%s, %s lives by %s", (country, region, zone) => {
    expect(find({ country, region })).toMatchObject({ zone, from: "region", also: null });
  });

  test("a state in two zones has the one of most of its people, and says so", () => {
    expect(find({ country: "US", region: "TN" })).toMatchObject({ zone: "America/Chicago", from: "region" });
    expect(find({ country: "US", region: "TN" }).detail).toBe("Tennessee lies in several zones: the one of most of its people");
    expect(find({ country: "US", region: "NY" }).detail).toBe("the zone of New York");
  });

  test("the postal code says which part of such a state it is", () => {
    expect(find({ country: "US", region: "TN", postalCode: "37902" })).toMatchObject({ zone: "America/New_York", from: "region" });
    expect(find({ country: "US", region: "FL", postalCode: "32501-1234" })).toMatchObject({ zone: "America/Chicago" });
    expect(find({ country: "US", region: "TX", postalCode: "79901" })).toMatchObject({ zone: "America/Denver" });
    expect(find({ country: "US", region: "ID", postalCode: "83814" })).toMatchObject({ zone: "America/Los_Angeles" });
  });

  test("a whole state is believed rather than a postal code that contradicts it", () => {
    expect(find({ country: "US", region: "CA", postalCode: "10001" })).toMatchObject({ zone: "America/Los_Angeles" });
  });

  test.each([
    ["US", "90210", "America/Los_Angeles"],
    ["US", "2139", "America/New_York"],
    ["CA", "v6b 1a1", "America/Vancouver"],
    ["AU", "800", "Australia/Darwin"],
    ["AU", "2880", "Australia/Broken_Hill"],
    ["ES", "35001", "Atlantic/Canary"],
    ["ES", "8001", "Europe/Madrid"],
    ["PT", "9700-123", "Atlantic/Azores"],
    ["PT", "1000-001", "Europe/Lisbon"],
    ["FR", "97400", "Indian/Reunion"],
  ])("without a region, postal code %s %s lives by %s", (country, postalCode, zone) => {
    expect(find({ country, postalCode })).toMatchObject({ zone, from: "region", also: null });
  });
});

describe("the buyer's zone from the country", () => {
  test.each([
    ["DE", "Europe/Berlin"],
    ["de", "Europe/Berlin"],
    ["CN", "Asia/Shanghai"],
    ["GB", "Europe/London"],
    ["FR", "Europe/Paris"],
    ["NZ", "Pacific/Auckland"],
    ["KZ", "Asia/Almaty"],
    ["XK", "Europe/Belgrade"],
  ])("%s has one clock: %s", (country, zone) => {
    expect(find({ country }, "America/Lima")).toMatchObject({ zone, from: "country", also: null });
  });

  test("a country with several clocks and an unknown region has the shop's, and hours must be decent in its biggest as well", () => {
    expect(find({ country: "US" })).toMatchObject({ zone: shop, from: "shop", also: "America/New_York" });
    expect(find({ country: "US", region: "Freedonia", postalCode: "09012" })).toMatchObject({
      zone: shop,
      from: "shop",
      also: "America/New_York",
    });
    expect(find({ country: "BR" })).toMatchObject({ zone: shop, also: "America/Sao_Paulo" });
    expect(find({ country: "ES" })).toMatchObject({ zone: shop, also: "Europe/Madrid" });
    expect(find({ country: "US" }, "America/New_York")).toMatchObject({ zone: "America/New_York", from: "shop", also: null });
  });

  test("an unknown country has the shop's zone alone", () => {
    expect(find({ country: "ZZ", region: "KY" })).toMatchObject({ zone: shop, from: "shop", also: null });
    expect(find({})).toMatchObject({ zone: shop, from: "shop", also: null });
  });

  test("a name as long as an essay, or of odd characters, harms nothing", () => {
    expect(find({ country: "US", region: "x".repeat(100_000), postalCode: "\u0000" })).toMatchObject({ from: "shop" });
    expect(find({ country: "US", region: "\ud800", postalCode: "\ud800" })).toMatchObject({ from: "shop" });
    expect(find({ country: "__proto__", region: "constructor" })).toMatchObject({ from: "shop" });
  });
});

describe("the tables", () => {
  const table = countryZonesText
    .replace(/\n +/g, " ")
    .split("\n")
    .filter((line) => line !== "");

  test("hold only zones that this runtime knows", () => {
    const named = [
      ...table.flatMap((line) => line.split(" ").slice(1)),
      ...Object.values(regionZones).flatMap(({ rest, regions, postal }) => [
        ...(rest === null ? [] : [rest]),
        ...Object.keys(regions),
        ...Object.keys(postal ?? {}),
      ]),
    ];
    expect(named.filter((zone) => !isZone(zone))).toEqual([]);
  });

  test("cover every country, once", () => {
    const codes = table.map((line) => line.slice(0, 2));
    expect(codes).toHaveLength(248);
    expect(new Set(codes).size).toBe(codes.length);
    for (const country of oneClock) expect(codes).toContain(country);
  });

  test("list a region once, and only regions they know as lying in two zones", () => {
    for (const { regions, split } of Object.values(regionZones)) {
      const codes = Object.values(regions)
        .flatMap((list) => list.split(", ").flatMap((entry) => (entry.split(" ")[0] ?? "").split("/")))
        .filter((code) => code !== "-");
      expect(new Set(codes).size).toBe(codes.length);
      for (const code of split?.split(" ") ?? []) expect(codes).toContain(code);
    }
  });
});
