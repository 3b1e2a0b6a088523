import { expect, test } from "vitest";
import { openWeb, shopWithSource } from "./set-up.ts";

test("what is changed about closures, lanes and days is noted, with who did it and how it was before", async () => {
  const web = await openWeb();
  const { shopId } = await shopWithSource(web);
  const shop = `/shops/${shopId}`;
  const lane = { service: null, lane: "EMS", destination: "US", unit: "days", earliest: 3, latest: 9, checkInDays: 8 };
  const day = { calendar: "contact", country: null, day: "2026-05-04", kind: "holiday", name: "Founder's Day" };
  await web.ok("PUT", `${shop}/transit-lanes`, { lanes: [lane] });
  await web.ok("PUT", `${shop}/transit-lanes`, { lanes: [] });
  await web.ok("PUT", `${shop}/calendar`, { days: [day] });
  await web.ok("PUT", `${shop}/calendar`, { days: [] });
  const { id } = await web.ok("POST", `${shop}/closures`, {
    name: "Rest",
    starts: "2026-03-01",
    ends: "2026-03-02",
    resumes: "2026-03-03",
  });
  await web.call("DELETE", `${shop}/closures/${id}`);
  expect((await web.call("DELETE", `${shop}/closures/${id}`)).status).toBe(404);
  await web.call("POST", `${shop}/closures/suggestions/dismiss`, { suggestion: "2026-spring-festival" });

  const rows = await web.db.selectFrom("audit_log").selectAll().where("shop_id", "=", shopId).orderBy("id").execute();
  const noted = rows.filter(({ action }) => /^(transit|calendar|closure)/.test(action));
  expect(noted.map(({ action, actor_kind, before, after }) => [action, actor_kind, before, after])).toMatchObject([
    ["transit-lanes.changed", "token", { lanes: [] }, { lanes: [lane] }],
    ["transit-lanes.changed", "token", { lanes: [lane] }, { lanes: [] }],
    ["calendar.changed", "token", { days: [] }, { days: [day] }],
    ["calendar.changed", "token", { days: [day] }, { days: [] }],
    ["closure.declared", "token", null, { name: "Rest" }],
    ["closure.removed", "token", null, null],
    ["closure.dismissed", "token", null, { suggestion: "2026-spring-festival" }],
  ]);
});
