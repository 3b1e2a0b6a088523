import type { Mark } from "./marks.ts";
import { follows, gap, isOwnNo, near, type Reading, span } from "./reading.ts";
import { tellsTheUnhappyElsewhere } from "./rules-doors.ts";

/** What a rule found: the words it holds against the sentence; `null`: nothing. */
export type Hit = Mark | null;

/** R01: asks not to say anything bad, or to come to the shop before saying it. */
export function discouragesBlame(it: Reading, next: Reading | null): Hit {
  if (it.forbidden && it.of("ask").length === 0) return null;
  const { blame } = it;
  if (forgives.test(it.text.slice(it.sentence.start, it.sentence.end)) || invitesBlame(it)) return null;
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
    const learns = it.of("kind").length > 0 && it.of("not-do", "first", "before").length === 0;
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

/** No offence is taken at what somebody writes. */
const forgives =
  /\b(nehm|nimmt)[^.]{0,50}\b(uebel|krumm)\b|\b(not|never|wont) (hold|take) [^.]{0,40}\b(against you|personally|amiss)\b|不会?(介意|见怪|生气)/;

/** Write what was wrong into the review. */
function invitesBlame(it: Reading): boolean {
  return it.of("not-do", "before").length === 0 && intoReview.test(it.text.slice(it.sentence.start, it.sentence.end));
}

const intoReview =
  /(写|说)[在进到](评[价论]|您的评)|\b(say|write|put) (so|it|that|this) (openly |plainly )?(in|into) (the|your) review\b|\b(in|in die|in ihre|in deine) (bewertung|rezension) schreiben\b/;

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
  const airs = it.of("say").find((mark) => airing.test(mark.text) && mark.from >= dont.to && mark.from - dont.to <= 3);
  const there = airs === undefined ? undefined : it.of("public").find((mark) => mark.from >= airs.to && mark.from - airs.to <= 4);
  if (airs !== undefined && there !== undefined) return span(dont, there);
  const said = it.of("utterance").find((mark) => ill !== undefined && gap(mark, ill) <= 2);
  if (ill !== undefined && said !== undefined && said !== ill) return span(dont, said);
  const where =
    it.of("public")[0] ??
    it.of("review").find((mark) => it.of("say", "leave").some((one) => one !== mark) || (verb.test(mark.text) && gap(mark, dont) <= 8));
  return where !== undefined && ill !== undefined && ill !== where ? span(dont, where) : null;
}

/** Telling that is a complaint by itself. */
const airing = /^(air|vent|complain|give vent|broadcast|beschwer|beklag|klagen|auslassen|ablassen|breittret|抱怨|宣扬)/;

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
    if (it.sentence.question && asksHow.test(it.text.slice(it.sentence.start)) && it.of("ask", "leave", "hope").length === 0) continue;
    if (it.sentence.question && it.of("you").length > 0 && isScore(praise) && !past) return praise;
    const asked = past ? null : near([praise], it.of("review").length > 0 || asks.length > 0 ? [...asks, ...it.of("you")] : asks, 14);
    if (asked !== null) return span(praise, asked[1]);
    const review = it.of("review")[0];
    if (review !== undefined && it.sentence.clauseStarts.some((start) => Math.abs(review.from - start) < 1)) return praise;
  }
  return null;
}

const ticks = /^(tick|select|choose|click|tap|hit|klick|waehl|kreuz|tipp|选|勾|点)/;

/** How did the Five Star Grinder work out? */
const asksHow = /^\s*(how (did|was|is|are|were|does|do)|was|wie (hat|war|ist|gefaellt|macht|laeuft)|怎么样|如何)\b/;

/** Says no more than what happens to a thing. */
const noWish = /^(leaves|back|off|zurueck|gut)$/;
const isScore = (mark: Mark) => /\d|star|stern|[星分]/.test(mark.text);
