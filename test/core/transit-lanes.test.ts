import { describe, expect, test } from "vitest";
import { formatCivilDay } from "../../src/core/civil-day.ts";
import type { Closure } from "../../src/core/closure.ts";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { dispatchedOf } from "../../src/core/order-state.ts";
import { setScene } from "../../src/core/plan-scene.ts";
import { ownLaneFor, type TransitLane } from "../../src/core/transit-lanes.ts";
import { closureOf, local, paidOrder, plannedOf, scheduleOf, tell, worldOf } from "./planner-world.ts";

const lane = (says: Partial<TransitLane>): TransitLane => ({
  service: null,
  lane: null,
  destination: null,
  unit: "days",
  earliest: 1,
  latest: 2,
  checkInDays: null,
  ...says,
});
const parcel = (carrier: string | null, service: string | null = null) => ({ carrier, service, trackingNumber: null });

describe("of the entries that fit a parcel the closest counts", () => {
  const entries = {
    carrier: lane({ service: "China Post" }),
    carrierThere: lane({ service: "China Post", destination: "BR" }),
    lane: lane({ lane: "ePacket" }),
    laneThere: lane({ lane: "ePacket", destination: "BR" }),
    service: lane({ service: "E-Packet" }),
    serviceThere: lane({ service: "epacket", destination: "BR" }),
  };
  // From the farthest to the closest: each must beat all before it, wherever it stands in the list.
  const order = Object.entries(entries);

  test.each(order.map(([name], index) => [name, index] as const))("%s", (_name, index) => {
    const known = order.slice(0, index + 1).map(([, entry]) => entry);
    for (const list of [known, known.toReversed()]) {
      expect(ownLaneFor(list, parcel("China Post", "ePacket"), "BR")).toBe(order[index]?.[1]);
    }
  });

  test("a carrier is the service of a parcel that names none", () => {
    const list = [entries.lane, lane({ lane: "EMS" }), lane({ service: "china-post ems" })];
    expect(ownLaneFor(list, parcel("China Post EMS"), "US")).toBe(list[2]);
  });

  test("none fits another service, lane or destination", () => {
    expect(ownLaneFor([entries.laneThere, entries.serviceThere], parcel("China Post", "ePacket"), "US")).toBeNull();
    expect(ownLaneFor([entries.laneThere], parcel("China Post", "ePacket"), null)).toBeNull();
    expect(ownLaneFor([entries.lane], parcel("DHL Express"), "BR")).toBeNull();
  });
});

interface Sent {
  readonly lanes?: readonly TransitLane[];
  readonly closures?: readonly Closure[];
  readonly byService?: Readonly<Record<string, number>>;
  readonly parcel?: Parameters<typeof tell.shipment>[0];
  readonly delivered?: string;
}

/** One parcel by EMS, from China to Oregon, and what the shop knows of its days. */
function sent({ lanes = [], closures = [], byService, parcel, delivered }: Sent) {
  const steps = defaultSchedule.steps.map((step) =>
    step.key === "check-in" && byService !== undefined ? { ...step, wait: { days: 10, byService } } : step,
  );
  const shipment = tell.shipment({ carrier: "China Post EMS", trackingNumber: "EE123456785CN", ...parcel });
  const input = worldOf([...paidOrder, shipment, ...(delivered === undefined ? [] : [tell.scan("delivered", delivered)])], {
    closures,
    calendar: { lanes, days: [] },
    schedule: scheduleOf({ ...defaultSchedule, steps }),
  });
  return {
    checkIn: () => plannedOf(input, "check-in"),
    checkInDay: () => local(plannedOf(input, "check-in").dueAt, "America/Los_Angeles").slice(0, 10),
    window() {
      const [parcel] = dispatchedOf(input.order);
      if (parcel === undefined) throw new Error("nothing was sent");
      const { earliest, latest, detail } = setScene(input).windowOf(parcel);
      return { from: formatCivilDay(earliest), to: formatCivilDay(latest), detail };
    },
  };
}

