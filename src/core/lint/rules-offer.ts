import type { Mark } from "./marks.ts";
import { gap, near, type Reading, span } from "./reading.ts";
import { happyCase } from "./rules-doors.ts";
import type { Hit } from "./rules-verdict.ts";

/** What is offered: a coupon, a refund, $5. Not what the shop says it does not give. */
function offers(it: Reading, withRefunds: boolean): readonly Mark[] {
  if (it.forbidden || it.noNeed || (it.independent && !ofAnyVerdict(it))) return [];
  const plain = it
    .of("incentive")
    .filter((mark) => withRefunds || !/^(money|geld|free|compensat\w*|entschaedig\w*|kostenlos\w*|退.*|补偿|赔偿)$/.test(mark.text));
  const given = withRefunds ? it.of("gift").filter((gift) => near([gift], it.of("get", "exchange"), 4) !== null) : [];
  const amounts = it.of("amount").filter((amount) => withRefunds || near([amount], it.of("get", "incentive", "exchange"), 4) !== null);
  return [...plain, ...given, ...amounts, ...(withRefunds ? it.of("refund") : [])]
    .filter((mark) => !it.denies(mark))
    .sort((a, b) => a.from - b.from);
}

/** "Good or bad, no matter": of what is written, not of whether anything is. */
function ofAnyVerdict(it: Reading): boolean {
  return it
    .of("independent")
    .every(
      (mark) => /^(no matter|egal|ganz gleich|regardless|spielt keine rolle)/.test(mark.text) && near([mark], it.of("any-verdict"), 4),
    );
}

/** What is to become of a review, at whose wish: asked for by the shop, neither denied nor the buyer's own right. */
export function changesAsked(it: Reading): readonly Mark[] {
  return it.changes.filter((change) => !it.denies(change) && !isOwnRight(it, change));
}

/** A kinder review than there is. */
function betterAsked(it: Reading): readonly Mark[] {
  return it.praise.filter((mark) => /^(kinder|friendlier|nicer|better|higher|\w*(freundlicher|netter|besser|hoeher)|更)/.test(mark.text));
}

/** You may edit your review at any time: a right, unless it says into what. */
function isOwnRight(it: Reading, change: Mark): boolean {
  if (it.forbidden && it.of("ask").every((mark) => mark.text !== "please" && mark.text !== "bitte" && mark.text !== "请")) return true;
  if (
    mustNot(it) ||
    near(
      it.of("kept").filter((mark) => /remov|delet|platform|loesch|entfern|plattform|平台/.test(mark.text)),
      [change],
      2,
    ) !== null
  )
    return true;
  if (
    it.of("other-thing").some((mark) => /^(account|konto|账号)$/.test(mark.text)) &&
    ownWish.test(it.text.slice(it.sentence.start, it.sentence.end))
  )
    return true;
  if (it.sentence.question && !/^(how|wie|如何|怎么)/.test(it.text.slice(it.sentence.start).trimStart())) return false;
  if (it.praise.length > 0 || it.blame.length > 0 || it.of("into").length > 0) return false;
  if (it.of("may").some((may) => requested.test(may.text) && gap(may, change) <= 6)) return true;
  if (it.of("hope").length > 0) return false;
  if (germanMay.test(it.text.slice(it.sentence.start, it.sentence.end)) && it.of("ask").every(notBegged)) return true;
  return it.of("may").some((may) => gap(may, change) <= 6) || it.noNeed || it.forbidden;
}

/** In den Einstellungen können Sie …: no question. */
const germanMay = /\b(koennen|koennt|kannst|kann) (sie|ihr|du|man)\b/;
const ownWish =
  /\b(sie|du|ihr) (wollen|moechten|willst|moechtest|wollt)\b|\byou (want|wish|would like)\b|\bdo you want\b|[您你](想|要|希望)/;
/** At the buyer's own wish. */
const requested = /asked us|you asked|request|wanted us|wished|baten|gewuenscht|wunsch|wollten|要求/;
const notBegged = (ask: Mark) => !/bitt|freu|helf|dank|vielleicht|gerne?$/.test(ask.text);

/** Sie müssen … nicht; 不用 … */
function mustNot(it: Reading): boolean {
  const words = it.text.slice(it.sentence.start, it.sentence.end);
  return /\b(muessen|brauchen)\b/.test(words) && /\b(nicht|keine|keinen)\b/.test(words);
}

