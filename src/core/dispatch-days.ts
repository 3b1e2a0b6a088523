import { addBusinessDays } from "./business-days.ts";
import type { CivilDay } from "./civil-day.ts";
import type { Closure } from "./closure.ts";
import { dispatchCalendar, type OwnDay } from "./own-days.ts";

/** What says on which days somebody works at a shop. */
export interface ShopDays {
  /** Where it dispatches from, ISO 3166-1 alpha-2; its public holidays count unless `ownDays` say otherwise. */
  readonly country: string;
  readonly ownDays: readonly OwnDay[];
  /** Those of single carriers do not count: the shop works on. */
  readonly closures: readonly Closure[];
}

/** A shop that is closed for longer than this many working days gets a day inside its closure. */
const daysLookedAhead = 120;

/** The `count`-th day after `day` on which the shop works: by its own calendar, and outside of its closures. Both are dates in its zone. */
export function shopDayAfter(day: CivilDay, count: number, { country, ownDays, closures }: ShopDays): CivilDay {
  const calendar = dispatchCalendar({ country, region: null }, country, ownDays);
  const closed = (one: CivilDay) => closures.some(({ starts, resumes, carriers }) => carriers === null && starts <= one && one < resumes);
  let found = day;
  for (let left = count, tried = 0; left > 0 && tried < daysLookedAhead; tried++) {
    found = addBusinessDays(found, 1, [calendar]);
    if (!closed(found)) left--;
  }
  return found;
}
