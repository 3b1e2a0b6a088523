import { describe, expect, test } from "vitest";
import { expressionsOf } from "../../src/mail/strict-handlebars.ts";
import { loadTemplates, type Strings } from "../../src/mail/template-files.ts";

const templates = loadTemplates(new URL("../../templates", import.meta.url).pathname);
const languages = ["en", "ar", "de", "es", "fr", "ja", "pt-BR", "ru", "zh-CN"];

const linksIn = (words: string) => new Set([...words.matchAll(/\]\(([\w.]+)\)/g)].map(([, path]) => path));
const strongIn = (words: string) => [...words.matchAll(/\*\*([^*]+)\*\*/g)].length;
const wordsOf = (key: string, locale: string): Strings => templates.byKey.get(key)?.strings.get(locale) ?? {};
const every = [...templates.byKey].flatMap(([key, { strings }]) =>
  [...strings.keys()].filter((locale) => locale !== "en").map((locale) => [key, locale] as const),
);

test.each([...templates.byKey.keys()])("%s is written in all nine languages", (key) => {
  expect([...(templates.byKey.get(key)?.strings.keys() ?? [])]).toEqual(languages);
});

describe.each(every)("%s in %s", (key, locale) => {
  const english = wordsOf(key, "en");
  const words = wordsOf(key, locale);

  test("has the values, the links and the emphasis of the English, string by string, and no string more", () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
    for (const [name, original] of Object.entries(english)) {
      const translated = words[name] ?? "";
      const about = `${key} ${locale} ${name}`;
      expect([about, new Set(expressionsOf(translated))]).toEqual([about, new Set(expressionsOf(original))]);
      expect([about, linksIn(translated)]).toEqual([about, linksIn(original)]);
      expect([about, strongIn(translated)]).toEqual([about, strongIn(original)]);
    }
  });

  test("leaves nothing in English", () => {
    const left = Object.entries(words).filter(([name, text]) => text === english[name] && /\p{L}/u.test(text.replace(/\{\{.*?\}\}/g, "")));
    expect(left).toEqual([]);
  });

  test("has no stray blanks, no typewriter's quotes, no shouting, and no unfinished sentence", () => {
    for (const [name, text] of Object.entries(words)) {
      const about = `${key} ${locale} ${name}: ${text}`;
      expect(about).not.toMatch(/ {2}|^\s|\s$| [,.;)»]|[(«] |[ '"]'|\w'\w|\.\.\.|!/);
      if (locale === "fr") expect(about).not.toMatch(/: .*( |\p{L})[?:;»]/u);
      const isSentence = /[.?]$/.test(english[name] ?? "") && !name.startsWith("label.");
      if (isSentence) expect(about).toMatch(locale === "ja" ? /[。か]$|様$|お客様$/ : /[.?。？؟]$/);
    }
  });
});
