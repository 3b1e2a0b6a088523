import type { Mark } from "./marks.ts";
import { gap, type Reading, span } from "./reading.ts";
import type { Hit } from "./rules-verdict.ts";

/** R06; `rest` are the sentences after it, in the same paragraph. */
export function asksOnlyTheHappy(it: Reading, rest: readonly Reading[]): Hit {
  const next = rest[0] ?? null;
  const happy = happyCase(it);
  if (happy !== null && !it.anyVerdict && !it.forbidden) {
    const review = reviewAsked(it, happy);
    if (review !== null && !it.denies(review)) return span(happy, review);
    if (next !== null && !next.anyVerdict && (it.sentence.question || it.sentence.length <= 12)) {
      const later = reviewAsked(next, null);
      if (later !== null && !next.denies(later) && it.of("review").length === 0) return happy;
    }
  }
  return (
    onlyForHighScores(it) ?? tellsTheUnhappyElsewhere(it) ?? sendsAway(it, next) ?? sortsByStars(it, rest) ?? hasTwoDoors([it, ...rest])
  );
}

/** The link goes only to those who gave at least eight of ten. */
function onlyForHighScores(it: Reading): Hit {
  if (it.forbidden || it.independent || it.noNeed || it.of("service", "refund").length > 0) return null;
  const only = it.of("only", "otherwise")[0];
  const score = it.of("threshold", "high-stars", "happy").find((mark) => only !== undefined && gap(mark, only) <= 16);
  const review = it.of("review", "public").find((mark) => mark !== score && !it.denies(mark) && mark.text !== score?.text);
  const whom = it.of("you", "if").find((mark) => [only, score].some((one) => one !== undefined && gap(mark, one) <= 4));
  const given = /\blinks?\b|\binvit|\beinladung|\beingeladen|链接|邀请/.test(it.text.slice(it.sentence.start, it.sentence.end));
  return score !== undefined && review !== undefined && whom !== undefined && given ? span(review, score) : null;
}

type Door = "happy" | "review" | "unhappy" | "contact" | "if" | "if not";

/** One door for the happy, to where all can read; another for the unhappy, to where nobody else does. In up to four sentences, in either order. */
function hasTwoDoors(sentences: readonly Reading[]): Hit {
  if (sentences.some((one) => one.anyVerdict || one.independent || one.forbidden || one.noNeed)) return null;
  const steps = sentences.flatMap((one, index) =>
    (
      [
        ...one
          .of("happy", "high-stars")
          .filter((mark) => isCase(one, mark))
          .map((mark) => ["happy", mark]),
        ...one.of("unhappy", "low-stars", "otherwise").map((mark) => ["unhappy", mark]),
        ...[
          ...one.of("review"),
          ...one.of("say").filter((mark) => publishes.test(mark.text)),
          ...one.of("public").filter((mark) => one.of("say", "leave", "utterance").length > 0 || tells.test(mark.text)),
        ].map((mark) => ["review", mark]),
        ...one
          .of("positive", "nice")
          .filter((mark) => isLabel(one, mark))
          .map((mark) => ["happy", mark]),
        ...one
          .of("negative")
          .filter((mark) => isLabel(one, mark))
          .map((mark) => ["unhappy", mark]),
        ...one.of("if").map((mark) => ["if", mark]),
        ...one
          .of("otherwise")
          .filter((mark) => mark.from < 2)
          .map((mark) => ["if not", mark]),
        ...one.of("contact", "private").map((mark) => ["contact", mark]),
      ] as [Door, Mark][]
    )
      .sort(([, a], [, b]) => a.from - b.from)
      .map(([door, mark]) => ({ door, mark, index })),
  );
  const first = steps.find(({ index }) => index === 0);
  for (const way of ways) {
    let at = 0;
    const taken: Mark[] = [];
    for (const { door, mark } of steps) {
      if (door !== way[at] || (taken.length > 0 && mark.start < (taken.at(-1)?.end ?? 0))) continue;
      taken.push(mark);
      at += 1;
      if (at === way.length) break;
    }
    const [from, to] = [taken[0], taken.at(-1)];
    const startsHere = from !== undefined && first !== undefined && from.start < (sentences[0]?.sentence.end ?? 0);
    if (at === way.length && startsHere && to !== undefined) return from;
  }
  return null;
}

/** Good: … Bad: … */
function isLabel(it: Reading, mark: Mark): boolean {
  return /^\s*[:→?=]/.test(it.text.slice(mark.end, mark.end + 3));
}

const publishes = /^(publish|post|veroeffentlich|posten|发布|晒)/;
const tells = /know|weiter|erzaehl|tell|告诉|google|trustpilot|facebook|yelp|amazon|ebay|instagram/;
const ways: readonly (readonly Door[])[] = [
  ["happy", "review", "unhappy", "contact"],
  ["unhappy", "contact", "happy", "review"],
  ["if", "review", "if not", "contact"],
];

