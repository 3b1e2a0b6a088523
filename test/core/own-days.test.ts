import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, civilDay, formatCivilDay, parseCivilDay } from "../../src/core/civil-day.ts";
import { holidaysOf } from "../../src/core/holidays.ts";
import { dispatchedOf } from "../../src/core/order-state.ts";
import { contactCalendar, dispatchCalendar, type OwnDay } from "../../src/core/own-days.ts";
import { addOpenDays, inPause } from "../../src/core/pauses.ts";
import { setScene } from "../../src/core/plan-scene.ts";
import { local, paidOrder, plannedOf, scheduleOf, tell, worldOf } from "./planner-world.ts";

const dayOf = (text: string) => parseCivilDay(text) ?? civilDay(1970, 1, 1);
const own = (calendar: OwnDay["calendar"], day: string, kind: OwnDay["kind"] = "holiday", country: string | null = null): OwnDay => ({
  calendar,
  country,
  day: dayOf(day),
  kind,
  name: "Stocktaking",
});

describe("a shop's own days (HOL-03)", () => {
  const berlin = { country: "DE", region: null };

  test("are added, taken away and moved, and named", () => {
    const days = [own("contact", "2026-10-05"), own("contact", "2026-10-03", "workday")];
    const calendar = contactCalendar(berlin, days);
    expect(calendar.nameOf(dayOf("2026-10-05"))).toBe("Stocktaking");
    expect([
      calendar.isHoliday(dayOf("2026-10-03")),
      calendar.isWorkday(dayOf("2026-10-03")),
      calendar.nameOf(dayOf("2026-10-03")),
    ]).toEqual([false, true, null]);
    expect(calendar.isWorkday(dayOf("2026-10-06"))).toBe(true);
    expect(calendar.isHoliday(dayOf("2026-12-25"))).toBe(true);
  });

  test("of parcels are not those of mail, nor those of another country", () => {
    const days = [
      own("dispatch", "2026-10-05"),
      own("dispatch", "2026-10-06", "holiday", "US"),
      own("contact", "2026-10-07", "holiday", "FR"),
    ];
    const isWork = (calendar: { isWorkday(day: ReturnType<typeof dayOf>): boolean }) =>
      ["2026-10-05", "2026-10-06", "2026-10-07"].map((day) => calendar.isWorkday(dayOf(day)));
    expect(isWork(contactCalendar(berlin, days))).toEqual([true, true, true]);
    expect(isWork(contactCalendar({ country: "FR", region: null }, days))).toEqual([true, true, false]);
    expect(isWork(dispatchCalendar(berlin, "DE", days))).toEqual([false, true, true]);
    expect(isWork(dispatchCalendar({ country: "US", region: null }, "DE", days))).toEqual([true, false, true]);
  });

  test("reach plans: parcels' days lengthen business days, contact days move mail", () => {
    const shipment = tell.shipment({ carrier: "China Post EMS" });
    const planned = (days: readonly OwnDay[]) => {
      const schedule = scheduleOf({
        name: "One",
        steps: [
          {
            key: "ask",
            template: "check-in",
            category: "care",
            on: "shipment.dispatched",
            wait: { days: 9 },
            window: { from: "09:00", to: "18:00", holidays: "avoid" },
          },
        ],
      });
      const input = worldOf([...paidOrder, shipment], { schedule, calendar: { lanes: [], days } });
      const [parcel] = dispatchedOf(input.order);
      const latest = parcel === undefined ? null : setScene(input).windowOf(parcel).latest;
      return [local(plannedOf(input, "ask").dueAt, "America/Los_Angeles").slice(0, 10), latest === null ? null : formatCivilDay(latest)];
    };
    expect(planned([])).toEqual(["2026-01-29", "2026-02-03"]);
    expect(planned([own("contact", "2026-01-29", "holiday", "US")])).toEqual(["2026-01-30", "2026-02-03"]);
    expect(planned([own("dispatch", "2026-01-29"), own("dispatch", "2026-01-30", "holiday", "US")])).toEqual(["2026-01-29", "2026-02-05"]);
    // Saturday 24 January worked at both ends.
    const worked = [own("dispatch", "2026-01-24", "workday"), own("dispatch", "2026-01-24", "workday", "US")];
    expect(planned(worked)).toEqual(["2026-01-29", "2026-02-02"]);
  });

  test("none of them, and it is the public calendar itself", () => {
    expect(contactCalendar(berlin, [])).toBe(holidaysOf("DE"));
  });
});

test("days counted past pauses are as many as without, whatever the pauses", () => {
  const start = civilDay(2026, 1, 1);
  const pause = fc
    .tuple(fc.integer({ min: -20, max: 80 }), fc.integer({ min: 0, max: 30 }))
    .map(([from, length]) => ({ name: "x", starts: addDays(start, from), ends: addDays(start, from + length) }));
  fc.assert(
    fc.property(fc.array(pause, { maxLength: 4 }), fc.integer({ min: 0, max: 70 }), (pauses, count) => {
      const end = addOpenDays(start, count, pauses);
      let open = 0;
      for (let day = addDays(start, 1); day <= end; day = addDays(day, 1)) if (!inPause(day, pauses)) open++;
      expect(open).toBe(count);
      if (count > 0) expect(inPause(end, pauses)).toBe(false);
    }),
  );
});
