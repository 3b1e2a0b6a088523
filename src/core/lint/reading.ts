import type { Concept } from "./lexicon.ts";
import type { Mark, Sentence } from "./marks.ts";

/** What the rules ask of a sentence: who asks for which verdict, what is offered, what is denied. Computed once for all rules. */
export interface Reading {
  readonly sentence: Sentence;
  readonly paragraph: number;
  /** The folded words of the sentence. */
  readonly text: string;
  of(...concepts: readonly (Concept | "amount")[]): readonly Mark[];
  /** Praise asked for or spoken of: five stars, a good review. */
  readonly praise: readonly Mark[];
  readonly blame: readonly Mark[];
  /** A review that changes: change … review. */
  readonly changes: readonly Mark[];
  readonly anyVerdict: boolean;
  readonly forbidden: boolean;
  readonly independent: boolean;
  /** You need not write a review. */
  readonly noNeed: boolean;
  /** Whether the shop says of itself that it does not do what stands at a mark: we never ask … */
  denies(mark: Mark): boolean;
}

/** The gap between two marks, in words; 0 when they touch or overlap. */
export function gap(a: Mark, b: Mark): number {
  return Math.max(0, a.from < b.from ? b.from - a.to : a.from - b.to);
}

/** The first pair of marks at most `max` words apart, in either order. */
export function near(first: readonly Mark[], second: readonly Mark[], max: number): readonly [Mark, Mark] | null {
  for (const a of first) for (const b of second) if (a !== b && gap(a, b) <= max) return [a, b];
  return null;
}

/** As `near`, the first before the second. */
export function follows(first: readonly Mark[], second: readonly Mark[], max: number): readonly [Mark, Mark] | null {
  for (const a of first) for (const b of second) if (a.from < b.from && b.from - a.to <= max) return [a, b];
  return null;
}

/** One mark over two. */
export function span(a: Mark, b: Mark): Mark {
  const [first, last] = a.from <= b.from ? [a, b] : [b, a];
  return {
    from: first.from,
    to: Math.max(a.to, b.to),
    clause: first.clause,
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    text: `${first.text} … ${last.text}`,
  };
}

/** Whether a mark stands between two others. */
export function between(marks: readonly Mark[], a: Mark, b: Mark): boolean {
  const [first, last] = a.from <= b.from ? [a, b] : [b, a];
  return marks.some((mark) => mark.from >= first.to && mark.to <= last.from);
}

export function readingOf(sentence: Sentence, paragraph: number, text: string): Reading {
  const of = (...wanted: readonly (Concept | "amount")[]): readonly Mark[] => {
    if (sentence.marks.size === 0) return none;
    if (wanted.length === 1) return sentence.marks.get(wanted[0] ?? "nothing") ?? none;
    const found = wanted.flatMap((concept) => sentence.marks.get(concept) ?? none);
    return found.length < 2 ? found : found.sort((a, b) => a.from - b.from);
  };
  const changes = changesOf(of, text);
  const anyVerdict =
    of("any-verdict").length > 0 ||
    namedScale.test(text.slice(sentence.start, sentence.end)) ||
    (changes.length === 0 && (wholeScale.test(text.slice(sentence.start, sentence.end)) || bothVerdicts(of, text)));
  const praise = anyVerdict
    ? of("high-stars").filter((mark) => isScore.test(mark.text) && !near([mark], of("low-stars", "any-verdict"), 2))
    : praiseOf(of);
  const blame = anyVerdict ? none : blameOf(of);
  return {
    sentence,
    paragraph,
    text,
    of,
    praise,
    blame,
    changes,
    anyVerdict,
    forbidden: of("forbidden").length > 0,
    independent: of("independent").length > 0,
    noNeed: of("no-need").some(
      (mark) => /condition|oblig|verpflicht|voraus|pflicht|freiwillig/.test(mark.text) || isOf(mark, of("review", "contact")),
    ),
    denies: (mark) => isDenied(of, mark, text),
  };
}

function isOf(noNeed: Mark, things: readonly Mark[]): boolean {
  return things.some((thing) => thing.from >= noNeed.from && thing.from - noNeed.to <= 6);
}

