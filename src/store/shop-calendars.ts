import type { Kysely, Selectable } from "kysely";
import { parseCivilDay } from "../core/civil-day.ts";
import type { LaneKey } from "../core/data/transit-lanes.ts";
import type { OwnDay } from "../core/own-days.ts";
import type { ShopCalendar } from "../core/shop-calendar.ts";
import type { TransitLane } from "../core/transit-lanes.ts";
import type { Schema } from "./schema.ts";

/** The calendars of those shops that have said something of the kind, by id. */
export async function shopCalendars(db: Kysely<Schema>, shopIds: readonly string[]): Promise<ReadonlyMap<string, ShopCalendar>> {
  if (shopIds.length === 0) return new Map();
  const lanes = await db.selectFrom("transit_lanes").selectAll().where("shop_id", "in", shopIds).orderBy("position").execute();
  const days = await db.selectFrom("calendar_days").selectAll().where("shop_id", "in", shopIds).orderBy("day").execute();
  const shops = new Set([...lanes, ...days].map((row) => row.shop_id));
  return new Map(
    [...shops].map((id): [string, ShopCalendar] => [
      id,
      {
        lanes: lanes.flatMap((row) => (row.shop_id === id ? [laneOf(row)] : [])),
        days: days.flatMap((row) => (row.shop_id === id ? [dayOf(row)] : [])),
      },
    ]),
  );
}

/** The countries to which most of a shop's open orders go, at most `limit`, with how many of the latest 5,000 do. */
export async function mainDestinations(
  db: Kysely<Schema>,
  shopId: string,
  limit: number,
): Promise<readonly { readonly country: string; readonly orders: number }[]> {
  const rows = await db
    .selectFrom((eb) =>
      eb
        .selectFrom("orders")
        .select("country")
        .where("shop_id", "=", shopId)
        .where("closed_at", "is", null)
        .orderBy("id", "desc")
        .limit(5_000)
        .as("latest"),
    )
    .select(["country", ({ fn }) => fn.countAll<number>().as("orders")])
    .where("country", "is not", null)
    .groupBy("country")
    .orderBy("orders", "desc")
    .orderBy("country")
    .limit(limit)
    .execute();
  return rows.flatMap(({ country, orders }) => (country === null ? [] : [{ country, orders }]));
}

/** Puts `lanes` in the place of all the shop had. In a transaction. */
export async function writeTransitLanes(trx: Kysely<Schema>, shopId: string, lanes: readonly TransitLane[]): Promise<void> {
  await trx.selectFrom("shops").select("id").where("id", "=", shopId).forUpdate().execute();
  await trx.deleteFrom("transit_lanes").where("shop_id", "=", shopId).execute();
  if (lanes.length === 0) return;
  const rows = lanes.map(({ checkInDays, ...lane }, position) => ({ shop_id: shopId, position, check_in_days: checkInDays, ...lane }));
  await trx.insertInto("transit_lanes").values(rows).execute();
}

/** A day as it is stored: its date as `YYYY-MM-DD`. */
export type WrittenDay = Omit<OwnDay, "day"> & { readonly day: string };

/** Puts `days` in the place of all the shop had. In a transaction. */
export async function writeOwnDays(trx: Kysely<Schema>, shopId: string, days: readonly WrittenDay[]): Promise<void> {
  await trx.selectFrom("shops").select("id").where("id", "=", shopId).forUpdate().execute();
  await trx.deleteFrom("calendar_days").where("shop_id", "=", shopId).execute();
  if (days.length === 0) return;
  await trx
    .insertInto("calendar_days")
    .values(days.map((day) => ({ shop_id: shopId, ...day })))
    .execute();
}

// Words of both tables are held by their checks and by the API, which alone writes them.
function laneOf(row: Selectable<Schema["transit_lanes"]>): TransitLane {
  return {
    service: row.service,
    lane: row.lane as LaneKey | null,
    destination: row.destination,
    unit: row.unit as TransitLane["unit"],
    earliest: row.earliest,
    latest: row.latest,
    checkInDays: row.check_in_days,
  };
}

function dayOf(row: Selectable<Schema["calendar_days"]>): OwnDay {
  const day = parseCivilDay(row.day);
  if (day === null) throw new Error(`a calendar of shop ${row.shop_id} has a day that is none: ${row.day}`);
  return { calendar: row.calendar as OwnDay["calendar"], country: row.country, day, kind: row.kind as OwnDay["kind"], name: row.name };
}
