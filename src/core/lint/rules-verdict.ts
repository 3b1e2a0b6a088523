import type { Mark } from "./marks.ts";
import { follows, gap, near, type Reading, span } from "./reading.ts";

/** What a rule found: the words it holds against the sentence; `null`: nothing. */
export type Hit = Mark | null;

/** R01: asks not to say anything bad, or to come to the shop before saying it. */
export function discouragesBlame(it: Reading, next: Reading | null): Hit {
  if (it.forbidden && it.of("ask").length === 0) return null;
  const { blame } = it;
  const asked = it.of("contact", "ask", "first", "harm", "futile");
  for (const bad of blame) {
    if (it.denies(bad)) continue;
    const dont = it.of("not-do").find((mark) => mark.from < bad.to && gap(mark, bad) <= 10 && !isOwnNo(it, mark));
    if (dont !== undefined && (!onlyWithCompany.test(dont.text) || asked.length > 0)) return span(dont, bad);
    const later = it.of("not-do").find((mark) => mark.from >= bad.to && mark.from - bad.to <= 12 && late.test(mark.text));
    if (later !== undefined) return span(bad, later);
    const harm = near([bad], it.of("harm", "futile"), 12);
    if (harm !== null && it.of("service").length === 0) return span(...harm);
    // Mail that speaks of bad reviews at all wants to be without them, unless it says what honest shops say.
    const honest = it.independent || it.forbidden || it.changes.length > 0 || it.of("thanks", "kept").length > 0;
    const addressed = it.of("contact", "ask", "you", "first", "before", "private", "not-do", "harm", "hope", "leave", "public", "if")[0];
    if (!honest && addressed !== undefined) return span(addressed, bad);
    const instead = next === null || next.of("contact").length === 0 ? [] : next.of("first", "before", "ask");
    if (!honest && instead.length > 0) return bad;
  }
  return comeToUsFirst(it);
}

/** Tell us before you review: whoever is unhappy is to be heard by the shop alone. */
function comeToUsFirst(it: Reading): Hit {
  if (it.anyVerdict || it.noNeed) return null;
  const reviews = [...it.of("review"), ...(it.of("unhappy", "low-stars").length > 0 ? it.of("public") : [])].filter(
    (one) => !it.denies(one),
  );
  const before =
    follows(it.of("before", "first"), reviews, 6) ??
    (/[\u4e00-\u9fff]/.test(it.text.slice(it.sentence.start, it.sentence.end)) ? follows(reviews, it.of("before"), 1) : null);
  const contact = it.of("contact")[0];
  if (before === null || contact === undefined || !beforeWords.test(before[0].text + before[1].text)) return null;
  return it.of("unhappy", "low-stars").length > 0 || it.of("ask").length > 0 ? span(contact, before[1]) : null;
}

const beforeWords = /before|prior|instead|rather|bevor|vor |ehe|statt|之前|前|先/;
const onlyWithCompany = /^(before|without|instead|rather|bevor|ehe|ohne|statt|anstatt|anstelle|之前|前|与其|而不是|代替)/;
const late =
  /^(think twice|hold|refrain|abstain|avoid|verzicht|abseh|abzuseh|davon ab|unterlass|zurueckhalt|ersparen|手下留情|三思|避免|慎重|wait before)/;

function isOwnNo(it: Reading, dont: Mark): boolean {
  return it
    .of("we")
    .some(
      (we) =>
        we.to <= dont.from &&
        dont.from - we.to <= 1.5 &&
        !/want|like|wish|hope|moecht|will|wuensch|希望/.test(it.text.slice(we.start, dont.start)),
    );
}

