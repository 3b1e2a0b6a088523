import { fold } from "./folding.ts";
import type { Mark } from "./marks.ts";
import { readSentence } from "./marks.ts";
import { type Reading, readingOf } from "./reading.ts";
import type { Rule } from "./rules.ts";
import { asksOnlyTheHappy } from "./rules-doors.ts";
import { asksForChange, falsifiesCustoms, paysForChange, paysForPraise, paysForReview, promotes } from "./rules-offer.ts";
import { discouragesDispute, threatens } from "./rules-rights.ts";
import { conditionsService } from "./rules-service.ts";
import { tradesPraise } from "./rules-trade.ts";
import { asksForPraise, discouragesBlame, type Hit } from "./rules-verdict.ts";
import { sentencesOf } from "./sentences.ts";
import { visibleText } from "./visible-text.ts";

/** What a rule holds against one sentence. */
export interface TextFinding {
  readonly rule: Rule;
  /** The words it stumbled over, as they stand in the text. */
  readonly words: string;
  /** Offset of the first of them in the text, in UTF-16 units. */
  readonly offset: number;
}

/**
 * Lints text in any of the languages the rules know; HTML is read as its readers see it. Each rule speaks at most once of a sentence.
 *
 * Pure and in time proportional to the text, whatever it is: no pattern here looks at more than one sentence and its neighbours.
 */
export function lintText(source: string): readonly TextFinding[] {
  const visible = visibleText(source);
  const folded = fold(visible.text);
  const readings = sentencesOf(folded, visible.text).map(({ start, end, paragraph }) =>
    readingOf(readSentence(folded, start, end), paragraph, folded.text),
  );
  const originalOffset = (place: number) => {
    const seen = folded.at[place] ?? visible.text.length;
    return visible.at === null ? seen : (visible.at[seen] ?? source.length);
  };
  return readings.flatMap((reading, index) =>
    hitsOf(reading, neighbours(readings, index, [1, 2, 3]), neighbours(readings, index, [-1])[0] ?? null).map(([rule, hit]) => {
      const [start, end] = [originalOffset(hit.start), originalOffset(hit.end)];
      return { rule, words: source.slice(start, Math.max(end, start)).replace(/\s+/g, " ").slice(0, 200), offset: start };
    }),
  );
}

/** The sentences beside it, as far as they stand in the same paragraph. */
function neighbours(readings: readonly Reading[], index: number, steps: readonly number[]): readonly Reading[] {
  return steps.flatMap((step) => {
    const there = readings[index + step];
    return there !== undefined && there.paragraph === readings[index]?.paragraph ? [there] : [];
  });
}

function hitsOf(it: Reading, rest: readonly Reading[], last: Reading | null): readonly (readonly [Rule, Mark])[] {
  const talked = last !== null && (last.sentence.marks.has("review") || last.sentence.marks.has("low-stars"));
  if (!talked && !telling.some((concept) => it.sentence.marks.has(concept))) return [];
  const next = rest[0] ?? null;
  const paidChange = paysForChange(it, next, last);
  const paidPraise = paysForPraise(it, next);
  const hits: readonly (readonly [Rule, Hit])[] = [
    ["R01", discouragesBlame(it, next)],
    ["R02", paidChange],
    ["R03", asksForChange(it, last)],
    ["R04", paidPraise],
    ["R05", asksForPraise(it)],
    ["R06", asksOnlyTheHappy(it, rest)],
    [
      "R07",
      threatens(
        it,
        [next, last].filter((one) => one !== null),
      ),
    ],
    ["R08", conditionsService(it, last)],
    ["R09", discouragesDispute(it, next)],
    ["R10", tradesPraise(it, next)],
    ["R11", paidChange === null && paidPraise === null ? paysForReview(it, next) : null],
    ["R12", promotes(it)],
    ["R15", falsifiesCustoms(it)],
  ];
  return hits.flatMap(([rule, hit]) => (hit === null ? [] : [[rule, hit] as const]));
}

/** A sentence without any of these offends no rule, whatever else it has. */
const telling = [
  "review",
  "low-stars",
  "high-stars",
  "happy",
  "unhappy",
  "dispute",
  "threat",
  "menace",
  "promotion",
  "weak-promotion",
  "false-value",
  "declare",
  "incentive",
  "into",
  "gift",
  "refund",
  "amount",
  "utterance",
  "grievance",
  "penalty",
  "public",
  "rates-buyer",
  "opinion",
  "trade",
] as const;
