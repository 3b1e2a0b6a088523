import { amounts } from "./amounts.ts";
import type { Folded } from "./folding.ts";
import { type Branch, type Concept, growTree, type WordTree } from "./lexicon.ts";
import { german } from "./lexicon-de.ts";
import { english } from "./lexicon-en.ts";
import { chinese } from "./lexicon-zh.ts";
import { addExperiences, turnDenied } from "./moods.ts";
import { type Word, wordsOf } from "./words.ts";

/** A place in a sentence that stands for something. */
export interface Mark {
  /** Place in the sentence, in words; a Han character counts as half a word. */
  readonly from: number;
  readonly to: number;
  /** Part of the sentence between colons, semicolons, dashes and "but". */
  readonly clause: number;
  /** Offsets in the folded text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A sentence as the rules see it. */
export interface Sentence {
  readonly marks: ReadonlyMap<Concept | "amount", readonly Mark[]>;
  readonly start: number;
  readonly end: number;
  readonly question: boolean;
  /** Length in words, as `Mark.from` counts. */
  readonly length: number;
  /** Place of the first word of each clause. */
  readonly clauseStarts: readonly number[];
}

const tree: WordTree = growTree([english, german, chinese], english);
const wordCache = new Map<string, boolean>();

/** Entries begin with them, none is one; `f1ve` is to be repaired all the same. */
const numerals: ReadonlySet<string> = new Set(
  "one two three four five ten full top eins zwei drei vier fuenf volle a the up us we my to no an du wo".split(" "),
);

function isKnown(word: string): boolean {
  const cached = wordCache.get(word);
  if (cached !== undefined) return cached;
  const known =
    numerals.has(word) || tree.parts.has(word) || coversWord(tree.words, word) || (word.length >= 8 && coversWord(tree.within, word));
  if (wordCache.size >= 50_000) wordCache.clear();
  wordCache.set(word, known);
  return known;
}

function coversWord(from: Branch, word: string): boolean {
  let at: Branch | undefined = from;
  for (let i = 0; i < word.length; i += 1) {
    at = at.next.get(word.charCodeAt(i));
    if (at === undefined) return false;
    if (at.stem.length > 0 && i >= 3) return true;
  }
  return at.whole.length > 0 || at.stem.length > 0;
}

/** More of one kind in one sentence tell nothing new, and rules that look at pairs would take long over them. */
const maxMarks = 40;

/** Reads one sentence, given by its place in a folded text. */
export function readSentence(folded: Folded, from: number, to: number): Sentence {
  const written = wordsOf(folded, from, to, isKnown);
  const words = isJapanese(folded.text.slice(from, to)) ? written.filter(({ kind }) => kind !== "han") : written;
  const line = lineUp(words);
  const marks = new Map<Concept | "amount", Mark[]>();
  const add = (concept: Concept | "amount", first: number, last: number) => {
    const mark = markOf(words, line, first, last);
    if (concept === "high-stars" && /[$€£¥%]/.test(folded.text.slice(mark.start, mark.end))) return;
    const list = marks.get(concept);
    if (list === undefined) marks.set(concept, [mark]);
    else if (list.length < maxMarks) list.push(mark);
  };
  for (let i = 0; i < words.length; ) {
    const word = words[i];
    if (word === undefined || word.kind === "sign") {
      i += 1;
      continue;
    }
    const found = foundAt(line, words, i);
    for (const [concept, last] of found.concepts) add(concept, i, last);
    if (word.kind === "word" && !found.whole) {
      for (const concept of conceptsWithin(word.text)) if (!found.concepts.has(concept)) add(concept, i, i);
    }
    i = found.swallows ? found.last + 1 : i + 1;
  }
  for (const [first, last] of amounts(words)) add("amount", first, last);
  words.forEach((word, i) => {
    const next = words[i + 1];
    if (/^(we|i)'ll$/.test(folded.text.slice(word.start, word.end))) add("we", i, i);
    // 5/5, A+ and help@shop.example
    if (word.text === "5" && next?.text === "/" && !next.apart && words[i + 2]?.text === "5") add("high-stars", i, i + 2);
    if (word.text === "a" && next?.text === "+" && !next.apart) add("high-stars", i, i);
    if (word.text === "@" && word.apart === false && next?.apart === false && words[i - 1]?.kind === "word") add("contact", i - 1, i + 1);
  });
  addExperiences(marks);
  turnDenied(marks);
  return {
    marks,
    start: from,
    end: to,
    question: words.at(-1)?.text === "?",
    length: line.places.at(-1) ?? 0,
    clauseStarts: line.clauseStarts,
  };
}

/** Its characters mean other things than Chinese ones. A kana or two within Chinese (好の评) is no Japanese. */
function isJapanese(text: string): boolean {
  const kana = text.match(/[\u3041-\u30fa]/g)?.length ?? 0;
  return kana >= 3 && kana * 4 >= (text.match(/\p{Script=Han}/gu)?.length ?? 0);
}

interface Line {
  /** The words in one string: one blank between words, none beside Han characters, signs left out. */
  readonly text: string;
  /** Per word where it begins in `text`. */
  readonly starts: readonly number[];
  /** By place in `text` which word ends there. */
  readonly wordEndingAt: ReadonlyMap<number, number>;
  readonly places: readonly number[];
  readonly clauses: readonly number[];
  readonly clauseStarts: readonly number[];
}

const stops = /^[;:—()；：（）!?]$/;
const stop = "\u0001";
const clauseSigns = /^[:;—–()：；（）]$/;

function lineUp(words: readonly Word[]): Line {
  let text = "";
  let place = 0;
  let clause = 0;
  let previous: Word["kind"] = "sign";
  const starts: number[] = [];
  const ends = new Map<number, number>();
  const places: number[] = [];
  const clauses: number[] = [];
  const clauseStarts: number[] = [0];
  words.forEach((word, index) => {
    if (word.kind === "sign") {
      if (clauseSigns.test(word.text) && place > 0) {
        clause += 1;
        clauseStarts.push(place);
      }
      // no entry reaches over it
      if (stops.test(word.text) && previous === "word") text += stop;
      starts.push(text.length);
    } else {
      if (text !== "" && word.kind !== "han" && previous !== "han") text += " ";
      starts.push(text.length);
      text += word.text;
      ends.set(text.length, index);
      previous = word.kind;
    }
    places.push(place);
    clauses.push(clause);
    if (word.kind !== "sign") place += word.kind === "han" ? 0.5 : 1;
  });
  return { text, starts, wordEndingAt: ends, places: [...places, place], clauses, clauseStarts };
}

function markOf(words: readonly Word[], line: Line, first: number, last: number): Mark {
  const [from, to] = [words[first], words[last]];
  const begin = line.starts[first] ?? 0;
  return {
    from: line.places[first] ?? 0,
    to: line.places[last + 1] ?? 0,
    clause: line.clauses[first] ?? 0,
    start: from?.start ?? 0,
    end: to?.end ?? 0,
    text: line.text.slice(begin, (line.starts[last] ?? begin) + (to?.text.length ?? 0)),
  };
}

interface Found {
  /** What begins there, and the index of the last word each covers. */
  readonly concepts: ReadonlyMap<Concept, number>;
  /** Index of the last word of the longest. */
  readonly last: number;
  /** The longest hides what begins within it: "not satisfied" is not "satisfied". */
  readonly swallows: boolean;
  /** A whole entry, not the beginning of a compound. */
  readonly whole: boolean;
}

const swallowing: ReadonlySet<Concept> = new Set([
  "nothing",
  "unhappy",
  "low-stars",
  "high-stars",
  "any-verdict",
  "no-need",
  "independent",
  "futile",
  "contact",
  "thanks",
  "false-value",
]);

function foundAt({ text, starts, wordEndingAt }: Line, words: readonly Word[], index: number): Found {
  let at: Branch | undefined = tree.words;
  const found = new Map<Concept, number>();
  let longest: { concepts: readonly Concept[]; last: number; whole: boolean } = { concepts: [], last: index, whole: false };
  const start = starts[index] ?? 0;
  let current = index;
  for (let i = start; i < text.length; i += 1) {
    at = at.next.get(text.charCodeAt(i));
    if (at === undefined) break;
    const ended = wordEndingAt.get(i + 1);
    if (ended !== undefined) current = ended;
    const whole = ended !== undefined && at.whole.length > 0;
    if (!whole && at.stem.length === 0) continue;
    const concepts = whole ? [...at.whole, ...at.stem] : at.stem;
    const last = ended ?? wordWith(words, starts, current, i);
    for (const concept of concepts) found.set(concept, last);
    longest = { concepts, last, whole: whole || ended !== undefined };
  }
  const swallows = longest.concepts.some((concept) => swallowing.has(concept));
  return {
    concepts: swallows ? new Map(longest.concepts.map((concept) => [concept, longest.last])) : found,
    last: longest.last,
    swallows,
    whole: longest.whole,
  };
}

function wordWith(words: readonly Word[], starts: readonly number[], from: number, place: number): number {
  let index = from;
  for (let next = from + 1; next < words.length && (starts[next] ?? 0) <= place; next += 1) if (words[next]?.kind !== "sign") index = next;
  return index;
}

const withinCache = new Map<string, readonly Concept[]>();

/** What German compounds are made of: `Sternebewertung`, `Bewertungsgutschein`. */
function conceptsWithin(word: string): readonly Concept[] {
  if (word.length < 7) return [];
  const cached = withinCache.get(word);
  if (cached !== undefined) return cached;
  const found = new Set<Concept>();
  for (let from = 0; from < Math.min(word.length, 60); from += 1) {
    let at: Branch | undefined = tree.within;
    for (let i = from; i < word.length; i += 1) {
      at = at.next.get(word.charCodeAt(i));
      if (at === undefined) break;
      for (const concept of at.stem) found.add(concept);
      if (i === word.length - 1) for (const concept of at.whole) found.add(concept);
    }
  }
  const concepts = [...found];
  if (withinCache.size >= 50_000) withinCache.clear();
  withinCache.set(word, concepts);
  return concepts;
}
