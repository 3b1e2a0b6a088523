import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { day24, hour } from "../../src/core/instant.ts";
import { parseSchedule } from "../../src/core/schedule.ts";
import { scheduleJsonSchema } from "../../src/core/schedule-shape.ts";
import type { Step } from "../../src/core/schedule-step.ts";

const step = { key: "one", template: "one", category: "care", on: "order.paid" };
const errors = (...steps: object[]) => {
  const parsed = parseSchedule({ name: "S", steps });
  return parsed.ok ? [] : parsed.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
};
const compiled = (written: object): Step => {
  const parsed = parseSchedule({ name: "S", steps: [{ ...step, ...written }] });
  if (!parsed.ok || parsed.schedule.steps[0] === undefined) throw new Error(JSON.stringify(parsed));
  return parsed.schedule.steps[0];
};

/** The example that other people's schedules start from. */
const example = {
  name: "Default",
  steps: [
    { key: "dispatch-notice", template: "dispatch-notice", category: "order", on: "shipment.dispatched", per: "shipment" },
    {
      key: "check-in",
      template: "check-in",
      category: "care",
      on: "shipment.dispatched",
      wait: { days: 10, byService: { ePacket: 14, "registered-small-packet": 30 } },
      unless: ["review.posted", "order.cancelled", "order.refunded", "case.open", "buyer.waiting"],
    },
    {
      key: "feedback-reminder",
      template: "feedback-reminder",
      category: "review",
      after: "check-in",
      wait: { days: [10, 15] },
      window: { from: "09:00", to: "18:00", zone: "buyer", days: ["mon", "tue", "wed", "thu", "fri"] },
      unless: ["review.posted", "order.cancelled", "order.refunded", "case.open", "buyer.waiting"],
    },
    {
      key: "review-thanks",
      template: "review-thanks",
      category: "care",
      on: "review.posted",
      only: [{ fact: "review.rating", atLeast: 4 }],
      per: "review",
      wait: { hours: 1 },
    },
    { key: "holiday-delay", template: "holiday-delay", category: "order", on: "closure", per: "closure", wait: { days: -3 } },
  ],
};

test("every default step has its template, and every template a step", async () => {
  const templates = await readdir(join(import.meta.dirname, "../../templates"));
  const sent = new Set(defaultSchedule.steps.map(({ template }) => template));
  expect([...sent].sort()).toEqual(templates.filter((name) => !name.startsWith("_")).sort());
});

