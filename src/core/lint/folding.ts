import { hanSimplified } from "./han-simplified.ts";
import { latinOfLookAlike } from "./look-alikes.ts";

/** A text in one plain way of writing, and where each of its letters stood before. */
export interface Folded {
  readonly text: string;
  /** Per UTF-16 unit of `text` the offset, in the original, of what it was made from; one more at the end: the original's length. */
  readonly at: Int32Array;
}

/**
 * Folds a text so that the same words always look the same: lower case, NFKC, no accents (ä is `ae`), nothing invisible, simplified Chinese,
 * stars and hands as words, look-alike letters as the Latin ones they pretend to be. One pass; the length at most trebles.
 */
export function fold(original: string): Folded {
  const pieces: string[] = [];
  const at = new Int32Array(original.length * 4 + 1);
  let length = 0;
  const push = (piece: string, offset: number) => {
    for (let i = 0; i < piece.length && length < at.length - 1; i += 1) {
      at[length] = offset;
      length += 1;
    }
    pieces.push(piece);
  };
  for (let i = 0; i < original.length; ) {
    const code = original.codePointAt(i) ?? 0;
    const width = code > 0xffff ? 2 : 1;
    if (code < 0x80) {
      // runs of plain letters are most of any mail
      const end = endOfAscii(original, i + 1);
      for (let place = i; place < end; place += 1) at[length + place - i] = place;
      length += end - i;
      pieces.push(plainAscii(original.slice(i, end)));
      i = end;
      continue;
    } else if (starCodes.has(code) || isRowOfSparkles(original, i, code)) {
      let count = 0;
      const start = i;
      while (i < original.length) {
        const next = original.codePointAt(i) ?? 0;
        if (starCodes.has(next) || sparkles.has(next)) count += fullStars.has(next) || sparkles.has(next) ? 1 : 0;
        else if (!blankWithinStars.has(next)) break;
        i += next > 0xffff ? 2 : 1;
      }
      const before = numberAtEnd.exec(original.slice(Math.max(0, start - 8), start).replace(/[\ufe0f\u20e3]/g, ""));
      push(before === null ? ` ${count} stars ` : before[1] === undefined ? " stars " : "星", start);
      continue;
    } else {
      push(foldOf(code, pieces), i);
    }
    i += width;
  }
  at[length] = original.length;
  return { text: pieces.join(""), at: at.subarray(0, length + 1) };
}

/** Full and empty stars: `★★★★☆` is four of them. */
const fullStars = new Set([0x2b50, 0x1f31f, 0x2605, 0x272d, 0x2729, 0x272a, 0x272b, 0x272f, 0x1f320]);
const starCodes = new Set([...fullStars, 0x2606, 0x2730]);
/** Decoration, unless three or more stand in a row. */
const sparkles = new Set([0x2728, 0x1f4ab]);
const isRowOfSparkles = (text: string, at: number, code: number) =>
  sparkles.has(code) && text.startsWith(String.fromCodePoint(code).repeat(3), at);
/** A number that the stars after it only name. */
const numberAtEnd = /(?:\d|\b(?:one|two|three|four|five|eine?n?|zwei|drei|vier|fünf|fuenf)|([一二两三四五][个颗粒]?))\s*$/i;
const blankWithinStars = new Set([0x20, 0xa0, 0xfe0f, 0x200b, 0x200d]);

function endOfAscii(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) < 0x80) i += 1;
  return i;
}

function plainAscii(run: string): string {
  return run
    .toLowerCase()
    .replace(/[^\P{Cc}\n]/gu, " ")
    .replaceAll("`", "'");
}

const known = new Map<number, string>();

function foldOf(code: number, before: readonly string[]): string {
  // a, o or u and two dots written apart
  if (code === 0x308) return /[aou]$/.test(before.at(-1) ?? "") ? "e" : "";
  const kept = known.get(code);
  if (kept !== undefined) return kept;
  const folded = foldOne(String.fromCodePoint(code), code);
  if (known.size < 20_000) known.set(code, folded);
  return folded;
}

function foldOne(letter: string, code: number): string {
  const word = pictures.get(code);
  if (word !== undefined) return ` ${word} `;
  // negative squared and negative circled capitals, regional indicators: no NFKC form
  for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
    if (code >= first && code < first + 26) return String.fromCharCode(97 + code - first);
  }
  if (/^(?:[\p{Cf}\p{Cc}\p{Co}\p{Variation_Selector}\u3164]|\u034f|\u20e3)$/u.test(letter)) return letter === "\u0085" ? "\n" : "";
  if (/^[\p{Zl}\p{Zp}]$/u.test(letter)) return "\n";
  if (/^\p{Zs}$/u.test(letter)) return " ";
  if (/^[‘’‛′ʼ＇´]$/u.test(letter)) return "'";
  if (/^[‐‑‒⁃−]$/u.test(letter)) return "-";
  const plain = letter.normalize("NFKC").toLowerCase();
  const dotted = umlauts[plain];
  if (dotted !== undefined) return dotted;
  const bare = plain.normalize("NFD").replace(/\p{M}/gu, "");
  return [...bare].map((one) => hanSimplified.get(one) ?? latinOfLookAlike.get(one) ?? one).join("");
}

const umlauts: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", œ: "oe", ø: "o" };

const pictures: ReadonlyMap<number, string> = new Map([
  ...[0x1f600, 0x1f601, 0x1f603, 0x1f604, 0x1f60a, 0x1f642, 0x1f60d, 0x1f929, 0x263a, 0x1f970].map((code): [number, string] => [
    code,
    "smiley",
  ]),
  ...[0x1f61e, 0x1f61f, 0x1f620, 0x1f621, 0x1f622, 0x1f62d, 0x1f641, 0x2639, 0x1f614, 0x1f615].map((code): [number, string] => [
    code,
    "sad face",
  ]),
  [0x1f44d, "thumbs up"],
  [0x1f44e, "thumbs down"],
  [0x1f381, "gift"],
  [0x1f4b0, "money"],
  [0x1f4b5, "money"],
  [0x1f4b6, "money"],
  [0x1f4b8, "money"],
  [0x1f9e7, "红包"],
  [0x1f3ab, "voucher"],
  [0x1f3f7, "discount"],
]);