/** From 1 (bad) to 5 (good). */
const wholeScale =
  /\b[01]\b(?! stars? or)[^.]{0,25}\b(to|bis|through)\b[^.]{0,6}\b(5|10|five|ten|fuenf|zehn)\b(?! (days|tage|stars?,|weeks|minutes))|[01一][^。]{0,10}[到至][^。]{0,6}(5|五|10|十)/;
/** 1 is the worst, 5 the best. */
const namedScale =
  /\b[01]\b[^.]{0,20}\b(lowest|worst|poor|bad|not at all|schlecht\w*|niedrig\w*|gar nicht)\b[^.]{0,25}\b(5|10)\b[^.]{0,20}\b(highest|best|great|excellent|very|beste\w*|hoech\w*|sehr)\b|[01]分?[^。]{0,4}(最低|最差|很差|非常不)[^。]{0,8}(5|10)分?[^。]{0,4}(最高|最好|最佳|很好|非常)/;
const isScore = /\d|star|stern|score|full|voll|top|max|five|fuenf|[星分满]/;

/** "We do not …" and "wir … nicht": the shop's own no, unless it says what it would like. */
export function isOwnNo(it: Reading, dont: Mark): boolean {
  if (/^(before|bevor|ehe|vor )|前$/.test(dont.text)) return false;
  return it.of("we").some((we) => we.to <= dont.from && dont.from - we.to <= 1.5 && !wishes.test(it.text.slice(we.start, dont.end)));
}

type Of = Reading["of"];
const none: readonly Mark[] = [];

function praiseOf(of: Of): readonly Mark[] {
  const reviews = of("review");
  const found = [...of("high-stars")];
  for (const good of of("positive")) {
    const review = reviews.find((one) =>
      one.from >= good.to ? one.from - good.to <= reach(good) : good.from - one.to <= (strong(good) ? 4 : 0),
    );
    if (review !== undefined && review.text !== good.text) found.push(span(good, review));
  }
  const said = [...reviews, ...of("utterance")];
  for (const nice of of("nice")) {
    const review = said.find((one) => one.from >= nice.to && one.from - nice.to <= 1);
    if (review !== undefined) found.push(span(nice, review));
  }
  return found.sort((a, b) => a.from - b.from);
}

/** How far from a review a word of praise may stand: "5" and "top" right before it, "positive" somewhere near. */
function reach(good: Mark): number {
  return strong(good) ? 3 : 1;
}
const strong = (good: Mark) =>
  /^(positiv|favou?rabl|glowing|generous|grosszueg|excellent|outstanding|high|hervorragend|ausgezeichnet|lobend|wohlwollend)/.test(
    good.text,
  );

function blameOf(of: Of): readonly Mark[] {
  const reviews = of("review");
  const found = [...of("low-stars")];
  for (const bad of of("negative")) {
    const review = reviews.find((one) => (one.from >= bad.to ? one.from - bad.to <= 3 : bad.from - one.to <= 4));
    if (review !== undefined) found.push(span(bad, review));
  }
  return found.sort((a, b) => a.from - b.from);
}

/** Positive and negative side by side: good or bad, Lob oder Kritik. */
function bothVerdicts(of: Of, text: string): boolean {
  if (of("contact").length > 0) return false;
  return of("positive", "nice", "high-stars").some((good) =>
    of("negative", "low-stars").some((bad) => {
      const [first, second] = good.start < bad.start ? [good, bad] : [bad, good];
      if (gap(good, bad) > 1 || second.start < first.end) return false;
      return /\b(or|and|nor|oder|und|wie|as|als|bis|to|through)\b|[或和与还至到、/&-]|^\s*$/.test(text.slice(first.end, second.start));
    }),
  );
}

/** Could the 2 become a 5? */
const lowNumber = /\b(1|2|3|one|two|three|einer|einem|eins|zwei|drei)\b(?! (days|tage|weeks|wochen|hours|stunden))/;

