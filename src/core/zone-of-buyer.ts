import tzLookup from "@photostructure/tz-lookup";
import { countryZonesText } from "./data/country-zones.ts";
import { oneClock, regionZones } from "./data/region-zones.ts";
import { regionKey } from "./region-key.ts";

/** Where a parcel goes, as far as it says something about the buyer's clock; `null` is unknown. An `Address` will do. */
export interface BuyerPlace {
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** Code or name, in any spelling: `KY`, `US-KY`, `Kentucky`. */
  readonly region: string | null;
  readonly postalCode?: string | null;
  /** Degrees. */
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** The zone a buyer is taken to live in, and how it was found. */
export interface BuyerZone {
  readonly zone: string;
  /** What settled it; `shop` when nothing did. */
  readonly from: "coordinates" | "region" | "country" | "shop";
  /** The reason, in words an operator can read. */
  readonly detail: string;
  /** A second zone in which the hours must be decent as well, because the first is only a guess (SCH-04); `null` when it is not. */
  readonly also: string | null;
}

/**
 * Finds the zone a buyer lives in from the shipping address (SCH-04).
 *
 * The coordinates if they lie in the address's country (senders sometimes give other ones), else the subdivision, or the postal code where
 * that is missing or lies in two zones, else the country if it has one clock. Where that leaves several, the shop's zone with
 * the country's most populous one in `also`; without a known country the shop's zone alone.
 */
export function zoneOfBuyer(place: BuyerPlace, shopZone: string): BuyerZone {
  const country = place.country?.toUpperCase() ?? "";
  const zones = countries.get(country);
  const there = zoneAt(place.latitude, place.longitude);
  if (there !== null && (zones === undefined || zones.includes(there))) {
    return { zone: there, from: "coordinates", detail: "the coordinates of the address lie there", also: null };
  }
  if (zones === undefined) {
    return { zone: shopZone, from: "shop", detail: "the country is unknown: the shop's own zone", also: null };
  }
  const region = zoneOfRegion(country, place);
  if (region !== null) return { ...region, from: "region", also: null };
  const [main] = zones;
  if (main !== undefined && (zones.length === 1 || oneClock.has(country))) {
    return { zone: main, from: "country", detail: `the one zone of ${country}`, also: null };
  }
  const detail = `${country} has several zones and the region is unknown: the shop's own zone, and decent hours in both`;
  return { zone: shopZone, from: "shop", detail, also: main === undefined || main === shopZone ? null : main };
}

/** The zones of each country, the most populous first. */
const countries: ReadonlyMap<string, readonly string[]> = new Map(
  countryZonesText
    .replace(/\n +/g, " ")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => [line.slice(0, 2), line.slice(3).split(" ")]),
);

function zoneAt(latitude: number | null, longitude: number | null): string | null {
  if (latitude === null || longitude === null || !(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) return null;
  const zone = tzLookup(latitude, longitude);
  // Nobody lives at sea; 0, 0, which some senders write for "unknown", lies off Ghana.
  return zone.startsWith("Etc/") ? null : zone;
}

interface Subdivision {
  readonly zone: string;
  readonly name: string;
  /** It lies in more than one zone; `zone` is the one of most of its people. */
  readonly split: boolean;
}

interface RegionIndex {
  readonly rest: string | null;
  readonly subdivisions: ReadonlyMap<string, Subdivision>;
  readonly postal: ReadonlyMap<string, string>;
}

function zoneOfRegion(country: string, place: BuyerPlace): { zone: string; detail: string } | null {
  const index = indexes.get(country);
  if (index === undefined) return null;
  const key = regionKey(country, place.region);
  const known = index.subdivisions.get(key);
  if (known !== undefined && !known.split) return { zone: known.zone, detail: `the zone of ${known.name}` };
  const postal = zoneOfPostalCode(country, index, place.postalCode ?? null);
  if (postal !== null) return { zone: postal.zone, detail: `the zone of postal codes ${postal.prefix}…` };
  if (known !== undefined) return { zone: known.zone, detail: `${known.name} lies in several zones: the one of most of its people` };
  if (key !== "" && index.rest !== null) return { zone: index.rest, detail: `the zone of ${country} but for a few regions` };
  return null;
}

/** Digits of a whole postal code, for those that lost their leading zeros in a spreadsheet. */
const postalDigits: Readonly<Record<string, number>> = { US: 5, AU: 4, ES: 5, FR: 5 };

function zoneOfPostalCode(country: string, index: RegionIndex, postalCode: string | null): { zone: string; prefix: string } | null {
  if (postalCode === null) return null;
  const trimmed = postalCode.trim().toUpperCase();
  const code = /^\d{3,}$/.test(trimmed) ? trimmed.padStart(postalDigits[country] ?? 0, "0") : trimmed;
  for (let length = 4; length > 0; length--) {
    const prefix = code.slice(0, length);
    const zone = index.postal.get(prefix);
    if (zone !== undefined) return { zone, prefix };
  }
  return null;
}

const indexes: ReadonlyMap<string, RegionIndex> = new Map(
  Object.entries(regionZones).map(([country, { rest, regions, split, postal }]) => {
    const splitCodes = new Set(split?.split(" "));
    const subdivisions = new Map<string, Subdivision>();
    for (const [zone, list] of Object.entries(regions)) {
      for (const entry of list.split(", ")) readSubdivision(entry, zone, splitCodes, subdivisions);
    }
    const codes = Object.entries(postal ?? {}).flatMap(([zone, ranges]) =>
      ranges
        .split(" ")
        .flatMap(expand)
        .map((code) => [code, zone] as const),
    );
    return [country, { rest, subdivisions, postal: new Map(codes) }];
  }),
);

/** Reads `KY Kentucky`, `NL/NF Newfoundland and Labrador/Newfoundland` or `- Lanzarote` into `into`, once for each spelling. */
function readSubdivision(entry: string, zone: string, splitCodes: ReadonlySet<string>, into: Map<string, Subdivision>): void {
  const blank = entry.indexOf(" ");
  const codes = entry.slice(0, blank).split("/");
  const names = entry.slice(blank + 1).split("/");
  const subdivision = { zone, name: names[0] ?? entry, split: codes.some((code) => splitCodes.has(code)) };
  for (const key of [...codes.filter((code) => code !== "-"), ...names]) into.set(regionKey("", key), subdivision);
}

/** `324-326` → `324`, `325`, `326`; anything else as it is. */
function expand(range: string): string[] {
  const [first = "", last] = range.split("-");
  if (last === undefined) return [first];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, offset) =>
    String(Number(first) + offset).padStart(first.length, "0"),
  );
}
