import { expect, test } from "vitest";
import { defaultSchedule } from "../../../src/core/default-schedule.ts";
import { parseSchedule } from "../../../src/core/schedule.ts";
import { diffSchedules } from "../../../src/core/schedule-diff.ts";
import type { WrittenSchedule } from "../../../src/core/schedule-shape.ts";
import { formOf, scheduleOf } from "../../../src/web/console/schedule/draft.ts";

const rich: WrittenSchedule = {
  name: "Everything said",
  steps: [
    {
      key: "ask",
      template: "check-in",
      category: "care",
      on: "shipment.dispatched",
      per: "order",
      wait: { days: [8, 12], byService: { ePacket: 14, "China Post EMS: fast": 8 } },
      window: { from: "10:00", to: "16:30", zone: "shop", days: ["mon", "wed"], holidays: "avoid" },
      unless: ["buyer.waiting", "order.cancelled"],
      only: [
        { fact: "order.total", atLeast: 20, atMost: 500 },
        { fact: "order.country", is: ["US", "CA"] },
        { fact: "buyer.locale", is: "en-US" },
      ],
      notBefore: { delivered: null, transitEnd: true },
      staleAfter: { hours: 36 },
      enabled: false,
    },
    {
      key: "again",
      template: "feedback-reminder",
      category: "review",
      after: "ask",
      wait: { businessDays: 3 },
      notBefore: { delivered: 4 },
    },
    {
      key: "soon",
      template: "review-thanks",
      category: "care",
      on: "review.posted",
      per: "review",
      wait: { hours: 1.5 },
      staleAfter: { days: 2 },
    },
    { key: "closed", template: "holiday-delay", category: "order", on: "closure", wait: { days: -3 } },
  ],
};

test.each([
  ["the default schedule", defaultSchedule],
  ["a schedule in which every option is said", rich],
])("%s comes out of the form as it went in, so that a draft nobody touched changes nothing", (_name, schedule) => {
  const parsed = parseSchedule(scheduleOf(formOf(schedule)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  expect(diffSchedules(schedule, parsed.written)).toMatchObject({ same: true, changed: [] });
});

test("what is no number is said where it stands, and kept as it was typed", () => {
  const form = formOf(rich);
  form.set("s0-from", "five");
  const parsed = parseSchedule(scheduleOf(form));
  expect(parsed.ok ? [] : parsed.errors.map(({ pointer }) => pointer)).toContain("/steps/0/wait/days/0");
  expect(form.get("s0-from")).toBe("five");
});

test("the order in which exits are listed is no difference", () => {
  const [first, ...rest] = defaultSchedule.steps;
  if (first === undefined) throw new Error("there is a first step");
  const turned = { ...defaultSchedule, steps: [{ ...first, unless: [...(first.unless ?? [])].reverse() }, ...rest] };
  expect(diffSchedules(defaultSchedule, turned).same).toBe(true);
});
