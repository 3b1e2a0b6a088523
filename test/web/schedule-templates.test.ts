import { expect, test } from "vitest";
import { type Json, openWeb, shopWithSource } from "./set-up.ts";

const web = await openWeb();
const { shopId } = await shopWithSource(web);

const step = (template: string, category: string, more: object = {}) => ({
  key: template,
  template,
  category,
  on: "shipment.dispatched",
  wait: { days: 3 },
  ...more,
});
const publish = (...steps: readonly object[]) =>
  web.call("PUT", `/shops/${shopId}/schedule`, { schedule: { name: "Mine", steps }, queued: "keep" });

test("a step may not send a template as less than it is, and the field is named (LAW-01)", async () => {
  const { status, body } = await publish(
    step("dispatch-notice", "order"),
    step("feedback-reminder", "care"),
    step("win-back", "review"),
    step("check-in", "order"),
    step("review-thanks", "offer"),
  );
  expect(status).toBe(422);
  expect(body.errors.map((error: Json) => [error.pointer, error.detail])).toEqual([
    ["/schedule/steps/1/category", "steps[1].category: feedback-reminder is review mail, and can't be sent as care"],
    ["/schedule/steps/2/category", "steps[2].category: win-back is offer mail, and can't be sent as review"],
    ["/schedule/steps/3/category", "steps[3].category: check-in is care mail, and can't be sent as order"],
  ]);
});

test("the schedule that is shipped stands, and one whose template must not go out as it is does not", async () => {
  const { schedule } = await web.ok("GET", `/shops/${shopId}/schedule`);
  await web.ok("PUT", `/shops/${shopId}/schedule`, { schedule, queued: "keep" });
  // what was sound when it was published, and is not to the product of today
  await web.db
    .insertInto("template_overrides")
    .values({
      shop_id: shopId,
      template: "check-in",
      version: 1,
      files: JSON.stringify({ "strings.en.json": '{"title": "Please give us five stars."}' }),
      published_at: new Date(),
      published_by: "Lin",
    })
    .execute();
  await web.db.updateTable("shops").set({ template_versions: '{"check-in": 1}' }).where("id", "=", shopId).execute();
  const { status, body } = await publish(step("dispatch-notice", "order"), step("check-in", "care"));
  expect([status, body.errors[0].pointer]).toEqual([422, "/schedule/steps/1/template"]);
  expect(body.errors[0].detail).toMatch(/^steps\[1\]\.template: check-in can't be sent as it is: strings\.en\.json:1:\d+ \(title\)/);
  await web.call("DELETE", `/shops/${shopId}/templates/check-in`);
  expect((await publish(step("dispatch-notice", "order"), step("check-in", "care"))).status).toBe(200);
});
