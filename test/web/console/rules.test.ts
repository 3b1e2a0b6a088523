import { sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import { openWeb, plannedOrder, shopWithSource, type Web } from "../set-up.ts";
import { signedIn, textOf, type Visitor } from "./set-up.ts";

let web: Web;
let shop: Awaited<ReturnType<typeof shopWithSource>>;
let here: string;
let operator: Visitor;
let checkIn: string;

beforeAll(async () => {
  web = await openWeb();
  shop = await shopWithSource(web);
  here = `/console/shops/${shop.shopId}`;
  checkIn = (await plannedOrder(web, shop)).messages["check-in"] ?? "";
  operator = await signedIn(web, "operator", { name: "Mei" });
});

const dueOn = async (id: string) => String((await web.ok("GET", `/messages/${id}`)).dueAt).slice(0, 10);
const lanes = async () => (await web.ok("GET", `/shops/${shop.shopId}/transit-lanes`)).lanes;
const page = async (path: string) => textOf((await operator.get(`${here}${path}`)).text);
const lastAudit = () => web.db.selectFrom("audit_log").select(["action", "actor"]).orderBy("id", "desc").limit(1).executeTakeFirst();

describe("how long parcels take", () => {
  test("is added after seeing what would move, changed, removed with an undo, and queued mail goes by it", async () => {
    const entry = { service: "China Post EMS", unit: "days", earliest: "4", latest: "9", checkInDays: "20" };
    const before = await dueOn(checkIn);
    const asked = await operator.post(`${here}/settings/transit/check`, { ...entry, lane: "", destination: "" });
    expect(textOf(asked.text)).toContain("1 queued mail would move.");
    expect([await dueOn(checkIn), await lanes()]).toEqual([before, []]);
    await operator.post(`${here}/settings/transit`, entry);
    expect(await lanes()).toMatchObject([{ service: "China Post EMS", earliest: 4, latest: 9, checkInDays: 20 }]);
    const later = await dueOn(checkIn);
    expect(later > before).toBe(true);
    expect(await page("/settings/transit")).toContain("Saved. Queued mail: 1 re-timed.");
    expect(await lastAudit()).toMatchObject({ action: "transit-lanes.changed", actor: "Mei" });

    const twice = await operator.post(`${here}/settings/transit`, { ...entry, service: "china post ems" });
    expect(twice.status).toBe(422);
    const key = /entry=([^"#]+)/.exec((await operator.get(`${here}/settings/transit`)).text)?.[1] ?? "";
    const was = decodeURIComponent(key.replaceAll("+", " "));
    await operator.post(`${here}/settings/transit`, { ...entry, was, destination: "us", latest: "12" });
    expect(await lanes()).toMatchObject([{ destination: "US", latest: 12 }]);
    const removed = (await operator.get(`${here}/settings/transit`)).text;
    const entryNow = /name="entry" value="([^"]+)"/.exec(removed)?.[1] ?? "";
    await operator.post(`${here}/settings/transit/remove`, { entry: entryNow });
    expect([await lanes(), await dueOn(checkIn)]).toEqual([[], before]);
    expect((await operator.get(`${here}/settings/transit`)).text).toMatch(/data-toast>.*name="destination" value="US"/s);
  });

  test("is refused field by field: two kinds of parcels at once, a worst case before the best, no country", async () => {
    const wrong = { service: "EMS", lane: "sea", unit: "days", earliest: "9", latest: "4", destination: "Mars" };
    const { status, text } = await operator.post(`${here}/settings/transit/check`, wrong);
    expect(status).toBe(422);
    expect(textOf(text)).toContain("Is not an ISO 3166-1 alpha-2 country");
    expect(text).toContain('value="Mars"');
    const both = await operator.post(`${here}/settings/transit/check`, { ...wrong, destination: "" });
    expect(textOf(both.text)).toContain("Name a service or a kind of parcels, not both.");
    expect(await lanes()).toEqual([]);
  });
});

describe("rules", () => {
  test("say how often, at which hours and whom by which law (LAW-01), and are changed with a line in the log", async () => {
    const text = await page("/settings/rules");
    expect(text).toContain(
      "A buyer is asked for something at most once in 7 days, and gets at most one mail a day beside those about the order itself.",
    );
    expect(text).toMatch(/Germany Wants consent beforehand.* Goes only where a consent is stored/);
    expect(text).toMatch(/United States Allowed after a purchase .* 1/);
    await operator.post(`${here}/settings/rules/caps`, { daysBetweenAsks: "14", mailsPerDay: "2" });
    expect((await web.ok("GET", `/shops/${shop.shopId}`)).caps).toEqual({ daysBetweenAsks: 14, mailsPerDay: 2 });
    expect(await lastAudit()).toMatchObject({ action: "shop.changed", actor: "Mei" });
    const wrong = await operator.post(`${here}/settings/rules/caps`, { daysBetweenAsks: "0", mailsPerDay: "11" });
    expect([wrong.status, textOf(wrong.text).includes("2 fields need another look")]).toEqual([422, true]);
    await operator.post(`${here}/settings/rules/notice`, { text: "We may ask you once.", since: "2026-01-02" });
    expect((await web.ok("GET", `/shops/${shop.shopId}`)).customerNotice).toEqual({
      text: "We may ask you once.",
      since: "2026-01-01T16:00:00.000Z",
    });
    expect(await page("/settings/rules")).toContain("and to orders placed since 2 Jan 2026, who read your notice");
    expect((await operator.post(`${here}/settings/rules/notice`, { text: "x", since: "2027-01-01" })).status).toBe(422);
    await operator.post(`${here}/settings/rules/notice`, { text: "", since: "" });
    expect((await web.ok("GET", `/shops/${shop.shopId}`)).customerNotice).toBeNull();
  });
});

describe("a shop's own days", () => {
  test("stand in the calendar, count before the public one, and are taken back", async () => {
    const days = async () => (await web.ok("GET", `/shops/${shop.shopId}/calendar`)).days;
    const fields = { "day-name": "Founders' day", day: "2026-03-03", kind: "holiday", calendar: "contact", "day-country": "us" };
    await operator.post(`${here}/calendar/days`, fields);
    expect(await days()).toMatchObject([{ day: "2026-03-03", name: "Founders' day", country: "US", kind: "holiday" }]);
    expect(await page("/calendar")).toContain("Founders' day 3 Mar 2026 a holiday · mail to buyers · US");
    const again = await operator.post(`${here}/calendar/days`, fields);
    expect([again.status, textOf(again.text).includes("Is in the calendar already")]).toEqual([422, true]);
    await operator.post(`${here}/calendar/days/remove`, { key: "contact US 2026-03-03" });
    expect(await days()).toEqual([]);
    expect(await lastAudit()).toMatchObject({ action: "calendar.changed", actor: "Mei" });
  });
});

test("in a shop with thousands of open orders planning anew is long work, to which the page leads", async () => {
  await sql`
    insert into orders (id, shop_id, source_id, external_id, order_day, known, schedule_version, first_seen)
    select gen_random_uuid(), ${shop.shopId}, ${shop.source.id}, 'many-' || n, '2026-01-20', true, 1, '2026-01-20T08:00:00Z' from generate_series(1, 2001) as n`.execute(
    web.db,
  );
  const { to } = await operator.post(`${here}/settings/transit`, {
    lane: "EMS",
    unit: "days",
    earliest: "4",
    latest: "9",
    checkInDays: "25",
  });
  const work = new URL(to ?? "", web.url).pathname;
  expect(work).toMatch(/\/work\/[0-9a-f-]+$/);
  expect(textOf((await operator.get(work)).text)).toContain("Plan all open orders anew: waiting.");
  await web.errands();
  const done = textOf((await operator.get(work)).text);
  expect(done).toContain("Plan all open orders anew: done.");
  expect(done).toContain("1 re-timed");
});