/** R02: money, gift or refund for a review that changes. */
export function paysForChange(it: Reading, next: Reading | null, last: Reading | null): Hit {
  const meant = last === null || it.changes.length > 0 ? null : changesWhatWasSaid(it, last);
  const [change] = [...changesAsked(it), ...betterAsked(it), ...(meant === null ? [] : [meant])];
  const [offer] = offers(it, true);
  if (change !== undefined && offer !== undefined) return span(change, offer);
  const deleted = it.of("change").find((mark) => /delet|remov|loesch|删|撤/.test(mark.text));
  const proof = it.of("exchange").find((mark) => /screenshot|截/.test(mark.text));
  if (deleted !== undefined && proof !== undefined && offer !== undefined && it.of("other-thing").length === 0) return span(deleted, offer);
  if (next === null) return null;
  const [laterChange] = changesAsked(next);
  const [laterOffer] = offers(next, true);
  if (change !== undefined && laterOffer !== undefined && next.of("get", "exchange", "we", "refund").length > 0)
    return span(change, laterOffer);
  if (laterChange !== undefined && offer !== undefined && (next.of("exchange", "ask", "once", "if").length > 0 || it.of("get").length > 0))
    return laterChange;
  return null;
}

/** R03: asks to change, withdraw or remove a review. */
export function asksForChange(it: Reading, last: Reading | null): Hit {
  const meant = last === null || it.changes.length > 0 ? null : changesWhatWasSaid(it, last);
  if (meant !== null) return meant;
  const [better] = betterAsked(it);
  if (better !== undefined && !it.forbidden && !it.denies(better) && (it.of("ask", "hope").length > 0 || it.sentence.question))
    return better;
  for (const change of changesAsked(it)) {
    if (it.of("thanks").some((mark) => mark.from <= change.from && change.from - mark.to <= 3)) continue;
    const asked = it.of("ask", "hope").find((mark) => gap(mark, change) <= 16);
    if (asked !== undefined) return span(asked, change);
    if (it.sentence.clauseStarts.some((start) => change.from - start < 1)) return change;
    if (it.praise.length > 0 && it.of("may", "take", "into", "if", "change").length > 0) return change;
    if (it.sentence.question && it.of("into", "gone").length > 0) return change;
    if (it.of("if").some((mark) => mark.from <= change.from) && it.of("you").length > 0 && it.of("past").length === 0) return change;
    if (it.of("you").length > 0 && it.of("past", "kept").length === 0) return change;
  }
  return null;
}

/** We saw your three stars. Could you make it five? */
function changesWhatWasSaid(it: Reading, last: Reading): Hit {
  if (it.forbidden || it.noNeed || it.of("other-thing").length > 0 || last.of("review", "low-stars").length === 0) return null;
  if (!it.sentence.question && it.of("ask", "if").length === 0) return null;
  const change = it.of("change", "into").find((mark) => strongChange.test(mark.text) && !it.denies(mark) && !isOwnRight(it, mark));
  const meant = it.of("into", "high-stars").length > 0 || pronoun.test(it.text.slice(it.sentence.start, it.sentence.end));
  return change !== undefined && meant ? change : null;
}

const strongChange =
  /chang|turn|remov|delet|edit|updat|revis|withdraw|take|raise|into|aender|loesch|entfern|daraus|auf |korrigier|zurueck|[改删撤变升提收]/;
const pronoun = /\b(it|this|that|them|sie|diese|es|daraus)\b|它|这|那|其/;

/** R04: money or gift for praise. */
export function paysForPraise(it: Reading, next: Reading | null): Hit {
  const praise = it.praise.find((mark) => !it.denies(mark));
  const [offer] = offers(it, true).filter((mark) => praise === undefined || gap(mark, praise) <= 25);
  const prize =
    praise === undefined || it.forbidden || it.noNeed
      ? undefined
      : it.of("get", "gift", "incentive").find((mark) => prizes.test(mark.text) && mark !== praise);
  if (praise !== undefined && prize !== undefined && gap(prize, praise) <= 12 && it.of("test").length === 0) return span(praise, prize);
  if (praise !== undefined && offer !== undefined && (it.of("test").length === 0 || it.of("ask").length > 0)) return span(praise, offer);
  const happy = offer === undefined || it.of("review", "public").length === 0 || it.anyVerdict ? null : happyCase(it);
  if (happy !== null && offer !== undefined && it.of("say", "leave", "review").length > 0) return span(happy, offer);
  if (next === null) return null;
  const [later] = offers(next, false);
  if (praise !== undefined && later !== undefined && it.sentence.question && it.sentence.length <= 4 && next.of("we", "get").length > 0)
    return praise;
  if (
    praise !== undefined &&
    later !== undefined &&
    (it.sentence.question || it.of("ask", "leave", "hope").length > 0) &&
    next.of("get", "exchange").length > 0
  )
    return praise;
  const laterPraise = next.praise.find((mark) => !next.denies(mark));
  const [earlier] = offers(it, false);
  const cried = it.of("get").length > 0 || it.sentence.length <= 4;
  if (laterPraise !== undefined && earlier !== undefined && next.of("ask", "leave", "once", "contact").length > 0 && cried)
    return laterPraise;
  return null;
}

