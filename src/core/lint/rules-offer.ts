import type { Mark } from "./marks.ts";
import { between, gap, near, type Reading, span } from "./reading.ts";
import { type Hit, happyCase } from "./rules-verdict.ts";

/** What is offered: a coupon, a refund, $5. Not what the shop says it does not give. */
function offers(it: Reading, withRefunds: boolean): readonly Mark[] {
  if (it.forbidden || it.independent || it.noNeed) return [];
  const plain = it
    .of("incentive")
    .filter((mark) => withRefunds || !/^(money|geld|free|compensat\w*|entschaedig\w*|kostenlos\w*|退.*|补偿|赔偿)$/.test(mark.text));
  const given = withRefunds ? it.of("gift").filter((gift) => near([gift], it.of("get", "exchange"), 4) !== null) : [];
  const amounts = it.of("amount").filter((amount) => withRefunds || near([amount], it.of("get", "incentive", "exchange"), 4) !== null);
  return [...plain, ...given, ...amounts, ...(withRefunds ? it.of("refund") : [])]
    .filter((mark) => !it.denies(mark))
    .sort((a, b) => a.from - b.from);
}

function changesAsked(it: Reading): readonly Mark[] {
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
  if (it.sentence.question && !/^(how|wie|如何|怎么)/.test(it.text.slice(it.sentence.start).trimStart())) return false;
  if (it.praise.length > 0 || it.blame.length > 0 || it.of("into").length > 0) return false;
  if (it.of("may").some((may) => requested.test(may.text) && gap(may, change) <= 6)) return true;
  if (it.of("hope").length > 0) return false;
  if (germanMay.test(it.text.slice(it.sentence.start, it.sentence.end)) && it.of("ask").every(notBegged)) return true;
  return it.of("may").some((may) => gap(may, change) <= 6) || it.noNeed || it.forbidden;
}

/** In den Einstellungen können Sie …: no question. */
const germanMay = /\b(koennen|koennt|kannst|kann) (sie|ihr|du|man)\b/;
/** At the buyer's own wish. */
const requested = /asked us|you asked|request|wanted us|wished|baten|gewuenscht|wunsch|wollten|要求/;
const notBegged = (ask: Mark) => !/bitt|freu|helf|dank|vielleicht|gerne?$/.test(ask.text);

/** Sie müssen … nicht; 不用 … */
function mustNot(it: Reading): boolean {
  const words = it.text.slice(it.sentence.start, it.sentence.end);
  return /\b(muessen|brauchen)\b/.test(words) && /\b(nicht|keine|keinen)\b/.test(words);
}

/** R02: money, gift or refund for a review that changes. */
export function paysForChange(it: Reading, next: Reading | null): Hit {
  const [change] = [...changesAsked(it), ...betterAsked(it)];
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
  /chang|turn|remov|delet|edit|updat|revis|withdraw|take|raise|into|aender|loesch|entfern|daraus|auf |korrigier|zurueck|改|删|撤|变|升|提/;
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
  const reviews = it.of("review").filter((mark) => !it.denies(mark));
  const [offer] = offers(it, false);
  const [review] = reviews;
  const linked = it.of("get", "exchange", "if", "once").length > 0;
  if (review !== undefined && offer !== undefined && linked) return span(review, offer);
  if (next === null || review === undefined || it.of("ask", "leave").length === 0) return null;
  const [later] = offers(next, false);
  return later !== undefined && next.of("get", "exchange").length > 0 && next.of("exchange", "we").length > 0 ? review : null;
}