function changesOf(of: Of, text: string): readonly Mark[] {
  const written = of("utterance").filter((mark) => writing.test(mark.text));
  const reviews = [...of("review", "low-stars", "high-stars"), ...written];
  const changing = [...of("change"), ...ofTwo(of)];
  const found: Mark[] = [];
  for (const change of changing) {
    // "we changed the description" asks nobody
    if (of("we").some((we) => we.to <= change.from && change.from - we.to <= 0.5 && !/[把将让帮给]/.test(text.charAt(we.start - 1))))
      continue;
    // "delete it" with its object within: 删帖, 改评
    if (/^[删改撤修消].*[评帖]$/.test(change.text)) found.push(change);
    const review = reviews.find((one) => gap(change, one) <= 7 && !between(of("other-thing", "dispute", "but"), change, one));
    if (review !== undefined) found.push({ ...span(change, review), clause: change.clause });
  }
  if (of("take", "into").length > 0) {
    // make five stars of the one
    const low = of("low-stars")[0];
    const high = low === undefined ? undefined : of("high-stars").find((mark) => mark.from > low.from && mark.from - low.to <= 4);
    if (low !== undefined && high !== undefined) found.push(span(low, high));
  }
  for (const into of of("into")) {
    const low = lowNumber.exec(text.slice(Math.max(0, into.start - 40), into.start));
    if (low !== null && /5|five|fuenf|五/.test(into.text)) found.push(into);
  }
  for (const into of of("into")) {
    const pair = near([into], of("high-stars", "positive"), 2);
    const low = of("low-stars", "negative").find((mark) => mark.from < into.from) ?? null;
    if (pair !== null && low !== null) found.push(span(low, pair[1]));
  }
  for (const gone of of("gone")) {
    const pair =
      near([gone], reviews, 3) ??
      near(
        [gone],
        reviews.filter((one) => isMeantBy(one, gone, text)),
        14,
      );
    if (pair !== null) found.push(span(...pair));
  }
  return found;
}

/** The review … let it disappear; the words you left … now disappear. */
function isMeantBy(review: Mark, gone: Mark, text: string): boolean {
  return review.to <= gone.from && /\b(it|them|that|es|sie|you left|you wrote)\b|它|其/.test(text.slice(review.start, gone.start));
}

/** What is said of the shop is as good as a review when it is to be taken back. */
const writing =
  /text|所写|words|post|wrote|write|said|statement|remark|opinion|aeusserung|geschrieben|ueber uns|about us|说我们|那些话|beitrag|eintrag|留言|言论|帖/;

/** take the review down; ziehen Sie die Bewertung zurück. */
function ofTwo(of: Of): readonly Mark[] {
  return of("take").flatMap((take) => {
    const down = of("down", "into").find((one) => one.from > take.from && one.from - take.to <= 9);
    const review = of("review", "low-stars", "high-stars").find((one) => one.from >= take.to && one.from - take.to <= 6);
    return down === undefined || review === undefined || down.from < review.from ? [] : [take];
  });
}

/** The shop's own "never": we never ask, wir bitten Sie niemals, 我们绝不. Ends with "but". What we would like not to be done is none. */
function isDenied(of: Of, mark: Mark, text: string): boolean {
  const pair = of("we").find((we) =>
    of("never", "not-do").some((never) => {
      if (/^(before|bevor|ehe|vor |instead|rather|statt|anstatt|anstelle|without|ohne|而不是|而非|代替)|前$/.test(never.text)) return false;
      if (gap(we, never) > 3 || never.from >= mark.to || we.from > mark.to) return false;
      if (mark.from - Math.max(never.to, we.to) > 18 || never.clause !== mark.clause) return false;
      if (we.from > never.from && !/^(wir|ich)$/.test(we.text)) return false;
      if (between(of("but"), never, mark)) return false;
      if (/,/.test(text.slice(Math.min(we.end, never.end), Math.max(we.start, never.start)))) return false;
      if (between(of("you"), we, never) && !/^(never|nie|niemals|从不|绝不)/.test(never.text)) return false;
      return !wishes.test(text.slice(Math.min(we.start, never.start), mark.start));
    }),
  );
  return pair !== undefined;
}

const wishes =
  /\b(want|like|wish|hope|accept|tolerate|lassen wir|lets|beg|ask you not|ask that|moechten|wollen|wuenschen|bitten sie,? (uns )?kein|hoffen|unless|until|bis)\b|希望|想要|接受|请求|要求您不|(?<!不会)(?<!绝不)(?<!从不)请|恳/;