/** R05: asks for praise. */
export function asksForPraise(it: Reading): Hit {
  if (it.forbidden || it.noNeed) return null;
  for (const praise of it.praise) {
    if (it.denies(praise) || it.changes.some((change) => gap(change, praise) === 0 && change.from < praise.from)) continue;
    const thanks = it.of("thanks").some((mark) => mark.from <= praise.from && praise.from - mark.to <= 4);
    if (thanks && it.of("advance", "leave").length === 0) continue;
    const past = it.of("past").some((mark) => gap(mark, praise) <= 5) && it.of("ask").length === 0;
    const asked = past ? null : near([praise], it.of("ask", "hope", "leave", "you", "get"), 14);
    if (asked !== null) return span(praise, asked[1]);
    const review = it.of("review")[0];
    if (review !== undefined && it.sentence.clauseStarts.some((start) => Math.abs(review.from - start) < 1)) return praise;
  }
  return null;
}

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
  return tellsTheUnhappyElsewhere(it) ?? sortsByStars(it, rest);
}

/** "What did you like" asks for anything. */
const openQuestion = /\b(what|which|how|was (hat|war|hat ihnen|gefiel)|welche\w*|wie)\b|哪些|什么|怎么|如何/;

function happyCase(it: Reading): Mark | null {
  if (it.sentence.question && openQuestion.test(it.text.slice(it.sentence.start, it.sentence.end))) return null;
  for (const happy of it.of("happy")) {
    const before = it.of("if").find((mark) => mark.from <= happy.from && happy.from - mark.to <= 6);
    const after = it.of("if").find((mark) => mark.from >= happy.to && mark.from - happy.to <= 1 && /[\u4e00-\u9fff]/.test(mark.text));
    const people = it
      .of("you")
      .find((mark) => mark.from >= happy.to && mark.from - happy.to <= 0 && /cust|buyer|kund|kaeuf|买家|客户|顾客/.test(mark.text));
    const asked = it.sentence.question && it.sentence.length <= 14 ? happy : undefined;
    const found = before ?? after ?? people ?? asked;
    if (found !== undefined) return happy;
  }
  return null;
}

function reviewAsked(it: Reading, happy: Mark | null): Mark | null {
  const shared = it.of("leave").length > 0 ? it.of("public") : [];
  const reviews = [
    ...it.of("review", "high-stars"),
    ...shared,
    ...it.of("leave").filter((mark) => /tell|spread|anderen|sagen sie es|告诉/.test(mark.text)),
  ];
  const review = reviews.find((mark) => happy === null || mark.from >= happy.to || gap(mark, happy) <= 14);
  if (review === undefined) return null;
  const asked =
    it.of("ask", "leave", "hope", "get").length > 0 || verbs.test(it.text.slice(it.sentence.start, it.sentence.end)) || happy !== null;
  return asked ? review : null;
}

const verbs = /\b(review|rate|bewerten|bewerte)\b|评价|好评/;

function tellsTheUnhappyElsewhere(it: Reading): Hit {
  if (it.anyVerdict || it.independent || it.forbidden || it.noNeed) return null;
  const bad = [...it.of("unhappy"), ...it.of("low-stars")];
  const contact = it.of("contact", "private");
  if (bad.length === 0 || contact.length === 0) return null;
  const instead = it.of("first", "private", "before").filter((mark) => !/^(immediately|straight away|sofort|第一时间)/.test(mark.text));
  const others = it.of("leave").filter((mark) => /tell others|告诉(别人|朋友|大家)/.test(mark.text));
  const review = [...it.of("review", "low-stars"), ...it.of("public"), ...others].find((mark) => !it.denies(mark));
  const [first] = instead;
  return first !== undefined && review !== undefined && it.changes.length === 0 ? span(first, review) : null;
}

/** 4–5 stars here, 1–3 stars there. */
function sortsByStars(it: Reading, rest: readonly Reading[]): Hit {
  const both = [it, ...rest];
  if (both.some((one) => one.anyVerdict || one.changes.length > 0)) return null;
  const high = both.flatMap((one) => one.of("high-stars"))[0];
  const low = both.flatMap((one) => [...one.of("low-stars"), ...one.of("otherwise"), ...one.of("unhappy")])[0];
  const elsewhere = both.some((one) => one.of("contact", "private").length > 0);
  return high !== undefined && low !== undefined && elsewhere && it.of("high-stars").length > 0 ? high : null;
}
