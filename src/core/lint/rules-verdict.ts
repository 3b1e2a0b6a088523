import type { Mark } from "./marks.ts";
import { follows, gap, isOwnNo, near, type Reading, span } from "./reading.ts";

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
    const told = it.of("past").length > 0 && it.of("ask", "not-do", "first", "before", "if").length === 0;
    const learns = it.of("kind").length > 0 && it.of("not-do", "first", "before", "contact").length === 0;
    const honest = told || learns || it.independent || it.forbidden || it.changes.length > 0 || it.of("thanks", "kept").length > 0;
    const addressed = it.of("contact", "ask", "you", "first", "before", "private", "not-do", "harm", "hope", "leave", "public", "if")[0];
    if (!honest && addressed !== undefined) return span(addressed, bad);
    const instead = next === null || next.of("contact").length === 0 ? [] : next.of("first", "before", "ask");
    if (!honest && instead.length > 0) return bad;
    const after = next === null || honest ? undefined : next.of("harm", "futile")[0];
    if (after !== undefined) return bad;
  }
  return comeToUsFirst(it) ?? tellsTheUnhappyElsewhere(it) ?? thinkTwice(it, next) ?? silencesComplaints(it);
}

const betweenUs = /to your|fuer (sich|dich)|between|among|unter uns|untereinander|之间|quietly|confidential|vertraulich/;
const mercy = /merc|lenien|forgiving|indulgent|nachsicht|gnade|gnaedig|milde|留情|高抬贵手|宽/;
const verb = /^(review|rate|bewert(e|en|et)( sie)?|beurteilen|rezensieren|评价|评论|评|点评)( it| us| this| the| your| our)?$/;

/** Think before you review. */
function thinkTwice(it: Reading, next: Reading | null): Hit {
  const review = it.of("review")[0];
  const pause = it.of("not-do").find((mark) => late.test(mark.text));
  if (review === undefined || pause === undefined || it.anyVerdict || it.forbidden || it.independent) return null;
  if (mercy.test(pause.text) && gap(pause, review) <= 10) return span(pause, review);
  const why = it.of("harm", "before", "contact", "low-stars", "negative").length > 0 || (next?.of("harm", "contact").length ?? 0) > 0;
  return why && gap(pause, review) <= 10 ? span(pause, review) : null;
}

/** Keep complaints off the page, do not air your anger in public, think before you write: no word of a verdict, and the same wish. */
function silencesComplaints(it: Reading): Hit {
  if (it.anyVerdict || it.noNeed || it.independent || it.forbidden || it.of("kept", "thanks").length > 0) return null;
  const dont = it.of("not-do").find((mark) => !isOwnNo(it, mark) && (!onlyWithCompany.test(mark.text) || it.of("contact").length > 0));
  const among = it.of("private").find((mark) => betweenUs.test(mark.text));
  const hidden = among === undefined || it.of("ask", "hope").length === 0 ? undefined : it.of("grievance", "unhappy", "negative")[0];
  if (among !== undefined && hidden !== undefined) return span(hidden, among);
  if (dont === undefined || it.denies(dont)) return null;
  const noPraise = it.praise.filter((mark) => it.of("never", "cannot").some((no) => no.from < mark.from && mark.from - no.to <= 3));
  const ill = [...it.of("grievance", "negative", "low-stars", "unhappy"), ...noPraise].find(
    (mark) => mark.to <= dont.from || mark.from >= dont.to,
  );
  const said = it.of("utterance").find((mark) => ill !== undefined && gap(mark, ill) <= 2);
  if (ill !== undefined && said !== undefined && said !== ill) return span(dont, said);
  const where =
    it.of("public")[0] ??
    it.of("review").find((mark) => it.of("say", "leave").some((one) => one !== mark) || (verb.test(mark.text) && gap(mark, dont) <= 8));
  return where !== undefined && ill !== undefined && ill !== where ? span(dont, where) : null;
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

const beforeWords = /而不是|而非|代替|before|prior|instead|rather|bevor|vor |ehe|statt|之前|前|先/;
const onlyWithCompany = /^(before|without|instead|rather|bevor|ehe|ohne|statt|anstatt|anstelle|之前|前|与其|而不是|代替)/;
const late =
  /^(merc|lenien|forgiving|indulgent|nachsicht|gnade|gnaedig|milde|高抬贵手|宽|留情|think twice|hold|refrain|abstain|avoid|verzicht|abseh|abzuseh|davon ab|unterlass|zurueckhalt|ersparen|手下留情|三思|避免|慎重|wait before)/;

/** R05: asks for praise. */
export function asksForPraise(it: Reading): Hit {
  if (it.forbidden || it.noNeed) return null;
  const ticked = near(
    it.of("leave").filter((mark) => ticks.test(mark.text)),
    it.of("positive", "high-stars"),
    1,
  );
  if (ticked !== null && it.of("review").length > 0 && !it.anyVerdict) return span(...ticked);
  for (const praise of it.praise) {
    if (it.denies(praise) || it.changes.some((change) => gap(change, praise) === 0 && change.from < praise.from)) continue;
    const thanks = it.of("thanks").some((mark) => mark.from <= praise.from && praise.from - mark.to <= 4);
    if (thanks && it.of("advance", "leave").length === 0) continue;
    const past = it.of("past").some((mark) => gap(mark, praise) <= 5) && it.of("ask", "if").length === 0;
    if (it.of("test").length > 0 && it.of("ask", "hope").length === 0) continue;
    const wished = it.of("if").filter((mark) => gap(mark, praise) <= 2 && isScore(praise));
    const asks = [...it.of("ask", "hope", "leave", "get").filter((mark) => !noWish.test(mark.text)), ...wished];
    if (it.sentence.question && it.of("you").length > 0 && isScore(praise) && !past) return praise;
    const asked = past ? null : near([praise], it.of("review").length > 0 || asks.length > 0 ? [...asks, ...it.of("you")] : asks, 14);
    if (asked !== null) return span(praise, asked[1]);
    const review = it.of("review")[0];
    if (review !== undefined && it.sentence.clauseStarts.some((start) => Math.abs(review.from - start) < 1)) return praise;
  }
  return null;
}

const ticks = /^(tick|select|choose|click|tap|hit|klick|waehl|kreuz|tipp|选|勾|点)/;

/** Says no more than what happens to a thing. */
const noWish = /^(leaves|back|off|zurueck|gut)$/;
const isScore = (mark: Mark) => /\d|star|stern|[星分]/.test(mark.text);

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
  return tellsTheUnhappyElsewhere(it) ?? sortsByStars(it, rest) ?? hasTwoDoors([it, ...rest]);
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
  return first !== undefined && review !== undefined && review !== first && it.changes.length === 0 ? span(first, review) : null;
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
