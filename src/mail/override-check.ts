import {
  isOverrideFile,
  localeOfFile,
  lockedWords,
  type OverrideFiles,
  placeOf,
  sharedKey,
  type TemplateProblem,
} from "../core/override.ts";
import { valuesOf } from "./compile.ts";
import { knownNames } from "./known-names.ts";
import { type Complaint, readWords } from "./override-words.ts";
import { checkSource, checkWord, type Names } from "./source-check.ts";
import type { Templates } from "./template-files.ts";

/** Letters of one file of an override. */
const maxFileLetters = 60_000;
/**
 * Judges the files of an override as they are written, without compiling anything: that they may be there, can be read, and stay within what mails
 * may have (SEC-09). All that is wrong, each with its place.
 */
export function checkOverride(templates: Templates, key: string, files: OverrideFiles): readonly TemplateProblem[] {
  const shared = key === sharedKey;
  const names = namesFor(templates, key, files);
  return Object.entries(files).flatMap(([file, text]) => {
    const locale = localeOfFile(file);
    const complaints =
      fits(file, text, shared) ?? (locale === null ? checkBody(file, text, names) : checkWords(templates, key, locale, text, names, files));
    return complaints.map(({ offset, key: word, rule, detail }): TemplateProblem => {
      return { severity: "block", template: key, file, ...placeOf(text, offset), key: word, locale, rule, detail };
    });
  });
}

/** Whether there may be such a file at all; `null`: yes. */
function fits(file: string, text: string, shared: boolean): readonly Complaint[] | null {
  const wrong = (detail: string): readonly Complaint[] => [{ offset: 0, key: null, rule: "file", detail }];
  if (!isOverrideFile(file)) return wrong(`there is no such file: wanted ${shared ? "" : "body.mjml, body.txt, "}strings.<locale>.json`);
  if (shared && localeOfFile(file) === null) return wrong("the frame of mails can't be overridden, only its words");
  if (text.length > maxFileLetters) return wrong(`has more than ${maxFileLetters} letters`);
  if (text.trim() === "") return wrong("is empty: leave it out to have the built-in one");
  return null;
}

function checkBody(file: string, text: string, names: Names): readonly Complaint[] {
  return checkSource(text, file === "body.mjml" ? "html" : "text", names);
}

function checkWords(
  templates: Templates,
  key: string,
  locale: string,
  text: string,
  names: Names,
  files: OverrideFiles,
): readonly Complaint[] {
  const builtIn = key === sharedKey ? templates.sharedStrings : (templates.byKey.get(key)?.strings ?? new Map<string, never>());
  if (!builtIn.has(locale)) {
    return [
      { offset: 0, key: null, rule: "file", detail: `${key} is not written in ${locale}, only in ${[...builtIn.keys()].join(", ")}` },
    ];
  }
  const { words, places, complaints } = readWords(text);
  const bodies = `${files["body.mjml"] ?? ""}${files["body.txt"] ?? ""}`;
  return [
    ...complaints,
    ...Object.entries(words).flatMap(([word, value]) => {
      const start = places.get(word) ?? 0;
      const wrong = mayNotOverride(templates, key, word, bodies);
      if (wrong !== null) return [{ offset: start, key: word, rule: "file", detail: wrong } as const];
      return checkWord(value, names).map((one) => ({ ...one, key: word, offset: start + escapedLength(value.slice(0, one.offset)) }));
    }),
  ];
}

/** Why there may be no such word in an override; `null`: there may. A body of the shop's own may bring words of its own. */
function mayNotOverride(templates: Templates, key: string, word: string, bodies: string): string | null {
  if (lockedWords.has(word)) return "how to stop mails is told in our words, so that buyers find it";
  const shared = Object.hasOwn(templates.sharedStrings.get("en") ?? {}, word);
  if (key === sharedKey) return shared ? null : "there is no such word in the layout";
  if (templates.byKey.get(key)?.ownWords.has(word) === true) return null;
  if (shared) return `is one of the words that all mails share: override it in ${sharedKey}`;
  return bodies.includes(`[[${word}]]`) ? null : `there is no such word in ${key}, and no [[${word}]] in a body of yours`;
}

function namesFor(templates: Templates, key: string, files: OverrideFiles): Names {
  const locales = [...(templates.byKey.get(key)?.strings.keys() ?? [])];
  const own = locales.map((locale) => new Set(Object.keys(readWords(files[`strings.${locale}.json`] ?? "{}").words)));
  const [first, ...others] = own;
  const everywhere = [...(first ?? [])].filter((word) => others.every((words) => words.has(word)));
  const builtIn = Object.keys(templates.byKey.get(key)?.strings.get("en") ?? {});
  return {
    data: knownNames(templates),
    words: new Set([...builtIn, ...everywhere]),
    pieces: new Set(templates.partials.keys()),
    values: new Set(Object.keys(valuesOf("en", { name: "x", color: null, logoUrl: null }))),
  };
}

/** How long a text is as JSON has it, without the quotes. */
function escapedLength(text: string): number {
  return JSON.stringify(text).length - 2;
}
