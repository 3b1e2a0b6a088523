import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The words of one locale, by name. Plain text with Handlebars expressions, `**strong**` and `[label](path.of.a.link)`. */
export type Strings = Readonly<Record<string, string>>;

/** One message as it lies in its folder: structure apart from words. */
export interface TemplateFiles {
  readonly key: string;
  readonly body: string;
  readonly text: string;
  /** By locale (BCP 47), English first: it is what a buyer gets whose language nobody has written. The words of the layout are among them. */
  readonly strings: ReadonlyMap<string, Strings>;
  /** Of these the names that are the message's own; the others are words of the layout. */
  readonly ownWords: ReadonlySet<string>;
  /** What `sampleOf` reads, as JSON: the order and circumstances of `_layout/sample.json`, with the message's own over them and its facts after them. */
  readonly sample: unknown;
}

export interface Templates {
  readonly layout: string;
  readonly textLayout: string;
  /** Pieces that bodies share, by name: `help.mjml`, `help.txt`. */
  readonly partials: ReadonlyMap<string, string>;
  /** The words of the layout, by locale. */
  readonly sharedStrings: ReadonlyMap<string, Strings>;
  readonly byKey: ReadonlyMap<string, TemplateFiles>;
}

/**
 * Reads the folder `templates/` once. Throws, naming the file, when one is missing or a locale lacks a word that another has: a
 * template that is not whole must not be published in part.
 */
export function loadTemplates(directory: string): Templates {
  const read = (...path: string[]) => readFileSync(join(directory, ...path), "utf8");
  const layoutStrings = readStrings(directory, "_layout");
  const partials = new Map<string, string>();
  for (const name of readdirSync(join(directory, "_layout"))) {
    if (/\.(mjml|txt)$/.test(name) && !name.startsWith("layout.")) partials.set(name, read("_layout", name).replace(/\n$/, ""));
  }
  const sample = parseObject(JSON.parse(read("_layout", "sample.json")), "templates/_layout/sample.json");
  const byKey = new Map<string, TemplateFiles>();
  for (const key of readdirSync(directory).sort()) {
    if (key.startsWith("_") || key.startsWith(".")) continue;
    const own = readStrings(directory, key);
    if (!own.has("en")) throw new Error(`templates/${key}/strings.en.json is missing: English is what others fall back to`);
    const strings = new Map<string, Strings>();
    for (const [locale, words] of own) {
      const shared = layoutStrings.get(locale);
      if (shared === undefined) throw new Error(`templates/_layout/strings.${locale}.json is missing, but ${key} is written in ${locale}`);
      strings.set(locale, { ...shared, ...words });
    }
    byKey.set(key, {
      key,
      body: read(key, "body.mjml"),
      text: read(key, "body.txt"),
      strings,
      ownWords: new Set(Object.keys(own.get("en") ?? {})),
      sample: together(sample, parseObject(JSON.parse(read(key, "sample.json")), `templates/${key}/sample.json`)),
    });
  }
  return {
    layout: read("_layout", "layout.mjml"),
    textLayout: read("_layout", "layout.txt"),
    partials,
    sharedStrings: layoutStrings,
    byKey,
  };
}

function readStrings(directory: string, key: string): Map<string, Strings> {
  const found = new Map<string, Strings>();
  const english = "strings.en.json";
  for (const name of readdirSync(join(directory, key)).sort((a, b) => (a === english ? -1 : b === english ? 1 : a < b ? -1 : 1))) {
    const locale = /^strings\.([A-Za-z0-9-]+)\.json$/.exec(name)?.[1];
    if (locale === undefined) continue;
    found.set(locale, parseStrings(JSON.parse(readFileSync(join(directory, key, name), "utf8")), `templates/${key}/${name}`));
  }
  const names = new Set([...found.values()].flatMap((words) => Object.keys(words)));
  for (const [locale, words] of found) {
    const missing = [...names].filter((name) => !Object.hasOwn(words, name));
    if (missing.length > 0) throw new Error(`templates/${key}/strings.${locale}.json lacks ${missing.join(", ")}`);
  }
  return found;
}

/** A message's sample over the one all share: its facts come after the shared ones, everything else replaces. */
function together(shared: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>): unknown {
  const facts = [shared["facts"], own["facts"]].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return { ...shared, ...own, facts };
}

function parseObject(json: unknown, file: string): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error(`${file} should be an object`);
  return { ...json };
}

function parseStrings(json: unknown, file: string): Strings {
  const words: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseObject(json, file))) {
    if (typeof value !== "string" || value.trim() === "") throw new Error(`${file}: ${name} should be words`);
    words[name] = value;
  }
  return words;
}