/** Whoever praises gets something, whatever it is. */
const prizes =
  /^(win|wins|earns?|gets you|get you|brings you|unlock|unlocks|claim|grab|redeem|gewinn|sichern|kassier|abstaub|bringt (dir|ihnen)|送你|送您|赢|领|解锁|换取|兑|抽)/;

/** R11: money or gift for any review at all. */
export function paysForReview(it: Reading, next: Reading | null): Hit {
  const asked = it.of("leave", "ask", "say").length > 0;
  const opinions = it.of("opinion").filter((mark) => asked || fewWords.test(mark.text));
  const reviews = [...it.of("review"), ...opinions].filter((mark) => !it.denies(mark)).sort((a, b) => a.from - b.from);
  const [review] = reviews;
  const [offer] = [...offers(it, false), ...giftsGiven(it)].filter((mark) => !isFreeService(it, mark, review, opinions));
  const linked =
    it.of("get", "exchange", "if", "once").length > 0 ||
    (review !== undefined && offer !== undefined && equals.test(it.text.slice(review.end, Math.max(review.end, offer.start))));
  if (review !== undefined && offer !== undefined && linked) return span(review, offer);
  if (next === null || review === undefined || it.of("ask", "leave").length === 0) return null;
  const [later] = offers(next, false);
  return later !== undefined && next.of("get", "exchange").length > 0 && next.of("exchange", "we").length > 0 ? review : null;
}

/** A bar of chocolate for whoever says something. */
function giftsGiven(it: Reading): readonly Mark[] {
  if (it.forbidden || it.independent || it.noNeed || it.of("past", "service", "refund", "unhappy").length > 0) return [];
  const given = it.of("gift").filter((gift) => givenThings.test(gift.text) && near([gift], it.of("get", "exchange"), 4) !== null);
  return given.filter((mark) => !it.denies(mark));
}

const givenThings =
  /mug|tote|sock|sticker|sweet|chocolate|keyring|present|tasse|beutel|schoko|schoggi|socken|haeferl|手机壳|钥匙扣|杯子|袜子/;

/** Help at no charge is no reward for the lines that tell what is wrong. */
function isFreeService(it: Reading, offer: Mark, review: Mark | undefined, opinions: readonly Mark[]): boolean {
  if (!/^(for free|free( of charge)?|at no c\w+|without charge|no charge|kostenlos\w*|gratis|umsonst|免费.*)$/.test(offer.text))
    return false;
  if (review !== undefined && opinions.includes(review)) return true;
  return review !== undefined && review.clause !== offer.clause && it.of("service").length > 0;
}

/** An ask by themselves: two sentences about …, ein paar Zeilen zu … */
const fewWords = /sentence|lines|words|zeilen|saetze|worte|句/;
/** review → free shipping; review = 15 %. */
const equals = /[=→➜⇒]|->/;

/** R12: advertises. */
export function promotes(it: Reading): Hit {
  const strong = it.of("promotion").find((mark) => !it.denies(mark));
  if (strong !== undefined) return strong;
  const pair = near(it.of("weak-promotion"), [...it.of("amount"), ...offers(it, false).filter((mark) => !/code/.test(mark.text))], 8);
  return pair === null || it.of("past").length > 0 ? null : span(...pair);
}

/** R15: a false statement for customs. */
export function falsifiesCustoms(it: Reading): Hit {
  const declared = near(it.of("declare"), it.of("false-value"), 8);
  if (declared !== null && !it.denies(declared[1]) && !it.forbidden && it.of("past").length === 0) {
    if (it.of("customs").length > 0 || /gift|geschenk|礼/.test(declared[1].text)) return span(...declared);
  }
  const paper = it.of("customs").filter((mark) => /customs|declared|zoll|rechnung|海关|申报|报关|关税|invoice|declaration/.test(mark.text));
  const honest = it.forbidden || it.of("past").length > 0 || it.of("full-value").length > 0;
  if (honest) return null;
  const sum = near(it.of("declare"), it.of("amount"), 4);
  if (sum !== null && paper.length > 0 && it.of("we").length > 0 && it.of("you", "customs").length > 1 && !it.denies(sum[1]))
    return span(...sum);
  const reduced = near(it.of("false-value"), paper, 6);
  if (reduced !== null && !it.denies(reduced[0])) return span(...reduced);
  return null;
}
