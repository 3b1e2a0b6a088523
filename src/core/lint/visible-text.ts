/** What a reader sees of a piece of HTML (or of plain text, which has no tags), and where it stood. */
export interface VisibleText {
  readonly text: string;
  /** Per UTF-16 unit of `text` its offset in the source; `null` when they are the same. */
  readonly at: Int32Array | null;
}

/**
 * Strips tags and decodes entities. Tags within a line leave nothing, `<br>` a line break, all others an empty line; `alt` texts count as text. What
 * stands in comments, `<style>` and `<script>` is not seen. One pass; never throws, whatever is unclosed.
 */
export function visibleText(source: string): VisibleText {
  if (!/[<&]/.test(source)) return { text: source, at: null };
  const pieces: string[] = [];
  const at = new Int32Array(source.length * 2 + 16);
  let length = 0;
  const push = (piece: string, offset: number) => {
    for (let i = 0; i < piece.length && length < at.length; i += 1) {
      at[length] = offset;
      length += 1;
    }
    pieces.push(piece);
  };
  const budget = { left: 4 * source.length };
  for (let i = 0; i < source.length; ) {
    const next = source.charAt(i);
    if (next === "<") {
      const tag = tagAt(source, i, budget);
      if (tag !== null) {
        push(tag.seen, i);
        i = tag.end;
        continue;
      }
    }
    if (next === "&") {
      const entity = entityAt(source, i);
      if (entity !== null) {
        push(entity.text, i);
        i = entity.end;
        continue;
      }
    }
    let end = i + 1;
    while (end < source.length && source[end] !== "<" && source[end] !== "&") end += 1;
    for (let place = i; place < end; place += 1) {
      at[length] = place;
      length += 1;
    }
    pieces.push(source.slice(i, end));
    i = end;
  }
  return { text: pieces.join(""), at: at.subarray(0, length) };
}

const withinLine: ReadonlySet<string> = new Set(
  "a abbr acronym b bdi bdo big center-text cite code data del dfn em font i ins kbd label mark o:p q s samp small span strike strong sub sup time tt u var wbr".split(
    " ",
  ),
);

/** Letters that may still be looked at in vain, so that unclosed tags without end cost no more than the text is long. */
interface Budget {
  left: number;
}

function tagAt(source: string, from: number, budget: Budget): { readonly seen: string; readonly end: number } | null {
  if (source.startsWith("<!--", from)) {
    const end = source.indexOf("-->", from + 4);
    return { seen: "", end: end === -1 ? source.length : end + 3 };
  }
  const name = /^<\/?([a-z][a-z0-9:]*)|^<[!?]/i.exec(source.slice(from, from + 30));
  if (name === null) return null;
  const close = endOfTag(source, from + 1, budget);
  if (close === null) return null;
  const tag = (name[1] ?? "").toLowerCase();
  if ((tag === "style" || tag === "script") && source.charAt(from + 1) !== "/") {
    const end = source.indexOf(`</${tag}`, close);
    return { seen: "", end: end === -1 ? source.length : end };
  }
  if (withinLine.has(tag)) return { seen: "", end: close };
  if (tag === "br") return { seen: "\n", end: close };
  const alt = tag === "img" ? /\balt\s*=\s*"([^"]{0,500})"/i.exec(source.slice(from, close))?.[1] : undefined;
  return { seen: alt === undefined ? "\n\n" : ` ${alt} `, end: close };
}

/** After the `>` that ends a tag; `null` when none comes within 5,000 letters: then it is no tag. */
function endOfTag(source: string, from: number, budget: Budget): number | null {
  if (budget.left <= 0) return null;
  let quote = "";
  for (let i = from; i < source.length && i < from + 5_000; i += 1) {
    const letter = source.charAt(i);
    if (quote !== "") {
      if (letter === quote) quote = "";
    } else if (letter === '"' || letter === "'") {
      quote = letter;
    } else if (letter === ">") return i + 1;
  }
  budget.left -= Math.min(5_000, source.length - from);
  return null;
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  shy: "",
  zwnj: "",
  zwj: "",
  ensp: " ",
  emsp: " ",
  thinsp: " ",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  middot: "·",
  bull: "•",
  copy: "©",
  reg: "®",
  trade: "™",
  euro: "€",
  pound: "£",
  yen: "¥",
  dollar: "$",
  percnt: "%",
  excl: "!",
  quest: "?",
  period: ".",
  comma: ",",
  colon: ":",
  semi: ";",
  hyphen: "-",
  lowbar: "_",
  star: "☆",
  starf: "★",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
  NewLine: "\n",
  Tab: " ",
};

function entityAt(source: string, from: number): { readonly text: string; readonly end: number } | null {
  const found = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,9}));?/i.exec(source.slice(from, from + 14));
  if (found === null) return null;
  const [whole, decimal, hex, name] = found;
  const end = from + whole.length;
  if (name !== undefined) {
    const text = named[name] ?? named[name.toLowerCase()];
    return text === undefined || !whole.endsWith(";") ? null : { text, end };
  }
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number.parseInt(decimal, 10);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? { text: String.fromCodePoint(code), end } : null;
}