describe("a shop's own lane", () => {
  test("gives the parcel's window and, with checkInDays, the check-in, and says so", () => {
    const lanes = [lane({ lane: "EMS", destination: "US", earliest: 6, latest: 25, checkInDays: 18 })];
    const own = sent({ lanes });
    expect([own.checkInDay(), own.checkIn().because.find(({ rule }) => rule === "lane")?.detail]).toEqual([
      "2026-02-07",
      "parcel EE123456785CN travels as EMS to US: the shop's transit lanes say 18 days",
    ]);
    expect(own.window()).toEqual({
      from: "2026-01-26",
      to: "2026-02-14",
      detail: "EMS to US, as the shop has it: 6–25 days after 2026-01-20",
    });
    expect(sent({ lanes: [lane({ lane: "EMS", earliest: 6, latest: 25 })] }).checkInDay(), "no days of its own").toBe("2026-01-30");
  });

  test("gives way to a schedule that names the very service, when it speaks of a whole lane only", () => {
    const parcel = { carrier: "China Post", service: "Gift line" };
    const lanes = (says: Partial<TransitLane>) => [lane({ ...says, checkInDays: 18 })];
    expect(sent({ lanes: lanes({ lane: "EMS" }), byService: { EMS: 14 } }).checkInDay()).toBe("2026-02-07");
    expect(sent({ parcel, lanes: lanes({ lane: "EMS" }), byService: { "Gift line": 14 } }).checkInDay()).toBe("2026-02-03");
    expect(sent({ parcel, lanes: lanes({ service: "gift-line" }), byService: { "Gift line": 14 } }).checkInDay()).toBe("2026-02-07");
  });
});

describe("a closure through which a parcel travels", () => {
  const festival = closureOf("2026-01-24", "2026-01-28", "2026-01-29");
  const lanes = [lane({ lane: "EMS", earliest: 6, latest: 12 })];

  test("puts off its window and its check-in by its days, and says so", () => {
    const through = sent({ closures: [festival], lanes });
    expect(through.window()).toEqual({
      from: "2026-01-31",
      to: "2026-02-06",
      detail: "EMS, as the shop has it: 6–12 days after 2026-01-20, without the days of Spring Festival",
    });
    expect(through.checkInDay()).toBe("2026-02-04");
    expect(through.checkIn().because.find(({ rule }) => rule === "closure")?.detail).toBe(
      "parcel EE123456785CN is on its way through Spring Festival (2026-01-24 to 2026-01-28): 5 days more",
    );
  });

  test("counts once with another that lies over it, and not where business days rest then anyway", () => {
    const second = closureOf("2026-01-27", "2026-01-29", "2026-01-30", { id: "k2", name: "Moving house" });
    expect(sent({ closures: [festival, second] }).checkInDay()).toBe("2026-02-05");
    // 15 to 23 February is the public holiday in China: a closure on the same days adds nothing to business days.
    const newYear = closureOf("2026-02-15", "2026-02-23", "2026-02-24");
    const parcel = { dispatchedAt: "2026-02-10T08:00:00.000Z" };
    expect(sent({ closures: [newYear], parcel }).window().to).toBe(sent({ parcel }).window().to);
    expect(sent({ closures: [newYear], parcel }).checkInDay()).toBe("2026-03-01");
  });

  test("does nothing to one that had arrived, to one of another carrier, and to what it comes too late for", () => {
    expect(sent({ closures: [festival], delivered: "2026-01-23T10:00:00.000Z" }).checkInDay()).toBe("2026-01-30");
    expect(sent({ closures: [festival], delivered: "2026-01-25T10:00:00.000Z" }).checkInDay(), "two days of it").toBe("2026-02-01");
    expect(sent({ closures: [{ ...festival, carriers: ["DHL"] }], lanes }).checkInDay()).toBe("2026-01-30");
    expect(sent({ closures: [{ ...festival, carriers: ["ems"] }], lanes, parcel: { carrier: "EMS" } }).checkInDay()).toBe("2026-02-04");
    const later = closureOf("2026-01-31", "2026-02-20", "2026-02-21");
    expect(sent({ closures: [later] }).checkInDay()).toBe("2026-01-30");
  });

  test("is no delay for ever, however long it is said to last", () => {
    const forGood = closureOf("2026-01-24", "2099-12-31", "2100-01-01");
    expect(sent({ closures: [forGood], lanes }).window().to).toBe("2026-06-01");
    expect(sent({ closures: [forGood] }).window().to < "2026-07-01").toBe(true);
  });
});
