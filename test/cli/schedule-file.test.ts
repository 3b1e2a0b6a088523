import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { mistakesText } from "../../src/cli/schedule-file.ts";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { diffSchedules } from "../../src/core/schedule-diff.ts";
import type { WrittenSchedule } from "../../src/core/schedule-shape.ts";
import { readScheduleText } from "../../src/core/schedule-text.ts";

const good = `# what follows a sale
name: Mine
steps:
  - key: check-in            # asks how it went
    template: check-in
    category: care
    on: shipment.dispatched
    wait: { days: 10 }
    unless: [review.posted, order.cancelled]
  - key: reminder
    template: feedback-reminder
    category: review
    after: check-in
    wait:
      days: [10, 15]
    window: { from: "09:00", to: "18:00", days: [mon, tue] }
`;

function mistakesIn(text: string) {
  return readScheduleText("s.yaml", text).mistakes.map(({ line, column, detail }) => `${line}:${column} ${detail}`);
}

test("a sound file is read, comments and all, in YAML as in JSON", () => {
  const yaml = readScheduleText("s.yaml", good);
  expect(yaml.mistakes).toEqual([]);
  expect(yaml.parsed?.written.steps.map(({ key }) => key)).toEqual(["check-in", "reminder"]);
  const json = readScheduleText("s.json", JSON.stringify(yaml.parsed?.written, null, 2));
  expect(json.parsed?.written).toEqual(yaml.parsed?.written);
  expect(readScheduleText("s.yaml", good.replaceAll("\n", "\r\n")).parsed?.written).toEqual(yaml.parsed?.written);
});

describe("a mistake is told by its line and column", () => {
  test.each<[string, string, string, string]>([
    ["a value of the wrong kind", "{ days: 10 }", "{ days: soon }", "8:19 steps[0].wait.days: wanted number, found string"],
    [
      "a value inside a list",
      "[review.posted, order.cancelled]",
      "[review.posted, order.canceled]",
      "9:29 steps[0].unless[1]: wanted one of order.cancelled, order.refunded",
    ],
    ["a field that does not exist", "unless: [rev", "unles: [rev", "9:5 steps[0].unles: there is no such field"],
    ["a block of the wrong kind, at its name", "      days: [10, 15]", "      - 10", "14:5 steps[1].wait: "],
    ["a field that is missing, at its step", "    template: feedback-reminder\n", "", "10:5 steps[1].template: is missing"],
    ["a step that follows none", "after: check-in", "after: checkin", "13:12 steps[1].after: there is no step checkin"],
    ["a key that is there twice", "key: reminder", "key: check-in", "10:10 steps[1].key: check-in is there twice"],
    ["a list that starts with the wrong end", "[10, 15]", "[15, 10]", "15:13 steps[1].wait.days: a range runs from the shorter"],
    ["no steps at all", good.slice(good.indexOf("steps:")), "steps: []\n", "3:8 steps: "],
  ])("%s", (_what, was, is, said) => {
    expect(good).toContain(was);
    const found = mistakesIn(good.replace(was, is));
    expect(found.length).toBeGreaterThan(0);
    expect(found.some((one) => one.startsWith(said))).toBe(true);
  });

  test.each<[string, string, string]>([
    ["wrong indentation", "name: x\nsteps:\n  - key: a\n   template: b\n", "4:1 "],
    ["a bracket that is not closed", "name: x\nsteps: [\n", "3:1 "],
    ["a field that is there twice", "name: x\nname: y\nsteps: []\n", "2:1 Map keys must be unique"],
    ["a tab as indentation", "name: x\nsteps:\n\t- key: a\n", "3:1 "],
    ["nothing", "", "1:1 "],
    ["a word", "hello", "1:1 "],
    ["aliases that multiply", `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${"*a,".repeat(20)}]\nc: [${"*b,".repeat(20)}]\n`, "1:1 "],
  ])("%s", (_what, text, said) => {
    const [first = "", ...rest] = mistakesIn(text);
    expect(first.startsWith(said) || rest.some((one) => one.startsWith(said)), [first, ...rest].join("\n")).toBe(true);
  });

  test("several are told together, in the order of the file, each with its line and a mark below it", () => {
    const bad = good.replace("days: 10 ", "days: soon ").replace("template: check-in\n", "template: Check In\n");
    expect(mistakesText(readScheduleText("s.yaml", bad))).toBe(
      [
        "s.yaml:5:15: steps[0].template: wanted a name such as feedback-reminder: lower case, digits, dashes",
        "    5 |     template: Check In",
        "                      ^",
        "s.yaml:8:19: steps[0].wait.days: wanted number, found string",
        "    8 |     wait: { days: soon }",
        "                          ^",
        "",
      ].join("\n"),
    );
  });

  test("wherever in a schedule a value is spoilt, the place told is that value's", () => {
    const text = stringify(defaultSchedule, { aliasDuplicateObjects: false });
    const lines = text.split("\n");
    const spoilable = lines.flatMap((line, index) => (/^ *(- )?\w+: \S+$/.test(line) && !/name:/.test(line) ? [index] : []));
    fc.assert(
      fc.property(fc.constantFrom(...spoilable), (index) => {
        const spoilt = lines.map((line, at) => (at === index ? line.replace(/: .*$/, ": { no: way }") : line)).join("\n");
        const places = readScheduleText("s.yaml", spoilt).mistakes.map(({ line }) => line);
        expect(places).toContain(index + 1);
      }),
    );
  });
});

describe("the difference between two schedules", () => {
  const before: WrittenSchedule = defaultSchedule;
  const change = (key: string, fields: object): WrittenSchedule => ({
    ...before,
    steps: before.steps.map((step) => (step.key === key ? { ...step, ...fields } : step)),
  });

  test("is none for what is only written differently", () => {
    expect(diffSchedules(before, JSON.parse(JSON.stringify(before)))).toMatchObject({ same: true, reordered: false });
  });

  test("names fields, by their path, with both values", () => {
    const after = change("feedback-reminder", {
      wait: { days: [5, 8] },
      window: { from: "10:00", to: "18:00", zone: "buyer" },
      enabled: false,
    });
    expect(diffSchedules(before, after)).toEqual({
      same: false,
      name: null,
      added: [],
      removed: [],
      reordered: false,
      changed: [
        {
          step: "feedback-reminder",
          fields: [
            { field: "wait.days", before: [10, 15], after: [5, 8] },
            { field: "window.from", before: "09:00", after: "10:00" },
            { field: "window.days", before: ["mon", "tue", "wed", "thu", "fri"] },
            { field: "enabled", after: false },
          ],
        },
      ],
    });
  });

  test("names steps that came and went, and tells when only their order changed", () => {
    const [first, ...rest] = before.steps;
    if (first === undefined) throw new Error();
    expect(diffSchedules(before, { ...before, steps: rest })).toMatchObject({
      removed: [first.key],
      added: [],
      changed: [],
      reordered: false,
    });
    expect(diffSchedules({ ...before, steps: rest }, before)).toMatchObject({ added: [first.key], removed: [] });
    expect(diffSchedules(before, { ...before, steps: [...rest, first] })).toMatchObject({ same: false, reordered: true, changed: [] });
  });
});
