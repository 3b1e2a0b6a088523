import { DateTime } from "luxon";
import { beforeAll, describe, expect, test } from "vitest";
import { daysLater, dispatchDay, portland, type Story, tell } from "./story.ts";

/*
 * One shop, one parcel each by different ways, all dispatched on one day; the clock then moves once through the whole season.
 */

interface Way {
  readonly parcel: object;
  /** Days after dispatch of the check-in (messages.md, "Timing"). */
  readonly checkIn: number;
  /** Days after dispatch before which the reminder must not go: the day after the end of the transit window, and the range's first. */
  readonly reminderFrom: number;
  /** The last day of the range, where the transit window ends within it. */
  readonly reminderTo?: number;
}

const nothing = { carrier: null, service: null, trackingNumber: null };

const ways: Readonly<Record<string, Way>> = {
  "an ePacket by the name of the service": {
    parcel: { ...nothing, carrier: "China Post", service: "ePacket" },
    checkIn: 14,
    reminderFrom: 24,
    reminderTo: 29,
  },
  "an ePacket by its number (L…CN)": {
    parcel: { ...nothing, trackingNumber: "LK123456785CN" },
    checkIn: 14,
    reminderFrom: 24,
    reminderTo: 29,
  },
  "a registered small packet by the name of the service": {
    parcel: { ...nothing, carrier: "China Post", service: "Registered Small Packet" },
    checkIn: 30,
    reminderFrom: 40,
    reminderTo: 45,
  },
  "a registered small packet by its number (R…CN)": {
    parcel: { ...nothing, trackingNumber: "RK123456785CN" },
    checkIn: 30,
    reminderFrom: 40,
    reminderTo: 45,
  },
  "an EMS parcel by its number (E…CN)": {
    parcel: { ...nothing, trackingNumber: "EK123456785CN" },
    checkIn: 10,
    reminderFrom: 20,
    reminderTo: 25,
  },
  "an express courier's": { parcel: { ...nothing, carrier: "DHL Express" }, checkIn: 10, reminderFrom: 20, reminderTo: 25 },
  "a parcel nothing is known of": { parcel: nothing, checkIn: 10, reminderFrom: 21, reminderTo: 25 },
  "one whose number has a wrong check digit": {
    parcel: { ...nothing, trackingNumber: "LK123456784CN" },
    checkIn: 10,
    reminderFrom: 21,
    reminderTo: 25,
  },
  "a standard line's": {
    parcel: { ...nothing, carrier: "Cainiao", service: "AliExpress Standard Shipping" },
    checkIn: 25,
    reminderFrom: 46,
  },
  "one by sea": { parcel: { ...nothing, service: "Sea freight" }, checkIn: 60, reminderFrom: 70, reminderTo: 75 },
};

const names = Object.keys(ways);
let story: Story;

/** Whole days from the day of dispatch in Portland. */
function dayOf(iso: string): number {
  const dispatched = DateTime.fromISO(dispatchDay, { zone: portland }).startOf("day");
  return Math.round(DateTime.fromISO(iso, { zone: portland }).startOf("day").diff(dispatched, "days").days);
}

beforeAll(async () => {
  story = await tell();
  for (const [index, name] of names.entries()) {
    await story.places({ id: `o-${index}`, number: `30${index}`, buyer: { email: `b${index}@buyer.example`, name: "Bo" } });
    await story.dispatches({ id: `s-${index}`, ...ways[name]?.parcel }, `o-${index}`);
  }
  await story.places({ id: "o-scan", number: "scan", buyer: { email: "scan@buyer.example", name: "Bo" } });
  await story.dispatches({ id: "s-scan", ...ways["a standard line's"]?.parcel }, "o-scan");
  await story.until(daysLater(dispatchDay, 27));
  await story.scans("delivered", { id: "s-scan" }, "o-scan");
  await story.until(daysLater(dispatchDay, 120));
});

describe("the check-in waits as the parcel travels, and the reminder for the end of its transit", () => {
  for (const [index, name] of names.entries()) {
    test(`${name}`, async () => {
      const way = ways[name];
      const checkIn = await story.entry("check-in", `30${index}`);
      const reminder = await story.entry("feedback-reminder", `30${index}`);
      expect([checkIn.state, dayOf(checkIn.sentAt)]).toEqual(["sent", way?.checkIn]);
      expect(reminder.state).toBe("sent");
      expect(dayOf(reminder.sentAt)).toBeGreaterThanOrEqual(way?.reminderFrom ?? 0);
      expect(dayOf(reminder.sentAt)).toBeLessThanOrEqual(way?.reminderTo ?? (way?.reminderFrom ?? 0) + 4);
    });
  }

  test("a delivered scan lets the reminder go before the end of the transit", async () => {
    const reminder = await story.entry("feedback-reminder", "scan");
    expect(dayOf(reminder.sentAt)).toBeGreaterThanOrEqual(35);
    expect(dayOf(reminder.sentAt)).toBeLessThanOrEqual(40);
  });

  test("every notice names the window within which the parcel should be there", () => {
    for (const index of names.keys()) {
      const [notice] = story.mails(`b${index}@buyer.example`);
      expect(notice?.text).toMatch(/usually arrives between .+ and .+\./);
    }
  });
});

test("a shop may set its own days by carrier and service", async () => {
  const own = await tell();
  const { schedule } = await own.service.ok("GET", `/shops/${own.shopId}/schedule`);
  const steps = schedule.steps.map((step: { key: string; wait: object }) =>
    step.key === "check-in" ? { ...step, wait: { days: 10, byService: { "Yun Express": 18, ePacket: 12 } } } : step,
  );
  await own.service.ok("PUT", `/shops/${own.shopId}/schedule`, { schedule: { ...schedule, steps }, queued: "retime" });
  await own.places();
  await own.dispatches({ carrier: "YunExpress", trackingNumber: null });
  await own.places({ id: "o-2", number: "1002" });
  await own.dispatches({ id: "s-2", carrier: null, service: "e-packet", trackingNumber: null }, "o-2");
  await own.until(daysLater(dispatchDay, 1));
  expect(dayOf((await own.entry("check-in", "1001")).dueAt)).toBe(18);
  expect(dayOf((await own.entry("check-in", "1002")).dueAt)).toBe(12);
});
