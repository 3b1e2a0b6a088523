import { caniemail } from "caniemail";
import { HtmlValidate } from "html-validate";
import { expect, test } from "vitest";
import { directionOf } from "../../src/core/locale.ts";
import { every, filesOf, rendered, templates } from "./every-mail.ts";
import { fallbacks } from "./reader-support.ts";

/** What the validator's usual rules find in any mail, and why it stays. */
const allowed: Readonly<Record<string, string>> = {
  "doctype-style": "MJML writes it in lower case, which is as valid",
  "no-conditional-comment": "Outlook for Windows lays out by them",
  "void-style": "MJML closes void elements; readers don't mind",
  "no-inline-style": "readers drop style sheets, not styles of elements",
  "no-deprecated-attr": "align, bgcolor, width, cellpadding: what Outlook for Windows goes by",
  "prefer-native-element": "MJML marks the mail as an article on a div; readers drop elements they do not know",
  "presentation-role-style": "the older word is known by more readers than `none`",
  "prefer-tbody": "old engines lay both out alike, and MJML's tables have none",
};

test("every mail is valid HTML, but for what mails need (2.6)", async () => {
  const rules = Object.fromEntries(Object.keys(allowed).map((rule) => [rule, "off"] as const));
  const validator = new HtmlValidate({ root: true, extends: ["html-validate:recommended"], rules });
  const found: string[] = [];
  const seen = new Set<string>();
  for (const [key, locale] of every) {
    const { html } = await rendered(key, locale);
    expect(html, `${key} ${locale}`).not.toMatch(/&(?!#?\w+;)/);
    // Most languages give a message the same structure: it is looked at once.
    if (seen.size === seen.add(structureOf(html)).size) continue;
    const { results } = await validator.validateString(html);
    for (const { messages } of results)
      for (const { ruleId, message, selector } of messages) found.push(`${key} ${locale}: ${ruleId}: ${message} (${selector ?? ""})`);
  }
  expect(found).toEqual([]);
}, 300_000);

/** A mail without its words, its language and the typefaces of that. */
function structureOf(html: string): string {
  return html
    .replace(/<title>[^<]*/, "<title>x")
    .replace(/>[^<]+</g, (text) => (/^>\s*<$/.test(text) ? "><" : ">x<"))
    .replace(/\b(lang|aria-label|href)="[^"]+"/g, '$1="x"')
    .replace(/font-family:[^;"]+/g, "");
}

test("each rule that is left out of the validation is needed by some mail", async () => {
  const { html } = await rendered("feedback-reminder", "en");
  const { results } = await new HtmlValidate({ root: true, extends: ["html-validate:recommended"] }).validateString(html);
  expect([...new Set(results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId)))].sort()).toEqual(Object.keys(allowed).sort());
});

test("nothing is used that Gmail or Outlook do not know, unless it is stated what they show instead (2.6)", async () => {
  const unknown = new Set<string>();
  for (const key of templates.byKey.keys()) {
    // words make no difference, the direction does
    const locales = [...filesOf(key).strings.keys()];
    const directions = new Map(locales.map((locale) => [directionOf(locale), locale]));
    for (const locale of directions.values()) {
      const { html } = await rendered(key, locale);
      for (const issues of caniemail({ clients: ["gmail.*", "outlook.*"], html }).issues.errors.values())
        for (const { title } of issues) unknown.add(title);
    }
  }
  expect([...unknown].sort()).toEqual(Object.keys(fallbacks).sort());
}, 300_000);
