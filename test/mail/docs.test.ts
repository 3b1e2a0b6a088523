import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { choicesOf } from "../../src/core/choice.ts";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { sampleData, sampleOf } from "../../src/mail/sample.ts";
import { filesOf, templates } from "./every-mail.ts";

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

/** Every name in some data, lists as `[]`, objects beside what is in them. */
function namesIn(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((one) => namesIn(one, `${at}[]`))];
  if (typeof value !== "object" || value === null) return [at];
  const inside = Object.entries(value).flatMap(([key, inner]) => namesIn(inner, at === "" ? key : `${at}.${key}`));
  return at === "" || at.endsWith("[]") ? inside : [at, ...inside];
}

describe("docs/messages.md", () => {
  const rows = [...page("messages.md").matchAll(/^\| `([a-z-]+)` \| (\w+) \|/gm)].map(([, key = "", category = ""]) => ({ key, category }));

  test("lists every message with its category, and no other", () => {
    const there = [...templates.byKey.values()].map((files) => ({ key: files.key, category: sampleOf(files).input.category as string }));
    expect(rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual(there);
  });
});

test("the default schedule agrees with docs/messages.md on category, and on what is on", () => {
  const rows = new Map(
    [...page("messages.md").matchAll(/^\| `([a-z-]+)` \| (\w+) \|[^|]*\| (on|off) \|/gm)].map(([, key = "", ...told]) => [key, told]),
  );
  for (const { template, category, enabled = true } of defaultSchedule.steps)
    expect([template, rows.get(template)]).toEqual([template, [category, enabled ? "on" : "off"]]);
});

describe("docs/templates.md", () => {
  const documented = [...(page("templates.md").split("\n## Data\n")[1] ?? "").matchAll(/^\| `([\w.[\]]+)` \|/gm)].map(
    ([, name = ""]) => name,
  );

  test("names all data that templates are given, and nothing else", () => {
    const given = new Set<string>();
    for (const files of templates.byKey.values()) for (const name of namesIn(sampleData(files, "en"), "")) given.add(name);
    // the same as a shipment, and what it holds
    const told = [...given].filter((name) => !/^(replacement|links\.choose|refund\.items|shipment\.items)[.[]/.test(name));
    const sections = new Set(["shop", "buyer", "order", "links"]);
    expect(documented.toSorted()).toEqual(told.filter((name) => !sections.has(name)).toSorted());
  });

  test("names every choice", () => {
    const text = page("templates.md");
    for (const [template, choices] of Object.entries(choicesOf)) {
      expect(filesOf(template).key).toBe(template);
      const last = choices.at(-1) ?? "";
      const listed = `${choices
        .slice(0, -1)
        .map((choice) => `\`${choice}\``)
        .join(", ")} and \`${last}\` in \`${template}\``;
      expect(text).toContain(listed);
    }
  });
});
