import { fileOfLocale, type OverrideFiles } from "../core/override.ts";
import { readWords } from "./override-words.ts";
import type { Strings, TemplateFiles, Templates } from "./template-files.ts";

/** What a shop changed of a template and of the words all share. */
export interface Overriding {
  readonly own: OverrideFiles;
  readonly shared: OverrideFiles;
}

/**
 * A template as a shop has it: the built-in files, with the shop's in their place, word by word. What the shop did not change stays the built-in one, also
 * after the product has changed it. Throws on a template there is none of.
 */
export function withOverride(templates: Templates, key: string, { own, shared }: Overriding): Templates {
  const files = templates.byKey.get(key);
  if (files === undefined) throw new Error(`there is no template ${key}`);
  const strings = [...files.strings].map(([locale, builtIn]): [string, Strings] => [
    locale,
    { ...builtIn, ...sharedOnly(wordsIn(shared, locale), files.ownWords), ...wordsIn(own, locale) },
  ]);
  const changed: TemplateFiles = {
    ...files,
    body: own["body.mjml"] ?? files.body,
    text: own["body.txt"] ?? files.text,
    strings: new Map(strings),
  };
  return { ...templates, byKey: new Map([[key, changed]]) };
}

function wordsIn(files: OverrideFiles, locale: string): Strings {
  return readWords(files[fileOfLocale(locale)] ?? "{}").words;
}

/** A template that has a word of its own of the same name keeps it. */
function sharedOnly(words: Strings, own: ReadonlySet<string>): Strings {
  return Object.fromEntries(Object.entries(words).filter(([word]) => !own.has(word)));
}
