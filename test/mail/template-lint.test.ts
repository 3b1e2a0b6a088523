import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocks } from "../../src/core/lint/lint-mail.ts";
import { loadTemplates, type TemplateFiles, type Templates } from "../../src/mail/template-files.ts";
import { lintTemplate } from "../../src/mail/template-lint.ts";

const shipped = loadTemplates(join(import.meta.dirname, "../../templates"));
const mails = [...shipped.byKey.values()].flatMap(({ key, strings }) => [...strings.keys()].map((locale) => ({ key, locale })));

/** The shipped templates, one of them changed. */
function withChange(key: string, change: (files: TemplateFiles) => Partial<TemplateFiles>): Templates {
  const files = shipped.byKey.get(key);
  if (files === undefined) throw new Error(`there is no ${key}`);
  return { ...shipped, byKey: new Map(shipped.byKey).set(key, { ...files, ...change(files) }) };
}

const withString = (key: string, name: string, words: string) =>
  withChange(key, ({ strings }) => ({ strings: new Map(strings).set("en", { ...strings.get("en"), [name]: words }) }));

test("no shipped template, in no language, says or is anything the rules object to", async () => {
  const found = [];
  for (const { key, locale } of mails) found.push(...(await lintTemplate(shipped, key, locale)));
  expect(found).toEqual([]);
  expect(mails.length).toBeGreaterThan(40);
}, 240_000);

test("an offence in a string is placed in that string, also when no sample shows its branch", async () => {
  const templates = withString("check-in", "window.over", "Please do not leave negative feedback.");
  const findings = await lintTemplate(templates, "check-in", "en");
  expect(findings).toMatchObject([{ rule: "R01", key: "check-in", locale: "en", string: "window.over", severity: "block" }]);
}, 60_000);

describe("what is built wrong", () => {
  const wrong: readonly [string, string, (files: TemplateFiles) => Partial<TemplateFiles>][] = [
    ["R14", "the unsubscribe link is gone", ({ body }) => ({ body })],
    ["alt", "an image has no alt text", ({ body }) => ({ body: `${body}\n<mj-raw><img src="https://shop.example/a.png" /></mj-raw>` })],
    ["http-link", "a link is not https", ({ body }) => ({ body: `${body}\n<mj-text><a href="http://shop.example/">shop</a></mj-text>` })],
    [
      "data-image",
      "a large image is written into it",
      ({ body }) => ({ body: `${body}\n<mj-raw><img alt="" src="data:image/png;base64,${"A".repeat(3_000)}" /></mj-raw>` }),
    ],
    ["shouting", "a paragraph is in capitals", ({ text }) => ({ text: `${text}\nPLEASE READ THIS WHOLE PARAGRAPH NOW\n` })],
    ["size", "it is larger than 100 kB", ({ body }) => ({ body: `${body}\n<mj-text>${"Long words. ".repeat(9_000)}</mj-text>` })],
    ["render", "it asks for what the data do not have", ({ text }) => ({ text: `${text}\n{{order.nonsense}}\n` })],
    [
      "render",
      "MJML would lose an expression",
      ({ body }) => ({ body: `${body}\n{{#each order.items}}<mj-text>{{title}}</mj-text>{{/each}}` }),
    ],
    ["render", "it reaches for the prototype (SEC-09)", ({ text }) => ({ text: `${text}\n{{order.constructor.name}}\n` })],
  ];
  test.each(wrong)(
    "%s: %s",
    async (rule, what, change) => {
      const templates = what.startsWith("the unsubscribe")
        ? { ...shipped, textLayout: shipped.textLayout.replaceAll("{{links.unsubscribe}}", "") }
        : withChange("check-in", change);
      const findings = await lintTemplate(templates, "check-in", "en");
      expect(findings.map((one) => one.rule)).toContain(rule);
      expect(blocks(findings)).toBe(rule !== "shouting");
    },
    60_000,
  );
});