/** R08: refund, replacement or warranty only after a review. */
export function conditionsService(it: Reading, last: Reading | null): Hit {
  if (it.independent || it.forbidden || it.noNeed) return null;
  const goal = it.of("once").find((mark) => reaches.test(mark.text));
  const promised = last === null || goal === undefined || last.of("service", "refund").length === 0 ? undefined : it.of("review")[0];
  if (promised !== undefined && goal !== undefined) return span(goal, promised);
  const services = it.of("service", "refund");
  const reviews = it
    .of("review", "high-stars")
    .filter((review) => it.of("never").length === 0 || !it.denies(review) || strict.test(it.text));
  const changed = changesAsked(it)[0];
  const onceChanged =
    changed === undefined
      ? undefined
      : it
          .of("once")
          .find((mark) => gap(mark, changed) <= 4 && (/[后]/.test(mark.text) || !afterwards.test(mark.text)) && !bare.test(mark.text));
  if (changed !== undefined && onceChanged !== undefined && it.of("get", "we", "service", "refund").length > 0)
    return span(onceChanged, changed);
  const traded = tradedFor(it);
  if (traded !== null) return traded;
  if (services.length === 0) return null;
  const withdrawn = it.of("dispute").find((mark) => near([mark], it.of("close"), 5) !== null);
  const after = withdrawn === undefined ? undefined : it.of("once").find((mark) => gap(mark, withdrawn) <= 6);
  if (withdrawn !== undefined && after !== undefined && it.of("may").length === 0) return span(withdrawn, after);
  if (reviews.length === 0) return null;
  const offered = it.of("we").find((we) => services.some((mark) => mark.from >= we.from && mark.from - we.to <= 2));
  const on = it.of("if").find((mark) => reviews.some((review) => review.from > mark.from && review.from - mark.to <= 5));
  const given =
    on === undefined ? undefined : reviews.find((review) => review.from > on.from && review.from - on.to <= 5 && rated.test(review.text));
  if (offered !== undefined && on !== undefined && given !== undefined && !it.sentence.question) return span(on, given);
  const no = it.of("cannot").find((mark) => reviews.some((review) => review.to <= mark.from));
  const unreviewed = reviews.find((review) => it.of("never").some((never) => never.from <= review.from && review.from - never.to <= 1));
  if (no !== undefined && unreviewed !== undefined && services.some((mark) => mark.to > no.from)) return span(unreviewed, no);
  const ordered = beforeService(it, services, reviews);
  if (ordered !== null) return ordered;
  for (const review of reviews) {
    const once = it
      .of("once")
      .find(
        (mark) =>
          mark.from < review.from &&
          review.from - mark.to <= 9 &&
          (!bare.test(mark.text) || it.of("never", "cannot").length > 0) &&
          (/^(to |in order|um |damit)/.test(mark.text) || !between(services, mark, review)) &&
          !afterwards.test(mark.text),
      );
    if (
      services.some((mark) => gap(mark, review) <= 8) &&
      it.of("once").some((mark) => /^to (activate|unlock|obtain|validate|register|extend)/.test(mark.text))
    )
      return review;
    if (once !== undefined) return span(once, review);
    const then = it.of("once").find((mark) => mark.from >= review.to - 0.1 && afterwards.test(mark.text));
    const service =
      then === undefined
        ? undefined
        : services.find((mark) => mark.from >= review.to && (mark.to > then.from ? mark.from - then.to <= 9 : then.from - mark.to <= 5));
    if (then !== undefined && service !== undefined && then.from - review.to <= 8) return span(review, service);
    const leading = it
      .of("first")
      .find((mark) => /^(first|zuerst|zunaechst|vorher)$/.test(mark.text) && mark.from >= review.to && mark.from - review.to <= 2);
    if (leading !== undefined && it.of("contact").length === 0) return span(review, leading);
    const first = it
      .of("once")
      .find((mark) => /^(先|zuerst|zunaechst|first)/.test(mark.text) && mark.from < review.from && review.from - mark.to <= 4);
    if (first !== undefined && services.some((mark) => mark.from > review.from)) return span(first, review);
  }
  return null;
}

/** Give us our stars, and you will get your key. */
function tradedFor(it: Reading): Hit {
  const asked = it
    .of("review", "high-stars")
    .find((mark) => !it.denies(mark) && it.of("leave", "ask").some((ask) => ask.from <= mark.from && mark.from - ask.to <= 4));
  const got =
    asked === undefined || it.anyVerdict ? undefined : it.of("get").find((mark) => mark.from >= asked.to && mark.from - asked.to <= 5);
  if (asked === undefined || got === undefined) return null;
  const [then, own] = [it.text.slice(asked.end, got.start), it.text.slice(got.end, got.end + 12)];
  return /\b(and|then|und|dann)\b|就|便/.test(then) && /^\s*(sie |you )?(your|ihr|ihre|ihren|deine?n?)\b|^.{0,3}您的/.test(own)
    ? span(asked, got)
    : null;
}

/** Before we can send the replacement, leave a review; first the review, then the replacement. */
function beforeService(it: Reading, services: readonly Mark[], reviews: readonly Mark[]): Hit {
  const before = it.of("once", "before").find((mark) => /^(before we|bevor wir|ehe wir|.*前)/.test(mark.text));
  const held = before === undefined ? undefined : services.find((mark) => mark.from >= before.from - 2 && mark.from - before.to <= 8);
  const asked = held === undefined ? undefined : reviews.find((mark) => mark.from > held.to);
  if (held !== undefined && asked !== undefined && it.of("ask", "leave").length > 0) return span(held, asked);
  const first = it.of("once", "first").find((mark) => /^(first|erst|zuerst|先)/.test(mark.text));
  const review = first === undefined ? undefined : reviews.find((mark) => mark.from >= first.from && mark.from - first.to <= 3);
  const then = review === undefined ? undefined : services.find((mark) => mark.from > review.to && mark.from - review.to <= 6);
  return review !== undefined && then !== undefined && it.of("contact").length === 0 ? span(review, then) : null;
}

const rated = /^(review(ed)?|rated?|you.*|bewerte?t?|评价了?)\b/;
const reaches = /^(to (receive|claim|get|obtain|release|collect) it|um (sie|es|ihn|diese|das) zu|.*领取)/;
const strict = /\b(until|unless|before|only|bis|erst|ausser)\b|才|除非/;
const bare = /^(without|ohne|or no|following$|upon$)/;
const afterwards =
  /^(will then|then be|is then|are then|follow|kommt dann|folgt dann|wird dann|erhalten sie dann|so we can|so that we can|damit wir|before we|before you can|needed to|necessary to|then|and then|after that|afterwards|dann|danach|anschliessend|im anschluss|or else|or i|or we|or no)|^[后之以然才再就否方生即]/;

/** R10: we praised you, now praise us. */
export function tradesPraise(it: Reading, next: Reading | null): Hit {
  const gave = near(it.of("gave"), it.praise, 8);
  if (gave === null || (it.of("we").length === 0 && !/for you|fuer sie|给您|给你/.test(it.text.slice(it.sentence.start, it.sentence.end))))
    return null;
  const same = it.of("same").find((mark) => mark.from >= gave[1].from || mark.from >= gave[0].from);
  if (same !== undefined) return span(gave[1], same);
  return next !== null && next.of("same").length > 0 && next.of("ask", "hope", "you").length > 0 ? gave[1] : null;
}

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
