import type { CivilDay } from "./civil-day.ts";
import { type HolidayCalendar, holidaysOf } from "./holidays.ts";

/** Which calendar of a shop a day of its own belongs to: that of its parcels, or that of mail to buyers (HOL-03). */
export const ownCalendars = ["dispatch", "contact"] as const;

/** A day on which a shop knows better than the public calendar. */
export interface OwnDay {
  readonly calendar: (typeof ownCalendars)[number];
  /** `dispatch`: whose calendar it is, the shop's own country when `null`. `contact`: which buyers it is for, all when `null`. ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly day: CivilDay;
  /** `workday` takes a holiday or a weekend's day away. */
  readonly kind: "holiday" | "workday";
  readonly name: string;
}

interface Place {
  readonly country: string | null;
  readonly region: string | null;
}

/** Working days at one end of a parcel's way. `home` is the shop's country, whose days are meant where none is named. */
export function dispatchCalendar({ country, region }: Place, home: string, days: readonly OwnDay[]): HolidayCalendar {
  return withDays(
    holidaysOf(country, region),
    days.filter((one) => one.calendar === "dispatch" && (one.country ?? home) === country),
  );
}

/** Holidays and working days that mail to a buyer there keeps to. */
export function contactCalendar({ country, region }: Place, days: readonly OwnDay[]): HolidayCalendar {
  return withDays(
    holidaysOf(country, region),
    days.filter((one) => one.calendar === "contact" && (one.country === null || one.country === country)),
  );
}

/** The calendar with `days` changed in it; of two about one day the later in the list holds. What the operator says is known. */
function withDays(calendar: HolidayCalendar, days: readonly OwnDay[]): HolidayCalendar {
  if (days.length === 0) return calendar;
  const own = new Map(days.map((one) => [one.day, one]));
  return {
    country: calendar.country,
    region: calendar.region,
    horizon: calendar.horizon,
    isHoliday: (day) => {
      const one = own.get(day);
      return one === undefined ? calendar.isHoliday(day) : one.kind === "holiday";
    },
    nameOf: (day) => {
      const one = own.get(day);
      if (one === undefined) return calendar.nameOf(day);
      return one.kind === "holiday" ? one.name : null;
    },
    isWorkday: (day) => {
      const one = own.get(day);
      return one === undefined ? calendar.isWorkday(day) : one.kind === "workday";
    },
    known: (day) => own.has(day) || calendar.known(day),
  };
}
