import type { Folded } from "./folding.ts";
import { asLatin } from "./look-alikes.ts";

/** A word, a number, a Han character or a sign of a sentence. `start` and `end` count in the folded text. */
export interface Word {
  readonly text: string;
  readonly kind: "word" | "number" | "han" | "sign";
  readonly start: number;
  readonly end: number;
  /** Whether a blank stands before it. */
  readonly apart: boolean;
}

/** Whether the lexicon knows a word; what is repaired is repaired into one of these. */
export type IsKnown = (word: string) => boolean;

/**
 * Splits a sentence into words, and undoes what is done to words so that nobody finds them: letters apart (`s t a r s`, `n-e-g`), signs within
 * (`re.view`), numbers for letters (`n0t`), stars over letters (`n*gative`), letters of other scripts, and the usual misspellings.
 */
export function wordsOf({ text }: Folded, from: number, to: number, isKnown: IsKnown): readonly Word[] {
  return joinSplit(joinSpelled(rawWords(text, from, to, isKnown), isKnown), isKnown).map((word) => repaired(word, isKnown));
}

const pieces = /\p{Script=Han}|[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d']+|[^\s]/gu;

function rawWords(text: string, from: number, to: number, isKnown: IsKnown): Word[] {
  const words: Word[] = [];
  let lastEnd = from;
  for (const match of text.slice(from, to).matchAll(pieces)) {
    const start = from + match.index;
    const [piece] = match;
    const end = start + piece.length;
    words.push(...splitNumber({ text: piece, kind: kindOf(piece), start, end, apart: start > lastEnd || start === from }, isKnown));
    lastEnd = end;
  }
  return words;
}

function kindOf(piece: string): Word["kind"] {
  if (/^\d+$/.test(piece)) return "number";
  if (/^\p{Script=Han}$/u.test(piece)) return "han";
  return /^[\p{L}\d']+$/u.test(piece) ? "word" : "sign";
}

/** `5stars` are two words; `d0` is one, to be repaired. */
function splitNumber(word: Word, isKnown: IsKnown): Word[] {
  const digits = word.kind === "word" ? /^\d+(?=\p{L}{3})/u.exec(word.text)?.[0] : undefined;
  if (digits === undefined || fromNumbers(word.text, isKnown) !== undefined) return [word];
  const middle = word.start + digits.length;
  return [
    { ...word, text: digits, kind: "number", end: middle },
    { ...word, text: word.text.slice(digits.length), start: middle, apart: false },
  ];
}

const lettersOfSign: Readonly<Record<string, readonly string[]>> = {
  "@": ["a"],
  $: ["s"],
  "€": ["e"],
  "!": ["i", "l"],
  "*": ["a", "e", "i", "o", "u"],
};
const joiners = /^[-._*|/~·+:^=•⋅_,]$/;

/** Letters set apart one by one, at least three with the same sign or blank between them; and known words with signs between their letters. */
function joinSpelled(words: readonly Word[], isKnown: IsKnown): Word[] {
  const joined: Word[] = [];
  for (let i = 0; i < words.length; ) {
    const spelled = spelledFrom(words, i, isKnown) ?? splitBySigns(words, i, isKnown);
    const word = words[i];
    if (spelled !== null) {
      joined.push(...inParts(spelled.word, isKnown));
      i = spelled.next;
    } else {
      if (word !== undefined) joined.push(word);
      i += 1;
    }
  }
  return joined;
}

function spelledFrom(words: readonly Word[], from: number, isKnown: IsKnown): { word: Word; next: number } | null {
  const first = words[from];
  if (first === undefined || !isLetter(first)) return null;
  let letters = first.text;
  let end = first.end;
  let next = from + 1;
  const bySigns = words[next]?.kind === "sign" && words[next]?.apart === false;
  for (;;) {
    const sign = bySigns ? words[next] : undefined;
    const letter = words[bySigns ? next + 1 : next];
    if (letter === undefined || !(isLetter(letter) || /^(ae|oe|ue|ss)$/.test(letter.text))) break;
    if (bySigns ? sign === undefined || !joiners.test(sign.text) || letter.apart : !letter.apart || letter.start - end > 1) break;
    letters += letter.text;
    end = letter.end;
    next += bySigns ? 2 : 1;
  }
  // "leave a n e g a t i v e review": the article is none of it
  const [article] = /^[ai](?=.{4})/.exec(letters) ?? [];
  if (article !== undefined && !bySigns && !isKnown(letters) && isKnown(letters.slice(1))) return null;
  // two letters are a word when more than a blank parts them from the next: g i v e  u s  f i v e
  const after = words[next];
  const parted = after === undefined || after.start - end > 1 || (after.kind === "sign" && !after.apart && /[.,;!?]/.test(after.text));
  const short = letters.length === 2 && !bySigns && (parted || isKnown(letters));
  return letters.length < 3 && !short ? null : { word: { text: letters, kind: "word", start: first.start, end, apart: first.apart }, next };
}

/** `keinenegative`: letters of several words, set apart alike. The longest known beginning whose rest is known too. */
function inParts(word: Word, isKnown: IsKnown): readonly Word[] {
  const { text, start, end } = word;
  if (text.length > 40 || isKnown(text)) return [word];
  const partsFrom = (from: number, left: number): readonly string[] | null => {
    if (from === text.length) return [];
    if (left === 0) return null;
    for (let to = text.length; to - from >= 2; to -= 1) {
      const rest = isKnown(text.slice(from, to)) ? partsFrom(to, left - 1) : null;
      if (rest !== null) return [text.slice(from, to), ...rest];
    }
    return null;
  };
  const parts = partsFrom(0, 6);
  if (parts === null || parts.length < 2) return [word];
  const each = (end - start) / text.length;
  let letters = 0;
  return parts.map((part, i) => {
    const from = start + Math.floor(letters * each);
    letters += part.length;
    return { text: part, kind: "word", start: from, end: start + Math.floor(letters * each), apart: i > 0 || word.apart };
  });
}

const isLetter = (word: Word) => word.kind === "word" && word.text.length === 1;

/** `re.view`, `feed-back`, `neg_a_tive`: parts without blanks that make a known word, though the parts are none. */
function splitBySigns(words: readonly Word[], from: number, isKnown: IsKnown): { word: Word; next: number } | null {
  const first = words[from];
  if (first === undefined || first.kind !== "word" || words[from + 1]?.kind !== "sign") return null;
  let wholes = [first.text];
  let found: { word: Word; next: number } | null = null;
  for (let i = from + 1; i < from + 12; i += 2) {
    const [sign, part] = [words[i], words[i + 1]];
    if (sign === undefined || part === undefined || sign.kind !== "sign" || sign.apart || part.apart || part.kind !== "word") break;
    const between = [...(joiners.test(sign.text) ? [""] : []), ...(lettersOfSign[sign.text] ?? [])];
    wholes = wholes.flatMap((whole) => between.map((letter) => whole + letter + part.text)).slice(0, 12);
    const fewest = joiners.test(sign.text) ? 5 : 3;
    const whole = wholes.find((one) => one.length >= fewest && one.length <= 40 && isKnown(plainWord(one)));
    if (whole !== undefined && (writtenInTwo.has(whole) || !(isKnown(plainWord(part.text)) && isKnown(plainWord(first.text))))) {
      found = { word: { text: whole, kind: "word", start: first.start, end: part.end, apart: first.apart }, next: i + 2 };
    }
  }
  return found;
}

/** `feed back`, `nega tive`, `charge back`: two words that are none by themselves, or one that is written in two. */
function joinSplit(words: readonly Word[], isKnown: IsKnown): Word[] {
  const joined: Word[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last?.kind === "word" && word.kind === "word" && last.text.length + word.text.length >= 7 && last.text.length <= 12) {
      const whole = last.text + word.text;
      if (
        whole.length <= 16 &&
        (writtenInTwo.has(whole) || (isKnown(whole) && !isKnown(last.text) && !isKnown(word.text) && !isGerman(whole)))
      ) {
        joined[joined.length - 1] = { ...last, text: whole, end: word.end };
        continue;
      }
    }
    joined.push(word);
  }
  return joined;
}

const writtenInTwo: ReadonlySet<string> = new Set(["feedback", "chargeback", "cashback", "negative", "positive"]);
/** Its compounds would make whole sentences known. */
const isGerman = (word: string) => /ung|stern|gutschein/.test(word);

function repaired(word: Word, isKnown: IsKnown): Word {
  if (word.kind !== "word") return word;
  const whole = plainWord(word.text);
  // gefällt's, the seller's
  const text = word.text.endsWith("'s") && !isKnown(whole) && isKnown(whole.slice(0, -1)) ? whole.slice(0, -1) : whole;
  const better = isKnown(text) ? text : (spelledRight.get(text) ?? fromNumbers(text, isKnown) ?? fromAlike(text, isKnown) ?? text);
  return better === word.text ? word : { ...word, text: better };
}

/** Latin, where only some of it is not, and without apostrophes. */
function plainWord(text: string): string {
  if (/^(we|i)'(re|ve|m)$/.test(text)) return text.slice(0, text.indexOf("'"));
  const bare = text.includes("'") ? text.replaceAll("'", "") : text;
  return /[a-z]/.test(bare) && /[^a-z\d]/.test(bare) ? asLatin(bare) : bare;
}

const letterOfNumber: Readonly<Record<string, string>> = { "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g" };

/** `fi5e`: a number may stand for any letter of the words that matter most. */
function anyLetter(text: string): string | undefined {
  if (text.length < 4 || text.replace(/\d/g, "").length < 3) return undefined;
  return coreWords.find(
    (word) => word.length === text.length && Array.from(text).every((letter, i) => /\d/.test(letter) || letter === word.charAt(i)),
  );
}

const umlautOfNumber: Readonly<Record<string, string>> = { "4": "ae", "0": "oe" };

function fromNumbers(text: string, isKnown: IsKnown): string | undefined {
  if (!/\d/.test(text) || !/[a-z]/.test(text) || text.length > 30) return undefined;
  const meant = text.replace(/\d/g, (digit) => letterOfNumber[digit] ?? digit);
  const other = meant.replaceAll("i", "l");
  const dotted = text.replace(/\d/g, (digit) => umlautOfNumber[digit] ?? letterOfNumber[digit] ?? digit);
  return [meant, other, dotted].map((one) => spelledRight.get(one) ?? one).find(isKnown) ?? anyLetter(text);
}

/** Latin letters that pass for others: `bewertvng`, `revievv`, `cornment`. */
function fromAlike(text: string, isKnown: IsKnown): string | undefined {
  if (text.length < 5 || text.length > 30 || !/v|rn|cl/.test(text)) return undefined;
  return [text.replaceAll("vv", "w"), text.replaceAll("v", "u"), text.replaceAll("rn", "m"), text.replaceAll("cl", "d")].find(
    (one) => one !== text && isKnown(one),
  );
}

const coreWords =
  "five star stars stern sterne sternen fuenf bad good rate review reviews rating negative positive feedback refund coupon gift dispute delete remove bewertung gutschein rabatt positiv negativ loeschen".split(
    " ",
  );

/** What the longer words of the rules become under hasty fingers: a letter lost, doubled, or changed with its neighbour, a wrong vowel. */
const spelledRight: ReadonlyMap<string, string> = new Map(
  [
    "negative",
    "positive",
    "feedback",
    "review",
    "reviews",
    "refund",
    "coupon",
    "voucher",
    "discount",
    "dispute",
    "disputes",
    "remove",
    "delete",
    "chargeback",
    "satisfied",
    "unsatisfied",
    "excellent",
    "compensation",
    "please",
    "kindly",
    "change",
    "leave",
    "revise",
    "comment",
    "before",
    "bewertung",
    "bewertungen",
    "gutschein",
    "rezension",
    "negativ",
    "positiv",
    "erstattung",
    "loeschen",
    "kostenlos",
    "unzufrieden",
    "zufrieden",
  ].flatMap((word) => misspellings(word).map((wrong): [string, string] => [wrong, word])),
);

function misspellings(word: string): string[] {
  return Array.from(word).flatMap((letter, i) => {
    const [before, after] = [word.slice(0, i), word.slice(i + 1)];
    const next = word.charAt(i + 1);
    const lost = word.length >= 7 || (i > 0 && word.length > 5) ? [before + after] : [];
    const swapped = next !== "" && next !== letter && i > 0 ? [before + next + letter + word.slice(i + 2)] : [];
    const vowels = /[aeiou]/.test(letter) && word.length >= 8 ? [..."aeiou"].map((vowel) => before + vowel + after) : [];
    return [...lost, `${before}${letter}${letter}${after}`, ...swapped, ...vowels];
  });
}
