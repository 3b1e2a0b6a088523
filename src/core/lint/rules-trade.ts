import type { Mark } from "./marks.ts";
import { between, near, type Reading, span } from "./reading.ts";
import type { Hit } from "./rules-verdict.ts";

/** R10: one review for another: we praised you, now praise us. */
export function tradesPraise(it: Reading, next: Reading | null): Hit {
  if (it.forbidden || it.independent || it.noNeed) return null;
  return wePraised(it, next) ?? bartersReviews(it) ?? rateTheBuyerOnce(it, next);
}

function wePraised(it: Reading, next: Reading | null): Hit {
  const words = it.text.slice(it.sentence.start, it.sentence.end);
  if (it.of("we").length === 0 && !/for you|fuer sie|给您|给你/.test(words)) return null;
  const praised = near(it.of("gave"), it.praise, 8);
  if (praised !== null) {
    const same = it.of("same").find((mark) => mark.from >= praised[1].from || mark.from >= praised[0].from);
    if (same !== undefined) return span(praised[1], same);
    if (next !== null && next.of("same").length > 0 && next.of("ask", "hope", "you").length > 0) return praised[1];
  }
  // any review given is a reason, where the other's turn is named
  const gave = near(it.of("gave"), it.of("review"), 4);
  const turn = gave === null || it.of("you").length === 0 ? undefined : it.of("trade").find((mark) => mark.from >= gave[1].to);
  if (gave === null) return null;
  if (turn !== undefined) return span(gave[1], turn);
  return it.of("you").length > 0 && next?.of("trade").some((mark) => turns.test(mark.text)) === true ? gave[1] : null;
}

/** Praise for praise; you leave me one, I leave you one. */
function bartersReviews(it: Reading): Hit {
  const praising = it.of("leave").filter((mark) => mark.text === "praise");
  const named = [...it.of("review", "high-stars", "rates-buyer", "positive"), ...praising].sort((a, b) => a.from - b.from);
  const verdicts = separate(named.filter((mark) => !it.denies(mark)));
  for (const [i, one] of verdicts.entries()) {
    const other = verdicts.slice(i + 1, i + 3).find((later) => sameWord(one, later));
    if (other !== undefined && forEachOther.test(it.text.slice(one.end, other.start))) return span(one, other);
  }
  const [first, last] = [verdicts[0], verdicts.at(-1)];
  const trade = it.of("trade").find((mark) => !it.denies(mark));
  if (trade === undefined || first === undefined || last === undefined || verdicts.length < 2) return null;
  const ours = it.of("we").length > 0 || forMe.test(it.text.slice(it.sentence.start, it.sentence.end));
  return ours && (it.of("you").length > 0 || forYou.test(it.text.slice(it.sentence.start, it.sentence.end))) ? span(first, trade) : null;
}

/** Once yours is there, ours will be. */
function rateTheBuyerOnce(it: Reading, next: Reading | null): Hit {
  const rated = it.of("review", "high-stars", "positive").length > 0;
  const buyer = it.of("rates-buyer").find((mark) => !it.denies(mark) && (rated || !/^(sie|dich|euch) als/.test(mark.text)));
  if (buyer === undefined) return rateThemThen(it, next);
  const theirs = it.of("review", "high-stars").find((mark) => (mark.to <= buyer.from || mark.from >= buyer.to) && !it.denies(mark));
  const own = it.of("thanks").find((mark) => /^your/.test(mark.text) && it.of("past").length === 0);
  const unlocks = it.of("once").find((mark) => own !== undefined && between([mark], own, buyer));
  if (own !== undefined && unlocks !== undefined) return span(own, buyer);
  const once = it.of("once", "if").find((mark) => theirs !== undefined && !between([buyer], mark, theirs));
  if (theirs !== undefined && once !== undefined && !it.sentence.question) return span(buyer, theirs);
  const back = it.of("same", "trade").find((mark) => mark.to <= buyer.from || mark.from >= buyer.to);
  if (back !== undefined && it.of("you").length > 0) return span(buyer, back);
  const later = next?.of("once", "trade").some((mark) => yours.test(next.text.slice(mark.start, next.sentence.end))) ?? false;
  return later ? buyer : null;
}

/** You rated us? Then we rate you. */
function rateThemThen(it: Reading, next: Reading | null): Hit {
  if (next === null || !it.sentence.question || next.of("we").length === 0 || it.anyVerdict || it.of("past", "gave").length === 0)
    return null;
  const [review] = it.of("review");
  return review !== undefined && next.of("rates-buyer").some((mark) => !next.denies(mark)) ? review : null;
}

/** Marks that do not overlap. */
function separate(marks: readonly Mark[]): readonly Mark[] {
  return marks.filter((mark, i) => marks.slice(0, i).every((before) => before.to <= mark.from));
}

const turns = /turn|move|dran|zug|revanchier|轮到|该/;
const sameWord = (a: Mark, b: Mark) => a.text.slice(0, 4) === b.text.slice(0, 4);
const forEachOther = /^\s*(for|gegen|um|fuer|换)\s*([a-z]+\s+)?$/;
const forMe = /\b(for|to) (me|us)\b|\bfuer (mich|uns)\b|\bmir\b|我/;
const forYou = /\bfuer (dich|sie|euch)\b/;
const yours = /\b(yours|ihre|deine|eure)\b|您的|你的/;