/** Whether it is the case of some buyers, not a hope for all: if you are happy, happy? 5 stars: */
function isCase(it: Reading, happy: Mark): boolean {
  if (asYouLike(it, happy)) return false;
  if (it.sentence.question) return !openQuestion.test(it.text.slice(it.sentence.start, it.sentence.end));
  const asked = it.text.slice(it.sentence.start, it.sentence.end);
  if (/\b(hope|hoping|hoffen|hoffentlich|freuen uns, dass|glad|thank|danke)\b|希望您|祝您/.test(asked)) return false;
  return (
    it.of("if").some((mark) => gap(mark, happy) <= 8) ||
    it.sentence.clauseStarts.some((start) => happy.from >= start && happy.from - start <= 2)
  );
}

/** "What did you like" asks for anything. */
const openQuestion = /\b(what|which|how|was (hat|war|hat ihnen|gefiel)|welche\w*|wie)\b|哪些|什么|怎么|如何/;

/** Whoever is happy, as a case of its own. */
export function happyCase(it: Reading): Mark | null {
  if (it.sentence.question && openQuestion.test(it.text.slice(it.sentence.start, it.sentence.end))) return null;
  for (const happy of it.of("happy")) {
    if (asYouLike(it, happy)) continue;
    const before = it.of("if").find((mark) => mark.from <= happy.from && happy.from - mark.to <= 6);
    const after = it.of("if").find((mark) => mark.from >= happy.to && mark.from - happy.to <= 1 && /[\u4e00-\u9fff]/.test(mark.text));
    const people = it
      .of("you")
      .find(
        (mark) =>
          mark.from >= happy.to &&
          mark.from - happy.to <= 0 &&
          /cust|buyer|folk|people|shopper|fans|kund|kaeuf|买家|客户|顾客/.test(mark.text),
      );
    const asked = it.sentence.question && it.sentence.length <= 14 ? happy : undefined;
    const found = before ?? after ?? people ?? asked;
    if (found !== undefined) return happy;
  }
  return null;
}

/** "…, if you like." says only that nobody must. */
function asYouLike(it: Reading, happy: Mark): boolean {
  return (
    /^(like|moegen|magst|moegt|mag|moechtest|freut|liked)$/.test(happy.text) &&
    /^\s*([,.!;)]|$)/.test(it.text.slice(happy.end, it.sentence.end))
  );
}

function reviewAsked(it: Reading, happy: Mark | null): Mark | null {
  const shared = it.of("leave").length > 0 ? it.of("public") : [];
  const reviews = [
    ...it.of("review", "high-stars"),
    ...shared,
    ...it.of("leave").filter((mark) => /\btell|spread|anderen|sagen sie es|告诉/.test(mark.text)),
  ];
  const review = reviews.find((mark) => happy === null || mark.from >= happy.to || gap(mark, happy) <= 14);
  if (review === undefined) return null;
  const asked =
    it.of("ask", "leave", "hope", "get").length > 0 || verbs.test(it.text.slice(it.sentence.start, it.sentence.end)) || happy !== null;
  return asked ? review : null;
}

const verbs = /\b(review|rate|bewerten|bewerte)\b|评价|好评/;

export function tellsTheUnhappyElsewhere(it: Reading): Hit {
  if (it.anyVerdict || it.independent || it.forbidden || it.noNeed) return null;
  const bad = [...it.of("unhappy"), ...it.of("low-stars")];
  const contact = it.of("contact", "private");
  if (bad.length === 0 || contact.length === 0) return null;
  const instead = it.of("first", "private", "before").filter((mark) => !/^(immediately|straight away|sofort|第一时间)/.test(mark.text));
  const others = it.of("leave").filter((mark) => /tell others|告诉(别人|朋友|大家)/.test(mark.text));
  const review = [...it.of("review", "low-stars"), ...it.of("public"), ...others].find((mark) => !it.denies(mark));
  const [first] = instead;
  return first !== undefined && review !== undefined && review !== first && it.changes.length === 0 ? span(first, review) : null;
}

/** Not happy? Talk to us instead of the review page. */
function sendsAway(it: Reading, next: Reading | null): Hit {
  const unhappy = it.of("unhappy", "low-stars")[0];
  if (next === null || unhappy === undefined || !(it.sentence.question || it.sentence.length <= 5)) return null;
  if (next.anyVerdict || next.independent || next.forbidden || next.noNeed || next.of("contact", "private").length === 0) return null;
  const instead = next.of("first", "private", "before", "not-do").length > 0;
  const review = next.of("review", "low-stars").find((mark) => !next.denies(mark) && !/^stars?$|^星$/.test(mark.text));
  return instead && review !== undefined ? unhappy : null;
}

/** 4–5 stars here, 1–3 stars there. */
function sortsByStars(it: Reading, rest: readonly Reading[]): Hit {
  const both = [it, ...rest];
  if (both.some((one) => one.anyVerdict || one.forbidden || one.independent || one.changes.length > 0)) return null;
  const high = both.flatMap((one) => one.of("high-stars"))[0];
  const low = both.flatMap((one) => [...one.of("low-stars"), ...one.of("otherwise"), ...one.of("unhappy")])[0];
  const elsewhere = both.some((one) => one.of("contact", "private").length > 0);
  return high !== undefined && low !== undefined && elsewhere && it.of("high-stars").length > 0 ? high : null;
}
