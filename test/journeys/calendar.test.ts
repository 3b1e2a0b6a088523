import { describe, expect, test } from "vitest";
import type { Json } from "../support/service.ts";
import { daysLater, dispatchDay, maya, portland, tell } from "./story.ts";

/** The date in Portland. */
const dateOf = (iso: string): string => new Date(iso).toLocaleDateString("sv-SE", { timeZone: portland });

describe("a shop's own transit lanes", () => {
  const lane = { lane: "ePacket", unit: "days", earliest: 12, latest: 30, checkInDays: 21 };
  const epacket = { carrier: "China Post", service: "ePacket", trackingNumber: "LK123456785CN" };

  test("re-time what is open, stand in mails and on the buyer's page, and are told in the timetable", async () => {
    const story = await tell();
    const path = `/shops/${story.shopId}/transit-lanes`;
    const shown = await story.service.ok("GET", path);
    expect(shown.lanes).toEqual([]);
    expect(shown.defaults).toContainEqual({
      service: null,
      lane: "ePacket",
      destination: null,
      unit: "days",
      earliest: 7,
      latest: 20,
      checkInDays: 14,
    });
    await story.places();
    await story.dispatches(epacket);
    await story.until(dispatchDay);
    expect(dateOf((await story.entry("check-in")).dueAt)).toBe("2026-02-03");

    const put = await story.service.ok("PUT", path, {
      lanes: [
        { ...lane, latest: 40, checkInDays: 25 },
        { ...lane, destination: "US" },
      ],
    });
    expect(put.retimed).toBe(1);
    const checkIn = await story.entry("check-in");
    expect(dateOf(checkIn.dueAt)).toBe("2026-02-10");
    expect(checkIn.because).toContainEqual({
      rule: "lane",
      detail: "parcel LK123456785CN travels as ePacket to US: the shop's transit lanes say 21 days",
    });
    const page = /http\S+\/b\/[\w-]+/.exec(story.mails()[0]?.text ?? "")?.[0] ?? "";
    const html = await (await fetch(page)).text();
    expect(html).toMatch(/February 2\s–\s20/);

    await story.until(daysLater(dispatchDay, 22));
    expect(story.mails()[1]?.text).toContain("February 20");
    await story.places({ id: "o-2", number: "1002" });
    await story.dispatches({ ...epacket, id: "s-2", dispatchedAt: daysLater(dispatchDay, 22) }, "o-2");
    await story.until(daysLater(dispatchDay, 22));
    expect(story.mails(maya).at(-1)?.text, "the notice of a later parcel").toContain("March 14");
  });
});

describe("a shop's own days (HOL-03)", () => {
  test("are shown beside the public ones, with how far these are known, and re-time what is open", async () => {
    const story = await tell();
    const path = `/shops/${story.shopId}/calendar`;
    await story.places();
    await story.dispatches({ carrier: null, trackingNumber: null });
    await story.until(daysLater(dispatchDay, 11));
    const before = await story.entry("feedback-reminder");
    const year = await story.service.ok("GET", `${path}?year=2026`);
    const dayOf = (days: Json, day: string): Json => days.find((one: Json) => one.day === day);
    expect(dayOf(year.dispatch.days, "2026-10-07")).toEqual({ day: "2026-10-07", kind: "holiday", name: "National Day" });
    expect(dayOf(year.dispatch.days, "2026-10-10")).toMatchObject({ kind: "workday" });
    expect(year.contact.map(({ country, orders }: Json) => [country, orders])).toEqual([["US", 1]]);
    expect(dayOf(year.contact[0].days, "2026-11-26")).toMatchObject({ kind: "holiday" });
    expect(year.horizon).toContainEqual({ country: "CN", knownUntil: "2026-12-31", warning: null });

    const taken = dateOf(before.dueAt);
    const changed = await story.service.ok("PUT", path, {
      days: [{ calendar: "contact", country: "US", day: taken, kind: "holiday", name: "Founder's Day" }],
    });
    expect(changed.days).toEqual([{ calendar: "contact", country: "US", day: taken, kind: "holiday", name: "Founder's Day" }]);
    expect(dateOf((await story.entry("feedback-reminder")).dueAt)).not.toBe(taken);
  });

  test("beyond what is announced the fall-back holds and the operator is warned (HOL-02)", async () => {
    const story = await tell({ start: "2026-11-24T02:00:00Z" });
    const path = `/shops/${story.shopId}/calendar`;
    const next = await story.service.ok("GET", `${path}?year=2027`);
    const [china] = next.horizon;
    expect([china.country, china.knownUntil]).toEqual(["CN", "2026-12-31"]);
    expect(china.warning).toContain("the holidays of CN are announced until 2026-12-31 only");
    const days = next.dispatch.days.map(({ day }: Json) => day);
    for (let day = 1; day <= 7; day++) expect(days).toContain(`2027-10-0${day}`);
    // Spring Festival of 2027 is 6 February: from its eve to its seventh day.
    for (let day = 5; day <= 12; day++) expect(days).toContain(`2027-02-${String(day).padStart(2, "0")}`);
    const own = { calendar: "dispatch", day: "2027-02-04", kind: "holiday", name: "Spring Festival" };
    const { horizon } = await story.service.ok("PUT", path, { days: [own] });
    expect(horizon[0].warning).toBeNull();
  });
});

