import type { Mark } from "./marks.ts";
import { between, gap, near, type Reading, span } from "./reading.ts";
import { changesAsked } from "./rules-offer.ts";
import type { Hit } from "./rules-verdict.ts";

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
  const stepwise = firstChanged(it, changed);
  if (stepwise !== null) return stepwise;
  const asPromised = last === null ? null : onceReviewed(it, last);
  if (asPromised !== null) return asPromised;
  const traded = tradedFor(it);
  if (traded !== null) return traded;
  if (services.length === 0) return null;
  const withdrawn = it.of("dispute").find((mark) => near([mark], it.of("close"), 5) !== null);
  const after = withdrawn === undefined ? undefined : it.of("once").find((mark) => gap(mark, withdrawn) <= 6);
  if (withdrawn !== undefined && after !== undefined && it.of("may").length === 0) return span(withdrawn, after);
  const raters = onlyForRaters(it, services) ?? notWhileBlamed(it, services);
  if (raters !== null) return raters;
  if (reviews.length === 0) return null;
  const offered = it.of("we").find((we) => services.some((mark) => mark.from >= we.from && mark.from - we.to <= 2));
  const on = it.of("if").find((mark) => reviews.some((review) => review.from > mark.from && review.from - mark.to <= 5));
  const given =
    on === undefined ? undefined : reviews.find((review) => review.from > on.from && review.from - on.to <= 5 && rated.test(review.text));
  if (offered !== undefined && on !== undefined && given !== undefined && !it.sentence.question) return span(on, given);
  const no = it.of("cannot").find((mark) => reviews.some((review) => review.to <= mark.from));
  const unreviewed = reviews.find((review) => it.of("never").some((never) => never.from <= review.from && review.from - never.to <= 1));
  const only = it.of("only")[0];
  const unless = only === undefined || it.anyVerdict ? undefined : it.of("if").find((mark) => mark.from > only.from);
  const wanted = unless === undefined ? undefined : reviews.find((review) => review.from >= unless.to && review.from - unless.to <= 6);
  if (wanted !== undefined && unless !== undefined && it.of("we").length > 0) return span(unless, wanted);
  const until = it.of("once").find((mark) => /才(发|寄|补|退|换|处理|受理|给|修|安排|办)/.test(mark.text));
  const once = until === undefined ? undefined : reviews.find((review) => review.to <= until.from);
  if (until !== undefined && once !== undefined) return span(once, until);
  const pending = reviews.find((review) =>
    it.of("before", "once").some((mark) => /前$/.test(mark.text) && mark.from >= review.to && mark.from - review.to <= 3),
  );
  if (no !== undefined && pending !== undefined && services.some((mark) => mark.to > no.from)) return span(pending, no);
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

/** First you change it, then I send it. */
function firstChanged(it: Reading, changed: Mark | undefined): Hit {
  if (changed === undefined) return null;
  const first = it.of("first").find((mark) => /^(first|zuerst|zunaechst|erst|先|第一步)/.test(mark.text) && gap(mark, changed) <= 3);
  const service = it.of("service", "refund", "get").find((mark) => mark.from >= changed.to);
  return first !== undefined && first.from <= changed.from && service !== undefined ? span(first, changed) : null;
}

/** A return label? We send it once you have rated us. */
function onceReviewed(it: Reading, last: Reading): Hit {
  if (!last.sentence.question || last.sentence.length > 4 || last.of("service", "refund").length === 0) return null;
  const once = it.of("once").find((mark) => !afterwards.test(mark.text) && !bare.test(mark.text));
  const review = it.of("review", "high-stars").find((mark) => once !== undefined && mark.from >= once.to && mark.from - once.to <= 7);
  return once !== undefined && review !== undefined && it.of("we").length > 0 ? span(once, review) : null;
}

/** Help only for those who gave four stars. */
function onlyForRaters(it: Reading, services: readonly Mark[]): Hit {
  if (it.anyVerdict) return null;
  const only = it.of("only")[0];
  const whom = only === undefined ? undefined : it.of("you").find((mark) => mark.from >= only.to && mark.from - only.to <= 4);
  const rating =
    whom === undefined
      ? undefined
      : it.of("review", "high-stars", "threshold").find((mark) => mark.from >= whom.to && mark.from - whom.to <= 8 && !it.denies(mark));
  return rating !== undefined && only !== undefined && services.some((mark) => mark !== rating) ? span(only, rating) : null;
}

/** As long as that review is up, no help. */
function notWhileBlamed(it: Reading, services: readonly Mark[]): Hit {
  const [bad] = it.blame;
  if (bad === undefined || it.changes.length > 0) return null;
  const given = it.of("if", "once").find((mark) => asLongAs.test(mark.text) && mark.from <= bad.from);
  const no = it.of("cannot").find((mark) => mark.from >= bad.to);
  const up = given !== undefined || stillUp.test(it.text.slice(bad.end, it.sentence.end));
  return up && no !== undefined && services.some((mark) => mark.from >= no.from) ? span(bad, no) : null;
}

const stillUp = /^\s*(还[在挂没]|(is|stays|remains) (still )?(up|there|online)|noch (online|da|steht|sichtbar))/;
const asLongAs = /^(as long as|so long as|while|solange|so lange|只要)/;

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
