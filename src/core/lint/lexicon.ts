import { fold } from "./folding.ts";

/**
 * What words stand for in the rules. A rule never looks at words, only at these, so that it reads the same in every language.
 */
export const concepts = [
  /** What is written about a purchase, and the verb for doing so: review, bewerten, 评价. */
  "review",
  /** Three stars, 1-star, 差评: a review and a verdict in one word. */
  "low-stars",
  "high-stars",
  "positive",
  /** What is said of the shop elsewhere than in a review: statements, posts. */
  "utterance",
  /** Telling it to others: say, post, mention. */
  "say",
  /** What somebody is unhappy about: complaints, anger, a scratch. */
  "grievance",
  /** Words that praise in front of a review and say little elsewhere: good, great, nette. */
  "nice",
  "negative",
  /** From 1 to 5, good or bad, either way: everything is welcome. */
  "any-verdict",
  "leave",
  "change",
  /** Half of a verb whose other half stands elsewhere: take … down, ziehen … zurück. */
  "take",
  "down",
  "into",
  "gone",
  "incentive",
  /** Things that shops sell and give away: a mug, a tablet. A present only beside a word of giving. */
  "gift",
  "refund",
  "get",
  "exchange",
  "ask",
  "hope",
  "not-do",
  "before",
  "no-need",
  "we",
  "you",
  "may",
  "never",
  "harm",
  "futile",
  "contact",
  "first",
  "private",
  "happy",
  "unhappy",
  "if",
  "once",
  "only",
  "otherwise",
  "service",
  "cannot",
  "threat",
  /** What a shop does to whom it punishes, no threat by itself: no more orders, a list, a fee. */
  "penalty",
  /** Do it, or we …: what makes a demand a threat. */
  "or-else",
  /** What will, may or must come of something. */
  "outcome",
  /** What an honest shop does with what it did not like to read: listens, learns, answers. */
  "kind",
  /** What a bank is to be told of a dispute: settled. */
  "settled",
  "tell",
  /** What somebody has had, good or bad: an experience, an impression. */
  "experience",
  /** Who else gives stars, and what else has them: magazines, hotels, lamps. */
  "test",
  "menace",
  "dispute",
  "open",
  "close",
  "delay",
  "same",
  "gave",
  /** The shop's verdict on the buyer: rate you, Sie als Käufer. */
  "rates-buyer",
  /** One for the other: your turn, tit for tat, a deal. */
  "trade",
  /** Words about a thing that are not called a review: what you think, two sentences. */
  "opinion",
  /** From how many stars or points on: at least eight. */
  "threshold",
  "public",
  /** What an honest shop does with reviews: publishes, shows, answers them. */
  "kept",
  "promotion",
  /** Promotes only beside a sum or a gift: next order, save. */
  "weak-promotion",
  "customs",
  "declare",
  "false-value",
  /** The true value, for customs. */
  "full-value",
  "but",
  "independent",
  "forbidden",
  "past",
  "thanks",
  "advance",
  /** What else a verb of change may be about: an address, a date. */
  "other-thing",
  /** Seen, and of no meaning here: "would like", "don't hesitate". */
  "nothing",
] as const;
export type Concept = (typeof concepts)[number];

/**
 * The words of one language: per concept a list, divided by commas. `word` is that word, `stem*` every word that begins so, `*stem*` every
 * word that has it anywhere (German compounds), `word~` the word with any ending of a German adjective. Where several begin at one place the longest counts, and nothing within it.
 */
export type Lexicon = Readonly<Partial<Record<Concept, string>>>;

/** A place in the tree of all entries, letter by letter. */
export interface Branch {
  readonly next: Map<number, Branch>;
  /** Concepts of an entry that ends here, at the end of a word. */
  whole: Concept[];
  /** Concepts of an entry that ends here, wherever the word ends. */
  stem: Concept[];
}

export interface WordTree {
  /** Entries that begin where a word begins. */
  readonly words: Branch;
  /** Entries that may begin within a word. */
  readonly within: Branch;
  /** The single words of the entries. */
  readonly parts: Set<string>;
}

/** Grows the tree of some lexicons; of `inflected` ones also the other forms of English verbs. */
export function growTree(lexicons: readonly Lexicon[], inflected: Lexicon): WordTree {
  const tree: WordTree = { words: branch(), within: branch(), parts: new Set() };
  for (const concept of verbs) {
    for (const raw of (inflected[concept] ?? "").split(/[,\n]/)) {
      const [first = "", ...rest] = foldedEntry(raw).split(" ");
      for (const form of formsOf(first)) grow(tree.words, [form, ...rest].join(" ")).whole.push(concept);
    }
  }
  for (const lexicon of lexicons) {
    for (const concept of concepts) {
      for (const raw of (lexicon[concept] ?? "").split(/[,，\n]/)) {
        const entry = foldedEntry(raw);
        if (entry === "") continue;
        if (entry.endsWith("~")) {
          for (const ending of endings) grow(tree.words, entry.slice(0, -1) + ending).whole.push(concept);
          continue;
        }
        for (const part of entry.match(/[a-z]{3,}/g) ?? []) tree.parts.add(part);
        const stem = entry.endsWith("*");
        const anywhere = entry.startsWith("*");
        const end = grow(anywhere ? tree.within : tree.words, entry.replaceAll("*", ""));
        if (stem) end.stem.push(concept);
        else end.whole.push(concept);
        if (anywhere) grow(tree.words, entry.replaceAll("*", "")).stem.push(concept);
      }
    }
  }
  return tree;
}

/** Concepts that are mostly verbs in English. */
const verbs: readonly Concept[] = ["change", "leave", "say", "harm", "contact", "open", "close", "delay", "happy", "service"];

/** love: loves, loved, loving. What is no verb becomes words that nobody writes. */
function formsOf(verb: string): readonly string[] {
  if (!/^[a-z]{3,}$/.test(verb) || /(ed|ing|s)$/.test(verb)) return [];
  if (verb.endsWith("e")) return [`${verb}s`, `${verb}d`, `${verb.slice(0, -1)}ing`];
  if (/[^aeiou]y$/.test(verb)) return [`${verb.slice(0, -1)}ies`, `${verb.slice(0, -1)}ied`, `${verb}ing`];
  const doubled = /^[^aeiou]*[aeiou][bdglmnprt]$/.test(verb) ? verb + verb.slice(-1) : verb;
  return [/(ch|sh|x|z)$/.test(verb) ? `${verb}es` : `${verb}s`, `${doubled}ed`, `${doubled}ing`];
}

/** Of German adjectives. */
const endings = ["", "e", "en", "er", "es", "em"];

function foldedEntry(raw: string): string {
  return fold(raw)
    .text.replace(/'/g, "")
    .replace(/-/g, " ")
    .replace(/\s+/g, " ")
    .replace(/ ?(?=\p{Script=Han})|(?<=\p{Script=Han}) ?/gu, "")
    .trim();
}

function grow(from: Branch, letters: string): Branch {
  let at = from;
  for (let i = 0; i < letters.length; i += 1) {
    const code = letters.charCodeAt(i);
    const next = at.next.get(code) ?? branch();
    at.next.set(code, next);
    at = next;
  }
  return at;
}

function branch(): Branch {
  return { next: new Map(), whole: [], stem: [] };
}
