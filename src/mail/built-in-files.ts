import { fileOfLocale, type OverrideFiles, sharedKey } from "../core/override.ts";
import type { Strings, Templates } from "./template-files.ts";

/** The files of a template that a shop may override, as the product ships them; `null` when there is no such template. The words all share are under `_layout`. */
export function builtInFiles(templates: Templates, key: string): OverrideFiles | null {
  if (key === sharedKey) return filesOfWords(templates.sharedStrings, () => true);
  const files = templates.byKey.get(key);
  if (files === undefined) return null;
  return { "body.mjml": files.body, "body.txt": files.text, ...filesOfWords(files.strings, (word) => files.ownWords.has(word)) };
}

function filesOfWords(strings: ReadonlyMap<string, Strings>, wanted: (word: string) => boolean): OverrideFiles {
  const files = [...strings].map(([locale, words]) => {
    const own = Object.fromEntries(Object.entries(words).filter(([word]) => wanted(word)));
    return [fileOfLocale(locale), wordsAsFile(own)];
  });
  return Object.fromEntries(files);
}

/** Words as their file has them. */
function wordsAsFile(words: Strings): string {
  return `${JSON.stringify(words, null, 2)}\n`;
}