describe("reading a schedule", () => {
  test("takes the published example and the default schedule", () => {
    expect(parseSchedule(example)).toMatchObject({ ok: true, written: example });
    expect(parseSchedule(defaultSchedule)).toMatchObject({ ok: true, written: defaultSchedule });
    expect(parseSchedule(JSON.parse(JSON.stringify(defaultSchedule)))).toEqual(parseSchedule(defaultSchedule));
  });

  test("names every place that is wrong, for machines and for people", () => {
    expect(errors({ ...step, wait: { days: "ten" }, category: "spam" })).toEqual([
      expect.stringMatching(/^\/steps\/0\/category steps\[0\]\.category: /),
      expect.stringMatching(/^\/steps\/0\/wait\/days steps\[0\]\.wait\.days: /),
    ]);
  });

  test.each([
    ["nothing", null, ""],
    ["a list", [], ""],
    ["no steps", { name: "S" }, "/steps"],
    ["an empty list of steps", { name: "S", steps: [] }, "/steps"],
    ["a misspelt field of the whole", { name: "S", steps: [step], stepz: 1 }, "/stepz"],
  ])("refuses %s", (_, input, pointer) => {
    const parsed = parseSchedule(input);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? [] : parsed.errors.map((error) => error.pointer)).toContain(pointer);
  });

  test.each([
    ["a misspelt field", { unles: ["case.open"] }, "/steps/0/unles"],
    ["a misspelt unit", { wait: { dayz: 3 } }, "/steps/0/wait"],
    ["a misspelt field beside the unit", { wait: { days: 3, byservice: {} } }, "/steps/0/wait/byservice"],
    ["a key that is no name", { key: "Check In" }, "/steps/0/key"],
    ["a trigger there is not", { on: "shipment.lost" }, "/steps/0/on"],
    ["an exit there is not", { unless: ["weather"] }, "/steps/0/unless/0"],
    ["a fact there is not", { only: [{ fact: "buyer.mood", is: "good" }] }, "/steps/0/only/0/fact"],
    ["a condition that wants nothing", { only: [{ fact: "order.total" }] }, "/steps/0/only/0"],
    ["a number held against words", { only: [{ fact: "order.total", is: "5" }] }, "/steps/0/only/0/is"],
    ["words held against a number", { only: [{ fact: "order.country", atLeast: 5 }] }, "/steps/0/only/0"],
    ["neither on nor after", { on: undefined }, "/steps/0/on"],
    ["both on and after", { after: "one" }, "/steps/0/after"],
    ["after a step that is not there", { on: undefined, after: "two" }, "/steps/0/after"],
    ["after itself", { on: undefined, after: "one" }, "/steps/0/after"],
    ["per what the trigger has not", { per: "shipment" }, "/steps/0/per"],
    ["a range that runs backwards", { wait: { days: [15, 10] } }, "/steps/0/wait/days"],
    ["a wait below zero", { wait: { days: -1 } }, "/steps/0/wait/days"],
    ["part of a day", { wait: { days: 1.5 } }, "/steps/0/wait/days"],
    ["services where nothing is sent", { wait: { days: 1, byService: { EMS: 2 } } }, "/steps/0/wait/byService"],
    ["a closure's notice in hours", { on: "closure", wait: { hours: 1 } }, "/steps/0/wait/hours"],
    ["a time that is none", { window: { from: "9:00", to: "18:00" } }, "/steps/0/window/from"],
    ["an empty window", { window: { from: "09:00", to: "09:00" } }, "/steps/0/window/to"],
    ["a weekday that is none", { window: { from: "09:00", to: "18:00", days: ["Monday"] } }, "/steps/0/window/days/0"],
    ["a step that withdraws itself", { on: "review.posted", unless: ["review.posted"] }, "/steps/0/unless"],
    ["the type of a case where there is none", { only: [{ fact: "case.type", is: "return" }] }, "/steps/0/only/0/fact"],
  ])("refuses %s", (_, written, pointer) => {
    expect(errors({ ...step, ...written }).map((error) => error.split(" ")[0])).toContain(pointer);
  });

  test("refuses two steps of one key, and steps that wait for each other in a circle", () => {
    expect(errors(step, step)).toEqual(["/steps/1/key steps[1].key: one is there twice"]);
    const circle = ["one", "two", "three"].map((key, index, keys) => ({
      key,
      template: "t",
      category: "care",
      after: keys[(index + 1) % 3],
    }));
    expect(errors(...circle)).toHaveLength(3);
    expect(errors(...circle)[0]).toContain("waits for itself");
  });

  test("what follows a step is sent per what that one is sent per", () => {
    const first = { ...step, key: "first", on: "shipment.dispatched", per: "shipment" };
    const next = { ...step, key: "next", on: undefined, after: "first" };
    const parsed = parseSchedule({ name: "S", steps: [next, first] });
    expect(parsed.ok && parsed.schedule.steps.map(({ per }) => per)).toEqual(["shipment", "shipment"]);
    expect(errors(first, { ...next, per: "order" })[0]).toContain("/steps/1/per");
  });

  test("never throws, whatever it is given", () => {
    for (const input of [
      undefined,
      5,
      "x",
      { name: {}, steps: [null, 5, [], { key: {} }] },
      {
        name: "S",
        steps: [
          { ...step, wait: [] },
          { ...step, window: 5 },
        ],
      },
    ]) {
      expect(parseSchedule(input).ok).toBe(false);
    }
  });
});

