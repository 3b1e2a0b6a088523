import type { Strings } from "./template-files.ts";

/**
 * Fills the markers of a template's source, which leaves Handlebars expressions alone:
 *
 * - `[[name]]`: words of the locale
 * - `[[@name]]`: a value of this compilation (a colour, the direction)
 * - `[[>file]]`: a shared piece, whose own markers are filled too; `[[>file label=help.title link=links.problem]]` writes these names
 *   wherever the piece has `$label` and `$link`
 *
 * Throws on a name that is not there: a hole must not be published.
 */
export function fillMarkers(source: string, fill: Filling): string {
  return source.replace(/\[\[([@>]?)([\w.-]+)((?: +\w+=[\w.-]+)*)\]\]/g, (whole, sign: string, name: string, given: string) => {
    if (sign === ">") {
      const piece = fill.partials.get(name);
      if (piece === undefined) throw new Error(`there is no piece ${name} for ${whole}`);
      return fillMarkers(withNames(piece, given, whole), fill);
    }
    if (given !== "") throw new Error(`only a piece takes names: ${whole}`);
    const values = sign === "@" ? fill.values : fill.strings;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`there is no ${sign === "@" ? "value" : "string"} ${name} for [[${sign}${name}]]`);
    return sign === "@" ? value : fill.words(value);
  });
}

function withNames(piece: string, given: string, marker: string): string {
  const names = new Map([...given.matchAll(/(\w+)=([\w.-]+)/g)].map(([, key = "", value = ""]) => [key, value]));
  return piece.replace(/\$(\w+)/g, (_whole, key: string) => {
    const value = names.get(key);
    if (value === undefined) throw new Error(`the piece of ${marker} needs ${key}=…`);
    return value;
  });
}

export interface Filling {
  readonly strings: Strings;
  readonly values: Readonly<Record<string, string>>;
  readonly partials: ReadonlyMap<string, string>;
  /** Writes words in the form of the source: `wordsAsHtml` or `wordsAsText`. */
  readonly words: (text: string) => string;
}

const link = /\[([^\]]+)\]\(([\w.]+)\)/g;
const linkAndNext = /\[([^\]]+)\]\(([\w.]+)\)(?=(\p{L})?)/gu;
const strong = /\*\*([^*]+)\*\*/g;

/** Words for HTML: everything escaped but expressions; `**x**` is strong, `[label](path)` a link to what `path` holds. */
export function wordsAsHtml(text: string): string {
  return text
    .split(/(\{\{.*?\}\})/g)
    .map((part) => (part.startsWith("{{") ? part : escapeHtml(part)))
    .join("")
    .replace(strong, "<strong>$1</strong>")
    .replace(link, '<a href="{{$2}}" class="link">$1</a>');
}

/**
 * Words for plain text: `[label](path)` is written `label (URL)`. A letter that follows at once, as in Chinese and Japanese, is set apart: readers'
 * programs would take it for a part of the URL.
 */
export function wordsAsText(text: string): string {
  return text.replace(strong, "$1").replace(linkAndNext, (_whole, label: string, path: string, next?: string) => {
    return `${label} ({{${path}}})${next === undefined ? "" : " "}`;
  });
}

/** Words without any mark-up: subject and preheader. */
export function wordsAsPlain(text: string): string {
  return text.replace(strong, "$1").replace(link, "$1");
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}
