/** What a shop changed of a template: the text of each file that stands in place of the built-in one, by name (see `isOverrideFile`). */
export type OverrideFiles = Readonly<Record<string, string>>;

/** The words that all templates share are overridden under this key. */
export const sharedKey = "_layout";

/** Words of the layout that stay ours: the way out must read like one, whatever a shop would like (R14). */
export const lockedWords: ReadonlySet<string> = new Set(["footer.stop.order", "footer.stop.care"]);

/** `body.mjml`, `body.txt`, or `strings.<locale>.json` with only the words that are changed. */
export function isOverrideFile(name: string): boolean {
  return name === "body.mjml" || name === "body.txt" || localeOfFile(name) !== null;
}

/** The locale of a file of words, `null` for other files. */
export function localeOfFile(name: string): string | null {
  return /^strings\.([A-Za-z0-9-]{2,35})\.json$/.exec(name)?.[1] ?? null;
}

/** The file of a locale's words. */
export function fileOfLocale(locale: string): string {
  return `strings.${locale}.json`;
}

/** One thing that is wrong with an override, and where. */
export interface TemplateProblem {
  /** `block` keeps it from being published. */
  readonly severity: "block" | "warn";
  /** The template it shows in: for the shared words not the one that is changed. */
  readonly template: string;
  /** The file to mend; lines and columns count from 1. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The word it is in, as the file names it; `null` for bodies. */
  readonly key: string | null;
  /** The language it shows in; `null`: in all. */
  readonly locale: string | null;
  /** The linter's rule, or `file` (what may not be in such a file at all), `markup`, `expression`, `marker`, `render`. */
  readonly rule: string;
  /** One sentence: what was found, what was wanted. */
  readonly detail: string;
}

/** Where an offset of a text is, for people. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}

/** A problem as one line: `strings.de.json:3:14 (subject): …`. */
export function problemLine({ file, line, column, key, detail }: TemplateProblem): string {
  return `${file}:${line}:${column}${key === null ? "" : ` (${key})`}: ${detail}`;
}