describe("review gating by logic is refused", () => {
  test.each(["review.rating", "order.tags", "case.type"])(
    "on %s, also when the reminder is called care, and through what it follows",
    (fact) => {
      const condition = fact === "review.rating" ? { fact, atLeast: 4 } : { fact, is: "happy" };
      const on = fact === "case.type" ? "case.closed" : "order.paid";
      const disguised = { key: "ask", template: "feedback-reminder", category: "care", on, only: [condition] };
      expect(errors(disguised).join()).toContain("review gating");
      const gate = { key: "gate", template: "review-thanks", category: "care", on, only: [condition] };
      expect(errors(gate, { key: "ask", template: "feedback-reminder", category: "review", after: "gate" }).join()).toContain(
        "review gating",
      );
      expect(errors(gate)).toEqual([]);
    },
  );

  const review = { ...step, key: "ask", category: "review", on: "shipment.delivered" };

  test("by a rating, by a tag, by a dispute", () => {
    expect(errors({ ...review, only: [{ fact: "review.rating", atLeast: 4 }] })[0]).toMatch(/^\/steps\/0\/only .*review gating/);
    expect(errors({ ...review, only: [{ fact: "order.tags", is: "happy" }] })[0]).toContain("review gating");
  });

  test("by following a step that depends on it", () => {
    const thanks = { ...step, key: "thanks", on: "review.posted", only: [{ fact: "review.rating", atLeast: 4 }] };
    const between = { ...step, key: "between", on: undefined, after: "thanks" };
    const ask = { ...review, on: undefined, after: "between" };
    expect(errors(thanks, between, ask)).toEqual([expect.stringMatching(/^\/steps\/2\/after .*thanks decides by it.*review gating/)]);
  });

  test("but not what does not tell happy buyers from unhappy ones", () => {
    expect(
      errors({
        ...review,
        only: [
          { fact: "order.country", is: ["US", "GB"] },
          { fact: "order.total", atLeast: 20 },
        ],
      }),
    ).toEqual([]);
  });
});

describe("defaults", () => {
  test("care, review and offer mail goes nine to six at the buyer's, order mail at any hour (P9)", () => {
    expect(compiled({}).window).toEqual({ fromMinute: 540, toMinute: 1080, days: null });
    expect(compiled({ category: "order" }).window).toBeNull();
    expect(compiled({ category: "order", window: { from: "22:00", to: "06:30", days: ["fri", "mon"] } }).window).toEqual({
      fromMinute: 1320,
      toMinute: 390,
      days: [1, 5],
    });
  });

  test("how long a message is of use depends on what it is", () => {
    expect(compiled({ category: "order" }).staleAfterMs).toBe(48 * hour);
    expect(compiled({ category: "order", on: "shipment.delivered" }).staleAfterMs).toBe(72 * hour);
    expect(compiled({ category: "order", on: "order.refunded" }).staleAfterMs).toBe(72 * hour);
    expect(compiled({}).staleAfterMs).toBe(5 * day24);
    expect(compiled({ staleAfter: { hours: 6 } }).staleAfterMs).toBe(6 * hour);
    expect(compiled({ staleAfter: { days: 2 } }).staleAfterMs).toBe(2 * day24);
  });

  test("mail that a dispatch starts minds the delivered scan, a review request the transit window too", () => {
    expect(compiled({}).notBefore).toEqual({ deliveredDays: null, transitEnd: false });
    expect(compiled({ on: "shipment.dispatched" }).notBefore).toEqual({ deliveredDays: 2, transitEnd: false });
    expect(compiled({ on: "shipment.dispatched", category: "order" }).notBefore).toEqual({ deliveredDays: null, transitEnd: false });
    expect(compiled({ category: "review" }).notBefore).toEqual({ deliveredDays: 2, transitEnd: true });
    expect(compiled({ category: "review", notBefore: { transitEnd: false, delivered: null } }).notBefore).toEqual({
      deliveredDays: 0,
      transitEnd: true,
    });
    expect(compiled({ on: "shipment.dispatched", notBefore: { delivered: 5 } }).notBefore.deliveredDays).toBe(5);
  });

  test("a step is on, once per order, and its exits are in one order whoever wrote them", () => {
    expect(compiled({ on: "review.posted" })).toMatchObject({ enabled: true, per: "order", wait: { kind: "none" } });
    const exits = { category: "order", unless: ["case.open", "order.cancelled", "case.open"] };
    expect(compiled(exits).unless).toEqual(["order.cancelled", "case.open"]);
  });
});

test("the published JSON Schema is current (write it with: npx vitest run test/core/schedule.test.ts -u)", async () => {
  await expect(`${JSON.stringify(scheduleJsonSchema(), null, 2)}\n`).toMatchFileSnapshot("../../docs/schedule.schema.json");
});