describe("suggested closures", () => {
  test("are confirmed by declaring them, tell exactly whom they concern, put off check-ins, and are not suggested again", async () => {
    const start = "2026-09-14T02:00:00Z";
    const story = await tell({ start });
    const path = `/shops/${story.shopId}/closures`;
    const { suggestions } = await story.service.ok("GET", `${path}/suggestions`);
    const nationalDay = suggestions.find(({ id }: Json) => id === "2026-national-day");
    expect(nationalDay).toEqual({
      id: "2026-national-day",
      name: "National Day",
      starts: "2026-10-01",
      ends: "2026-10-07",
      resumes: "2026-10-08",
      announced: true,
    });
    const at = { placedAt: start, paidAt: start };
    const parcel = { carrier: "Cainiao", trackingNumber: null };
    await story.places({ ...at, id: "o-way", number: "way", buyer: { email: "way@buyer.example", name: "Bo" } });
    await story.dispatches({ ...parcel, id: "s-way" }, "o-way");
    await story.places({ ...at, id: "o-there", number: "there", buyer: { email: "there@buyer.example", name: "Bo" } });
    await story.dispatches({ ...parcel, id: "s-there" }, "o-there");
    await story.until(start);
    const before = await story.entry("check-in", "way");
    const { announced: _, id, ...closure } = nationalDay;
    await story.service.ok("POST", path, closure);
    await story.until(start);
    const after = await story.entry("check-in", "way");
    expect(Date.parse(after.dueAt) - Date.parse(before.dueAt)).toBe(7 * 86_400_000);
    expect(after.because).toContainEqual({
      rule: "closure",
      detail: "parcel s-way is on its way through National Day (2026-10-01 to 2026-10-07): 7 days more",
    });
    await story.until("2026-09-25T02:00:00Z");
    await story.scans("delivered", { id: "s-there" }, "o-there");
    await story.until("2026-10-20T00:00:00Z");
    expect(story.steps("way@buyer.example")).toEqual(["dispatch-notice", "holiday-delay", "check-in"]);
    expect(story.mails("way@buyer.example")[1]?.text).toContain("November 5");
    expect(story.steps("there@buyer.example"), "delivered before the notice went").not.toContain("holiday-delay");

    const later = (await story.service.ok("GET", `${path}/suggestions`)).suggestions.map(({ id }: Json) => id);
    expect(later).not.toContain(id);
    expect(later).toContain("2027-spring-festival");
    expect((await story.service.api("POST", `${path}/suggestions/dismiss`, { suggestion: "2027-moon-day" })).status).toBe(422);
    await story.service.ok("POST", `${path}/suggestions/dismiss`, { suggestion: "2027-spring-festival" });
    const left = (await story.service.ok("GET", `${path}/suggestions`)).suggestions.map(({ id }: Json) => id);
    expect(left).not.toContain("2027-spring-festival");
  });
});
